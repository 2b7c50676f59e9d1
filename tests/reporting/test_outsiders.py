"""What somebody from outside an area cannot learn of people, attack by attack, over HTTP and by every way out."""

from datetime import date
from typing import Any, Final

import httpx
import pytest

from tests.conftest import Bearer
from tests.support import builders as b
from tests.support.answers import texts
from tests.support.builders import Json
from tests.support.outsiders import AREAS, FEW, IN_THE_CLUB, Network, history, measures, person, told

SEPTEMBER: Final = date(2025, 9, 1)
OCTOBER: Final = date(2025, 10, 1)


@pytest.fixture
async def network(system: httpx.AsyncClient, bearer: Bearer, surroundings: dict[str, Any]) -> Network:
    """Give a network whose people are released up to September."""
    found = Network(system, bearer, surroundings["database_url"])
    await found.post(*history())
    await found.release(SEPTEMBER)
    return found


def _small(values: dict[str, float | None]) -> list[str]:
    return [where for where, value in values.items() if value is not None and 0 < value < 5]


async def test_attack_1_school_years_and_calendar_years_give_no_half_years(network: Network) -> None:
    """What adds up over time is told by school year and in all, and by no calendar year; nor is a mean."""
    by_year = await network.read("figures?indicator=new_participants,multi_year_participants&by=area,year")
    assert [value for row in by_year["rows"] for _, value in told(row)] == [None] * 2 * len(by_year["rows"])
    by_school_year = await network.read("figures?indicator=new_participants&by=area,school_year")
    assert any(value is not None for part in by_school_year["totals"] for _, value in told(part["rows"]))
    of_a_year = await network.read("reports/network?period=2025")
    assert all(row["suppressed"] and row["mean_change"] is None for row in of_a_year["change"])


async def _published(network: Network) -> tuple[int, Json]:
    """Publish the network report as a lead reads it; give its number, and the report."""
    report = await network.read("reports/network")
    cursor = ",".join(f"{owner}:{report['as_of'][owner]}" for owner in ("registry", "funding", "reporting"))
    said = {"report": "network", "cursor": cursor, "digest": report["digest"]}
    await network.post(b.an_event("report.published", said), to="reporting")
    return (await network.read("published"))["published"][0]["id"], report


async def test_attack_2_a_coordinator_takes_nothing_off_a_published_report(network: Network) -> None:
    """All outsiders are told the same, live and published; what is left without an own area is no small count."""
    number, lead = await _published(network)
    for area in AREAS:
        live = await network.read("reports/network", "coordinator", area)
        frozen = await network.read(f"published/{number}", "coordinator", area)
        assert dict(told(live)) == dict(told(lead)) == dict(told(frozen))
        own = await network.read(f"reports/areas/{area}?to=2025-09-30", "coordinator", area)
        assert own["people"]["told_from"] == "area"
        for name in ("participants", "new_participants", "multi_year_participants"):
            total, mine = lead["totals"][name]["value"], own["totals"][name]["value"]
            assert total is None or not 0 < total - mine < 5


async def test_attack_3_what_changed_since_a_publication_lists_nobody(network: Network) -> None:
    """A withdrawal changes nothing that was told; a later release moves a count by five or more, or not at all."""
    number, _ = await _published(network)
    gone = b.an_event("consent.withdrawn", {"participant": person("syd", "cafe", 0)}, source="/areas/syd")
    await network.post(gone)
    told_otherwise = [each for each in await _changed(network, number) if each["figure"].endswith(("/value", "/pairs"))]
    assert told_otherwise == []
    await network.release(OCTOBER)
    moved = await _changed(network, number)
    assert any(each["figure"] == "/people/month" for each in moved)
    steps = [
        abs(each["then"] - each["now"])
        for each in moved
        if each["figure"].endswith("/value") and None not in (each["then"], each["now"])
    ]
    assert [step for step in steps if step < 5] == []


async def _changed(network: Network, number: int) -> list[Json]:
    changes = await network.read(f"published/{number}/changes", "coordinator", "oest")
    found: list[Json] = changes["changed"]
    return found


async def test_attack_4_nothing_is_different_before_and_after_one_event(network: Network) -> None:
    """Who came where, with which status and score, is told from the next release on, and then in steps."""
    before = {path: dict(told(document)) for path, document in (await network.outside()).items()}
    newcomer = person("syd", "klub", 99)
    await network.post(
        b.an_enrolment(newcomer, "syd-klub", area="syd", date="2025-09-02"),
        b.an_attendance("en-til", "syd-klub", area="syd", date="2025-09-03", participants=[newcomer], hours=3),
        b.an_event(
            "participant.left",
            {"activity": "syd-klub", "participant": person("syd", "klub", 0), "date": "2025-09-20", "reason": "job"},
            source="/areas/syd",
        ),
    )
    after = {path: dict(told(document)) for path, document in (await network.outside()).items()}
    assert after == before
    own = await network.read("reports/areas/syd?to=2025-09-30", "coordinator", "syd")
    assert own["alumni"]["left"]["value"] == 1, "its own people see it at once"


