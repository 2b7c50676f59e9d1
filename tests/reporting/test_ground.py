"""From a figure to its events: exactly those that it was folded from, for those alone who may read them."""

import csv
import hashlib
import io
import random
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any, Final, NamedTuple

import httpx
import pytest

from services.reporting.ground import service
from services.reporting.ground.rules import GroundQuestion
from services.reporting.periods import month_of, named
from shared import database
from shared.accounts import Accounts
from shared.errors import Unanswerable
from tests.conftest import Bearer, Headers
from tests.oracles import ground_reference
from tests.support.builders import Json
from tests.support.extent import long_but_for

PLANS: Final = ("amagerplanen-2023", "gellerup-toveshoej-2023")
AREA: Final = "urbanplanen"
PLAN: Final = PLANS[0]
AMOUNTS: Final = ("committed_ore", "released_ore", "received_ore", "spent_ore")
DONE: Final = ("sessions", "cancelled_sessions", "attendances", "participant_hours")
OF_PEOPLE: Final = ("participants", "new_participants", "multi_year_participants", "volunteers")
# Who left, was followed up, and was measured twice.
FOLLOWED: Final = ("left", "followed_up", "pairs")
# How many figures of the demo are drilled down to, at random; the long run takes them all.
FEW: Final = 40
ALL: Final = 10_000
PAGE: Final = 37
SEED: Final = "0f" * 32


class Told(NamedTuple):
    """A figure of a report, and what of it is asked for."""

    figure: str
    of: Json
    first_day: str
    last_day: str
    value: float


@pytest.mark.parametrize("number", long_but_for([FEW, ALL], [FEW]))
async def test_a_figure_is_the_sum_of_exactly_the_events_behind_it(
    demo: httpx.AsyncClient, bearer: Bearer, number: int
) -> None:
    """Figures at random, of money and of an own area's sessions: the listed events, taken from the logs, give each."""
    log = {owner: await _log(demo, bearer, owner) for owner in ("registry", "funding")}
    known = {f"{owner}:{entry['sequence']}" for owner, entries in log.items() for entry in entries}
    figures = [told async for told in _figures(demo, bearer)]
    chosen = random.Random(number).sample(figures, min(number, len(figures)))  # noqa: S311  no secret
    chosen += [told for told in figures if told.figure in FOLLOWED and told not in chosen]
    assert {told.figure for told in chosen if told.value} >= set(FOLLOWED)
    for told in chosen:
        headers = bearer("coordinator", AREA) if told.figure in (*DONE, *OF_PEOPLE, *FOLLOWED) else bearer("auditor")
        rows, head = await _ground(demo, headers, told)
        added: dict[str, float] = {}
        for row in rows:
            amount = row["amount_ore"] if "amount_ore" in row else row["amount"]
            added[row["event"]] = added.get(row["event"], 0) + amount
        assert added == ground_reference.events(log, *told[:4]), told
        assert added.keys() <= known
        assert head.get("sum_ore", head.get("sum")) == sum(added.values()) == told.value, told
        assert (head["entries"], head["events"]) == (len(rows), len(added)), told


async def test_money_leads_to_its_events_for_those_who_read_the_accounts(
    demo: httpx.AsyncClient, bearer: Bearer
) -> None:
    """A lead and an auditor anywhere, a coordinator in its own plans; nobody anywhere else, the network's sum too."""
    readers = {
        "lead": bearer("lead"),
        "auditor": bearer("auditor"),
        "own": bearer("coordinator", AREA),
        "other": bearer("coordinator", "gellerupparken"),
    }
    seen = {
        (name, question): (await demo.get(f"/reporting/ground?{question}", headers=headers)).status_code
        for name, headers in readers.items()
        for question in (
            f"plan={PLAN}",
            "figure=committed_ore",
            f"figure=received_ore&area={AREA}",
            f"figure=budget_ore&plan={PLAN}",
            f"figure=spent_ore&commitment={await _commitment(demo, bearer)}",
        )
    }
    hidden = {key for key, status in seen.items() if status == httpx.codes.NOT_FOUND}
    assert hidden == {("other", f"figure=spent_ore&commitment={await _commitment(demo, bearer)}")}, (
        "nobody else is told that there is such a commitment"
    )
    refused = {key for key, status in seen.items() if status == httpx.codes.FORBIDDEN} | hidden
    assert {key[0] for key in refused} == {"own", "other"}
    assert {question for name, question in refused if name == "own"} == {"figure=committed_ore"}
    assert len(refused) == 1 + 5
    assert all(status == httpx.codes.OK for key, status in seen.items() if key not in refused)


