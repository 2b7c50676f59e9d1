"""The command as its users meet it: what it prints, and how it ends: 0 done, 1 refused or wrong, 2 usage."""

import json
import shlex
import signal
import socket
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

from services.embedded import free_port
from tests.support.extent import long_but_for
from tests.support.keyring import Keyring
from tests.support.places import place
from tests.support.systems import FUNDING_EVENTS, REGISTRY_EVENTS, System, get, helhedsnet, running

AREA: Final[dict[str, Any]] = {
    "specversion": "1.0",
    "id": "area-1",
    "source": "/network",
    "type": "dk.helhedsnet.area.registered.v1",
    "time": "2026-08-03T09:00:00Z",
    "data": {"area": "mjoelnerparken", "name": "Mjølnerparken", "municipality": "Københavns Kommune"},
}


# What is said of a second line.
BROKEN: Final = {
    "this is not JSON, or is cut off": json.dumps(AREA)[:60],
    "this is not a CloudEvent": "[1, 2]\n",
    "there is no event type": '{"type": "dk.helhedsnet.area.dissolved.v1"}\n',
}
WRONG: Final = (
    "token --role mayor",
    "token --role coordinator",
    "token --role lead --area 'Not A Slug'",
    "report area",
    "report network urbanplanen",
    "report network --from yesterday",
    "post there-is-no-such-file.jsonl",
    "up --port 70000",
)


def _post(system: System, text: str, *said: str) -> Any:  # noqa: ANN401  a completed process
    here = ("--url", system.address, "--data", system.data)
    return helhedsnet("post", "-", *here, *said, text=text, variables={"LC_ALL": "en_GB.UTF-8"})


def test_a_token_is_printed_alone_and_verifies(tmp_path: Path) -> None:
    """`token` prints one line, which the folder's key verifies, with the role and the areas asked for."""
    asked = ("token", "--role", "coordinator", "--area", "urbanplanen", "--minutes", "2", "--data", tmp_path)
    first, said = helhedsnet(*asked), helhedsnet(*asked)
    assert "no system has run in" in first.stderr, "its key is known to no system"
    assert (said.returncode, said.stderr, len(said.stdout.split())) == (0, "", 1)
    identity = Keyring(tmp_path / "keys").trusted().verify(said.stdout.strip()).identity
    assert (identity.role, identity.areas) == ("coordinator", frozenset({"urbanplanen"}))


