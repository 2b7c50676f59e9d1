"""How the bytes of a request become events or faults."""

import copy
from typing import Any

import orjson
import pytest

from shared import clock
from shared.errors import BadRequest, Fault, TooLarge
from shared.events import findings
from shared.events.catalogue import CATALOGUES, MAX_EVENTS, Catalogue
from tests.support.builders import (
    Json,
    a_commitment,
    a_plan,
    a_start,
    an_activity,
    an_area,
    an_attendance,
    an_enrolment,
    an_expense,
    an_organisation,
    body,
)

REGISTRY = CATALOGUES["registry"]
FUNDING = CATALOGUES["funding"]
MISSING = object()


def _changed(event: Json, path: str, value: object) -> Json:
    """Copy an event with one place changed, or taken out."""
    event = copy.deepcopy(event)
    *parents, last = path.split(".")
    target: Any = event
    for parent in parents:
        target = target[int(parent) if parent.isdigit() else parent]
    if value is MISSING:
        del target[last]
    else:
        target[int(last) if last.isdigit() else last] = value
    return event


BAD_EVENTS = {
    "text for a number": (_changed(an_area(), "data.residents", "many"), "/data/residents", "wrong_type"),
    "a fraction for a whole number": (_changed(an_area(), "data.residents", 1.5), "/data/residents", "wrong_type"),
    "true for a number": (_changed(an_attendance(), "data.headcount", value=True), "/data/headcount", "wrong_type"),
    "a number for a text": (_changed(an_area(), "data.name", 7), "/data/name", "wrong_type"),
    "null for a text": (_changed(an_area(), "data.name", None), "/data/name", "wrong_type"),
    "no date": (_changed(a_start(), "data.date", "1. maj"), "/data/date", "wrong_type"),
    "a date that does not exist": (_changed(a_start(), "data.date", "2025-02-29"), "/data/date", "wrong_type"),
    "a time without a zone": (_changed(an_area(), "time", "2025-08-01T08:00:00"), "/time", "invalid_value"),
    "a day too early": (_changed(a_start(), "data.date", "1999-12-31"), "/data/date", "invalid_value"),
    "a day too late": (_changed(a_start(), "data.date", "2101-01-01"), "/data/date", "invalid_value"),
    "data that is no object": (_changed(an_area(), "data", [1]), "/data", "wrong_type"),
    "an unknown field of the data": (_changed(an_area(), "data.cpr", 1), "/data", "unknown_field"),
    "an unknown attribute": (_changed(an_area(), "extension", "x"), "", "unknown_field"),
    "an unknown field deep inside": (
        _changed(an_enrolment(), "data.consent.by", "x"),
        "/data/consent",
        "unknown_field",
    ),
    "a missing field": (_changed(an_area(), "data.name", MISSING), "/data/name", "missing_field"),
    "no id": (_changed(an_area(), "id", MISSING), "/id", "missing_field"),
    "no data": (_changed(an_area(), "data", MISSING), "/data", "missing_field"),
    "no type": (_changed(an_area(), "type", MISSING), "/type", "missing_field"),
    "an unknown type": (_changed(an_area(), "type", "dk.helhedsnet.area.sold.v1"), "/type", "unknown_event_type"),
    "another service's type": (a_commitment(), "/type", "unknown_event_type"),
    "another version": (_changed(an_area(), "type", "dk.helhedsnet.area.registered.v2"), "/type", "unknown_event_type"),
    "a foreign specversion": (_changed(an_area(), "specversion", "0.3"), "/specversion", "invalid_value"),
    "a source of no kind": (_changed(an_area(), "source", "urbanplanen"), "/source", "invalid_value"),
    "an empty id": (_changed(an_area(), "id", ""), "/id", "invalid_value"),
    "a slug with a capital": (_changed(an_area(), "data.area", "Urbanplanen"), "/data/area", "invalid_value"),
    "a slug of 64": (_changed(an_area(), "data.area", "a" * 64), "/data/area", "invalid_value"),
    "a slug with a line break": (_changed(an_area(), "data.area", "urban\n"), "/data/area", "invalid_value"),
    "a NUL in a name": (_changed(an_area(), "data.name", "a\x00b"), "/data/name", "forbidden_character"),
    "an unknown choice": (_changed(an_enrolment(), "data.age_band", "99"), "/data/age_band", "invalid_value"),
    "no area": (a_plan(areas=[]), "/data/areas", "invalid_value"),
    "capacity 0": (an_activity(capacity=0), "/data/capacity", "invalid_value"),
    "an area named twice": (a_plan(areas=["urban", "urban"]), "/data", "named_twice"),
    "a plan that ends before it starts": (a_plan(end="2025-07-31"), "/data", "dates_reversed"),
    "a participant named twice": (an_attendance(participants=["p-1", "p-1"]), "/data", "named_twice"),
    "both ways to count": (an_attendance(participants=["p"], headcount=1), "/data", "participants_or_headcount"),
    "guests beside a headcount": (an_attendance(headcount=1, guests=1), "/data", "participants_or_headcount"),
    "somebody absent beside a headcount": (
        an_attendance(headcount=1, absent=[{"participant": "p-1"}]),
        "/data",
        "participants_or_headcount",
    ),
    "present and absent": (
        an_attendance(participants=["p-1"], absent=[{"participant": "p-1"}]),
        "/data",
        "named_twice",
    ),
    "no way to count": (_changed(an_attendance(), "data.headcount", MISSING), "/data", "participants_or_headcount"),
    "a child without a guardian": (an_enrolment(age_band="13-14"), "/data", "guardian_consent_missing"),
    "a CVR number's wrong check digit": (an_organisation(cvr="12345678"), "/data", "cvr_invalid"),
    "a personal number as participant": (an_enrolment("010190-1234"), "/data/participant", "personal_number"),
    "a personal number in a text": (an_area(name="Barn 0101901234"), "/data/name", "personal_number"),
    "a personal number in an id": (_changed(an_area(), "id", "010190-1234"), "/id", "personal_number"),
    "a personal number after a line break": (
        _changed(a_start(), "data.reason", "Født\n010190-1234"),
        "/data/reason",
        "personal_number",
    ),
    "a personal number after a tab": (
        _changed(a_start(), "data.reason", "Barn\t0101901234"),
        "/data/reason",
        "personal_number",
    ),
    "a personal number in a list": (
        an_attendance(participants=["p-1", "0101901234"]),
        "/data/participants/1",
        "personal_number",
    ),
}