async def test_what_people_did_is_told_event_by_event_inside_the_own_area_alone(
    demo: httpx.AsyncClient, bearer: Bearer
) -> None:
    """Whoever reads from outside has it from releases; nobody is named by anything to anybody."""
    path = f"/reporting/ground?figure=attendances&area={AREA}&limit=500"
    for headers in (bearer("lead"), bearer("auditor"), bearer("admin"), bearer("coordinator", "gellerupparken")):
        for suffix in ("", "&activity=urbanplanen-lektiecafe"):
            assert (await demo.get(path + suffix, headers=headers)).status_code == httpx.codes.FORBIDDEN
    assert (
        await demo.get("/reporting/ground?figure=sessions", headers=bearer("coordinator", AREA))
    ).status_code == httpx.codes.FORBIDDEN
    for figure in ("attendances", *OF_PEOPLE):
        path = f"/reporting/ground?figure={figure}&area={AREA}&limit=500"
        assert (await demo.get(path, headers=bearer("lead"))).status_code == httpx.codes.FORBIDDEN
        inside = await demo.get(path, headers=bearer("coordinator", AREA))
        assert inside.status_code == httpx.codes.OK
        assert inside.json()["rows"]
        assert "p1-" not in inside.text


async def test_a_sample_can_be_drawn_again_from_the_list_of_all(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Anybody with the list, the seed and SHA-256 draws the same ones; a different seed draws different ones."""
    headers, question = bearer("auditor"), {"plan": PLAN, "from": "2025-01-01", "to": "2025-12-31"}
    rows, _ = await _ground(demo, headers, Told("spent_ore", {"plan": PLAN}, "2025-01-01", "2025-12-31", 0))
    drawn = (
        await demo.get("/reporting/ground", params={**question, "sample": 25, "seed": SEED}, headers=headers)
    ).json()

    def rank(row: Json) -> str:
        place = row["event"].partition(":")[2]
        return hashlib.sha256(f"{SEED}:{place}:{row['key']}".encode()).hexdigest()

    again = sorted(rows, key=rank)[:25]
    assert {row["event"] for row in drawn["rows"]} == {row["event"] for row in again}
    assert len(drawn["rows"]) == 25
    assert drawn["sample"]["seed"] == SEED
    assert drawn["entries"] == len(rows)
    assert drawn["next"] is None
    other = await demo.get("/reporting/ground", params={**question, "sample": 25, "seed": "other"}, headers=headers)
    assert {row["event"] for row in other.json()["rows"]} != {row["event"] for row in again}


async def test_a_file_has_the_events_of_all_pages(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """As CSV with its amounts in kroner, whose sum is the figure."""
    told = Told("received_ore", {"plan": PLAN}, "", "", 0)
    rows, head = await _ground(demo, bearer("auditor"), told)
    file = await demo.get(
        "/reporting/ground.csv", params={"figure": "received_ore", "plan": PLAN}, headers=bearer("auditor")
    )
    lines = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert [line["Registrering nr."] for line in lines] == [row["event"] for row in rows]
    kroner = sum(round(float(line["Beløb (kr.)"].replace(",", ".")) * 100) for line in lines)
    assert kroner == head["sum_ore"]
    book = await demo.get("/reporting/ground.xlsx", params={"plan": PLAN}, headers=bearer("auditor"))
    assert book.status_code == httpx.codes.OK


@pytest.mark.parametrize("over", [0, 1])
async def test_a_page_that_holds_all_offers_no_next_one(demo: httpx.AsyncClient, bearer: Bearer, over: int) -> None:
    """A page is full or not: only where an event is left is there a next page, and it is not empty."""
    headers, asked = bearer("auditor"), {"figure": "received_ore", "plan": PLAN}
    number = (await demo.get("/reporting/ground", params=asked, headers=headers)).json()["entries"]
    assert number > 1
    page = (await demo.get("/reporting/ground", params={**asked, "limit": number - over}, headers=headers)).json()
    assert len(page["rows"]) == number - over
    assert (page["next"] is None) == (over == 0)
    if page["next"]:
        rest = await demo.get("/reporting/ground", params={**asked, "cursor": page["next"]}, headers=headers)
        assert len(rest.json()["rows"]) == over


async def test_a_file_holds_as_many_events_as_it_may(
    demo_databases: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly as many as a file may hold make a file; one more are refused with what to do."""
    of = {"plan": PLAN}
    async with await database.open_pool(demo_databases["reporting"], 1) as pool:
        grounds, asked = service.Grounds(pool), GroundQuestion("received_ore", of)
        told = await grounds.whole(asked, Accounts(None), frozenset())
        monkeypatch.setattr(service, "MOST_IN_A_FILE", told["entries"])
        assert await grounds.whole(asked, Accounts(None), frozenset()) == told
        monkeypatch.setattr(service, "MOST_IN_A_FILE", told["entries"] - 1)
        with pytest.raises(Unanswerable, match="ask for fewer days"):
            await grounds.whole(asked, Accounts(None), frozenset())


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("figure=nothing", 422),
        ("figure=participants&release=999", 404),
        (f"figure=spent_ore&plan={PLAN}&activity=x", 422),
        ("figure=committed_ore&line=x", 422),
        (f"plan={PLAN}&from=2026-01-01&to=2025-01-01", 422),
        ("plan=nowhere", 404),
        ("figure=spent_ore&commitment=nowhere", 404),
        (f"plan={PLAN}&cursor=x", 400),
        (f"plan={PLAN}&limit=501", 422),
        (f"plan={PLAN}&sample=1001", 422),
        (f"plan={PLAN}&sample=0", 422),
        (f"plan={PLAN}&seed=%00&sample=1", 422),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    demo: httpx.AsyncClient, bearer: Bearer, question: str, status: int
) -> None:
    """With a code, and with no page of anything."""
    answer = await demo.get(f"/reporting/ground?{question}", headers=bearer("auditor"))
    assert answer.status_code == status, answer.text
    assert answer.json()["code"]