async def test_attack_5_no_session_of_few_is_told_by_day_and_activity(network: Network) -> None:
    """Nor is what they did in a month; the own area sees its months."""
    asked = "figures?indicator=attendances,participant_hours,participants&by=activity"
    for days in ("&from=2025-09-20&to=2025-09-20", "&from=2025-09-01&to=2025-09-30", ""):
        answer = await network.read(asked + days)
        (club,) = (row for row in answer["rows"] if row["activity"] == "nord-klub")
        assert [value for _, value in told(club)] == [None] * 3
        assert days.count("20") < 4 or all(value is None for row in answer["rows"] for _, value in told(row))
    own = await network.read(f"{asked},month&area=nord", "coordinator", "nord")
    months = [row for row in own["rows"] if row["activity"] == "nord-klub"]
    assert max(row["attendances"]["value"] for row in months) == FEW


async def test_attack_6_no_newcomers_by_month_are_told(network: Network) -> None:
    """So that participants of a month say nothing of who is new by then."""
    by_month = await network.read("figures?indicator=new_participants&by=area,month")
    assert {value for row in by_month["rows"] for _, value in told(row)} == {None}
    for path in ("reports/network", "reports/areas/syd"):
        report = await network.read(path)
        assert {row["new_participants"]["value"] for row in report["months"]} == {None}


async def test_attack_7_no_two_told_counts_differ_by_those_who_came_back(network: Network) -> None:
    """Participants less newcomers are those who were there before; told both, they are none or five."""
    answer = await network.read("figures?indicator=participants,new_participants&by=area,school_year")
    rows = [row for rows in (answer["rows"], *(total["rows"] for total in answer["totals"])) for row in rows]
    both = [(row["participants"]["value"], row["new_participants"]["value"]) for row in rows]
    differences = [people - new for people, new in both if people is not None and new is not None]
    assert [each for each in differences if 0 < each < 5] == []


async def test_attack_8_the_value_of_a_goal_is_no_count(network: Network) -> None:
    """Outside its plan's areas a value is told where the goal says that it is in per cent."""
    for path in ("reports/areas/nord", "reports/plans/plan-nord"):
        goals = {goal["goal"]: goal for goal in (await network.read(path))["goals"]}
        assert (goals["antal"]["baseline"], goals["antal"]["assessments"][0]["value"]) == (None, None)
        assert (goals["andel"]["baseline"], goals["andel"]["assessments"][0]["value"]) == (2, 3)
        assert goals["antal"]["target"] == 9
        inside = {goal["goal"]: goal for goal in (await network.read(path, "coordinator", "nord"))["goals"]}
        assert (inside["antal"]["baseline"], inside["antal"]["assessments"][0]["value"]) == (2, 3)
    for reader, value in ((("lead",), None), (("coordinator", "syd"), None), (("coordinator", "nord"), 3)):
        plan = (await network.get("/registry/plans/plan-nord", *reader)).json()
        values = {goal["goal"]: goal["assessments"][0]["value"] for goal in plan["goals"] if goal["assessments"]}
        assert float(values["andel"]) == 3
        assert values["antal"] is None if value is None else float(values["antal"]) == value


def _sessions(activity: str) -> int:
    data = [event["data"] for event in history() if event["type"].endswith("attendance.recorded.v1")]
    return len([each for each in data if each["activity"] == activity])


def _asked(measure: Json, area: str) -> str:
    """Give the address at which figures are asked for what a goal is measured by."""
    by = ",".join([*(["activity"] if "activity" in measure else []), *(["kind"] if "kind" in measure else [])])
    by = ",".join(filter(None, (by, measure.get("per"))))
    return f"figures?indicator={measure['figure']}&by={by}&plan=plan-{area}&area={area}&from=2024-08-01"


@pytest.mark.parametrize("reader", [("lead",), ("auditor",), ("coordinator", "syd"), ("coordinator", "nord")])
@pytest.mark.parametrize("path", ["reports/areas/nord", "reports/plans/plan-nord"])
async def test_a_goal_that_fills_itself_says_what_the_figures_say(
    network: Network, path: str, reader: tuple[str, ...]
) -> None:
    """To each reader, of each goal: outside what the release tells, inside what is live; and never more."""
    goals = {goal["goal"]: goal for goal in (await network.read(path, *reader))["goals"]}
    for name, measure in measures("nord").items():
        figures = await network.read(_asked(measure, "nord"), *reader)
        rows = [
            row
            for row in figures["rows"]
            if all(row.get(by, measure.get(by)) == measure.get(by) for by in ("activity", "kind"))
        ]
        values = [(each["period"], each["value"]) for each in goals[name]["figures"]]
        assert values == [(row.get(measure.get("per")), row[measure["figure"]]) for row in rows], name
        assert {each["origin"] for each in goals[name]["figures"]} == {"computed"}
    is_inside = reader == ("coordinator", "nord")
    club = [each["value"] for each in goals["klub"]["figures"]]
    assert [each["value"] for each in club] == ([FEW, FEW] if is_inside else [None, None]), "it is three children"
    assert goals["klub"]["baseline"] == (2 if is_inside else None), "a baseline that was typed may be people"
    held = [each["value"] for each in goals["moedegange"]["figures"]]
    assert (goals["moedegange"]["baseline"], sum(held)) == (2, _sessions("nord-klub")), "doings are told to everybody"
    assert not any(value is not None and 0 < value < 5 for _, value in told(goals)) or is_inside
    assert any(value is not None for _, value in told(goals)), "what the release tells is told"


