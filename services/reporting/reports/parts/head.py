"""What a report says of itself: its days, what it knew, what is withheld, what codes are called, how it was made."""

from collections.abc import Mapping
from typing import Final, Literal

from typing_extensions import TypedDict

from services.reporting.periods import month_named
from services.reporting.reports.crosswalk import crosswalk
from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import ReportPart, of_row
from services.reporting.reports.released_people import ReleasedPeople
from shared.law import SMALLEST_TOLD

# What a reader of the figures may have to know, by its code: in Danish and English.
NOTES: Final[Mapping[str, tuple[str, str]]] = {
    "funding_at_period_end": (
        "Finansiering er opgjort ved periodens slutning, fra planens begyndelse.",
        "Funding is as it stands at the period's end, counted from the plan's beginning.",
    ),
    "multi_year_by_school_year": (
        "Deltagere i flere skoleår er set i mindst to; et skoleår begynder 1. august.",
        "Participants over several school years were seen in at least two; a school year begins on 1 August.",
    ),
    "change_on_0_to_100": (
        "Forandring er målt parvis, før og efter, på en skala fra 0 til 100, med 95 %-interval, fra fem par.",
        "Change is paired, before and after, on a scale from 0 to 100, with a 95% interval, from five pairs.",
    ),
    "crosswalk_adds_up": (
        "Indsatsområder på tværs af puljer er lagt sammen, personer ikke; et med to efterfølgere er i begge.",
        "Effort areas across pools are added up, people are not; one with two successors counts in both.",
    ),
    "people_by_area": (
        "Deltagere kendes kun inden for deres eget område; den samme person kan tælle i flere.",
        "Participants are known only within their own area; one person may count in several.",
    ),
    "funding_of_whole_plans": (
        "Et områdes finansiering er hele den plans, også hvor planen dækker flere områder.",
        "An area's funding is that of the whole plan, also where the plan covers several areas.",
    ),
}

# Of the two languages of a note.
LOCALES: Final = ("da_DK", "en_GB")
NOTHING_RELEASED: Final = (
    "Tal om personer vises uden for området, når de er udgivet; det er de endnu ikke.",
    "Figures about people are told outside the area once they are released, which they are not yet.",
)
# The last sequence folded of each owner, and when the newest of it was recorded.
AsOf = dict[str, int | str | None]
ReportPeriod = TypedDict("ReportPeriod", {"from": str | None, "to": str | None})


class CodeNames(TypedDict):
    """What the codes in a report are called, and the area of each activity among them; `areas` are these areas."""

    activities: dict[str, str]
    activity_areas: dict[str, str]
    areas: dict[str, str]
    funders: dict[str, str]
    effort_areas: dict[str, str]


class PeopleBasis(TypedDict):
    """Where figures of people come from: live from the own area, or from a release, up to its month.

    Readers outside are told from the newest release; while there is none they are told nothing of people.
    """

    told_from: Literal["area", "release", "nothing"]
    release: int | None
    month: str | None
    digest: str | None
    threshold: int


class Note(TypedDict):
    """What a reader has to know."""

    code: str
    text_da: str
    text_en: str


class AreaHead(TypedDict):
    """The area that a report is about."""

    area: str
    name: str
    municipality: str


def period(facts: Facts) -> ReportPeriod:
    """Tell the report's days."""
    days = facts.period
    return {"from": days.first_day.isoformat() if days else None, "to": days.last_day.isoformat() if days else None}


def as_of(facts: Facts) -> AsOf:
    """Tell the cursor, and when the newest of what it holds was recorded."""
    return {**facts.as_of, "recorded": facts.recorded.isoformat() if facts.recorded else None}


def notes(facts: Facts) -> list[Note]:
    """Give what a reader of these figures has to know, in the order of the table."""
    is_due = {
        "change_on_0_to_100": facts.outside is not None or any(pairs.pairs for pairs in facts.change.values()),
        "crosswalk_adds_up": not facts.plan and bool(crosswalk(facts.effort_areas, facts.pools)),
        "people_by_area": len(facts.areas) > 1,
        "funding_of_whole_plans": any(len(plan.areas) > 1 for plan in facts.plans),
    }
    told: list[Note] = [
        {"code": code, "text_da": danish, "text_en": english}
        for code, (danish, english) in NOTES.items()
        if is_due.get(code, True)
    ]
    return [*told, *(note for note in (note_on_people(people(facts)), _note_on_own_areas(facts)) if note)]


def _note_on_own_areas(facts: Facts) -> Note | None:
    """Say which areas' rows are live, where the report tells of others too."""
    if not facts.live_areas:
        return None
    own = ", ".join(area["name"] for area in facts.areas if area["area"] in facts.live_areas)
    return {
        "code": "own_areas_live",
        "text_da": f"Tallene for dit eget område og dets aktiviteter er vist, som de er nu: {own}.",
        "text_en": f"The figures of your own area and its activities are shown as they are now: {own}.",
    }


def names(facts: Facts) -> CodeNames:
    """Tell what codes are called."""
    return of_row(CodeNames, facts.names)


def people(facts: Facts) -> PeopleBasis:
    """Tell where the report's figures of people come from."""
    return people_basis(facts.outside)


def people_basis(outside: ReleasedPeople | None) -> PeopleBasis:
    """Tell where figures of people come from, which are live where nothing is told from outside."""
    head = outside.head if outside else None
    return {
        "told_from": "area" if outside is None else "release" if head else "nothing",
        "release": head.number if head else None,
        "month": f"{head.month:%Y-%m}" if head else None,
        "digest": head.digest if head else None,
        "threshold": SMALLEST_TOLD,
    }


def note_on_people(basis: PeopleBasis) -> Note | None:
    """Say to a reader from outside what is told of people; None for one of the own area."""
    if basis["told_from"] == "area":
        return None
    if basis["told_from"] == "nothing":
        return {"code": "people_not_released", "text_da": NOTHING_RELEASED[0], "text_en": NOTHING_RELEASED[1]}
    number, threshold = basis["release"], basis["threshold"]
    danish, english = (month_named(basis["month"] or "", locale) for locale in LOCALES)
    return {
        "code": "people_released",
        "text_da": (
            f"Personer er opgjort til og med {danish} (udgivelse {number}) og tælles for hele tiden og for hele"
            f" skoleår, år, kvartaler og måneder. Skjult er, hvad der kunne røbe færre end {threshold} personer."
        ),
        "text_en": (
            f"People are as of the end of {english} (release {number}), counted for the whole time and for whole school"
            f" years, years, quarters and months. Hidden is what could give away fewer than {threshold} people."
        ),
    }


def area(facts: Facts) -> AreaHead:
    """Tell which area it is."""
    own = facts.areas[0]
    return {"area": own["area"], "name": own["name"], "municipality": own["municipality"]}


PERIOD: Final = ReportPart("period", period)
AS_OF: Final = ReportPart("as_of", as_of)
AREA_HEAD: Final = ReportPart("area", area)
NAMES: Final = ReportPart("names", names)
METHOD: Final = ReportPart("notes", notes)
PEOPLE: Final = ReportPart("people", people)
