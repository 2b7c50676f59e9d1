"""Forms are drawn from the events: what the API accepts, a form can say, in the same words and with the same digest."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from services.reporting.entry.field_words import NEW, OPEN, codes_of, help_of, label_of
from services.reporting.entry.posting import Refusal
from services.reporting.entry.shapes import FormField, form_of
from services.reporting.web.entry.controls import NAMES, Drawing
from services.reporting.web.entry.filled import OTHERS, data_of, path_of, typed_of, without_blank_rows
from services.reporting.web.entry.naming import with_names
from services.reporting.web.entry.refusing import wrong_by_path
from services.reporting.web.entry.typed import read
from services.reporting.web.rendering import environment
from services.reporting.web.writing import Code
from shared import clock
from shared.codes import MESSAGES
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import EventData
from shared.events.every_event import EVENTS
from tests.support.builders import body
from tests.support.event_strategies import events_of, near_the_sample
from tests.support.forms import forms

EXAMPLES: Final = int(os.environ.get("HYPOTHESIS_EXAMPLES", "100"))
CODES: Final[tuple[Code, ...]] = ("da", "en")
# The number of a row in a path.
ROW: Final = re.compile(r"\.\d+\.")
BY_NAME: Final = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.event_name)


def _paths(fields: Sequence[FormField], prefix: str = "") -> Iterator[tuple[str, FormField]]:
    for field in fields:
        yield f"{prefix}{field.name}", field
        yield from _paths(field.fields, f"{prefix}{field.name}.")


def _typed(fields: Sequence[FormField], data: Mapping[str, Any], code: Code) -> dict[str, list[str]]:
    """Give what is typed as a browser sends it, with its line breaks."""
    typed: dict[str, list[str]] = {}
    for path, text in typed_of(fields, dict(data), code):
        typed.setdefault(path, []).append(text.replace("\n", "\r\n"))
    return typed


@BY_NAME
def test_every_field_and_every_choice_has_words_in_both_languages(event: type[EventData]) -> None:
    """A field that a new event brings, and that nobody named, is found here."""
    for path, field in _paths(form_of(event)):
        assert all(label_of(event.event_name, path)), path
        assert len(help_of(event.event_name, path)) == len(CODES)
        for code in field.codes:
            assert all(codes_of(event.event_name, path)[code]), f"{path} {code}"


def test_what_is_new_is_a_field_of_its_event() -> None:
    """The table of new names is of fields that there are, made from fields that there are."""
    fields = {event.event_name: {field.name for field in form_of(event)} for event in EVENTS}
    for (event, name), made_from in NEW.items():
        assert {name, *made_from} <= fields[event]


@BY_NAME
@pytest.mark.parametrize("code", CODES)
def test_a_form_says_the_example(event: type[EventData], code: Code) -> None:
    """Every field that an event may have can be typed, in either language."""
    fields = form_of(event)
    assert data_of(fields, _typed(fields, event.example, code), code) == event.example


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_whatever_the_api_accepts_a_form_says_with_the_same_digest(data: st.DataObject) -> None:
    """Data of any event, typed into its form and read again, is the same line of the log.

    A line break is one sign: a browser makes it of whatever stands there.
    """
    event = data.draw(st.sampled_from([event for event in EVENTS if event.said_by != "owner"]))
    posted = _with_plain_breaks(data.draw(st.one_of(near_the_sample(event), events_of(event))))
    code = data.draw(st.sampled_from(CODES))
    catalogue = CATALOGUES[event.event_owner]
    accepted, faults = catalogue.read(body(posted), clock.now())
    if faults:
        return
    fields = form_of(event)
    again = data_of(fields, without_blank_rows(fields, _typed(fields, posted["data"], code)), code)
    said, faults = catalogue.read(body({**posted, "data": again}), clock.now())
    assert not faults
    assert [item.digest for item in said] == [item.digest for item in accepted]


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_whatever_the_api_accepts_can_be_typed_into_the_page(data: st.DataObject) -> None:
    """Each value is written into a field of the page, or chosen or ticked there; what is new is among no choices."""
    event = data.draw(st.sampled_from([event for event in EVENTS if event.said_by != "owner"]))
    posted = _with_plain_breaks(data.draw(st.one_of(near_the_sample(event), events_of(event))))
    code = data.draw(st.sampled_from(CODES))
    _, faults = CATALOGUES[event.event_owner].read(body(posted), clock.now())
    if faults:
        return
    fields = form_of(event)
    typed = _typed(fields, posted["data"], code)
    page = str(
        environment(code)
        .get_template("controls.html")
        .make_module({})
        .all(Drawing(event.event_name, _rows_of(typed), {}, _known(event.event_name, fields, typed), code).draw(fields))  # type: ignore[attr-defined]  # a macro of the template
    )
    (form,) = forms(f'<form method="post" action="/">{page}</form>')
    chosen = {name for name, _ in form.others}
    for path, values in typed.items():
        for value in values:
            way = path.removesuffix(".others") if path.removesuffix(".others") in chosen else path
            told = value.split("\r\n") if way != path else [value]
            is_chosen = way in chosen and all((way, each) in form.others for each in told)
            is_written = path in form.written
            assert is_chosen or is_written, f"{event.event_name} {path}: {value}"


def _rows_of(typed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Give what makes the page show as many rows as are to be filled in, with nothing in them."""
    return {path: [""] for path in typed if ROW.search(path)}


