"""The report of one plan: what every report has, and what only a plan has. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.reporting.reports.annual_statement import costs, local_share_pct, standing
from services.reporting.reports.facts import Facts
from services.reporting.reports.network import figures_at, goals, network_report
from services.reporting.terms import ActivityStatus, Json, Row, Standing, number
from shared import money
from shared.law import CEILING_PERCENT, FLOOR_PERCENT, LANDSBYGGEFONDEN, LOCAL_KINDS


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a plan's report is made from beside the facts of every report; `spent` is øre by line at the period's end.

    `spent_before` is the same on the day before the period.
    """

    head: Row
    activities: Sequence[Row]
    milestones: Sequence[Row]
    partners: Sequence[Row]
    commitments: Sequence[Row]
    lines: Sequence[Row]
    versions: Sequence[Row]
    spent: Mapping[str, int]
    spent_before: Mapping[str, int]
    words: Sequence[Row]


def plan_report(facts: Facts, own: PlanFacts) -> Json:
    """Put the report of one plan together, before disclosure control and without its digest."""
    report = network_report(facts)
    (row,) = report.pop("plans")
    plan = facts.plans[0]
    last_day = facts.period.last_day if facts.period else plan.start_on
    return {
        "plan": {
            **{name: row[name] for name in ("plan", "name", "areas", "start", "end", "elapsed_pct", "spent_pct")},
            "pool": plan.pool,
            "closed_on": _day(own.head["closed_on"]),
            "days_left": max((plan.end_on - last_day).days, 0),
        },
        **report,
        "plans": [row],
        "activities": [_activity(facts, activity, last_day) for activity in own.activities],
        "goals": goals(facts),
        "milestones": [_milestone(milestone) for milestone in own.milestones],
        "anchoring": [_anchoring(activity) for activity in own.activities if activity["anchored_by"]],
        "partners": [_partner(partner) for partner in own.partners],
        "funding": {
            **row["funding"],
            "commitments": list(_commitments(facts.standings, own.commitments)),
            "co_funding": co_funding(facts.standings),
        },
        "budget": _budget(own),
        "expenses": _expenses(own),
        "statements": [
            {"year": year, **standing(year, own.words)} for year in range(plan.start_on.year, plan.end_on.year + 1)
        ],
    }


def co_funding(standings: Iterable[Standing]) -> Json:
    """Tell whether the local funders carry their part, of what is committed, released, received and spent.

    Landsbyggefonden's part is of all money; the local part of what it and the local funders carry together, since the
    money of foundations lies on top.
    """
    standings = list(standings)
    stages = {
        stage: [(item.funder_kind, getattr(item, f"{stage}_ore")) for item in standings]
        for stage in ("committed", "released", "received", "spent")
    }
    return {
        "floor_pct": FLOOR_PERCENT,
        "ceiling_pct": CEILING_PERCENT,
        **{stage: _share(amounts) for stage, amounts in stages.items()},
    }


def _share(amounts: Sequence[tuple[str, int]]) -> Json:
    whole_ore = sum(amount_ore for _, amount_ore in amounts)
    fund_ore = sum(amount_ore for kind, amount_ore in amounts if kind == LANDSBYGGEFONDEN)
    local_ore = sum(amount_ore for kind, amount_ore in amounts if kind in LOCAL_KINDS)
    return {
        "whole_ore": whole_ore,
        "landsbyggefonden_ore": fund_ore,
        "local_ore": local_ore,
        "landsbyggefonden_pct": number(money.percent(fund_ore, whole_ore)),
        "local_pct": number(local_share_pct(amounts)),
        "within_ceiling": fund_ore * 100 <= whole_ore * CEILING_PERCENT,
        "above_floor": local_ore * 100 >= (local_ore + fund_ore) * FLOOR_PERCENT,
    }


def _activity(facts: Facts, row: Row, last_day: date) -> Json:
    return {
        **{name: row[name] for name in ("activity", "name", "area", "kind", "effort_area", "capacity")},
        "fixed": bool(row["is_fixed"]),
        "status": _status(row, last_day),
        "start": _day(row["start_on"]),
        "end": _day(row["end_on"]),
        "started_on": _day(row["started_on"]),
        "ended_on": _day(row["ended_on"]),
        **figures_at(facts, "activity", row["activity"], row["area"]),
    }


