"""A PostgreSQL of our own on a folder: its data, its socket, who is let in. Owns its process.

Only the wheel's programs are used, not its Python: that opens folders, and lets in whoever reaches the socket (ADR 8).
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from services.embedded.accounts import Account, View, account_for, view
from services.embedded.leftovers import end_left_over
from services.embedded.places import (
    PRIVATE_FILE,
    SOCKET_PATH_BYTES,
    EmbeddedUnavailable,
    RuntimeFolder,
    advice,
    data_folder,
    held,
    name_of,
    private_folder,
    writing,
)
from services.embedded.supervision import kept_running
from services.embedded.wheels import MAJOR_VERSION, postgresql_programs

SUPERUSER: Final = "postgres"
SOCKET: Final = ".s.PGSQL.5432"
START_SECONDS: Final = 60
INITIALISE_SECONDS: Final = 60
POLL_SECONDS: Final = 0.01
# A fast shutdown, then one that leaves recovery to the next start, then none at all.
STOPS: Final = ((signal.SIGINT, 30), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))
# What of its words is told where it does not start.
GRAVE: Final = re.compile(r"(FATAL|PANIC|ERROR|error|HINT): .*")
LAST_LINES: Final = 3
READY: Final = "ready"
STATUS_LINE: Final = 7
# What a server takes over of our environment: nothing of ours is for its account to read.
HANDED_ON: Final = frozenset({"LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "TZ"})
WRITTEN: Final = "# Written anew at every start of Helhedsnet, which alone uses this server.\n"
# The system tells who opens the socket. There is no password to keep, and no other way in.
WHO_IS_LET_IN: Final = WRITTEN + "local all all peer map=helhedsnet\n"


@dataclass(frozen=True, slots=True)
class _Seen:
    """The folders as the server names them."""

    data: View
    sockets: View

    @property
    def descriptors(self) -> tuple[int, ...]:
        return self.data.descriptors + self.sockets.descriptors


class Server:
    """A PostgreSQL on a folder that is held; it can be started again after it has ended, however it did."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, sockets: Path, programs: Path, account: Account, seen: _Seen) -> None:
        self._folder = folder
        self._sockets = sockets
        self._program = programs / "postgres"
        self._account = account
        self._seen = seen
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Give the path of the socket on which it listens; there is nothing else."""
        return self._sockets / SOCKET

    @property
    def url(self) -> str:
        """Give its address."""
        return f"postgresql://{SUPERUSER}@/postgres?host={quote(str(self._sockets))}"

    def start(self) -> None:
        """Start it, and wait until it answers; one that has ended may be started again.

        Raises:
            EmbeddedUnavailable: it ends, or does not answer in time.
        """
        self.stop()
        sockets = self._seen.sockets.path.replace('"', '""')
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{sockets}"',
            "unix_socket_permissions": "0700",
            "port": "5432",
            # What it logs of a refused row would be the row; and what its log of changes held shall not be kept.
            "log_error_verbosity": "terse",
            "wal_recycle": "off",
        }
        said = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with writing(self._folder):
            log = os.open(self._folder / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, PRIVATE_FILE)
        try:
            # A session of its own: Ctrl-C in a terminal goes to us, and the server stops after those who use it.
            self.process = subprocess.Popen(  # noqa: S603  our own
                [self._program, "-D", self._seen.data.path, *said],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **_surroundings(self._account, self._seen.descriptors),
            )
        finally:
            os.close(log)
        self._await_ready(self.process)

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self.process is None:
            return
        for number, patience_seconds in STOPS:
            self.process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience_seconds)
                break

    def _await_ready(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise self._failed(f"it ended with exit code {process.returncode}")
            # It tells nobody when it is ready, but writes it down.
            with contextlib.suppress(FileNotFoundError):
                lines = (self._folder / "postmaster.pid").read_text().splitlines()
                if len(lines) > STATUS_LINE and lines[0] == str(process.pid) and lines[STATUS_LINE].strip() == READY:
                    return
            time.sleep(POLL_SECONDS)
        self.stop()
        raise self._failed(f"it was not ready within {START_SECONDS} s")

    def _failed(self, why: str) -> EmbeddedUnavailable:
        with contextlib.suppress(OSError):
            written = (self._folder / "log").read_text(errors="replace")
            why = f"{why}; {self._folder / 'log'} ends: {_what_went_wrong(written)}" if written else why
        return EmbeddedUnavailable(f"PostgreSQL does not start on {self._folder}: {why}{advice(self._folder, why)}")


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Server]:
    """Run PostgreSQL on a folder until the context ends; what a crash left running there is ended first.

    Raises:
        EmbeddedUnavailable: there is no server to run, or the folder is another's or in use.
    """
    folder = folder.resolve()
    data_folder(folder.parent)
    with held(folder), contextlib.ExitStack() as stack:
        account = account_for(folder)
        is_new = _is_new(folder)
        private_folder(folder, account.user_id)
        account.take(folder)
        end_left_over(folder, folder / "postmaster.pid", signal.SIGINT)
        # Nothing runs here now. Left in place, a number that was given out again would keep PostgreSQL from starting.
        (folder / f"{SOCKET}.lock").unlink(missing_ok=True)
        runtime = RuntimeFolder(folder)
        runtime.remove()
        stack.callback(runtime.remove)
        programs = postgresql_programs(account, runtime)
        if is_new:
            _initialise(folder, programs, account)
        _let_in_its_owner_alone(folder, account)
        sockets = _socket_folder(folder, account, runtime)
        seen = _Seen(stack.enter_context(view(folder, account)), stack.enter_context(view(sockets, account)))
        server = Server(folder, sockets, programs, account, seen)
        stack.callback(server.stop)
        server.start()
        yield server


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on a folder until the context ends, start it again when it dies, and give its address.

    Raises:
        EmbeddedUnavailable: there is no server to run, or the folder is another's or in use.
    """
    with cluster(folder) as server, kept_running(server):
        yield server.url


