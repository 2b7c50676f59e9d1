"""The fuzzer itself: a short run over the whole system finds nothing, and each planted fault is found."""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz import floods, judging, mutations, opening, summary, texts
from tests.fuzz.calls import Answer, Call
from tests.fuzz.events import NAMES, Events
from tests.fuzz.findings import KEPT_OF_A_KIND, Breach, Findings
from tests.fuzz.nonsense import nonsense
from tests.fuzz.run import Wanted, run
from tests.fuzz.shrinking import shrunk

CALLS = 1_500
SHORT_CALLS = 60
PLANTED_CALLS = 240
WAYS = 60
SHORT_WAYS = 4
OF_AN_AREA = {"type": "dk.helhedsnet.context.imported.v1"}


async def test_nothing_that_one_can_call_breaks_anything() -> None:
    """A very short seeded run: nothing is a breach."""
    outcome = await run(Wanted(seed=20, calls=SHORT_CALLS, clients=1, least_accepted=0, ways=SHORT_WAYS, floods=0))
    assert [(breach.kind, breach.said, breach.where) for breach in outcome.breaches] == []
    assert outcome.findings.coverage.calls >= SHORT_CALLS
    assert outcome.ways_tried >= SHORT_WAYS


@pytest.mark.long(beside="test_nothing_that_one_can_call_breaks_anything")
async def test_every_type_of_event_is_accepted_and_nothing_breaks() -> None:
    """A short seeded run: every type of event is accepted, and nothing is a breach."""
    outcome = await run(Wanted(seed=20, calls=CALLS, clients=3, least_accepted=1, ways=WAYS))
    assert [(breach.kind, breach.said, breach.where) for breach in outcome.breaches] == []
    assert outcome.findings.coverage.calls >= CALLS
    assert all(outcome.findings.coverage.accepted[name] for name in NAMES)
    assert outcome.ways_tried >= WAYS


@pytest.mark.long(beside="test_nothing_that_one_can_call_breaks_anything")
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("consumer-refuses", "a dead letter"),
        ("report-loses", "ledger and report differ"),
        ("route-crashes", "answered 500"),
    ],
)
async def test_a_planted_fault_is_found(fault: str, kind: str) -> None:
    """A consumer that refuses, a report that differs from the ledger, a route that crashes."""
    outcome = await run(
        Wanted(seed=20, calls=PLANTED_CALLS, clients=1, least_accepted=0, ways=0, floods=0, planted=fault)
    )
    assert kind in outcome.findings.breaches_by_kind


def test_an_id_that_holds_a_withdrawn_pseudonym_is_known_as_erased() -> None:
    """It stands in the log as erased, at the place that was promised; any other stands there as it was sent."""
    findings = Findings()
    withdrawal: dict[str, Any] = {"type": "dk.helhedsnet.consent.withdrawn.v1", "data": {"participant": "k0-8"}}
    event: dict[str, Any] = {"source": "/areas/a", "id": "k0-83"}
    for number, told in enumerate((event, {**event, "id": "k0-9"}, {**event, **withdrawal, "id": "k0-10"}), start=1):
        stored = {"status": "accepted", "sequence": number}
        judging.note_stored("registry", Call("POST", "/registry/events"), Answer(201), told, stored, findings)
    stands = [findings.stands_as(*promise) for promise in findings.promises["registry"].items()]
    assert [identifier for _, identifier in stands] == ["erased-1", "k0-9", "k0-10"]


def test_an_event_with_a_number_of_any_length_is_one_event() -> None:
    """Python reads a whole number of some thousand digits and no more; a service says which event is at fault."""
    call = Call("POST", "/registry/events", body=b'[{"id":"k0-1","data":{"hours":%s}},{}]' % (b"9" * 5_000))
    assert len(judging.events_in(call)) == 2


