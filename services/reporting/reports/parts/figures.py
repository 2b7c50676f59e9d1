"""The figures that many rows have: those of a grain, and what funders promised, paid and carried."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, cast

from typing_extensions import TypedDict

from services.reporting.people.keys import PeopleGrain, Told
from services.reporting.periods import Period
from services.reporting.releasing.cells import EVERYBODY, Of
from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import (
    FIGURE,
    AnyNumber,
    Column,
    FileTable,
    columns,
    key,
    value,
)
from services.reporting.reports.released_people import PeopleCount, added_up, shown
from services.reporting.terms import DONE, FUNDER_KINDS, NUMBERS, OF_PEOPLE, Standing, number
from services.reporting.words import DIMENSIONS, HEADINGS, Word
from services.reporting.words import FUNDER_KINDS as CALLED
from shared import money
from shared.events.funding import FunderKind
from shared.law import LOCAL_KINDS

AREA = key(DIMENSIONS["area"])
PLAN = key(DIMENSIONS["plan"])
NAME = value(("Navn", "Name"))
COMMITMENT = key(HEADINGS["commitment"])
FUNDER_KIND = key(HEADINGS["funder"], words=CALLED)


class AddedFigures(TypedDict):
    """The figures of a grain that add up over activities."""

    activities_planned: Annotated[int, FIGURE]
    activities_running: Annotated[int, FIGURE]
    activities_ended: Annotated[int, FIGURE]
    activities_anchored: Annotated[int, FIGURE]
    courses: Annotated[int, FIGURE]
    sessions: Annotated[int, FIGURE]
    cancelled_sessions: Annotated[int, FIGURE]
    micro_businesses: Annotated[int, FIGURE]
    stories: Annotated[int, FIGURE]
    attendances: Annotated[PeopleCount, FIGURE]
    participant_hours: Annotated[PeopleCount, FIGURE]
    volunteer_hours: Annotated[PeopleCount, FIGURE]


class AllFigures(AddedFigures):
    """All figures of a grain."""

    mentor_companies: Annotated[int, FIGURE]
    participants: Annotated[PeopleCount, FIGURE]
    new_participants: Annotated[PeopleCount, FIGURE]
    multi_year_participants: Annotated[PeopleCount, FIGURE]
    volunteers: Annotated[PeopleCount, FIGURE]


class MoneyAmounts(TypedDict):
    """How commitments stand, in øre."""

    committed_ore: Annotated[int, FIGURE]
    released_ore: Annotated[int, FIGURE]
    received_ore: Annotated[int, FIGURE]
    spent_ore: Annotated[int, FIGURE]


class RegulationAccount(TypedDict):
    """What was received of a commitment less what it carried, in øre."""

    commitment: Annotated[str, COMMITMENT]
    balance_ore: Annotated[int, value(HEADINGS["balance"], "kroner")]


class Funding(MoneyAmounts):
    """How commitments stand; `local_share_pct` is what the local funders carry of all that is committed.

    `unconfirmed_ore` is what of that an area has stated, and neither the network nor the funder confirmed yet.
    """

    unconfirmed_ore: Annotated[int, FIGURE]
    local_share_pct: Annotated[AnyNumber | None, FIGURE]
    by_funder_kind: dict[FunderKind, MoneyAmounts]
    regulation_accounts: list[RegulationAccount]


def figures_at(facts: Facts, *grain: Any) -> AllFigures:
    """Give the figures of a grain; that of an activity names its area too, where its people are counted."""
    found = facts.figures.get(grain[:2] if grain[0] == "activity" else grain, {})
    numbers = {name: number(found.get(name, 0)) for name in NUMBERS}
    if facts.period is None:
        return cast("AllFigures", numbers | {name: shown(0) for name in OF_PEOPLE})
    days, area, of = _place(facts, *grain)
    if facts.outside is not None and area not in facts.live_areas:
        outside = facts.outside
        return cast("AllFigures", numbers | {name: outside.figure(name, days, area, of) for name in OF_PEOPLE})
    people = facts.people.get((days, area, _told(of)), {})
    live = {name: (found if name in DONE else people).get(name, 0) for name in OF_PEOPLE}
    return cast("AllFigures", numbers | {name: shown(number(value) or 0) for name, value in live.items()})


def added(places: Sequence[AllFigures], names: Iterable[str]) -> AddedFigures:
    """Add up figures of several places."""
    rows = cast("Sequence[Mapping[str, Any]]", places)
    sums = {name: [row[name] for row in rows] for name in names}
    told = {name: added_up(each) if name in OF_PEOPLE else number(sum(each)) for name, each in sums.items()}
    return cast("AddedFigures", told)


def funding(standings: Iterable[Standing]) -> Funding:
    """Add up how commitments stand."""
    standings = list(standings)
    sums = _sums(standings)
    of_kind: dict[str, list[Standing]] = {}
    for item in standings:
        of_kind.setdefault(item.funder_kind, []).append(item)
    by_kind = {kind: _sums(of_kind[kind]) for kind in FUNDER_KINDS if kind in of_kind}
    local_ore = sum([by_kind[kind]["committed_ore"] for kind in LOCAL_KINDS if kind in by_kind])
    return {
        **sums,
        "unconfirmed_ore": sum([item.unconfirmed_ore for item in standings]),
        "local_share_pct": number(money.percent(local_ore, sums["committed_ore"])),
        "by_funder_kind": by_kind,
        "regulation_accounts": [
            {"commitment": item.commitment, "balance_ore": item.received_ore - item.spent_ore} for item in standings
        ],
    }


def funders(name: str, title: Word, path: tuple[str, ...], *around: Column) -> FileTable:
    """Declare the table of what each kind of funder gave; `around` are the columns of what it stands in."""
    path = (*path, "by_funder_kind", "{funder_kind}")
    return FileTable(name, title, path, (*around, FUNDER_KIND.at("funder_kind"), *columns(MoneyAmounts)))


def regulation_accounts(name: str, title: Word, path: tuple[str, ...], *around: Column) -> FileTable:
    """Declare the table of regulation accounts; `around` are the columns of what they stand in."""
    return FileTable(name, title, (*path, "regulation_accounts", "*"), (*around, *columns(RegulationAccount)))


def _place(facts: Facts, kind: str, *names: Any) -> tuple[Period, str | None, Of]:
    """Give where the people of a grain are counted: in which days, in which area, by what beside it."""
    if facts.period is None:
        raise TypeError("without a period nobody is counted")
    if kind == "area":
        return facts.period, names[0], EVERYBODY
    if kind == "effort_area":
        return facts.period, facts.area, ("effort_area", *names)
    if kind == "month":
        return facts.period.month(names[0]), facts.area, EVERYBODY
    if kind == "activity":
        return facts.period, names[1], ("activity", names[0])
    return facts.period, facts.area, EVERYBODY


def _told(of: Of) -> Told:
    """Give by what people are counted as the live counts have it."""
    if not of:
        return None
    return PeopleGrain("activity", of[1]) if of[0] == "activity" else (of[1], of[2])


def _sums(standings: Sequence[Standing]) -> MoneyAmounts:
    # Written out, and in lists: it is asked of thousands of plans, areas and kinds of funders, each with a few.
    return {
        "committed_ore": sum([item.committed_ore for item in standings]),
        "released_ore": sum([item.released_ore for item in standings]),
        "received_ore": sum([item.received_ore for item in standings]),
        "spent_ore": sum([item.spent_ore for item in standings]),
    }