def _is_new(folder: Path) -> bool:
    """Tell whether a folder has no database yet; what is something else is looked at before anything is changed."""
    version = folder / "PG_VERSION"
    if version.exists():
        if (found := version.read_text().strip()) != str(MAJOR_VERSION):
            raise EmbeddedUnavailable(f"{folder} is of PostgreSQL {found}, and this is {MAJOR_VERSION}")
        return False
    if folder.exists() and any(folder.iterdir()):
        raise EmbeddedUnavailable(f"{folder} holds something, but no database; choose another with --data")
    return True


def _initialise(folder: Path, programs: Path, account: Account) -> None:
    """Make an empty database: beside its place, so that none is there in part."""
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    private_folder(new)
    account.take(new)
    said = (f"--username={SUPERUSER}", "--encoding=utf8", "--auth-local=peer", "--auth-host=reject")
    with view(new, account) as seen:
        made = subprocess.run(  # noqa: S603  our own
            [programs / "initdb", "-D", seen.path, *said, "--data-checksums", "--no-instructions"],
            capture_output=True,
            text=True,
            check=False,
            timeout=INITIALISE_SECONDS,
            **_surroundings(account, seen.descriptors),
        )
    if made.returncode:
        # What it made it has removed, its log too.
        why = _what_went_wrong(made.stderr)
        raise EmbeddedUnavailable(f"PostgreSQL makes no database in {folder}: {why}{advice(folder.parent, why)}")
    new.rename(folder)


def _what_went_wrong(said: str) -> str:
    """Give the last lines in which PostgreSQL says why it gave up, on one line; of all lines where none says so."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    grave = [found[0] for line in lines if (found := GRAVE.search(line))]
    return "; ".join((grave or lines)[-LAST_LINES:])


def _let_in_its_owner_alone(folder: Path, account: Account) -> None:
    """Write down whom the server lets in: whoever runs this process. An earlier version let in all who reached it."""
    if (name := name_of(os.geteuid())) is None:
        raise EmbeddedUnavailable(f"PostgreSQL asks for the name of this user, and the number {os.geteuid()} has none")
    who = WRITTEN + f'helhedsnet "{name}" all\n'
    for path, text in ((folder / "pg_hba.conf", WHO_IS_LET_IN), (folder / "pg_ident.conf", who)):
        # A new file each time: no link that stands in its place is followed.
        path.unlink(missing_ok=True)
        with writing(folder), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w") as file:
            file.write(text)
        account.take(path)


def _socket_folder(folder: Path, account: Account, runtime: RuntimeFolder) -> Path:
    """Give the folder of the socket: that of the data, or a shorter one, where the path of a socket would not fit."""
    path = os.fsencode(folder / SOCKET)
    # The address of a server is split at commas, and is no place for bytes that are no text.
    if len(path) <= SOCKET_PATH_BYTES and b"," not in path and _is_text(path):
        return folder
    sockets = runtime.path() / "socket"
    private_folder(sockets)
    account.take(sockets)
    return sockets


def _is_text(path: bytes) -> bool:
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return True


def _surroundings(account: Account, descriptors: tuple[int, ...]) -> dict[str, Any]:
    variables = {name: value for name, value in os.environ.items() if name in HANDED_ON or name.startswith("LC_")}
    return {"cwd": "/", "env": variables, "pass_fds": descriptors, "umask": 0o077, **account.process}
