"""Who takes part: participants by age band and by gender, in all and by school year."""

from typing import Annotated, Any, Final, Literal

from typing_extensions import TypedDict

from services.reporting.people.keys import PeopleGrain
from services.reporting.periods import Period
from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import (
    FIGURE,
    AnyNumber,
    Column,
    FileTable,
    ReportPart,
    columns,
    key,
    listed,
    value,
)
from services.reporting.reports.parts.figures import figures_at
from services.reporting.reports.parts.retention import name_of_school_year
from services.reporting.reports.released_people import PeopleCount, share_pct, shown
from services.reporting.words import AGE_BANDS as BANDS
from services.reporting.words import DIMENSIONS, HEADINGS, Word
from services.reporting.words import GENDERS as CALLED
from shared.events.registry.parts import AgeBand
from shared.events.registry.people import Gender

Trait = Literal["age_band", "gender"]
AGE_BAND: Final = key(HEADINGS["age_band"], words=BANDS)
GENDER: Final = key(HEADINGS["gender"], words=CALLED)


class TraitYear(TypedDict):
    """Those who took part in one school year; one that the period cuts is cut here too."""

    school_year: Annotated[str, key(DIMENSIONS["school_year"])]
    participants: Annotated[PeopleCount, FIGURE]


class _Counted(TypedDict):
    participants: Annotated[PeopleCount, FIGURE]
    share_pct: Annotated[AnyNumber | None, value(HEADINGS["share"], "percent")]
    years: list[TraitYear]


class _OfAge(TypedDict):
    age_band: Annotated[AgeBand, AGE_BAND]


class AgeBandRow(_OfAge, _Counted):
    """The participants of one age band, as it was said last of each of them."""


class _OfGender(TypedDict):
    gender: Annotated[Gender, GENDER]


class GenderRow(_OfGender, _Counted):
    """The participants of one gender; those of whom none was said are with those who are neither."""


def age_bands(facts: Facts) -> list[AgeBandRow]:
    """Tell participants by age band, in all and by school year."""
    return [{"age_band": band, **_counted(facts, "age_band", band)} for band in BANDS]


def genders(facts: Facts) -> list[GenderRow]:
    """Tell participants by gender, in all and by school year."""
    return [{"gender": gender, **_counted(facts, "gender", gender)} for gender in CALLED]


def _counted(facts: Facts, trait: Trait, code: str) -> _Counted:
    if facts.period is None:
        return {"participants": shown(0), "share_pct": None, "years": []}
    found = _count(facts, facts.period, trait, code)
    return {
        "participants": found,
        "share_pct": share_pct(found, figures_at(facts, "total")["participants"]),
        "years": [
            {"school_year": name_of_school_year(year), "participants": _count(facts, year, trait, code)}
            for year in facts.period.by_school_year()
        ],
    }


def _count(facts: Facts, days: Period, trait: Trait, code: str) -> PeopleCount:
    if facts.outside is not None:
        return facts.outside.figure("participants", days, facts.area, (trait, code))
    return shown(facts.people.get((days, facts.area, PeopleGrain(trait, code)), {}).get("participants", 0))


def _tables(name: str, title: Word, of_year: Word, shape: Any, trait: Column) -> tuple[FileTable, ...]:  # noqa: ANN401  a type
    return (
        listed(name, title, shape),
        FileTable(f"{trait.name}_years", of_year, (name, "*", "years", "*"), (trait, *columns(TraitYear))),
    )


AGE_BANDS: Final = ReportPart(
    "age_bands",
    age_bands,
    _tables(
        "age_bands",
        HEADINGS["age_bands"],
        ("Deltagere pr. alder, år for år", "Participants by age, by year"),
        AgeBandRow,
        AGE_BAND.at("age_band"),
    ),
)
GENDERS: Final = ReportPart(
    "genders",
    genders,
    _tables(
        "genders",
        HEADINGS["genders"],
        ("Deltagere pr. køn, år for år", "Participants by gender, by year"),
        GenderRow,
        GENDER.at("gender"),
    ),
)
