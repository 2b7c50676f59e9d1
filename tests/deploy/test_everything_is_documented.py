"""Whatever an operator or a sender may meet stands in the documentation: metrics, log messages, commands, events."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import typer.main

from services.command import cli
from shared.events.every_event import EVENTS

ROOT: Final = Path(__file__).parents[2]
OPERATIONS: Final = (ROOT / "docs/operations.md").read_text()
DOCUMENTED: Final = "\n".join(path.read_text() for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))))
# What a page shows of the command: its first words, at the beginning of a line or of a piece of code.
SHOWN: Final = re.compile(r"(?:^|`|\$\()helhedsnet ([a-z][a-z-]+(?: [a-z][a-z-]+)?)", re.MULTILINE)
SOURCES: Final = [path for folder in ("services", "shared") for path in sorted((ROOT / folder).rglob("*.py"))]
# A message is a constant: what varies is said beside it.
SAID: Final = re.compile(r'\b(?:log\.(?:debug|info|warning|error|exception)|said)\(\s*"([a-z_]+\.[a-z_]+)"')
METRIC: Final = re.compile(r'(?:\b(?:Counter|Gauge|Histogram)|= _(?:counter|gauge|histogram))\(\s*"([^"]+)"')
CALLED: Final = re.compile(r"\blog\.(?:debug|info|warning|error|exception)\((\s*\")?")


def _found(pattern: "re.Pattern[str]") -> set[str]:
    return {name for path in SOURCES for name in pattern.findall(path.read_text())}


def _commands(command: Any, before: str = "helhedsnet") -> list[str]:  # noqa: ANN401  Typer hides whose these are
    below = getattr(command, "commands", None)
    if below is None:
        return [before]
    return [line for name in sorted(below) for line in _commands(below[name], f"{before} {name}")]


@pytest.mark.parametrize("message", sorted(_found(SAID)))
def test_each_message_of_the_log_is_explained(message: str) -> None:
    """Whoever finds a line in a log finds what it means."""
    assert f"`{message}`" in OPERATIONS


def test_each_message_is_a_constant() -> None:
    """Nothing is said that the test above does not see."""
    for path in SOURCES:
        text = path.read_text()
        assert all(CALLED.findall(text)), path


@pytest.mark.parametrize("name", sorted(_found(METRIC)))
def test_each_metric_is_explained(name: str) -> None:
    """A metric that the page does not know cannot be watched by anybody."""
    assert re.search(rf"`{name}(?:_total)?(?:\{{[a-z,]+\}})?`", OPERATIONS), name


@pytest.mark.parametrize("command", _commands(typer.main.get_command(cli.application)))
def test_each_command_is_shown(command: str) -> None:
    """A command that no page shows is found by nobody."""
    assert command in DOCUMENTED


@pytest.mark.parametrize("line", sorted(set(SHOWN.findall(DOCUMENTED))))
def test_each_command_that_is_shown_is_there(line: str) -> None:
    """A page that says how something is done, such as how a pseudonym is made, sends nobody to what there is not."""
    command: Any = typer.main.get_command(cli.application)
    for word in line.split():
        below = getattr(command, "commands", None)
        if below is None:
            return
        assert word in below, line
        command = below[word]


@pytest.mark.parametrize("name", re.findall(r"^\| `(HELHEDSNET_[A-Z_]+)` •", OPERATIONS, re.MULTILINE))
def test_compose_sets_what_the_page_says_it_sets(name: str) -> None:
    """By the file itself, or as a secret of its own that is read from its folder."""
    deployed = (ROOT / "docker-compose.yml").read_text() + (ROOT / "deploy/generate_secrets.py").read_text()
    assert name in deployed or name.removeprefix("HELHEDSNET_").lower() in deployed


@pytest.mark.parametrize("event", [event.event_name for event in EVENTS])
def test_each_event_is_described(event: str) -> None:
    """An event that may be posted has its section."""
    assert f"### {event}\n" in (ROOT / "docs/events.md").read_text()
