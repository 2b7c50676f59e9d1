"""The Monday list: each thing that needs attention, at its border, and who gets to see it."""

import datetime as dt
from dataclasses import replace
from typing import Any, Final, get_args

import httpx
import pytest

from services.reporting.reports.attention import LatestWord, Watched, attention, is_for, listed, of_area, told_items
from services.reporting.terms import AttentionCode, Json, Plan, Standing
from services.reporting.web.language import languages
from services.reporting.web.steps import OWN_RETURNED, OWN_STEPS, RETURNED, STEPS, is_own
from services.reporting.web.wording import Wording
from shared.accounts import Accounts
from shared.tokens import Identity
from tests.conftest import Bearer
from tests.support.builders import AREA, OTHER_AREA, PLAN, a_running_activity, an_area, body

TODAY: Final = dt.date(2026, 3, 2)
A_PLAN: Final = Plan(PLAN, "Amagerplanen", "2019-26", (AREA,), dt.date(2026, 1, 1), dt.date(2029, 12, 31))
FRESH: Final = {"area": AREA, "last_event_at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}
QUIET: Final = Watched(TODAY, [FRESH], [A_PLAN], [], [], [], {}, 0, [])
ACTIVITY: Final = {
    "activity": "club",
    "area": AREA,
    "plan": PLAN,
    "is_anchored": False,
    "sessions": 4,
    "sessions_before": 4,
    "attendances": 40,
    "attendances_before": 40,
    "cancelled": 0,
    "cancelled_since": None,
}


def _codes(**changes: Any) -> list[str]:
    return [item["code"] for item in attention(replace(QUIET, **changes))]


def _standing(kind: str, committed_ore: int, released_ore: int, received_ore: int = 0, spent_ore: int = 0) -> Standing:
    return Standing(PLAN, kind, kind, committed_ore, released_ore, received_ore, spent_ore)


def test_where_all_is_well_the_list_is_empty() -> None:
    """Nobody is bothered without need."""
    assert _codes(activities=[ACTIVITY]) == []


@pytest.mark.parametrize(("days", "codes"), [(14, []), (15, ["area_silent"])])
def test_an_area_is_silent_after_fourteen_days(days: int, codes: list[str]) -> None:
    """The fifteenth day without a word is one too many."""
    last = dt.datetime(2026, 3, 2, tzinfo=dt.UTC) - dt.timedelta(days=days)
    assert _codes(areas=[{"area": AREA, "last_event_at": last}]) == codes


def test_an_area_that_never_said_anything_is_silent_too() -> None:
    """Having no last event is no excuse."""
    (item,) = attention(replace(QUIET, areas=[{"area": AREA, "last_event_at": None}]))
    assert (item["code"], item["since"], item["area"]) == ("area_silent", None, AREA)


@pytest.mark.parametrize(("attendances", "codes"), [(28, []), (27, ["attendance_falling"])])
def test_attendance_falls_below_seven_tenths(attendances: int, codes: list[str]) -> None:
    """What counts is how many come to a session, not how many sessions there are."""
    assert _codes(activities=[{**ACTIVITY, "attendances": attendances}]) == codes
    half = {**ACTIVITY, "attendances": attendances / 2, "sessions": 2}
    assert _codes(activities=[half]) == codes


def test_from_outside_attendance_falls_from_one_released_month_to_the_next() -> None:
    """Of an area whose coordinator the reader is not; inside it is told live, activity by activity."""
    row = {"area": AREA, "month": dt.date(2026, 2, 1), "attendances_before": 60, "sessions_before": 4, "sessions": 4}
    assert _codes(released=[{**row, "attendances": 42}]) == []
    assert _codes(released=[{**row, "attendances": 41, "sessions": 0}]) == []
    assert _codes(released=[{**row, "attendances": 41}]) == ["attendance_falling"]
    (outside,) = attention(replace(QUIET, released=[{**row, "attendances": 41}]))
    assert (outside["area"], outside["since"]) == (AREA, "2026-02-01")
    assert outside["values"] == {"attended": 10.2, "attended_before": 15, "month": "2026-02"}
    (inside,) = attention(replace(QUIET, activities=[{**ACTIVITY, "attendances": 27}]))
    assert [is_for(outside, own) for own in ((), (AREA,))] == [True, False]
    assert [is_for(inside, own) for own in ((), (AREA,))] == [False, True]


def test_two_cancelled_sessions_in_four_weeks_are_told() -> None:
    """One can happen."""
    assert _codes(activities=[{**ACTIVITY, "cancelled": 1}]) == []
    assert _codes(activities=[{**ACTIVITY, "cancelled": 2, "cancelled_since": TODAY}]) == ["sessions_cancelled"]


def test_money_is_watched() -> None:
    """Co-funding that is not released, a share below the floor, an account below zero, spending off the pace."""
    lbf, municipality = _standing("landsbyggefonden", 75, 0), _standing("municipality", 25, 25)
    assert _codes(standings=[lbf, municipality]) == []
    assert _codes(standings=[lbf, replace(municipality, released_ore=24)]) == ["co_funding_unreleased"]
    assert _codes(standings=[replace(lbf, committed_ore=76), municipality]) == ["local_floor_at_risk"]
    assert _codes(standings=[lbf, municipality, _standing("foundation", 10, 10)]) == [], "it lies on top"
    spent = replace(lbf, spent_ore=1)
    assert _codes(standings=[spent, municipality]) == ["account_below_zero"]
    assert _codes(standings=[replace(lbf, received_ore=75, spent_ore=30), municipality]) == ["spending_off_pace"]


def test_what_an_area_alone_has_stated_is_told_until_the_network_confirms_it() -> None:
    """Before the plan starts too: whoever reads of the money shall know whose word it is."""
    standing = replace(_standing("municipality", 25, 25), is_confirmed=False)
    (item,) = attention(replace(QUIET, today=dt.date(2025, 12, 31), areas=[], standings=[standing]))
    assert (item["code"], item["severity"]) == ("commitment_unconfirmed", "medium")
    assert item["values"] == {"commitment": "municipality", "amount_ore": 25}


def test_a_missing_local_share_is_told_before_the_plan_starts_too() -> None:
    """It is flagged from the day on which the promise is known; once the plan runs it is urgent."""
    fund, local = _standing("landsbyggefonden", 75, 0), _standing("municipality", 25, 25)
    before = dt.date(2025, 12, 31)
    (item,) = attention(replace(QUIET, today=before, areas=[], standings=[fund]))
    assert (item["code"], item["severity"], item["since"]) == ("local_floor_at_risk", "medium", None)
    assert attention(replace(QUIET, today=before, areas=[], standings=[fund, local])) == []
    (item,) = attention(replace(QUIET, today=A_PLAN.start_on, areas=[], standings=[fund]))
    assert (item["severity"], item["since"]) == ("high", "2026-01-01")


def test_a_plan_that_waits_for_an_area_says_so_to_its_own() -> None:
    """The area that has not consented is told of no plan that does not belong to it."""
    plan = replace(A_PLAN, invited=(OTHER_AREA,))
    items = attention(replace(QUIET, plans=[plan]))
    assert [(item["code"], item["values"]) for item in items] == [("consent_missing", {"areas": [OTHER_AREA]})]
    assert of_area(items, AREA, [plan]) == items
    assert of_area(items, OTHER_AREA, [plan]) == []


@pytest.mark.parametrize(
    ("today", "state", "severities"),
    [
        (dt.date(2027, 4, 30), None, []),
        (dt.date(2027, 5, 1), None, ["medium"]),
        (dt.date(2027, 6, 30), "returned", ["medium"]),
        (dt.date(2027, 7, 1), "returned", ["high"]),
        (dt.date(2027, 7, 1), "submitted", []),
        (dt.date(2027, 7, 1), "accepted", []),
    ],
)
def test_annual_statements_are_due_on_30_june(today: dt.date, state: str | None, severities: list[str]) -> None:
    """Sixty days before it is time to write; a day after it is late."""
    statements = {(PLAN, 2026): LatestWord(state, dt.date(2027, 4, 1))} if state else {}
    items = attention(replace(QUIET, today=today, areas=[], statements=statements))
    assert [(item["code"], item["severity"]) for item in items] == [("statement_due", each) for each in severities]


def test_a_returned_statement_says_when_it_was_returned_and_why_to_those_who_read_the_accounts() -> None:
    """It is there, and was mended once: nobody is told that it is missing."""
    word = LatestWord("returned", dt.date(2027, 7, 3), "Bilag mangler.")
    watched = replace(QUIET, today=dt.date(2027, 8, 1), areas=[], statements={(PLAN, 2026): word})
    (item,) = attention(watched)
    danish = Wording(languages()["da"])
    assert danish.concern(item) == "Årsopgørelse er returneret"
    assert danish.detail(item) == (
        "Årsopgørelsen for 2026 blev returneret 3. juli 2027; frist 30. juni 2027. Begrundelse: Bilag mangler."
    )
    assert "indsend årsopgørelsen igen" in danish.step(item, is_own=True)
    foreign = Accounts(frozenset({"an-area-of-none-of-its-plans"}))
    (told,) = told_items(listed(watched), None, foreign, ())
    assert "Bilag" not in danish.detail(told)
    assert "Bilag" not in str(told)


@pytest.mark.parametrize("code", sorted(OWN_STEPS))
def test_what_is_to_be_done_fits_who_reads_it(code: AttentionCode) -> None:
    """A coordinator is not told to ask the coordinator, nor a network lead to ask the network."""
    item: Json = {"code": code, "area": None, "plan": PLAN, "values": {}}
    plans = [{"plan": PLAN, "areas": [AREA]}]
    own, outside = (Identity("coordinator", frozenset({area})) for area in (AREA, OTHER_AREA))
    assert is_own(item, own, plans)
    assert not is_own(item, outside, plans)
    assert not is_own(item, Identity("lead"), plans)
    danish = Wording(languages()["da"])
    assert danish.step(item, is_own=True) != danish.step(item)
    assert "koordinator" not in danish.step(item, is_own=True)
    assert "netværket" not in danish.step(item).lower()


def test_a_plan_that_ends_within_eighteen_months_names_what_nobody_carries_on() -> None:
    """What is anchored is not named."""
    plan = replace(A_PLAN, end_on=TODAY + dt.timedelta(days=500))
    loose, anchored = ACTIVITY, {**ACTIVITY, "activity": "cafe", "is_anchored": True}
    items = attention(replace(QUIET, plans=[plan], activities=[loose, anchored]))
    assert [item["code"] for item in items] == ["not_anchored", "plan_ending"]
    assert items[0]["detail"] == "nobody carries on: club"
    assert items[0]["values"] == {"activities": ["club"]}


@pytest.mark.parametrize(("days", "items"), [(-61, 0), (-60, 1), (0, 1), (60, 1), (61, 0)])
def test_it_is_told_before_the_people_of_a_plan_are_removed(days: int, items: int) -> None:
    """Sixty days before the year after its end is over, and as long after."""
    plan = replace(A_PLAN, end_on=dt.date(2026, 7, 31))
    listed = attention(replace(QUIET, plans=[plan], areas=[], today=dt.date(2027, 7, 31) + dt.timedelta(days=days)))
    found = [item for item in listed if item["code"] == "people_removed"]
    assert [item["values"] for item in found] == [{"removed_on": "2027-07-31"}] * items


def test_the_gravest_comes_first() -> None:
    """Then what has waited longest."""
    milestone = {"plan": PLAN, "milestone": "m", "title": "x", "due_on": dt.date(2026, 1, 2)}
    older = {**milestone, "milestone": "n", "due_on": dt.date(2026, 1, 1)}
    items = attention(replace(QUIET, milestones=[milestone, older], dead_letters=1))
    assert [item["code"] for item in items] == ["dead_letters", "milestone_overdue", "milestone_overdue"]
    assert items[1]["since"] == "2026-01-01"


def test_an_area_gets_its_own_list_and_that_of_its_plans() -> None:
    """Not what another area of the same plan has to do."""
    items: list[Json] = [
        {"area": AREA, "plan": PLAN},
        {"area": None, "plan": PLAN},
        {"area": OTHER_AREA, "plan": PLAN},
        {"area": None, "plan": "other"},
        {"area": None, "plan": None},
    ]
    assert of_area(items, AREA, [A_PLAN]) == items[:2]


async def test_the_list_is_told_over_http_and_in_the_reports(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """An area that is registered and silent is in all three places, and not in another area's."""
    headers = {**bearer("admin"), "content-type": "application/json"}
    events = body([*a_running_activity(), an_area(OTHER_AREA)])
    cursor = (await system.post("/registry/events", content=events, headers=headers)).json()["cursor"]
    lead = bearer("lead")
    answer = await system.get("/reporting/attention", params={"at_least": cursor}, headers=lead)
    silent = [item["area"] for item in answer.json()["attention"] if item["code"] == "area_silent"]
    assert silent == [OTHER_AREA, AREA]
    network = (await system.get("/reporting/reports/network", headers=lead)).json()
    assert network["attention"] == answer.json()["attention"]
    own = await system.get("/reporting/attention", params={"area": OTHER_AREA}, headers=lead)
    assert [item["area"] for item in own.json()["attention"]] == [OTHER_AREA]
    assert (await system.get("/reporting/attention?area=nowhere", headers=lead)).status_code == httpx.codes.NOT_FOUND
    assert (await system.get("/reporting/attention", headers=bearer("service"))).status_code == httpx.codes.FORBIDDEN


def test_a_withheld_payout_is_urgent_and_comes_first() -> None:
    """With the reason, since when, and what has not come; one that was resumed is in no row."""
    fund = replace(_standing("landsbyggefonden", 75, 75, received_ore=50), commitment="lbf")
    local = _standing("municipality", 25, 25)
    row = {"commitment": "lbf", "plan": PLAN, "since": dt.date(2026, 2, 1), "reason": "no statement"}
    items = attention(replace(QUIET, standings=[fund, local], withholdings=[row], dead_letters=1))
    assert [item["code"] for item in items] == ["payout_withheld", "dead_letters"]
    first = items[0]
    assert (first["severity"], first["since"], first["plan"]) == ("high", "2026-02-01", PLAN)
    assert first["values"] == {"commitment": "lbf", "amount_ore": 25, "reason": "no statement"}


def test_everything_that_needs_attention_says_what_to_do() -> None:
    """In both languages, as a sentence that is not only the matter said again."""
    assert set(STEPS) == set(get_args(AttentionCode))
    english = languages()["en"]
    for step in (*STEPS.values(), *OWN_STEPS.values(), RETURNED, OWN_RETURNED):
        assert step.endswith(".")
        assert english.gettext(step) not in {"", step}
