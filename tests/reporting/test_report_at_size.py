"""What a report of many areas costs grows with its rows: nobody looks through the commitments of other plans."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import httpx
import pytest

from services.reporting.periods import Period
from services.reporting.reports import attention, store
from services.reporting.reports.attention import Watched
from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.areas import areas
from services.reporting.reports.parts.plans import plans
from services.reporting.terms import Plan, Standing
from shared.database import Connection
from tests.conftest import Bearer
from tests.support import builders as b

DAY: Final = dt.date(2026, 6, 1)
PLANS: Final = 60
# How often the plan of a commitment is looked at, at most: once by each part of a report, and a few times more.
MOST_LOOKS: Final = 4


@dataclass(frozen=True)
class _Counted(Standing):
    """A commitment that counts how often somebody looks whose it is."""

    looks: ClassVar[int] = 0
    counts: bool = field(default=True)

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401  any field
        if name == "plan":
            _Counted.looks += 1
        return super().__getattribute__(name)


def _plans() -> list[Plan]:
    """Give plans, each of an area of its own but for the first, which has two."""
    first, last = dt.date(2023, 1, 1), dt.date(2027, 6, 30)
    of_areas = [(f"area-{number}", *(("area-1",) if number == 0 else ())) for number in range(PLANS)]
    return [Plan(f"plan-{number}", "", "2019-26", of, first, last) for number, of in enumerate(of_areas)]


def _standings() -> list[Standing]:
    kinds = ("municipality", "landsbyggefonden", "foundation")
    return [
        _Counted(f"plan-{number}", f"{kind}-{number}", kind, 1_000 + number, 500, 300, 400)
        for number in range(PLANS)
        for kind in kinds
    ]


def _watched() -> Watched:
    return Watched(DAY, [], _plans(), _standings(), [], [], {}, 0, [])


def _facts() -> Facts:
    named = [
        {"area": f"area-{number}", "name": "", "municipality": "", "last_event_at": None} for number in range(PLANS)
    ]
    return Facts(Period(DAY, DAY), None, {}, None, named, [], _plans(), _standings())


def _looks_of(tell: Any) -> int:  # noqa: ANN401  any function
    _Counted.looks = 0
    tell()
    return _Counted.looks


def test_each_commitment_is_looked_at_a_few_times_however_many_plans_there_are() -> None:
    """By what needs attention, by the areas and by the plans of a report."""
    facts, watched = _facts(), _watched()
    most = MOST_LOOKS * len(facts.standings)
    assert 0 < _looks_of(lambda: attention.attention(watched)) <= most
    assert 0 < _looks_of(lambda: areas(facts)) <= most
    assert 0 < _looks_of(lambda: plans(facts)) <= most


def test_an_area_has_the_commitments_of_all_its_plans_and_a_plan_its_own() -> None:
    """In the order in which they are read."""
    facts = _facts()
    of_areas = [row["funding"]["regulation_accounts"] for row in areas(facts)]
    of_plans = [row["funding"]["regulation_accounts"] for row in plans(facts)]
    assert [len(each) for each in of_plans] == [3] * PLANS
    assert [each["commitment"] for each in of_areas[1]] == [
        each["commitment"] for plan in of_plans[:2] for each in plan
    ]
    assert of_areas[2:] == of_plans[2:]
    first = plans(facts)[0]["funding"]
    assert (first["committed_ore"], first["spent_ore"]) == (3_000, 1_200)
    assert list(first["by_funder_kind"]) == ["landsbyggefonden", "municipality", "foundation"]
    assert first["local_share_pct"] == 33.3


async def test_what_needs_attention_is_listed_once_at_a_place(
    system: httpx.AsyncClient, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever days a report is asked for; and anew when something has moved."""
    listed: list[dt.date] = []

    async def watched(connection: Connection, today: dt.date) -> Watched:
        listed.append(today)
        return await read(connection, today)

    read = store.watched
    monkeypatch.setattr(store, "watched", watched)
    headers = {**bearer("admin"), "content-type": "application/json"}
    told = []
    for events in (b.a_running_activity(), [b.an_area("et-andet")]):
        posted = await system.post("/registry/events", content=b.body(list(events)), headers=headers)
        assert posted.status_code == httpx.codes.CREATED, posted.text
        for to in ("2025-10-01", "2025-11-01", "2025-12-01"):
            asked = {"to": to, "at_least": posted.json()["cursor"]}
            answer = await system.get("/reporting/reports/network", params=asked, headers=bearer("lead"))
            assert answer.status_code == httpx.codes.OK, answer.text
            told.append(answer.json()["attention"])
    assert len(listed) == 2
    assert told[0] == told[1] == told[2] != told[3] == told[4] == told[5]
