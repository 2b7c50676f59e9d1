"""The report of the network and of an area: pure functions from folded figures to the report's JSON."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from services.reporting.people import staying
from services.reporting.people.change import PAIR_COUNTS, Pairs, told
from services.reporting.people.keys import PeopleGrain, PeopleKey
from services.reporting.reports.crosswalk import crosswalk
from services.reporting.reports.facts import Facts
from services.reporting.terms import (
    ADDED,
    AMOUNTS,
    COUNTS,
    FUNDER_KINDS,
    MILESTONES,
    NUMBERS,
    Json,
    Plan,
    Standing,
    elapsed_percent,
    number,
)
from shared import money
from shared.law import LOCAL_KINDS

# What a reader of the figures may have to know, by its code: in Danish and English.
NOTES: Final[Mapping[str, tuple[str, str]]] = {
    "funding_at_period_end": (
        "Finansiering er opgjort ved periodens slutning, fra planens begyndelse.",
        "Funding is as it stands at the period's end, counted from the plan's beginning.",
    ),
    "multi_year_by_school_year": (
        "Flerårige deltagere er set i mindst to skoleår; et skoleår begynder 1. august.",
        "Multi-year participants were seen in at least two school years, which begin on 1 August.",
    ),
    "change_on_0_to_100": (
        "Forandring er målt parvis, før og efter, på en skala fra 0 til 100, med 95 %-interval, fra fem par.",
        "Change is paired, before and after, on a scale from 0 to 100, with a 95 % interval, from five pairs.",
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


def network_report(facts: Facts) -> Json:
    """Put the network report together, before disclosure control and without its digest."""
    period = facts.period
    return {
        "period": {
            "from": period.first_day.isoformat() if period else None,
            "to": period.last_day.isoformat() if period else None,
        },
        "as_of": {**facts.as_of, "recorded": facts.recorded.isoformat() if facts.recorded else None},
        "totals": {**figures_at(facts, "total"), "funding": funding(facts.standings)},
        "previous": _previous(facts.previous),
        "areas": [_area(facts, area) for area in facts.areas],
        "effort_areas": [
            {**item, **figures_at(facts, "effort_area", item["pool"], item["effort_area"])}
            for item in facts.effort_areas
        ],
        "months": [
            {"month": f"{month:%Y-%m}", **figures_at(facts, "month", month)}
            for month in (period.months() if period else ())
        ],
        "plans": [_plan(facts, plan) for plan in facts.plans],
        "change": _change(facts),
        # Who stays is told of areas, not of plans; and a plan is of one pool.
        **({} if facts.plan else {**_staying(facts), "crosswalk": _crosswalk(facts)}),
        "practices": [
            {**practice, "shared_on": practice["shared_on"].isoformat(), "adopted_by": list(practice["adopted_by"])}
            for practice in facts.practices
        ],
        "attention": [],
        "notes": _notes(facts),
    }


def area_report(facts: Facts) -> Json:
    """Put the report of one area together: the same figures for that area alone, and its goals."""
    report = network_report(facts)
    area = facts.areas[0]
    return {
        "area": {"area": area["area"], "name": area["name"], "municipality": area["municipality"]},
        **report,
        "goals": goals(facts),
    }


def goals(facts: Facts) -> list[Json]:
    """Tell what is to be reached, and how far it was, year by year."""
    return [
        {
            **goal,
            "baseline": number(goal["baseline"]),
            "target": number(goal["target"]),
            "assessments": [{**each, "value": number(each["value"])} for each in goal["assessments"]],
        }
        for goal in facts.goals
    ]


def funding(standings: Iterable[Standing]) -> Json:
    """Add up how commitments stand; `local_share_pct` is what the local funders carry of all that is committed."""
    standings = list(standings)
    by_kind = {
        kind: _sums(item for item in standings if item.funder_kind == kind)
        for kind in FUNDER_KINDS
        if any(item.funder_kind == kind for item in standings)
    }
    sums = _sums(standings)
    local_ore = sum(item.committed_ore for item in standings if item.funder_kind in LOCAL_KINDS)
    return {
        **sums,
        "local_share_pct": number(money.percent(local_ore, sums["committed_ore"])),
        "by_funder_kind": by_kind,
        "regulation_accounts": [
            {"commitment": item.commitment, "balance_ore": item.received_ore - item.spent_ore} for item in standings
        ],
    }


def _previous(facts: Facts | None) -> Json | None:
    """Tell the totals of the period just before, to compare with."""
    if facts is None or facts.period is None:
        return None
    return {
        "period": {"from": facts.period.first_day.isoformat(), "to": facts.period.last_day.isoformat()},
        "totals": {**figures_at(facts, "total"), "funding": funding(facts.standings)},
    }


def _area(facts: Facts, area: Mapping[str, Any]) -> Json:
    plans = {plan.plan for plan in facts.plans if area["area"] in plan.areas}
    return {
        "area": area["area"],
        "name": area["name"],
        "municipality": area["municipality"],
        "last_event_at": area["last_event_at"].isoformat() if area["last_event_at"] else None,
        **figures_at(facts, "area", area["area"]),
        "funding": funding(item for item in facts.standings if item.plan in plans),
    }


def _plan(facts: Facts, plan: Plan) -> Json:
    own = funding(item for item in facts.standings if item.plan == plan.plan)
    stands = facts.milestones.get(plan.plan, {})
    return {
        "plan": plan.plan,
        "name": plan.name,
        "areas": list(plan.areas),
        "start": plan.start_on.isoformat(),
        "end": plan.end_on.isoformat(),
        "elapsed_pct": elapsed_percent(plan, facts.period.last_day) if facts.period else None,
        "spent_pct": number(money.percent(own["spent_ore"], own["committed_ore"])),
        "funding": own,
        "milestones": {name: stands.get(name, 0) for name in MILESTONES},
        "anchored": stands.get("anchored", 0),
    }


def figures_at(facts: Facts, *grain: Any) -> Json:
    """Give the figures of a grain; that of an activity names its area too, where its people are counted."""
    found = facts.figures.get(grain[:2] if grain[0] == "activity" else grain, {})
    people = facts.people.get(_people_key(facts, *grain), {}) if facts.period else {}
    numbers = {name: number(found.get(name, 0)) for name in NUMBERS}
    counts = {name: {"value": people.get(name, 0), "suppressed": False} for name in COUNTS}
    return {**numbers, **counts}


def _change(facts: Facts) -> list[Json]:
    """Tell the paired change per lens and respondent, all of them: a missing row would tell something too."""
    return [
        {
            "lens": lens,
            "respondent": respondent,
            **told(facts.change.get((facts.area, lens, respondent), Pairs())),
            "suppressed": False,
        }
        for lens, respondent in PAIR_COUNTS
    ]


def _staying(facts: Facts) -> Json:
    """Tell who came again another school year, and where those are who left."""
    return {
        "retention": staying.retention(facts.period, facts.area, facts.people),
        "alumni": staying.alumni(facts.period, facts.area, facts.people),
    }


def _crosswalk(facts: Facts) -> list[Json]:
    """Tell what the newest pool's effort areas and those of older pools that they carry on had together.

    The last row, without an effort area, is what nothing carries on. People are left out: they may be in several.
    """
    found = crosswalk(facts.effort_areas, facts.pools)
    if found is None:
        return []
    rows: list[tuple[Mapping[str, Any], Sequence[tuple[str, str]]]] = [
        (row, found.covers[row["pool"], row["effort_area"]]) for row in found.newest
    ]
    if found.rest:
        rows.append(({"pool": found.newest[0]["pool"], "effort_area": None, "name": None}, found.rest))
    return [
        {
            **row,
            "covers": ["/".join(place) for place in places],
            **{
                name: number(sum(facts.figures.get(("effort_area", *place), {}).get(name, 0) for place in places))
                for name in ADDED
            },
        }
        for row, places in rows
    ]


def _people_key(facts: Facts, kind: str, *names: Any) -> PeopleKey:
    """Give where the people of a grain are counted."""
    if facts.period is None:
        raise TypeError("without a period nobody is counted")
    if kind == "area":
        return facts.period, names[0], None
    if kind == "effort_area":
        return facts.period, facts.area, (names[0], names[1])
    if kind == "month":
        return facts.period.month(names[0]), facts.area, None
    if kind == "activity":
        return facts.period, names[1], PeopleGrain("activity", names[0])
    return facts.period, facts.area, None


def _sums(standings: Iterable[Standing]) -> dict[str, int]:
    standings = list(standings)
    return {name: sum(getattr(item, name) for item in standings) for name in AMOUNTS}


def _notes(facts: Facts) -> list[Json]:
    """Give what a reader of these figures has to know, in the order of the table."""
    is_due = {
        "change_on_0_to_100": any(pairs.pairs for pairs in facts.change.values()),
        "crosswalk_adds_up": not facts.plan and bool(crosswalk(facts.effort_areas, facts.pools)),
        "people_by_area": len(facts.areas) > 1,
        "funding_of_whole_plans": any(len(plan.areas) > 1 for plan in facts.plans),
    }
    return [
        {"code": code, "text_da": danish, "text_en": english}
        for code, (danish, english) in NOTES.items()
        if is_due.get(code, True)
    ]