@pytest.mark.parametrize(("event", "pointer", "code"), BAD_EVENTS.values(), ids=BAD_EVENTS)
def test_each_fault_has_its_code_and_its_place(event: Json, pointer: str, code: str) -> None:
    """A sender learns what is wrong, and where; nothing of a faulty event is taken."""
    posted, faults = REGISTRY.read(body(event), clock.now())
    assert not posted
    assert [(fault.index, fault.pointer, fault.code) for fault in faults] == [(0, pointer, code)]


@pytest.mark.parametrize(
    ("event", "pointer", "code"),
    [
        (an_expense(amount_ore=1.0), "/data/amount_ore", "wrong_type"),
        (an_expense(amount_ore=0), "/data/amount_ore", "invalid_value"),
        (an_expense(amount_ore=10**13 + 1), "/data/amount_ore", "invalid_value"),
        (an_expense(amount_ore=10, shares={"a": 4, "b": 5}), "/data", "shares_mismatch"),
        (an_expense(amount_ore=10, shares={"Anders And": 10}), "/data/shares", "invalid_value"),
    ],
)
def test_money_is_whole_ore_within_bounds(event: Json, pointer: str, code: str) -> None:
    """An amount is a whole number of øre, above nothing and below what a ledger can hold; shares add up."""
    posted, faults = FUNDING.read(body(event), clock.now())
    assert not posted
    assert [(fault.pointer, fault.code) for fault in faults] == [(pointer, code)]


def test_an_amount_beyond_64_bits_is_a_fault_like_any_other() -> None:
    """A number that no database column holds is no crash."""
    content = body(an_expense(amount_ore=7_777)).replace(b"7777", b"7" * 40)
    posted, faults = FUNDING.read(content, clock.now())
    assert not posted
    assert [fault.pointer for fault in faults] == ["/data/amount_ore"]


def test_every_faulty_event_of_a_batch_is_listed_and_the_good_ones_are_known() -> None:
    """One answer names all that is wrong, in the order of the batch, with every fault of an event."""
    two_faults = _changed(_changed(an_area(), "data.name", 7), "data.surprise", 1)
    batch = [an_area("one"), two_faults, an_area("two"), _changed(an_area(), "type", "x"), "no event at all", 7]
    posted, faults = REGISTRY.read(orjson.dumps(batch), clock.now())
    assert [item.index for item in posted] == [0, 2]
    assert [(fault.index, fault.code) for fault in faults] == [
        (1, "wrong_type"),
        (1, "unknown_field"),
        (3, "unknown_event_type"),
        (4, "wrong_type"),
        (5, "wrong_type"),
    ]


