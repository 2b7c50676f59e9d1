"""Effort areas of different pools stand side by side, with what belongs together added up."""

import random
from typing import Any, Final

from services.reporting import terms
from services.reporting.reports import store
from services.reporting.reports.crosswalk import crosswalk
from services.reporting.reports.shapes import NETWORK
from shared import clock
from shared.backbone.event_log import Entry
from shared.database import Pool
from tests.support.builders import an_event
from tests.support.folding import fold

OLD, NEW = "2015-18", "2019-26"
CARRIED_ON: Final = {"effort_area": "tryghed", "other_pool": NEW, "other_effort_area": "uddannelse"}


def _area(pool: str, effort_area: str) -> dict[str, str]:
    return {"pool": pool, "effort_area": effort_area, "name": effort_area.capitalize()}


def _pool(pool: str, *crossings: tuple[str, str, str]) -> dict[str, Any]:
    names = ("effort_area", "other_pool", "other_effort_area")
    return {"pool": pool, "crosswalk": [dict(zip(names, each, strict=True)) for each in crossings]}


def test_one_pool_has_nothing_to_stand_beside() -> None:
    """Its effort areas are told already."""
    assert crosswalk([_area(NEW, "uddannelse")], [_pool(OLD), _pool(NEW)]) is None


def test_an_effort_area_is_carried_on_over_several_pools_whichever_of_them_says_so() -> None:
    """The first pool looks ahead, the last one back; what nothing carries on stands apart."""
    pools = [_pool("a", ("one", "b", "two")), _pool("b"), _pool("c", ("three", "b", "two"))]
    rows = [_area("a", "one"), _area("a", "alone"), _area("b", "two"), _area("c", "three"), _area("c", "new")]
    found = crosswalk(rows, pools)
    assert found is not None
    assert found.covers == {("c", "three"): [("c", "three"), ("a", "one"), ("b", "two")], ("c", "new"): [("c", "new")]}
    assert found.rest == [("a", "alone")]


def test_an_effort_area_with_two_successors_counts_in_both() -> None:
    """As the note to the report says."""
    pools = [_pool(OLD, ("both", NEW, "one"), ("both", NEW, "other")), _pool(NEW)]
    found = crosswalk([_area(OLD, "both"), _area(NEW, "one"), _area(NEW, "other")], pools)
    assert found is not None
    assert all((OLD, "both") in covered for covered in found.covers.values())


def _history() -> list[Entry]:
    """Plans of two pools in one area, each with a session in every effort area."""
    said: list[tuple[str, dict[str, Any]]] = []
    for pool, year, effort_areas in ((OLD, 2015, ("tryghed", "andet")), (NEW, 2019, ("uddannelse",))):
        named = [{"effort_area": name, "name": name.capitalize()} for name in effort_areas]
        crossing = {"crosswalk": [CARRIED_ON]} if pool == OLD else {}
        days = {"start": f"{year}-01-01", "end": f"{year + 3}-12-31"}
        said.append(("pool.defined", {"pool": pool, "name": pool, **days, "effort_areas": named, **crossing}))
        plan = {"plan": f"plan-{pool}", "name": pool, "pool": pool, "areas": ["urbanplanen"], **days}
        said.append(("plan.approved", {**plan, "approval_reference": "1"}))
        for name in effort_areas:
            activity = {"activity": name, "plan": f"plan-{pool}", "area": "urbanplanen", "name": name, "kind": "club"}
            said.append(("activity.planned", {**activity, "effort_area": name, **days}))
            held = {"activity": name, "session": name, "date": f"{year}-02-01", "headcount": year - 2010, "hours": 2}
            said.append(("attendance.recorded", held))
    said.append(("area.registered", {"area": "urbanplanen", "name": "Urbanplanen", "municipality": "Aarhus Kommune"}))
    return [
        Entry({"sequence": number, "recorded": "2026-07-01T00:00:00Z", "event": an_event(name, data), "outcome": None})
        for number, (name, data) in enumerate(said, start=1)
    ]


async def test_the_figures_of_what_is_carried_on_are_added_up(reporting_pool: Pool) -> None:
    """Whichever pool and whichever event comes first; people and companies are not added."""
    entries = _history()
    for seed in range(4):
        random.Random(seed).shuffle(entries)  # noqa: S311  a seed, no secret
        await fold(reporting_pool, [("registry", entries), ("registry", entries[:5])])
        async with reporting_pool.acquire() as connection:
            whole = await store.whole_period(connection, clock.today())
            report = NETWORK.tell(await store.facts(connection, whole, None))
        told = [
            (
                row["effort_area"],
                row["covers"],
                row["sessions"],
                *(row[name]["value"] for name in ("attendances", "participant_hours")),
            )
            for row in report["crosswalk"]
        ]
        assert told == [
            ("uddannelse", [f"{NEW}/uddannelse", f"{OLD}/tryghed"], 2, 14, 28),
            (None, [f"{OLD}/andet"], 1, 5, 10),
        ]
        assert not {*terms.COUNTS, "mentor_companies"} & report["crosswalk"][0].keys()
        assert "crosswalk_adds_up" in {note["code"] for note in report["notes"]}