async def test_a_goal_that_fills_itself_tells_nobody_before_the_first_release(
    system: httpx.AsyncClient, bearer: Bearer, surroundings: dict[str, Any]
) -> None:
    """Neither are people told by a goal whose typed values were those of people."""
    network = Network(system, bearer, surroundings["database_url"])
    await network.post(*history())
    turned = {"plan": "plan-nord", "goal": "antal", "effort_area": "uddannelse-og-livschancer", "title": "antal"}
    await network.post(b.an_event("goal.set", {**turned, "measure": {"figure": "sessions"}}))
    goals = {goal["goal"]: goal for goal in (await network.read("reports/plans/plan-nord"))["goals"]}
    assert {value for name in measures("nord") for _, value in told(goals[name]["figures"])} == {None}
    assert goals["antal"]["assessments"][0]["value"] is None
    assert goals["antal"]["figures"] == [
        {"period": None, "value": _sessions("nord-klub") + _sessions("nord-cafe"), "origin": "computed"}
    ]


async def test_typed_values_are_marked(network: Network) -> None:
    """In the JSON, and in CSV and workbook by words; what is hidden says nothing of itself."""
    inside = {goal["goal"]: goal for goal in (await network.read("reports/areas/nord", "coordinator", "nord"))["goals"]}
    assert inside["antal"]["assessments"][0]["origin"] == "typed"
    outside = {goal["goal"]: goal for goal in (await network.read("reports/areas/nord"))["goals"]}
    assert outside["antal"]["assessments"][0]["origin"] is None
    for form in ("csv", "xlsx"):
        answer = await network.get(f"/reporting/reports/areas/nord.{form}", "coordinator", "nord")
        said = b"".join(texts(answer))
        assert b"Indtastet" in said, form
        assert b"Beregnet" in said, form


async def test_nothing_small_is_told_to_anybody_from_outside(network: Network) -> None:
    """By no route, and to no coordinator of another area."""
    readers = [("lead", ()), *(("coordinator", (area,)) for area in AREAS)]
    seen = []
    for role, own in readers:
        for path, document in (await network.outside(role, *own)).items():
            values = dict(told(document))
            assert _small(values) == [], path
            seen += [value for value in values.values() if value is not None]
    assert len(seen) > 100


async def test_a_report_says_from_which_release_it_is(network: Network) -> None:
    """In its JSON, on its page, on paper and in its files; and its entity tag changes with the release."""
    first = await network.get("/reporting/reports/network")
    people = first.json()["people"]
    assert (people["told_from"], people["release"], people["month"]) == ("release", 1, "2025-09")
    for path in ("/reporting/reports/network.pdf", "/reporting/reports/network.xlsx", "/reporting/reports/network.csv"):
        said = b"".join(texts(await network.get(path)))
        assert b"september 2025" in said or b"2025-09" in said, path
    await network.release(OCTOBER)
    second = await network.get("/reporting/reports/network")
    assert second.headers["etag"] != first.headers["etag"]
    assert second.json()["people"]["month"] == "2025-10"
    assert second.json()["digest"] != first.json()["digest"]


async def test_inside_the_own_area_everything_is_live_and_complete(network: Network) -> None:
    """Its report, its plan's, its activities by month; the network's is that of everybody."""
    for path in ("reports/areas/nord", "reports/plans/plan-nord"):
        report = await network.read(path, "coordinator", "nord")
        assert report["people"] == {"told_from": "area", "release": None, "month": None, "digest": None, "threshold": 5}
        assert None not in dict(told(report["totals"])).values()
    plan = await network.read("reports/plans/plan-nord", "coordinator", "nord")
    (club,) = (row for row in plan["activities"] if row["activity"] == "nord-klub")
    assert club["participants"]["value"] == IN_THE_CLUB["nord"]
    outside = await network.read("reports/plans/plan-nord")
    (club,) = (row for row in outside["activities"] if row["activity"] == "nord-klub")
    assert (club["participants"]["value"], club["participants"]["suppressed"]) == (None, True)


async def test_before_the_first_release_nothing_of_people_is_told(
    system: httpx.AsyncClient, bearer: Bearer, surroundings: dict[str, Any]
) -> None:
    """And that is said."""
    network = Network(system, bearer, surroundings["database_url"])
    await network.post(*history())
    for document in (await network.outside()).values():
        assert {value for _, value in told(document)} == {None}
        assert document["people"]["told_from"] == "nothing"
        assert "people_not_released" in {note["code"] for note in document["notes"]}
