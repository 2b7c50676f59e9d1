"""What stands well in a report: the counterpart of the attention list, for the front page. Pure."""

from collections.abc import Iterator
from typing import Any, Final

from services.reporting.reports.attention import OFF_PACE_POINTS
from services.reporting.terms import Json
from services.reporting.web.co_funding import floor_share_pct, is_above_floor

MOST: Final = 6


def strengths(report: Json) -> list[dict[str, Any]]:
    """List what stands well: of each a code, and the values that a sentence about it needs."""
    found = [
        *_change(report),
        *_practices(report),
        *_staying(report),
        *(item for plan in report["plans"] for item in _plan(plan)),
    ]
    return found[:MOST]


def _change(report: Json) -> Iterator[dict[str, Any]]:
    for row in report["change"]:
        # The whole interval lies above nothing: the change is hardly chance.
        if row["ci_low"] is not None and row["ci_low"] > 0:
            names = ("lens", "respondent", "mean_change", "pairs")
            yield {"code": "change_held", **{name: row[name] for name in names}}


def _practices(report: Json) -> Iterator[dict[str, Any]]:
    travelled = [practice for practice in report["practices"] if practice["adopted_by"]]
    if travelled:
        adopted = sum(len(practice["adopted_by"]) for practice in travelled)
        yield {"code": "practices_adopted", "practices": len(travelled), "adopted": adopted}


def _staying(report: Json) -> Iterator[dict[str, Any]]:
    count = report["totals"]["multi_year_participants"]
    if count["value"]:
        yield {"code": "people_stayed", "people": count["value"]}


def _plan(plan: Json) -> Iterator[dict[str, Any]]:
    named = {"plan": plan["plan"], "name": plan["name"]}
    milestones = plan["milestones"]
    if milestones["reached"] and not milestones["overdue"]:
        yield {"code": "milestones_reached", **named, **milestones}
    if is_above_floor(plan["funding"]):
        yield {"code": "local_share_held", **named, "share_pct": floor_share_pct(plan["funding"])}
    spent, elapsed = plan["spent_pct"], plan["elapsed_pct"]
    if spent is not None and elapsed is not None and abs(spent - elapsed) <= OFF_PACE_POINTS:
        yield {"code": "spending_on_pace", **named, "spent_pct": spent, "elapsed_pct": elapsed}
    if plan["anchored"]:
        yield {"code": "activities_anchored", **named, "anchored": plan["anchored"]}
