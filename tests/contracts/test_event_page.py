"""The documentation of the events is that of the code, and leaves nothing out."""

from typing import get_args

from docs import event_page
from shared import codes
from shared.codes import ReadingCode, RuleCode, ShapeCode
from shared.events.every_event import EVENTS
from shared.events.findings import CODES, PERSONAL, TO_CONFIRM
from tests.registry.test_refusals import REFUSED


def _of_rules() -> set[str]:
    return {code for event in EVENTS for code in event_page.refusals(event)}


def test_the_page_is_current() -> None:
    """`make docs` was run after the last change of an event, a rule or a code."""
    assert event_page.PAGE.read_text() == event_page.page(), "it is out of date: `make docs`"


def test_every_event_has_its_section() -> None:
    """Nothing that may be posted is undocumented."""
    page = event_page.PAGE.read_text()
    assert all(f"### {event.event_name}\n" in page for event in EVENTS)


def test_the_page_says_of_every_event_who_may_say_it() -> None:
    """The table of rights and the events' own sections say the same."""
    table, _, sections = event_page.page().partition("## Owned by registry")
    lines = {row.split("|")[1].strip(): row for row in table.splitlines() if row.startswith("| ")}
    for event in EVENTS:
        section = sections.partition(f"### {event.event_name}\n")[2]
        said_by = section.partition("Said by: ")[2].splitlines()[0].removesuffix(".")
        assert f"[`{event.event_name}`]" in lines[said_by]


def test_every_code_has_a_meaning_and_every_meaning_a_code() -> None:
    """Nothing is refused without a word, and no word is left over."""
    shapes = {code for event in EVENTS for code in event_page.shape_codes(event)}
    reading = {"malformed_json", "id_reused", "foreign_area", "wrong_type", "invalid_value", *PERSONAL, *TO_CONFIRM}
    reading |= {"in_the_future", "after_statement", "field_repeated", "too_many_values", "not_a_pseudonym"}
    reading.add("pseudonym_stray")
    reading |= {code for code in CODES.values() if code not in codes.SHAPES}
    assert shapes <= set(codes.SHAPES)
    assert set(codes.MESSAGES) == _of_rules() | shapes | reading


def test_the_codes_that_a_rule_may_refuse_with_are_those_that_have_a_meaning() -> None:
    """The type holds what the table holds, so no code reaches a reader without a word."""
    for kind, said in ((ReadingCode, codes.READING), (ShapeCode, codes.SHAPES), (RuleCode, codes.RULES)):
        assert list(get_args(kind)) == list(said)


def test_every_code_of_the_registry_is_provoked_where_it_is_documented() -> None:
    """The codes are read off the code; whatever a rule was seen to refuse with is among those of its event."""
    names = {event.type_name(): event for event in EVENTS}
    for _, event, code, _ in REFUSED:
        kind = names[event["type"]]
        assert code in event_page.refusals(kind), event["type"]
    seen = {code for _, _, code, _ in REFUSED} | {"plan_closed"}
    of_the_registry = [event for event in EVENTS if event.event_owner == "registry"]
    assert seen == {code for event in of_the_registry for code in event_page.refusals(event)}
