"""The first look at many events at once: it clears none that a look at each would not, and a batch is read as each."""

from typing import Final

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.demo.invented import invented
from shared import clock
from shared.errors import Fault
from shared.events import first_look
from shared.events.catalogue import CATALOGUES
from shared.pseudonyms import written
from tests.support.builders import Json, an_area, an_attendance, an_expense, body

REGISTRY: Final = CATALOGUES["registry"]
FUNDING: Final = CATALOGUES["funding"]
# What is no person's, what is one's, and what makes a text worth a closer look.
HARMLESS: Final = (
    "Urbanplanen",
    "Sommerfest 2025",
    "Blågården, 2. sal",
    "Bilag nr. 8501",
    "Linje\nto",
    "Ærø \u2013 øst",
)
SUSPECT: Final = (
    *("0101901234", "010190 1234", "010190, og sidst 1234", "0a1b0c1d9e0f1a2b3c4d", "anna@example.dk", "22-33-44-55"),
    *("+45 22334455", "tlf22334455", "&#48;101901234", "%30", "010190\\1234", "\u0660\u0661", "Født 12.05.2011"),
)
TEXTS: Final = st.one_of(
    st.sampled_from(HARMLESS),
    st.sampled_from(SUSPECT),
    st.text('0129aoæ -./+@&%\\"', min_size=1, max_size=24),
    st.uuids().map(str),
)
# Of two people whose pseudonyms are right, and others whose are not.
NAMES: Final = st.lists(
    st.one_of(
        st.sampled_from((invented("dreng"), invented("kanarie"))),
        st.binary(min_size=10, max_size=10).map(written),
        st.sampled_from(("p-" + "b" * 21 + "c", "amina-hassan-16", "0101901234", invented("dreng").upper())),
    ),
    max_size=4,
)


def _sessions(number: int, names: list[str]) -> Json:
    return an_attendance(f"session-{number}", "activity-1", area="one") | {
        "data": {"activity": "activity-1", "session": f"session-{number}", "date": "2025-10-07", "participants": names}
    }


EVENTS: Final = st.one_of(
    st.builds(lambda text, name: an_area("one", name=name) | {"id": text}, TEXTS, TEXTS),
    st.builds(_sessions, st.integers(1, 9), NAMES),
)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_many_are_cleared_only_where_each_is(texts: list[str]) -> None:
    """So what is looked for in no event of a batch is in none of them."""
    bodies = [orjson.dumps(an_expense(f"expense-{place}", voucher=text)) for place, text in enumerate(texts)]
    if first_look.hold_nobody(bodies):
        assert not any(map(first_look.may_tell, bodies))


@pytest.mark.parametrize("suspect", SUSPECT[:-1])
def test_one_suspect_among_many_is_not_cleared(suspect: str) -> None:
    """Wherever it stands."""
    bodies = [orjson.dumps(an_expense(f"expense-{number}")) for number in range(4)]
    assert first_look.hold_nobody(bodies)
    for place in range(4):
        told = list(bodies)
        told[place] = orjson.dumps(an_expense("expense-9", voucher=suspect))
        assert not first_look.hold_nobody(told), place


@given(st.lists(EVENTS, min_size=1, max_size=6))
def test_a_batch_is_read_as_each_of_its_events(events: list[Json]) -> None:
    """What is accepted, what is refused, with which code and where: the same as if each came alone, good or bad."""
    now = clock.now()
    posted, faults = REGISTRY.read(orjson.dumps(events), now)
    alone = [REGISTRY.read(orjson.dumps(event), now) for event in events]
    assert [(each.index, each.digest) for each in posted] == [
        (index, each.digest) for index, (taken, _) in enumerate(alone) for each in taken
    ]
    assert [(fault.index, *_said(fault)) for fault in faults] == [
        (index, *_said(fault)) for index, (_, wrong) in enumerate(alone) for fault in wrong
    ]


def test_a_clear_batch_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not event by event, which takes several times as long."""
    monkeypatch.setattr(first_look, "may_tell", _never)
    posted, faults = FUNDING.read(body([an_expense(f"expense-{number}") for number in range(3)]), clock.now())
    assert (len(posted), faults) == (3, [])


def test_one_look_proves_only_what_holds_of_each() -> None:
    """A blank, a foreign letter, a number or a stray pseudonym in one of several is seen; no sum hides it."""
    sessions = [_sessions(number, [invented("dreng")]) | {"time": "2025-10-07T20:00:00Z"} for number in (1, 2)]
    posted, _ = REGISTRY.read(body(sessions), clock.now())
    events = [each.event for each in posted]
    assert first_look.look(events, [event.as_logged() for event in events]) == (True, True, True)
    changes = {
        "to ord": (True, False, True),
        "ærø": (True, False, True),
        "0101901234": (False, True, True),
        f"om-{invented('dreng')}": (True, True, False),
    }
    for identifier, expected in changes.items():
        told = [events[0], events[1].model_copy(update={"id": identifier})]
        assert first_look.look(told, [event.as_logged() for event in told]) == expected, identifier


@pytest.mark.parametrize("place", range(3))
def test_a_field_that_stands_twice_is_found_in_any_event_of_a_batch(place: int) -> None:
    """Also where the others leave a field out, or write a quotation mark by its number."""
    texts = [body([an_area("one", name='Den "røde" plads')])[1:-1], body([an_area("two")])[1:-1]]
    texts.insert(place, body([an_area("three")])[1:-1].replace(b'"data":{', b'"id":"x","data":{', 1))
    posted, faults = REGISTRY.read(b"[%b]" % b",".join(texts), clock.now())
    assert (len(posted), [(fault.index, fault.code) for fault in faults]) == (2, [(place, "field_repeated")])


def test_the_ids_of_a_batch_may_be_uuids(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are left out of the one look, and none of them is taken for somebody's number; others are."""
    ids = ("7f900138-9ac5-4e4f-8824-ce7e3d541753", "df650592-4ad0-4996-911c-1aed45f982eb")
    events = [an_expense(f"expense-{number}") | {"id": name} for number, name in enumerate(ids)]
    _, faults = FUNDING.read(body([*events, an_expense("expense-3") | {"id": "010190-1234"}]), clock.now())
    assert [(fault.index, fault.code) for fault in faults] == [(2, "personal_number")]
    monkeypatch.setattr(first_look, "may_tell", _never)
    posted, faults = FUNDING.read(body(events), clock.now())
    assert (len(posted), faults) == (2, [])


def _said(fault: Fault) -> tuple[str, str, str]:
    return fault.pointer, fault.code, fault.detail


def _never(_: bytes) -> bool:
    raise AssertionError("each was looked at")
