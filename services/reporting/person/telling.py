"""Tells what is held of one person in plain words: the same on a page, on paper and in the command. Pure.

Danish and English. It drops nothing of the record but the pseudonym, which stands once above all of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from services.reporting.entry.field_words import codes_of, label_of
from services.reporting.terms import Json
from services.reporting.words import LOOKUP_REASONS, TABLES_OF_PEOPLE, Word, word
from shared.backbone.lookups import ONE_PERSON
from shared.events.every_event import EVENTS
from shared.events.text_fields import PSEUDONYMS

SpokenLanguage: TypeAlias = Literal["da", "en"]
EVENT_NAMES: Final[Mapping[str, Word]] = {event.event_name: (event.label_da, event.label_en) for event in EVENTS}
IS_A_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# How the page of a session's list notes that it was shown.
ROSTER: Final = re.compile(r"roster of (?P<activity>\S+) on (?P<day>\S+)")
DAY: Final = 10
MINUTE: Final = 16
TITLE: Final[Word] = ("Det, der er registreret om en person", "What is held of a person")
EVENTS_TITLE: Final[Word] = ("Registreringer", "Registrations")
ROWS_TITLE: Final[Word] = ("Indgår i beregningen af tal", "Used in computing figures")
LOOKUPS_TITLE: Final[Word] = ("Hvem har slået personen op", "Who looked the person up")
FUNDING: Final[Word] = (
    (
        "Regnskabet rummer ikke oplysninger om deltagere eller frivillige. Offentliggjorte tal er antal af mange"
        " personer og kan ikke føres tilbage til en enkelt; de er ikke opregnet her."
    ),
    (
        "The accounts hold nothing about participants or volunteers. Published figures are counts of many people and"
        " cannot be led back to one; they are not listed here."
    ),
)
CUT: Final[Word] = (
    "Der er mere, end der er plads til her. Bed om resten hos den, der driver systemet.",
    "There is more than there is room for here. Ask whoever runs the system for the rest.",
)
ALL_HELD: Final[Word] = ("Alt, der er registreret om én person", "All that is held of one person")
NOT_ASKED: Final = "\N{EN DASH}"
YES: Final[Word] = ("ja", "yes")
NO: Final[Word] = ("nej", "no")
COLUMNS: Final[Mapping[str, tuple[Word, ...]]] = {
    "events": (("Dato", "Date"), ("Hvad", "What"), ("Oplysninger", "Details")),
    "rows": (("Hvad", "What"), ("Rækker", "Rows")),
    "lookups": (
        ("Tidspunkt (UTC)", "Time (UTC)"),
        ("Hvem", "Who"),
        ("Hvad blev vist", "What was shown"),
        ("Hvorfor", "Why"),
    ),
}
# What each kind of sender is called, where access's opaque name stands beside it.
SENDERS: Final[Mapping[str, Word]] = {
    "user": ("Bruger", "User"),
    "api_key": ("Program", "Program"),
    "service_account": ("Tjeneste", "Service"),
    "system": ("Systemet", "The system"),
    "unknown": ("Ukendt", "Unknown"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, its columns and its rows, all of them texts."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def parts_of(record: Json, language: SpokenLanguage) -> list[Part]:
    """Tell a record in its three parts: what was registered, which rows figures are made of, and who looked."""
    events = [_event(event, language) for event in record["events"]]
    rows = [(_said(word(TABLES_OF_PEOPLE, name), language), str(len(found))) for name, found in record["rows"].items()]
    looked = [_lookup(line, language) for line in record["lookups"]]
    return [
        _part(EVENTS_TITLE, "events", events, language),
        _part(ROWS_TITLE, "rows", rows, language),
        _part(LOOKUPS_TITLE, "lookups", looked, language),
    ]


def _part(title: Word, name: str, rows: Sequence[tuple[str, ...]], language: SpokenLanguage) -> Part:
    return Part(_said(title, language), tuple(_said(column, language) for column in COLUMNS[name]), tuple(rows))


def remarks_on(record: Json, language: SpokenLanguage) -> list[str]:
    """Say what a record does not hold, and why."""
    return [_said(FUNDING, language), *([] if record["is_whole"] else [_said(CUT, language)])]


def title_in(language: SpokenLanguage) -> str:
    """Give the heading of a record."""
    return _said(TITLE, language)


def _event(event: Json, language: SpokenLanguage) -> tuple[str, ...]:
    day = _day(event["data"].get("date") or event["said"][:DAY], language)
    name = _said(EVENT_NAMES[event["event"]], language)
    return day, name, "; ".join(_details(event["event"], "", event["data"], language))


def _details(event: str, inside: str, data: Mapping[str, Any], language: SpokenLanguage) -> Iterator[str]:
    """Say each field with its name; the day stands in a column of its own, and the person above all of it."""
    for name, value in data.items():
        path = f"{inside}{name}"
        if name == "date" or (name in PSEUDONYMS and name != "into"):
            continue
        if isinstance(value, Mapping):
            yield from _details(event, f"{path}.", value, language)
        elif isinstance(value, list):
            told = [
                ", ".join(_details(event, f"{path}.", item, language))
                if isinstance(item, Mapping)
                else _day(str(item), language)
                for item in value
            ]
            yield f"{_said(label_of(event, path), language)}: {', '.join(filter(None, told)) or _said(YES, language)}"
        else:
            yield f"{_said(label_of(event, path), language)}: {_value(event, path, value, language)}"


def _value(event: str, path: str, value: object, language: SpokenLanguage) -> str:
    if isinstance(value, bool):
        return _said(YES if value else NO, language)
    if isinstance(value, float):
        return f"{value:g}".replace(".", "," if language == "da" else ".")
    try:
        return _said(codes_of(event, path)[value], language).lower()
    except KeyError:
        return _day(str(value), language)


def _day(written: str, language: SpokenLanguage) -> str:
    """Write a day as people do; what is no day stays as it is."""
    if not IS_A_DAY.fullmatch(written):
        return written
    year, month, day = written.split("-")
    return (".", "/")[language == "en"].join((day, month, year))


def _lookup(line: Json, language: SpokenLanguage) -> tuple[str, ...]:
    reason = line["reason"]
    return (
        f"{_day(line['recorded'][:DAY], language)} {line['recorded'][DAY + 1 : MINUTE]}",
        f"{_said(SENDERS[line['authtype']], language)} {line['authid']}".strip(),
        _said(ALL_HELD, language) if line["collection"] == ONE_PERSON else _shown(line["collection"], language),
        _said(LOOKUP_REASONS[reason], language) if reason else NOT_ASKED,
    )


def _shown(collection: str, language: SpokenLanguage) -> str:
    """Say which list named the person: that of a session in words, any other as it is noted."""
    found = ROSTER.fullmatch(collection)
    if not found:
        return collection
    activity, day = found["activity"], _day(found["day"], language)
    return _said((f"Deltagerlisten for {activity}, {day}", f"The roster of {activity}, {day}"), language)


def _said(said: Word, language: SpokenLanguage) -> str:
    danish, english = said
    return danish if language == "da" else english