def _status(row: Row, day: date) -> ActivityStatus:
    """Tell where an activity is in its life at the end of a day."""
    if row["started_on"] is None or row["started_on"] > day:
        return "planned"
    return "running" if row["ended_on"] is None or row["ended_on"] > day else "ended"


def _milestone(row: Row) -> Json:
    return {
        "milestone": row["milestone"],
        "title": row["title"],
        "effort_area": row["effort_area"],
        "due": _day(row["due_on"]),
        "reached_on": _day(row["reached_on"]),
        "overdue": row["is_overdue"],
    }


def _anchoring(row: Row) -> Json:
    return {
        "activity": row["activity"],
        "name": row["name"],
        "area": row["area"],
        "organisation": row["anchored_by"],
        "organisation_name": row["anchored_by_name"],
        "from": _day(row["anchored_from"]),
        "funding_note": row["anchored_note"],
    }


def _partner(row: Row) -> Json:
    return {
        **{name: row[name] for name in ("organisation", "name", "kind", "role")},
        "from": _day(row["from_day"]),
        "until": _day(row["until_day"]),
    }


def _commitments(standings: Iterable[Standing], rows: Iterable[Row]) -> Iterator[Json]:
    stands = {item.commitment: item for item in standings}
    for row in rows:
        # One that comes after the period has no standing in it.
        item = stands.get(row["commitment"])
        if item is None:
            continue
        yield {
            **{name: row[name] for name in ("commitment", "funder", "funder_name", "funder_kind", "in_kind")},
            "reference": row["reference"],
            "date": _day(row["committed_on"]),
            "committed_ore": item.committed_ore,
            "released_ore": item.released_ore,
            "received_ore": item.received_ore,
            "spent_ore": item.spent_ore,
            "regulation_account_ore": item.received_ore - item.spent_ore,
            "withheld_on": _day(row["withheld_on"]),
            "withheld_reason": row["withheld_reason"],
            "resumed_on": _day(row["resumed_on"]),
        }


def _budget(own: PlanFacts) -> Json:
    lines = [_line(row, own.spent.get(row["line"], 0)) for row in own.lines]
    budget_ore, spent_ore = sum(line["budget_ore"] for line in lines), sum(own.spent.values())
    return {
        "version": len(own.versions),
        "budget_ore": budget_ore,
        "spent_ore": spent_ore,
        "remaining_ore": budget_ore - spent_ore,
        "lines": lines,
        **{f"{name}s": _sums(lines, name) for name in ("effort_area", "cost_type", "year")},
        "versions": [{**row, "approved_on": _day(row["approved_on"])} for row in own.versions],
    }


def _line(row: Row, spent_ore: int) -> Json:
    return {
        **{name: row[name] for name in ("line", "effort_area", "cost_type", "year", "first_ore")},
        "budget_ore": row["amount_ore"],
        "spent_ore": spent_ore,
        "remaining_ore": row["amount_ore"] - spent_ore,
        "overrun": spent_ore > row["amount_ore"],
    }


def _sums(lines: Iterable[Row], by: str) -> list[Json]:
    sums: dict[Any, dict[str, int]] = {}
    for line in lines:
        own = sums.setdefault(line[by], dict.fromkeys(("budget_ore", "spent_ore", "remaining_ore"), 0))
        for name in own:
            own[name] += line[name]
    return [{by: name, **amounts} for name, amounts in sorted(sums.items())]


def _expenses(own: PlanFacts) -> list[Json]:
    """Tell what was spent by effort area and cost type: until the period's end, and in the period."""
    in_period = {line: ore - own.spent_before.get(line, 0) for line, ore in own.spent.items()}
    of_period = {(row["effort_area"], row["cost_type"]): row["amount_ore"] for row in costs(in_period, own.lines)}
    return [
        {
            "effort_area": row["effort_area"],
            "cost_type": row["cost_type"],
            "spent_ore": row["amount_ore"],
            "in_period_ore": of_period.get((row["effort_area"], row["cost_type"]), 0),
        }
        for row in costs(own.spent, own.lines)
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
