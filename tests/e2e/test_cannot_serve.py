"""What a system cannot serve with is said in a sentence, with a code and the way out, and ends with 1."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from services import embedded
from services.embedded import free_port
from shared import database
from tests.support.keyring import Keyring
from tests.support.running import ROOT
from tests.support.systems import COMMAND_SECONDS, environment, helhedsnet

NEWER: Final = "UPDATE alembic_version SET version_num = '9999'"


@pytest.fixture
def newer(folder: Path) -> Iterator[str]:
    """Give the server of a folder whose registry a newer version has migrated."""
    assert helhedsnet("migrate", "--data", folder).returncode == 0
    with embedded.postgresql(folder / "postgresql") as url:
        asyncio.run(_execute(database.service_url(url, "registry"), NEWER))
        yield url


async def _execute(url: str, statement: str) -> None:
    connection = await database.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _served(**variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the registry as its container does, until it ends."""
    program = [sys.executable, "-m", "shared.http.serving", "services.registry.app:from_environment"]
    return subprocess.run(  # noqa: S603  our own command
        [*program, "--port", str(free_port())],
        env=environment(**{f"HELHEDSNET_{name}": value for name, value in variables.items()}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_SECONDS,
    )


@pytest.mark.long(beside="tests/deploy/test_generate_secrets.py::test_an_empty_secret_is_named_and_not_passed_on")
def test_tables_of_a_newer_version_are_said_by_each_that_meets_them(newer: str, folder: Path) -> None:
    """By `migrate`, by `up` and in a service's log; nobody is shown Alembic's traceback."""
    keyring = Keyring(folder / "keys")
    with_server = {"HELHEDSNET_DATABASE_URL": newer}
    for said in (("migrate",), ("up", "--port", str(free_port()))):
        answer = helhedsnet(*said, "--data", folder, variables=with_server)
        assert answer.returncode == 1, answer.stderr
        assert "helhedsnet: tables_newer: the database helhedsnet_registry is at revision 9999" in answer.stderr
        assert "Traceback" not in answer.stderr
    served = _served(DATABASE_URL=newer, KEYS_FOLDER=str(keyring.folder))
    line = next(json.loads(line) for line in served.stderr.splitlines() if line.startswith("{"))
    assert (served.returncode, line["event"], line["code"]) == (1, "service.cannot_serve", "tables_newer")
    assert "run the version that has migrated it" in line["error"]
    assert "Traceback" not in served.stderr


@pytest.mark.long(beside="tests/deploy/test_generate_secrets.py::test_an_empty_secret_is_named_and_not_passed_on")
def test_an_empty_key_is_said_by_each_that_meets_it(folder: Path) -> None:
    """A crash or a full disk could leave one; it is named, and not written over."""
    Keyring(folder / "keys")
    key, signing = (folder / "keys" / name for name in ("registry.pem", "issuer.json"))
    for file, said in ((key, ("up", "--port", str(free_port()))), (signing, ("token", "--role", "lead"))):
        file.write_bytes(b"")
        answer = helhedsnet(*said, "--data", folder)
        assert answer.returncode == 1, answer.stderr
        assert f"helhedsnet: key_unusable: the file {file} is empty" in answer.stderr
        assert "Traceback" not in answer.stderr
    served = _served(KEYS_FOLDER=str(key.parent))
    line = next(json.loads(line) for line in served.stderr.splitlines() if line.startswith("{"))
    assert (served.returncode, line["code"]) == (1, "key_unusable")
    assert "Traceback" not in served.stderr
    assert key.read_bytes() == b""
