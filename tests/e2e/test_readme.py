"""The README is true: every command in it is run, in order, and answers what it says."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from services.command.posting import OWNERS
from shared import clock
from shared.events.catalogue import CATALOGUES
from tests.support.running import ROOT
from tests.support.systems import COMMAND_SECONDS, System, arguments, environment, running

README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HERE: Final = "http://localhost:8000"
COMPOSE: Final = "docker compose"
# An answer is a line of its own here, and one that refuses ends the script.
CURL: Final = 'curl() { command curl --silent --show-error --fail-with-body "$@" && echo; }\n'
BLOCKS: Final = [(found[1], found[2]) for found in BLOCK.finditer(README)]
SCRIPTS: Final = [text for kind, text in BLOCKS if kind == "sh"]


@pytest.fixture
def user_folder(folder: Path) -> Path:
    """Give a folder in which the command is at hand as after `make up`."""
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "activate").write_text(f'export PATH="{programs}:$PATH"\n')
    quoted = " ".join(f"'{part}'" for part in arguments())
    (programs / "helhedsnet").write_text(f'#!/bin/sh\nexec {quoted} "$@"\n')
    (programs / "helhedsnet").chmod(0o755)
    return folder


@pytest.fixture
def system(user_folder: Path) -> Iterator[System]:
    """Run what `make up` runs, on a free port, with its data where a user would have it."""
    with running("up", data=user_folder / "data", cwd=user_folder) as system:
        yield system


def _shell(script: str, folder: Path) -> str:
    """Run a script the way a user's shell would, and give what it printed."""
    answer = subprocess.run(  # noqa: S603  the README's own commands
        ["/bin/sh", "-e", "-c", script],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_SECONDS,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.mark.long(beside="test_the_make_targets_of_the_readme_run_the_command")
@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's first event is posted with curl")
def test_every_command_of_the_readme_does_what_it_says(system: System, user_folder: Path) -> None:
    """From the token to the report; `make` and `docker compose` are looked at by tests of their own."""
    own = [text for text in SCRIPTS if not text.startswith(("make ", COMPOSE))]
    assert len(own) == 7
    # The port is the only thing that differs from what the README says.
    script = "\n".join(own).replace(HERE, system.address)
    script = re.sub(
        r"^(helhedsnet (?:post|report|invite|keys).*)$", rf"\1 --url {system.address}", script, flags=re.MULTILINE
    )
    said = _shell(CURL + script, user_folder)

    promised = json.loads(next(text for kind, text in BLOCKS if kind == "json"))
    answers = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert answers[0] == promised
    assert "accepted 5 · duplicates 0 · rejected 0" in said
    assert "accepted 22 · duplicates 0 · rejected 0" in said
    assert said.count("/sign-in?invitation=") == 2
    assert "funding:1" in said
    assert "registry:8" in said
    report = answers[1]
    assert report["totals"]["sessions"] == 1
    assert report["totals"]["funding"]["committed_ore"] == 350_000_000
    assert said.count("Urbanplanen") >= 2


def test_the_make_targets_of_the_readme_run_the_command() -> None:
    """`make demo` and `make up` come to `helhedsnet demo` and `up`, and hand ARGS on."""
    targets = [text.strip() for text in SCRIPTS if text.startswith("make ")]
    assert targets == ["make demo", "make up"]
    for target in [*targets, "make demo ARGS=--exit"]:
        # When make itself runs the tests, its child must not think that it is one of its own.
        apart = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
        planned = subprocess.run(  # noqa: S603  a dry run
            [*target.split(), "--dry-run"], cwd=ROOT, env=apart, capture_output=True, text=True, check=True
        ).stdout.splitlines()
        assert planned[-1].rstrip().endswith("helhedsnet " + target.removeprefix("make ").replace("ARGS=", ""))


def test_the_events_of_a_coordinators_year_are_events() -> None:
    """Each as it is written there, with pseudonyms that an area's key could have made."""
    told = re.findall(r"^event (\d+) (\S+) (\S+) +'(.+)'$", README, re.MULTILINE)
    assert len(told) > 20
    for number, day, name, data in told:
        event = {
            "specversion": "1.0",
            "source": "/areas/urbanplanen",
            "id": f"year-{number}",
            "time": f"{day}T12:00:00Z",
            "type": f"dk.helhedsnet.{name}.v1",
            "data": json.loads(data),
        }
        posted, faults = CATALOGUES[OWNERS[event["type"]]].read(json.dumps(event).encode(), clock.now())
        assert (len(posted), faults) == (1, []), name


def test_links_of_the_readme_lead_somewhere() -> None:
    """Every relative link names a file of the repository."""
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", README)
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).is_file()] == []


def test_compose_is_as_the_readme_says() -> None:
    """The one compose command is that of the compose file's own test, which runs it where an engine answers."""
    commands = [text.strip() for text in SCRIPTS if text.startswith(COMPOSE)]
    assert commands == ["docker compose up --build --wait"]
    assert "8080" in (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    tested = (ROOT / "tests" / "e2e" / "conftest.py").read_text(encoding="utf-8")
    assert re.search(r'compose\("up", "--build",.*"--wait"', tested)