async def _log(demo: httpx.AsyncClient, bearer: Bearer, owner: str) -> list[Json]:
    entries: list[Json] = []
    while True:
        place = entries[-1]["sequence"] if entries else 0
        answer = await demo.get(f"/{owner}/events?after={place}&limit=500", headers=bearer("service"))
        page = answer.json()["events"]
        if not page:
            return entries
        entries += page


async def _ground(demo: httpx.AsyncClient, headers: Headers, told: Told) -> tuple[list[Json], Json]:
    """Read the ground of a figure page by page."""
    days = {name: day for name, day in (("from", told.first_day), ("to", told.last_day)) if day}
    rows: list[Json] = []
    place = None
    while True:
        asked = {"figure": told.figure, **told.of, **days, "limit": PAGE, **({"cursor": place} if place else {})}
        answer = await demo.get("/reporting/ground", params=asked, headers=headers)
        assert answer.status_code == httpx.codes.OK, (told, answer.text)
        page = answer.json()
        rows += page["rows"]
        place = page["next"]
        if place is None:
            return rows, page


async def _commitment(demo: httpx.AsyncClient, bearer: Bearer) -> str:
    report = (await demo.get(f"/reporting/reports/plans/{PLAN}", headers=bearer("lead"))).json()
    name: str = report["funding"]["commitments"][0]["commitment"]
    return name


async def _figures(demo: httpx.AsyncClient, bearer: Bearer) -> AsyncIterator[Told]:
    """Give every figure of the demo's reports that leads to its events."""
    network = (await demo.get("/reporting/reports/network", headers=bearer("lead"))).json()
    for told in _of_network(network):
        yield told
    for plan in PLANS:
        report = (await demo.get(f"/reporting/reports/plans/{plan}", headers=bearer("lead"))).json()
        for told in _of_plan(report):
            yield told
        for year in range(2023, 2027):
            path = f"/reporting/reports/plans/{plan}/statements/{year}"
            for told in _of_statement((await demo.get(path, headers=bearer("lead"))).json()):
                yield told
    days = {"from": "2024-02-05", "to": "2025-11-20"}
    inside = await demo.get(f"/reporting/reports/areas/{AREA}", params=days, headers=bearer("coordinator", AREA))
    for told in (*_of_area(inside.json(), days), *_of_those_followed(inside.json(), days)):
        yield told
    own = (await demo.get(f"/reporting/reports/plans/{PLAN}", headers=bearer("coordinator", AREA))).json()
    for activity in own["activities"]:
        of = {"area": AREA, "plan": PLAN, "activity": activity["activity"]}
        for name in ("sessions", "cancelled_sessions", "attendances", *OF_PEOPLE):
            yield Told(name, of, own["period"]["from"], own["period"]["to"], _plain(activity[name]))


def _of_area(report: Json, days: dict[str, str]) -> Iterator[Told]:
    for name in (*DONE, *OF_PEOPLE):
        yield Told(name, {"area": AREA}, days["from"], days["to"], _plain(report["totals"][name]))
        for row in report["effort_areas"]:
            of = {"area": AREA, "pool": row["pool"], "effort_area": row["effort_area"]}
            if name in row:
                yield Told(name, of, days["from"], days["to"], _plain(row[name]))
    for row in report["months"]:
        whole = month_of(date.fromisoformat(f"{row['month']}-01"))
        first_day, last_day = whole.first_day.isoformat(), whole.last_day.isoformat()
        for name in ("sessions", "participants", "new_participants"):
            yield Told(name, {"area": AREA}, max(first_day, days["from"]), min(last_day, days["to"]), _plain(row[name]))


