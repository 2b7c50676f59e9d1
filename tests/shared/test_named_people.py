"""Names and homes of private persons in what people write: a warning that the sender confirms."""

import re
import time

import pytest

from shared import clock
from shared.events import text_fields
from shared.events.catalogue import CATALOGUES
from shared.events.every_event import EVENTS
from shared.events.findings import TO_CONFIRM
from shared.events.named_people import findings
from tests.oracles.danish_texts.reading import ORDINARY, labelled_texts
from tests.support.builders import an_event, body

NAMED = [
    "Taxa for Ali Hassan",
    "Amina kom ikke i dag",
    "Yusufs mor ringede",
    "Det var Mohammed og Sara, der fik job",
    "(Fatima)",
    "Ny cykel: MIKKEL og emma",
    "Spørg Khadija",
]
HOMES = [
    "Remisevej 7, 3. tv, 2300 København S",
    "Hørgården 12, st. th",
    "Han bor på Gudrunsvej 12",
    "adresse: Hans Broges Gade 5",
    "Gudrunsvej 78 2. sal",
    "Toften 4, 1. 12",
]
NOBODYS = [
    "Fire drenge trykker nu skilte for butikkerne på torvet.",
    "Sankt Hans-fest på pladsen",
    "Peder Lykkes Vej 65",
    "Anna Lindhs Plads",
    "Line dance for seniorer",
    "Dronning Margrethe åbnede huset",
    "Hans mor kom også",
    "Remisevej 7, 2300 København S",
    "Beboerhuset, Gudrunsvej 10-12, 8220 Brabrand",
    "Mind Your Own Business",
    "Tirsdag i Gellerupparken, 3. sal",
]
# Given names by which ordinary texts of the corpus do name somebody.
WHO = frozenset(
    {
        *("Ali", "Amina", "Ayse", "Bente", "Fatima", "Fatma", "Hanne", "Hassan", "Jens", "Leyla", "Leylas", "Mehmet"),
        *("Mikkel", "Olga", "Omar", "Poul", "Sahra", "Sara", "Yusuf", "Zahra"),
    }
)
# What a sender tells, by the event and its field.
TOLD = {
    "story.published": ("text", "title"),
    "expense.booked": ("text",),
    "session.cancelled": ("reason",),
    "goal.assessed": ("comment",),
}


@pytest.mark.parametrize("text", NAMED)
def test_a_name_is_found(text: str) -> None:
    """A usual given name with a capital, in any case of its own."""
    assert findings(text) == ["person_named"]


@pytest.mark.parametrize("text", HOMES)
def test_a_home_is_found(text: str) -> None:
    """A street and a number with a floor or a door, or where somebody lives."""
    assert findings(text) == ["home_address"]


@pytest.mark.parametrize("text", NOBODYS)
def test_what_names_nobody_passes(text: str) -> None:
    """Streets, feasts and houses that are called after somebody, and addresses of institutions."""
    assert findings(text) == []


def test_hardly_any_ordinary_text_has_to_be_confirmed() -> None:
    """Some of the corpus do name somebody by a first name, and are asked about; of the others hardly any is."""
    texts = [each.text for each in labelled_texts() if each.kind == ORDINARY and "free" in each.fields]
    ordinary = [text for text in texts if not set(re.findall(r"\w+", text)) & WHO]
    assert len(ordinary) > 0.95 * len(texts)
    assert sum(1 for text in ordinary if findings(text)) / len(ordinary) < 0.01


@pytest.mark.parametrize("name", TOLD)
def test_a_name_is_refused_until_the_sender_confirms_it(name: str) -> None:
    """In each field in which people tell what happened; confirmed, it is a warning of the event."""
    event = next(event for event in EVENTS if event.event_name == name)
    assert set(TOLD[name]) <= set(text_fields.telling_of(event))
    for field in TOLD[name]:
        content = body(an_event(name, event.example | {field: "Taxa for Ali"}))
        posted, faults = CATALOGUES[event.event_owner].read(content, clock.now())
        assert [(fault.pointer, fault.code) for fault in faults] == [(f"/data/{field}", "person_named")]
        assert not posted
        reading = CATALOGUES[event.event_owner].begin(content, clock.now(), acknowledged=True)
        for _ in reading.steps():
            pass
        assert [each.warnings for each in reading.posted] == [(f"person_named:/data/{field}",)]


def test_a_name_in_a_list_is_found_where_it_stands() -> None:
    """As in what explains a line of the budget."""
    event = next(event for event in EVENTS if event.event_name == "statement.submitted")
    explained = [{"line": "loen", "text": "En stilling var ledig."}, {"line": "taxa", "text": "Ali blev kørt hjem."}]
    content = body(an_event(event.event_name, event.example | {"explanations": explained}))
    _, faults = CATALOGUES["funding"].read(content, clock.now())
    assert [(fault.pointer, fault.code) for fault in faults] == [("/data/explanations/1/text", "person_named")]


def test_no_example_and_no_name_of_a_thing_has_to_be_confirmed() -> None:
    """What an area, an organisation or an activity is called is no text in which people tell."""
    for event in EVENTS:
        assert not [text for name in text_fields.telling_of(event) for text in findings(str(event.example.get(name)))]
        assert "name" not in text_fields.telling_of(event)
    assert TO_CONFIRM.keys() == {"person_named", "home_address"}


@pytest.mark.parametrize("piece", ["Ali ", "Ali gade ", "bor ", "Vej 1 ", "vej 12, 3 ", "A", "Ali a "])
def test_looking_for_names_takes_time_in_proportion_to_the_text(piece: str) -> None:
    """The ratio of four times the length is far below sixteen."""
    took = []
    for length in (40_000, 160_000):
        text = (piece * (length // len(piece) + 1))[:length]
        started = time.thread_time()
        findings("X" + text.lower() + text)
        took.append(max(time.thread_time() - started, 0.001))
    assert took[1] / took[0] < 8
