"""A command finds the system of its folder, at whichever port that answers; one that was killed is not believed."""

import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from services.command import access, cli
from services.embedded.system import ADDRESS, address_in

# `invite` and `ledger verify` say themselves what happens where no address is said.
OF_THEIR_OWN = {"invite", "ledger verify"}
ELSEWHERE = "http://127.0.0.1:18123"
# What is said where something has to be.
VALUES = {"file": "-", "service": "registry", "owner": "registry", "name": "network", "what": "reporting"}


def _commands(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401  typer's own kind
    if hasattr(group, "commands"):
        for name, command in group.commands.items():
            yield from _commands(command, f"{path} {name}".strip())
    else:
        yield path, group


def _asking() -> dict[str, Any]:
    """Give all commands that ask a system, by their names."""
    commands = _commands(typer.main.get_command(cli.application))
    return {path: each for path, each in commands if any(option.name == "url" for option in each.params)}


def _url(command: Any, *said: str) -> str:  # noqa: ANN401  typer's own kind
    """Give the address that a command asks, where nothing else is said than has to be."""
    needed: list[str] = []
    for must in (each for each in command.params if each.required):
        needed += must.opts[:1] if must.param_type_name == "option" else []
        needed.append(VALUES.get(must.name, "1"))
    return str(command.make_context("helhedsnet", [*needed, *said]).params["url"])


@pytest.mark.parametrize("path", sorted(set(_asking()) - OF_THEIR_OWN))
def test_a_command_asks_the_system_of_its_folder(path: str, tmp_path: Path) -> None:
    """Whichever port it has; another one where it is said, and the usual one where none runs in the folder."""
    command = _asking()[path]
    folder = ("--data", str(tmp_path))
    assert _url(command, *folder) == access.LOCAL_URL
    (tmp_path / ADDRESS).write_text(f"{ELSEWHERE}\n")
    assert _url(command, *folder) == access.LOCAL_URL
    with (tmp_path / ADDRESS).open() as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        assert _url(command, *folder) == ELSEWHERE
        assert _url(command, *folder, "--url", "https://helhedsnet.dk") == "https://helhedsnet.dk"
    assert _url(command, *folder) == access.LOCAL_URL


def test_most_commands_ask_the_system_of_their_folder() -> None:
    """So that the test above is of some."""
    assert len(_asking()) > 20
    assert set(_asking()) > OF_THEIR_OWN


def test_the_folder_may_be_said_after_the_address(tmp_path: Path) -> None:
    """It is read first, in whichever order they are said."""
    (tmp_path / ADDRESS).write_text(f"{ELSEWHERE}\n")
    with (tmp_path / ADDRESS).open() as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        assert _url(_asking()["status"], "--url", "", "--data", str(tmp_path)) == ELSEWHERE


def test_a_folder_in_which_nobody_runs_has_no_address(tmp_path: Path) -> None:
    """Nor one whose system was killed, which leaves its address behind."""
    assert address_in(tmp_path) is None
    (tmp_path / ADDRESS).write_text(f"{ELSEWHERE}\n")
    assert address_in(tmp_path) is None
    with (tmp_path / ADDRESS).open() as one, (tmp_path / ADDRESS).open() as other:
        fcntl.flock(one, fcntl.LOCK_SH)
        fcntl.flock(other, fcntl.LOCK_SH)
        assert address_in(tmp_path) == ELSEWHERE
    assert address_in(tmp_path) is None
