"""Writes docs/data-protection.md and docs/da/databeskyttelse.md: `python -m docs.data_protection_page`, in a clone.

The record of processing is made of the classes of the events, the deadlines of `shared/retention.py`; what people have
to write stands in the two files of texts beside this one. A test tells when a page is out of date. What an event that
names people is for has to be said in `PURPOSES`, or there is no page.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from services.reporting.entry.field_words import FIELDS
from shared.events.envelope import EventData
from shared.events.every_event import EVENTS
from shared.events.rights import MEANINGS, SaidBy
from shared.events.text_fields import PSEUDONYMS, TYPES_OF_PEOPLE, free_text_of
from shared.retention import PEOPLE_MONTHS, TABLE, From, Meaning

FOLDER: Final = Path(__file__).parent
PAGES: Final = {"en": FOLDER / "data-protection.md", "da": FOLDER / "da" / "databeskyttelse.md"}
TEXTS: Final = {"en": FOLDER / "data_protection.en.txt", "da": FOLDER / "data_protection.da.txt"}
# What each event that names people is collected for, Danish first.
PURPOSES: Final[Mapping[str, Meaning]] = {
    "participant.enrolled": (
        "at tælle deltagere, nye og gengangere, og at have samtykket på plads",
        "to count participants, new and returning, and to have consent in order",
    ),
    "participant.left": (
        "at vide, hvem der deltager, og hvad de gik videre til",
        "to know who takes part, and what they went on to",
    ),
    "participant.corrected": ("at tallene er rigtige", "to have the figures right"),
    "participant.merged": ("at ingen tælles to gange", "to count nobody twice"),
    "attendance.recorded": ("at tælle fremmøde og deltagertimer", "to count attendance and hours"),
    "volunteer.engaged": ("at tælle frivillige", "to count volunteers"),
    "volunteer.left": ("at tælle frivillige", "to count volunteers"),
    "volunteer.hours": ("at opgøre frivilliges timer", "to count the hours of volunteers"),
    "business.founded": (
        "at tælle mikrovirksomheder og deres medlemmer",
        "to count micro-businesses and their members",
    ),
    "business.closed": ("at tælle mikrovirksomheder", "to count micro-businesses"),
    "outcome.measured": (
        "at måle forandring hos den enkelte, før og efter",
        "to measure change of individuals, before and after",
    ),
    "followup.recorded": (
        "at vide, om tidligere deltagere er i uddannelse eller job",
        "to know whether former participants are in education or work",
    ),
    "consent.withdrawn": ("at slette, når nogen beder om det", "to erase when somebody asks for it"),
}
# Said after a number of months, or after the word until.
AFTERWARDS: Final[Mapping[From, Meaning]] = {
    "plan_over": ("efter at planen er slut og lukket", "after the plan has ended and is closed"),
    "person_removed": ("personen slettes", "the person is erased"),
    "withdrawn": ("samtykket trækkes tilbage", "consent is withdrawn"),
    "year_end": ("efter regnskabsårets slutning", "after the end of the accounting year"),
    "session_end": ("de afsluttes", "they are ended"),
    "unsubscribed": (
        "personen framelder sig eller ikke må logge ind mere",
        "the person unsubscribes, or may sign in no more",
    ),
    "files_full": ("filerne er fulde", "the files are full"),
    "written": ("efter at de er skrevet", "after they were written"),
    "never": ("", ""),
}
HEADS: Final[Mapping[str, tuple[str, str]]] = {
    "record": (
        "| Registrering | Formål | Oplysninger | Hvem registrerer |\n|---|---|---|---|",
        "| Event | Purpose | Fields | Said by |\n|---|---|---|---|",
    ),
    "texts": ("| Registrering | Fri tekst |\n|---|---|", "| Event | Free text |\n|---|---|"),
    "deadlines": (
        "| Hvad | Hvor længe | Grundlag | Hvem sletter |\n|---|---|---|---|",
        "| What | How long | Basis | Removed by |\n|---|---|---|---|",
    ),
}
SAID_BY_DA: Final[Mapping[SaidBy, str]] = {
    "network": "netværket alene",
    "area": "området, det angår; netværket",
    "plan": "planens områder; netværket",
    "registrant": "netværket; et område, så længe ingen anden har registreret det",
    "owner": "tjenesten selv",
}


def page(language: str) -> str:
    """Give a page in a language, `da` or `en`.

    Raises:
        KeyError: an event that names people has no purpose.
    """
    place = 0 if language == "da" else 1
    made = {name: "\n".join([HEADS[name][place], *rows(place)]) for name, rows in TABLES.items()}
    made["months"] = str(PEOPLE_MONTHS)
    text = TEXTS[language].read_text(encoding="utf-8")
    for name, table in made.items():
        text = text.replace(f"{{{{ {name} }}}}", table)
    return text


def of_people() -> Iterator[type[EventData]]:
    """Give the events that name people, in their order."""
    return (event for event in EVENTS if event.type_name() in TYPES_OF_PEOPLE)


def _record(place: int) -> Iterator[str]:
    for event in of_people():
        label = (event.label_da, event.label_en)[place]
        fields = ", ".join(_field(name, place) for name in _names(event))
        said_by = MEANINGS[event.said_by] if place else SAID_BY_DA[event.said_by]
        yield f"| {label} (`{event.event_name}`) | {PURPOSES[event.event_name][place]} | {fields} | {said_by} |"


def _names(event: type[EventData]) -> Iterator[str]:
    for name, field in event.model_fields.items():
        yield field.alias or name


def _field(name: str, place: int) -> str:
    told = FIELDS[name][0][place].lower()
    return f"{told} (pseudonym)" if name in PSEUDONYMS else told


def _texts(place: int) -> Iterator[str]:
    for event in EVENTS:
        if fields := free_text_of(event):
            label = (event.label_da, event.label_en)[place]
            yield f"| {label} (`{event.event_name}`) | {', '.join(f'`{name}`' for name in fields)} |"


def _deadlines(place: int) -> Iterator[str]:
    for kept in TABLE:
        long = _how_long(kept.months, kept.after, place)
        yield f"| {kept.what[place]} | {long} | {kept.basis[place]} | {kept.removed_by[place]} |"


def _how_long(months: int | None, after: From, place: int) -> str:
    if months is None:
        return ("for altid", "for good")[place]
    if months == 0:
        return (f"indtil {AFTERWARDS[after][0]}", f"until {AFTERWARDS[after][1]}")[place]
    return (f"{months} måneder {AFTERWARDS[after][0]}", f"{months} months {AFTERWARDS[after][1]}")[place]


TABLES: Final = {"record": _record, "texts": _texts, "deadlines": _deadlines}


if __name__ == "__main__":
    for code, path in PAGES.items():
        path.write_text(page(code), encoding="utf-8")
        sys.stdout.write(f"{path.name} is written\n")