SECRET = "Anders-And-0101901234"  # noqa: S105  the opposite of a password: it must never come out


@pytest.mark.parametrize(
    ("event", "catalogue"),
    [
        (_changed(an_area(), path, value), REGISTRY)
        for path in ("id", "source", "type", "time", "specversion", "data", "data.area", "data.residents")
        for value in (SECRET, [SECRET], {SECRET: SECRET})
    ]
    + [
        (_changed(an_area(), SECRET, SECRET), REGISTRY),
        (_changed(an_area(), f"data.{SECRET}", {SECRET: SECRET}), REGISTRY),
        (_changed(an_enrolment(), "data.age_band", SECRET), REGISTRY),
        (_changed(an_enrolment(), f"data.consent.{SECRET}", SECRET), REGISTRY),
        (_changed(a_start(), "data.date", SECRET), REGISTRY),
        (an_expense(shares={SECRET: 1}), FUNDING),
        (an_expense(shares={"a": SECRET, SECRET: {SECRET: SECRET}}), FUNDING),
    ],
)
def test_a_fault_never_repeats_what_was_sent(event: Json, catalogue: Catalogue) -> None:
    """An answer and a log may be read by others, so a fault holds nothing of the sender's text."""
    posted, faults = catalogue.read(body(event), clock.now())
    assert not posted
    assert faults
    assert SECRET not in "".join(fault.pointer + fault.detail + fault.code for fault in faults)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"{",
        b"[{}",
        b'{"a": 1,}',
        b"\xff\xfe",
        b'"\\ud800"',
        b"{} {}",
        b"NaN",
        b"[" * 100_000,
        b'{"a":' * 600 + b"1" + b"}" * 600,
        b'{"data":' + b"[" * 1_000 + b"]" * 1_000 + b"}",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_json_is_malformed(content: bytes) -> None:
    """A body that cannot be read is one plain refusal, however it is broken, and never a crash."""
    with pytest.raises(BadRequest) as refused:
        REGISTRY.read(content, clock.now())
    assert refused.value.code == "malformed_json"


@pytest.mark.parametrize("content", [b"null", b"7", b'"text"', b"[null]", b"[[]]", b"{}", b"[{}]"])
def test_json_that_holds_no_event_is_a_fault(content: bytes) -> None:
    """Anything else that is JSON is an event with a fault."""
    posted, faults = REGISTRY.read(content, clock.now())
    assert not posted
    assert faults


def test_a_batch_holds_a_bounded_number_of_events() -> None:
    """The last event that fits is taken, one more is refused, faulty or not."""
    event = an_area()
    posted, _ = REGISTRY.read(body([event] * MAX_EVENTS), clock.now())
    assert len(posted) == MAX_EVENTS
    for one in (event, {}):
        with pytest.raises(TooLarge):
            REGISTRY.read(body([one] * (MAX_EVENTS + 1)), clock.now())


def test_the_digest_tells_content_not_writing() -> None:
    """The same event written otherwise is the same; another content is not."""
    event = an_area()
    reordered = orjson.dumps(dict(reversed(event.items())), option=orjson.OPT_INDENT_2)
    (first,), _ = REGISTRY.read(body(event), clock.now())
    (second,), _ = REGISTRY.read(reordered, clock.now())
    (other,), _ = REGISTRY.read(body(_changed(event, "data.residents", 1)), clock.now())
    assert first.digest == second.digest
    assert first.digest != other.digest


def test_a_personal_number_is_found_however_it_is_written() -> None:
    """Escapes hide it from a look at the bytes of a request, not from what the log would say."""
    plain, hidden = an_area("one"), an_area("two", name="Barn 0101901234")
    written = body([plain, hidden]).replace(b"0101901234", b"010190\\u0031234")
    assert b"0101901234" not in written
    posted, faults = REGISTRY.read(written, clock.now())
    assert [item.event.data.area for item in posted] == ["one"]
    assert [(fault.index, fault.pointer, fault.code) for fault in faults] == [(1, "/data/name", "personal_number")]


@pytest.mark.parametrize("voucher", ["Bilag nr. 8501", "Faktura 20261014 af 12.500,50", "Kvittering, fem kager"])
def test_an_ordinary_voucher_is_not_walked(voucher: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most have a number; walking an event field by field takes longer than all the rest of its reading."""
    monkeypatch.setattr(findings, "personal_faults", _never)
    posted, faults = FUNDING.read(body(an_expense("expense-1", voucher=voucher)), clock.now())
    assert (len(posted), faults) == (1, [])


def _never(*_: object) -> list[Fault]:
    raise AssertionError("it was walked")