def _known(event: str, fields: Sequence[FormField], typed: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Give what can be chosen: all that an event names, and something else of each kind; nothing that may be new."""
    found: dict[str, dict[str, str]] = {}
    plain = dict(_paths(fields))
    for path, values in typed.items():
        at = ROW.sub(".", path.removesuffix(f".{OTHERS}"))
        field = plain.get(at)
        if field is None or field.kind not in {"name", "names"}:
            continue
        known = found.setdefault(NAMES.get(field.name, field.name), {"noget-andet": "Noget andet"})
        if (event, at) not in OPEN:
            known.update({each: each for value in values for each in value.split("\r\n")})
    return found


@pytest.mark.parametrize(
    ("event", "typed", "expected"),
    [
        ("budget.revised", {"changes.0.line": ["Løn og pension"]}, {"changes.0.line": ["loen-og-pension"]}),
        ("outcome.measured", {"instrument": ["Tro på egne evner"]}, {"instrument": ["tro-paa-egne-evner"]}),
        ("outcome.measured", {"instrument": ["who-5"]}, {"instrument": ["who-5"]}),
        ("activity.planned", {"kind": ["Lektiecafé"]}, {"kind": ["lektiecafe"]}),
        ("activity.planned", {"kind": ["???"]}, {"kind": ["???"]}),
    ],
)
def test_what_may_be_new_is_written_as_people_write_it(
    event: str, typed: dict[str, list[str]], expected: dict[str, list[str]]
) -> None:
    """A short name is made of it; what none can be made of stays, and is refused at its field."""
    assert with_names(event, typed, {}, "da").items() >= expected.items()


def _with_plain_breaks(value: Any) -> Any:  # noqa: ANN401  whatever JSON has
    if isinstance(value, dict):
        return {name: _with_plain_breaks(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_plain_breaks(each) for each in value]
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("kind", "typed", "code", "expected"),
    [
        ("day", "3/9-2026", "da", "2026-09-03"),
        ("day", "3.9.26", "da", "2026-09-03"),
        ("day", "03-09-2026", "da", "2026-09-03"),
        ("day", "3. september 2026", "da", "2026-09-03"),
        ("day", "3 Sept 2026", "en", "2026-09-03"),
        ("day", " 2026-09-03 ", "da", "2026-09-03"),
        ("day", "31/2-2026", "da", "31/2-2026"),
        ("day", "i morgen", "da", "i morgen"),
        ("clock", "18.30", "da", "18:30"),
        ("clock", "8", "da", "08:00"),
        ("clock", "25.00", "da", "25.00"),
        ("amount", "12.500,50", "da", 1_250_050),
        ("amount", "12.500", "da", 1_250_000),
        ("amount", "12 500,5 kr.", "da", 1_250_050),
        ("amount", "12,500.50", "en", 1_250_050),
        ("amount", "-500", "da", -50_000),
        ("amount", "\N{MINUS SIGN}500", "da", -50_000),
        ("amount", "1,005", "da", "1,005"),
        ("amount", "mange", "da", "mange"),
        ("whole", "1.200", "da", 1200),
        ("whole", "1,5", "da", "1,5"),
        ("decimal", "2,5", "da", 2.5),
        ("decimal", "2.5", "da", 2.5),
        ("decimal", "2", "da", 2),
        ("decimal", "NaN", "da", "NaN"),
        ("decimal", "1e3", "en", "1e3"),
        ("decimal", "\u0663", "en", "\u0663"),
        ("yes_or_no", "true", "da", True),
        ("name", " urbanplanen ", "da", "urbanplanen"),
        ("text", "a\r\nb", "da", "a\nb"),
    ],
)
def test_days_and_amounts_are_read_as_people_write_them(kind: Any, typed: str, code: Code, expected: object) -> None:  # noqa: ANN401  a literal
    """What cannot be read stays as it was typed, and the intake refuses it at its field."""
    assert read(kind, typed, code) == expected


def test_blank_rows_are_left_out_and_the_others_keep_their_order() -> None:
    """Whoever leaves a row between two blank says two lines."""
    (event,) = (event for event in EVENTS if event.event_name == "budget.revised")
    fields = form_of(event)
    typed = {"changes.0.line": [""], "changes.3.line": ["loen"], "changes.7.line": ["husleje"], "plan": ["p"]}
    kept = without_blank_rows(fields, typed)
    assert kept == {"changes.0.line": ["loen"], "changes.1.line": ["husleje"], "plan": ["p"]}
    assert data_of(fields, kept, "da")["changes"] == [{"line": "loen"}, {"line": "husleje"}]


@pytest.mark.parametrize(
    ("name", "pointer", "path"),
    [
        ("participant.enrolled", "/data/consent/guardian", "consent.guardian"),
        ("participant.enrolled", "/data", ""),
        ("participant.enrolled", "/source", ""),
        ("budget.approved", "/data/lines/2/amount_ore", "lines.2.amount_ore"),
        ("budget.approved", "/data/lines", "lines"),
        ("expense.booked", "/data/shares/a", "shares"),
        ("attendance.recorded", "/data/participants/3", "participants"),
    ],
)
def test_a_refusal_is_at_its_field(name: str, pointer: str, path: str) -> None:
    """The nearest field that the form has; what concerns the whole is at the form."""
    (event,) = (event for event in EVENTS if event.event_name == name)
    assert path_of(pointer, form_of(event)) == path


@pytest.mark.parametrize("language", CODES)
def test_every_code_is_told_at_its_field(language: Code) -> None:
    """Each code of the catalogue, on each form: at the field that is wrong, in the reader's words, with the code."""
    place = CODES.index(language)
    controls = environment(language).get_template("controls.html")
    for number, (code, meaning) in enumerate(MESSAGES.items()):
        event = EVENTS[number % len(EVENTS)]
        fields = form_of(event)
        name = fields[number % len(fields)].name
        wrong = wrong_by_path([Refusal(0, f"/data/{name}", code)], fields, language)
        assert wrong == {name: [f"{meaning[place]} ({code})"]}
        drawn = Drawing(event.event_name, {}, wrong, {}, language).draw(fields)
        shown = str(controls.make_module({}).all(drawn))  # type: ignore[attr-defined]  # a macro of the template
        assert f'id="wrong-{name}">{escape(wrong[name][0])}</p>' in shown, f"{code} on {event.event_name}"


def test_nobody_who_came_is_not_the_same_as_nothing_said() -> None:
    """Of the enrolled nobody came, though guests did."""
    (event,) = (event for event in EVENTS if event.event_name == "attendance.recorded")
    fields = form_of(event)
    assert data_of(fields, {"participants.nobody": ["true"]}, "da") == {"participants": []}
    assert data_of(fields, {"participants": [""], "participants.others": [""]}, "da") == {}