@pytest.mark.parametrize("said", long_but_for(WRONG, ["token --role mayor", "report area"]))
def test_wrong_usage_ends_with_2(said: str, tmp_path: Path) -> None:
    """What cannot be meant is told apart from what did not work, without a traceback."""
    answer = helhedsnet(*shlex.split(said), *(() if said.startswith("report") else ("--data", tmp_path)))
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    """`up` on somebody else's port ends with 1 and names the way out, and starts nothing."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        answer = helhedsnet("up", "--port", str(other.getsockname()[1]), "--data", tmp_path)
    assert answer.returncode == 1
    assert "choose another with --port" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("said", long_but_for(["report network", f"post '{REGISTRY_EVENTS}'"], ["report network"]))
def test_nobody_there_is_said_in_a_sentence(said: str) -> None:
    """A system that is not up is named with what starts it, within seconds."""
    answer = helhedsnet(*shlex.split(said), "--url", f"http://127.0.0.1:{free_port()}", "--token", "any")
    assert answer.returncode == 1
    assert "helhedsnet up" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_second_system_on_a_folder_is_refused(demo_system: System) -> None:
    """The folder of a running system is left alone by another, whichever way it is spelt."""
    with place("e2e") as made:
        (Path(made) / "link").symlink_to(demo_system.data)
        for spelling in (demo_system.data, Path(made) / "link", f"{demo_system.data}/../{demo_system.data.name}"):
            answer = helhedsnet("up", "--port", str(free_port()), "--data", spelling)
            assert answer.returncode == 1
            assert f"another Helhedsnet runs on the folder {demo_system.data}" in answer.stderr
            assert "choose another folder with --data" in answer.stderr
    assert get(demo_system, "/reporting/health/ready").is_success


@pytest.mark.long(
    beside="tests/shared/test_embedded.py::test_what_a_killed_process_left_is_ended_and_its_folders_are_removed"
)
def test_what_a_killed_system_left_running_is_taken_over_and_ended(folder: Path) -> None:
    """After kill -9 the next start on the folder works, keeps the data, and its end leaves no server behind."""
    with running("up", data=folder, ends_with=-signal.SIGKILL) as killed:
        assert _post(killed, json.dumps(AREA)).returncode == 0
        killed.process.kill()
    with running("up", data=folder) as system:
        assert get(system, "/registry/areas/mjoelnerparken").is_success
    assert not (folder / "postgresql" / "postmaster.pid").exists()
    redis = int((folder / "redis" / "redis.pid").read_text()) if (folder / "redis" / "redis.pid").exists() else None
    assert redis is None or not psutil.pid_exists(redis)


def test_posting_again_is_all_duplicates(demo_system: System) -> None:
    """A file that is there already changes nothing, and the summary says so, with the cursor."""
    for path in (REGISTRY_EVENTS, FUNDING_EVENTS):
        answer = helhedsnet("post", path, "--url", demo_system.address, "--data", demo_system.data)
        count = len(path.read_bytes().splitlines())
        assert answer.returncode == 0, answer.stderr
        assert f"accepted 0 · duplicates {count} · rejected 0" in answer.stdout
        assert f"{path.stem}:{count + (3 if path is REGISTRY_EVENTS else 0)}" in answer.stdout


def test_a_bad_token_is_said_in_a_sentence(demo_system: System) -> None:
    """A token that does not verify ends reading and posting with 1."""
    for said in (("report", "network"), ("post", str(REGISTRY_EVENTS))):
        answer = helhedsnet(*said, "--url", demo_system.address, variables={"HELHEDSNET_TOKEN": "worn.out.token"})
        assert answer.returncode == 1
        assert "the token was not accepted" in answer.stderr
        assert "--data" in answer.stderr, "a key of another folder makes one that is refused again"


def test_refused_events_are_listed_with_their_lines(demo_system: System) -> None:
    """Every faulty event is named by line, pointer, code and detail, and nothing of the batch is stored."""
    unknown_field = {**AREA, "data": {**AREA["data"], "surprise": 1}}
    lines = [json.dumps(event) for event in (AREA, unknown_field, {**AREA, "id": "area-2", "source": "/areas/other"})]
    answer = _post(demo_system, "\n".join(lines) + "\n")
    assert answer.returncode == 1
    assert "accepted 0 · duplicates 0 · rejected 2" in answer.stdout
    assert "line 2 /data unknown_field: there is no field 'surprise'" in answer.stderr
    assert "line 3 /source network_only" in answer.stderr
    assert get(demo_system, "/registry/areas/mjoelnerparken").status_code == 404


@pytest.mark.long(beside="test_refused_events_are_listed_with_their_lines")
def test_good_events_are_stored_when_told_to_skip(empty_system: System) -> None:
    """`--on-error skip` stores the good ones, lists the others, and ends with 1 since something was refused."""
    named = {**AREA, "id": "area-3", "data": {**AREA["data"], "name": "010190-1234"}}
    faulty = {**AREA, "id": "area-2", "data": {"area": "x"}}
    unknown = {**AREA, "id": "area-4", "type": "dk.helhedsnet.area.dissolved.v1"}
    lines = [json.dumps(event) for event in (named, faulty, unknown, AREA)]
    answer = _post(empty_system, "\n".join(lines) + "\n", "--on-error", "skip")
    assert answer.returncode == 1
    assert "accepted 1 · duplicates 0 · rejected 3" in answer.stdout
    assert "line 1 /data/name personal_number" in answer.stderr
    assert "line 2 /data/name missing_field" in answer.stderr
    assert "line 3 unknown_event_type" in answer.stderr
    assert get(empty_system, "/registry/areas/mjoelnerparken").is_success
    assert "Helhedsnet" in get(empty_system, "/sign-in").text


@pytest.mark.parametrize("complaint", long_but_for(BROKEN, ["this is not JSON, or is cut off"]))
def test_a_bad_line_is_named_and_its_batch_not_posted(demo_system: System, complaint: str) -> None:
    """A file that is cut off, or holds something else, ends with 1; the good event beside it was not posted."""
    answer = _post(demo_system, json.dumps(AREA) + "\n" + BROKEN[complaint])
    assert answer.returncode == 1
    assert f"line 2: {complaint}" in answer.stderr
    assert "accepted 0" in answer.stdout
    assert get(demo_system, "/registry/areas/mjoelnerparken").status_code == 404


def test_reports_are_printed_as_tables_and_as_json(demo_system: System) -> None:
    """The network's and an area's report: Danish labels and amounts on screen, the whole document as JSON."""
    here = ("--url", demo_system.address, "--data", demo_system.data)
    network = helhedsnet("report", "network", *here)
    assert network.returncode == 0, network.stderr
    for said in ("Netværksrapport", "Urbanplanen", "Gellerupparken", "Indsatsområder", "2026-05", "5.469.727,03 kr."):
        assert said in network.stdout
    area = helhedsnet("report", "area", "urbanplanen", *here)
    assert area.returncode == 0, area.stderr
    assert "Gellerupparken" not in area.stdout
    as_json = helhedsnet("report", "network", "--json", "--from", "2025-10-01", "--to", "2025-10-31", *here)
    document = json.loads(as_json.stdout)
    assert document["period"] == {"from": "2025-10-01", "to": "2025-10-31"}
    assert [row["month"] for row in document["months"]] == ["2025-10"]
    missing = helhedsnet("report", "area", "nowhere", *here)
    assert (missing.returncode, "not_found" in missing.stderr) == (1, True)


@pytest.mark.long(beside="tests/registry/test_migrations.py::test_replicas_that_start_together_migrate_once")
def test_migrate_brings_each_database_to_its_newest_revision(folder: Path) -> None:
    """Said twice it is the same, and names the revision of each service."""
    for _ in ("first", "second"):
        answer = helhedsnet("migrate", "--data", folder)
        assert answer.returncode == 0, answer.stderr
        named = [line.partition(":")[0] for line in answer.stdout.splitlines()]
        assert named == ["registry", "funding", "reporting", "access"]


def test_the_ledger_of_a_running_system_is_verified(demo_system: System) -> None:
    """Every event of the demo is read, nothing is found, and a folder without a ledger is said in a sentence."""
    answer = helhedsnet("ledger", "verify", "--url", demo_system.address, "--data", demo_system.data)
    assert answer.returncode == 0, answer.stderr
    assert f"2 plans · {len(FUNDING_EVENTS.read_bytes().splitlines())} events" in answer.stdout
    assert answer.stdout.rstrip().endswith(" 0 findings")


@pytest.mark.long(beside="test_the_ledger_of_a_running_system_is_verified")
def test_the_ledger_of_a_folder_is_verified_without_a_running_system(folder: Path) -> None:
    """A folder that has none yet is said in a sentence; one that has is read."""
    missing = helhedsnet("ledger", "verify", "--data", folder)
    assert (missing.returncode, "no ledger here" in missing.stderr) == (1, True), missing.stderr
    assert helhedsnet("migrate", "--data", folder).returncode == 0
    answer = helhedsnet("ledger", "verify", "--data", folder)
    assert (answer.returncode, answer.stdout.strip()) == (0, "0 plans · 0 events · 0 entries · 0 findings")


@pytest.mark.long(beside="test_the_ledger_of_a_running_system_is_verified")
def test_a_running_system_is_rebuilt_recovered_and_verified(demo_system: System) -> None:
    """All events of the demo are read anew, the report keeps its digest, and only an administrator may ask."""
    here = ("--url", demo_system.address, "--data", demo_system.data)
    before = json.loads(helhedsnet("report", "network", "--json", *here).stdout)
    answer = helhedsnet("rebuild", "reporting", *here)
    assert answer.returncode == 0, answer.stderr
    releases = json.loads(helhedsnet("release", "list", "--json", *here).stdout)["releases"]
    events = before["as_of"]["registry"] + before["as_of"]["funding"] + len(releases)
    assert answer.stdout.startswith(f"reporting: {events} events read in ")
    recovered = helhedsnet("recover", *here)
    assert (recovered.returncode, recovered.stderr) == (0, ""), recovered.stdout
    assert "reporting follows registry" in recovered.stdout
    assert recovered.stdout.rstrip().endswith("all agrees")
    verified = helhedsnet("verify", "--json", *here)
    assert (verified.returncode, json.loads(verified.stdout)["findings"]) == (0, [])
    assert json.loads(helhedsnet("report", "network", "--json", *here).stdout)["digest"] == before["digest"]
    lead = helhedsnet("token", "--role", "lead", "--data", demo_system.data).stdout.strip()
    refused = helhedsnet("rebuild", "reporting", *here, "--token", lead)
    assert (refused.returncode, "forbidden" in refused.stderr) == (1, True)
