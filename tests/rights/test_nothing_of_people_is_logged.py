"""No metric and no log line at any level holds a pseudonym, an invitation, a token or an exact small count of people.

A whole system runs at the level DEBUG through a history with people, look-ups, erasing, refusals and a retention run;
then everything that it wrote and counts is searched for what must not be there.
"""

import contextlib
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import httpx
import pytest

from services.embedded import free_port
from shared import pseudonyms
from tests.support import builders as b
from tests.support.places import place
from tests.support.running import ROOT
from tests.support.systems import READY, STOP_SECONDS, System, arguments, environment

KEY: Final = b"k" * pseudonyms.KEY_BYTES
PEOPLE: Final = [pseudonyms.of_name(KEY, f"Kanarie {letter}", "2012-03-01") for letter in "abc"]
READY_SECONDS: Final = 120
SERVICES: Final = ("access", "registry", "funding", "reporting")
# What nobody would write by chance.
NUMBER: Final = "311299-4444"
NAME: Final = "Kanariefuglen Ost"
OWN: Final = f"/areas/{b.AREA}"


def _history() -> list[b.Json]:
    engaged = {"activity": b.ACTIVITY, "volunteer": PEOPLE[0], "role": "volunteer", "date": "2025-09-02"}
    return [
        *b.a_running_activity(),
        *(b.an_enrolment(person) for person in PEOPLE),
        b.an_attendance("s-1", participants=PEOPLE),
        b.an_event("volunteer.engaged", engaged, source=OWN),
    ]


def _refused() -> list[b.Json]:
    """Give what is refused, each with something that must not be repeated in a log."""
    return [
        b.an_enrolment(PEOPLE[0], NUMBER),
        b.an_enrolment(NUMBER),
        b.an_enrolment(PEOPLE[0], "ukendt-aktivitet"),
        b.an_activity("sport", name=f"Sport for {NUMBER}"),
        b.an_activity("sport", target_group=f"mor til {NAME}, {NUMBER}"),
        b.an_event("consent.withdrawn", {"participant": PEOPLE[1] + "b"}, source=OWN),
    ]


def _walk(system: System) -> set[str]:
    """Take a history through the system, look at it in every way, and give what was secret on the way."""
    admin = system.token("admin")
    own = system.token("coordinator", b.AREA)
    with httpx.Client(base_url=system.address, timeout=60) as client:
        as_admin = {"authorization": f"Bearer {admin}", "content-type": "application/json"}
        as_own = {"authorization": f"Bearer {own}"}
        posted = client.post("/registry/events", content=b.body(_history()), headers=as_admin)
        assert posted.is_success, posted.text
        for event in _refused():
            refused = client.post("/registry/events", content=b.body([event]), headers=as_admin)
            assert refused.is_client_error, refused.text
        at_least = {"at_least": posted.json()["cursor"]}
        client.get("/reporting/reports/network", params=at_least, headers=as_own).raise_for_status()
        client.get(f"/registry/activities/{b.ACTIVITY}/participants", headers=as_own).raise_for_status()
        asked = {"participant": PEOPLE[0], "reason": "supervision"}
        client.post("/reporting/people/record", json=asked, headers=as_own).raise_for_status()
        client.post("/reporting/people/record", json={**asked, "reason": NAME}, headers=as_own)
        client.post("/registry/people/record", content=f"{NAME} {PEOPLE[0]}", headers=as_own)
        gone = b.an_event("consent.withdrawn", {"participant": PEOPLE[2]}, source=OWN)
        client.post("/registry/events", content=b.body([gone]), headers=as_admin).raise_for_status()
        client.post("/registry/retention/removal", headers=as_admin).raise_for_status()
        made = client.post("/access/invitations", json={"name": NAME, "role": "lead", "areas": []}, headers=as_admin)
        secret = made.json()["secret"]
        client.get("/sign-in", params={"invitation": secret})
        client.post("/sign-in", data={"invitation": secret}, headers={"origin": system.address})
        return {admin, own, secret}


def _is_a_log(path: Path) -> bool:
    return path.is_file() and (path.suffix == ".log" or path.name == "log" or "log" in path.parent.name.split("_"))


@contextlib.contextmanager
def _logging(data: Path, said: Path) -> Iterator[System]:
    """Run a system that says all that it can say, to a file."""
    with said.open("w") as file:
        process, address = _begun(data, file)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while READY not in said.read_text():
            assert process.poll() is None, "it ended before it was ready"
            assert time.monotonic() < deadline, "it was not ready in time"
            time.sleep(0.05)
        yield System(address, data, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=STOP_SECONDS)


def _begun(data: Path, said: IO[str]) -> "tuple[subprocess.Popen[str], str]":
    port = free_port()
    process = subprocess.Popen(  # noqa: S603  our own command
        arguments("up", "--log-level", "DEBUG", "--port", str(port), "--data", data),
        stdout=said,
        stderr=said,
        text=True,
        cwd=ROOT,
        env=environment(),
    )
    return process, f"http://127.0.0.1:{port}"


@pytest.mark.timeout(600)
@pytest.mark.long(beside="tests/shared/test_logs.py::test_a_trace_says_where_and_not_with_what")
def test_logs_and_metrics_hold_nothing_of_people_at_the_lowest_level() -> None:
    """Neither who, nor what was typed, nor what lets somebody in; and no metric is told apart by a type of people."""
    with place("canaries") as made:
        folder = Path(made)
        with _logging(folder / "data", folder / "said") as system:
            secrets = _walk(system)
            metrics = {name: httpx.get(f"{system.address}/{name}/metrics").text for name in SERVICES}
        written = [folder / "said", *(path for path in (folder / "data").rglob("*") if _is_a_log(path))]
        logged = "\n".join(path.read_text(errors="replace") for path in written)
    assert len(written) > 1
    assert '"level": "' in logged
    assert "POST /registry/people/record" in logged
    for canary in (*PEOPLE, *secrets, NUMBER, NUMBER.replace("-", ""), NAME, "Kanarie"):
        assert canary not in logged, f"a log holds {canary!r}"
        assert not [name for name, text in metrics.items() if canary in text], f"metrics hold {canary!r}"
    told = re.findall(r'helhedsnet_intake_events_total\{.*type="([^"]+)"', metrics["registry"])
    assert told
    assert not [each for each in told if "participant" in each or "volunteer" in each or "consent" in each]