def _of_those_followed(report: Json, days: dict[str, str]) -> Iterator[Told]:
    first_day, last_day, of = days["from"], days["to"], {"area": AREA}
    yield Told("left", of, first_day, last_day, _plain(report["alumni"]["left"]))
    for row in report["alumni"]["months"]:
        after = {**of, "months_after": row["months_after"]}
        yield Told("followed_up", after, first_day, last_day, _plain(row["followed_up"]))
        for each in row["statuses"]:
            yield Told("followed_up", {**after, "status": each["status"]}, first_day, last_day, _plain(each["people"]))
    for row in report["change"]:
        own = {**of, "lens": row["lens"], "respondent": row["respondent"]}
        yield Told("pairs", own, first_day, last_day, _plain(row["pairs"]))
    for row in report["retention"]:
        year = named(row["cohort"])
        assert year is not None
        first, last = max(year.first_day.isoformat(), first_day), min(year.last_day.isoformat(), last_day)
        yield Told("new_participants", of, first, last, _plain(row["new_participants"]))


def _plain(value: Any) -> float:  # noqa: ANN401  a number, or a count of people
    told: float = value["value"] if isinstance(value, dict) else value
    return told


def _of_network(report: Json) -> Iterator[Told]:
    last_day = report["period"]["to"]
    for of, funding in (
        ({}, report["totals"]["funding"]),
        *(({"area": row["area"]}, row["funding"]) for row in report["areas"]),
        *(({"plan": row["plan"]}, row["funding"]) for row in report["plans"]),
    ):
        yield Told("unconfirmed_ore", of, "", last_day, funding["unconfirmed_ore"])
        for name in AMOUNTS:
            yield Told(name, of, "", last_day, funding[name])
            for kind, row in funding["by_funder_kind"].items():
                yield Told(name, {**of, "funder_kind": kind}, "", last_day, row[name])
        for row in funding["regulation_accounts"]:
            yield Told("balance_ore", {"commitment": row["commitment"]}, "", last_day, row["balance_ore"])


def _of_plan(report: Json) -> Iterator[Told]:
    of, last_day, budget = {"plan": report["plan"]["plan"]}, report["period"]["to"], report["budget"]
    for row in report["funding"]["commitments"]:
        for name in AMOUNTS:
            yield Told(name, {**of, "commitment": row["commitment"]}, "", last_day, row[name])
    yield Told("budget_ore", of, "", "", budget["budget_ore"])
    for field, rows in (
        ("line", budget["lines"]),
        ("effort_area", budget["effort_areas"]),
        ("cost_type", budget["cost_types"]),
        ("year", budget["years"]),
    ):
        for row in rows:
            yield Told("budget_ore", {**of, field: row[field]}, "", "", row["budget_ore"])
            yield Told("spent_ore", {**of, field: row[field]}, "", last_day, row["spent_ore"])
    for row in report["expenses"]:
        kind = {"effort_area": row["effort_area"], "cost_type": row["cost_type"]}
        yield Told("spent_ore", {**of, **kind}, report["period"]["from"], last_day, row["in_period_ore"])


def _of_statement(report: Json) -> Iterator[Told]:
    of, year = {"plan": report["plan"]}, report["year"]
    first_day, last_day = f"{year}-01-01", f"{year}-12-31"
    yield Told("balance_ore", of, "", f"{year - 1}-12-31", report["opening_bank_ore"])
    yield Told("balance_ore", of, "", last_day, report["closing_bank_ore"])
    yield Told("received_ore", of, first_day, last_day, report["sums"]["instalments"]["amount_ore"])
    yield Told("spent_ore", of, first_day, last_day, report["sums"]["vouchers"]["amount_ore"])
    for row in report["costs"]:
        kind = {"effort_area": row["effort_area"], "cost_type": row["cost_type"]}
        yield Told("spent_ore", {**of, **kind}, first_day, last_day, row["amount_ore"])
    for row in report["financing"]:
        own = {**of, "commitment": row["commitment"]}
        yield Told("balance_ore", own, "", f"{year - 1}-12-31", row["opening_ore"])
        yield Told("received_ore", own, first_day, last_day, row["received_ore"])
        yield Told("spent_ore", own, first_day, last_day, row["carried_ore"])
        yield Told("balance_ore", own, "", last_day, row["closing_ore"])
    for row in report["deviations"]:
        yield Told("spent_ore", {**of, "line": row["line"]}, first_day, last_day, row["spent_ore"])