def _told(number: int) -> list[dict[str, Any]]:
    """Give the first events of a seed, as if each were accepted."""
    events = Events("k0", random.Random(f"{number} k0"))
    told = []
    for _ in range(300):
        told.append(event := events.next())
        events.world.learn(event)
        events.accepted[event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")] += 1
    return told


def test_a_seed_tells_the_same_story_each_time() -> None:
    """And another seed a different one."""
    assert _told(7) == _told(7)
    assert _told(7) != _told(8)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time": "2026-07-01T08:00:00Z"}, None),
        ({"time": "1754035200"}, "a time that is not of RFC 3339"),
        ({"time": "2026-07-01 08:00:00Z"}, "a time that is not of RFC 3339"),
        ({"time": "2026-07-01T08:00:00+23:59"}, "a time with an offset that PostgreSQL does not know"),
        ({"time": "2099-07-01T08:00:00Z"}, "a time in the future"),
        ({"data": {"date": "2100-12-31"}}, "a fact in the future"),
        ({"type": "dk.helhedsnet.session.planned.v1", "data": {"date": "2100-12-31"}}, None),
        ({"data": {"start": "2099-01-01", "due": "2099-01-01"}}, None),
        ({"data": {"text": "\u3000 "}}, "a text of blanks"),
        ({"data": {"text": "linje\nlinje"}}, None),
        ({"data": {"text": "a\x9bb"}}, "a control character"),
        ({"data": {"text": "a\ufffeb"}}, "a non-character"),
        ({"data": {"explanations": [{"text": "a\u202eb"}]}}, "a bidirectional override"),
        ({"data": {"participants": []}}, None),
        ({**OF_AN_AREA, "data": {"indicator": "convicted_pct", "value": 100.1}}, "a percentage beyond 0 to 100"),
        ({**OF_AN_AREA, "data": {"indicator": "income_pct", "value": 100.1}}, None),
    ],
)
def test_what_no_accepted_event_may_say_is_known(change: dict[str, Any], said: str | None) -> None:
    """The opinion that accepted events are held against."""
    event = {"time": "2026-07-01T08:00:00Z", "type": "dk.helhedsnet.attendance.recorded.v1", "data": {}, **change}
    found = [finding.partition(":")[0] for finding in nonsense(event)]
    assert found == ([said] if said else [])


@pytest.mark.parametrize(
    ("media_type", "content", "is_spoilt"),
    [
        ("text/csv", b'"foo;=1+1","2"\r\n', False),
        ("text/csv", b"foo;=1+1,2\r\n", True),
        ("text/csv", b"a,-12.50\r\n", False),
        ("text/csv", b"", True),
        ("application/json", b"{", True),
        ("application/pdf", b"%PDF-1.7", True),
        ("image/svg+xml", b"<svg><script/></svg>", True),
        ("text/html", b"<html><script>alert(1)</script></html>", True),
    ],
)
def test_a_file_that_is_spoilt_does_not_open(media_type: str, content: bytes, is_spoilt: bool) -> None:  # noqa: FBT001  a case of the table
    """Whatever does not open, or would be run by a spreadsheet, is said."""
    assert bool(list(opening.faults(media_type, content))) is is_spoilt


async def test_what_repeats_a_breach_is_shrunk() -> None:
    """Everything that the breach does not need is taken away."""
    body = b'[{"id":"a","data":{"text":"xxxxxxxxxxxxxxx!yyyyyyyyyyyyyyyy","other":[1,2,3]}},{"id":"b","data":{}}]'

    async def is_breach(call: Call) -> bool:
        return b"!" in call.body

    simple = await shrunk(Call("POST", "/registry/events?on_error=skip", body=body), is_breach, tries=200)
    assert simple.target == "/registry/events"
    assert len(simple.body) < 40


def test_hostile_texts_come_from_every_plane_and_are_bounded() -> None:
    """All seventeen planes are met within a few thousand texts."""
    dice = random.Random(1)
    made = [texts.text(dice) for _ in range(3_000)]
    assert {ord(sign) >> 16 for text in made for sign in text} == set(texts.PLANES)
    assert max(map(len, made)) <= texts.LONGEST + 1


def test_a_spoilt_event_can_be_written_down_whatever_was_put_into_it() -> None:
    """Raw tokens, lone surrogates and what is no number are written as some sender would."""
    dice = random.Random(2)
    events = Events("k0", dice)
    for _ in range(500):
        event = events.next()
        assert mutations.as_bytes(mutations.spoilt(event, dice), dice)
        events.world.learn(event)


def test_a_breach_is_told_when_it_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error and in a file, so that a run that is ended early loses none; of a kind, the first few."""
    findings = Findings(tell=summary.teller(tmp_path / "seed-1"))
    for number in range(KEPT_OF_A_KIND + 1):
        findings.breach(Breach("answered 500", f"call {number}", where="client k0, step 3"))
    told = (tmp_path / "seed-1" / summary.TOLD).read_text()
    assert told.splitlines()[0] == "  answered 500 [client k0, step 3]: 'call 0'"
    assert len(told.splitlines()) == KEPT_OF_A_KIND
    assert told == capsys.readouterr().err


@pytest.mark.parametrize(("longest", "slowness", "is_breach"), [(1.0, 1.0, False), (1.2, 1.0, True), (1.2, 3.0, False)])
def test_health_is_bounded_by_how_slow_the_machine_is(longest: float, slowness: float, is_breach: bool) -> None:  # noqa: FBT001  a case of the table
    """Only a machine that takes longer for the same work gets longer, and only as many times."""
    findings = Findings()
    floods.judge_health(findings, longest * floods.HEALTH_SECONDS, slowness)
    assert bool(findings.breaches) is is_breach
