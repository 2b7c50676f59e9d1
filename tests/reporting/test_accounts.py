"""A plan's accounts have one door: every route and page of funding and reporting, asked by every role.

Everything in the accounts of a plan carries a mark: its commitments, funders, lines, vouchers, references, remarks and
reasons. Whoever does not read them finds it nowhere, and whoever does finds it wherever a lead does.
"""

import asyncio
import itertools
import re
from pathlib import Path
from typing import Final, get_args

import httpx
import pytest

from services.reporting.web import ground, pages
from services.reporting.web.visitor import COOKIE
from shared.accounts import READS_ACCOUNTS, accounts_of
from shared.errors import Forbidden
from shared.tokens import Identity, Role
from tests.conftest import Bearer, Headers
from tests.support import builders as b
from tests.support.answers import texts
from tests.support.builders import Json
from tests.support.extent import long_but_for
from tests.support.signing_in import Hosts

LEDGER_PAGE: Final = Path(__file__).parents[2] / "docs" / "ledger.md"
THIRD_AREA: Final = "tredjebyen"
# Each plan with its areas: one of two areas is its both areas' own.
PLANS: Final = {"planen-her": [b.AREA], "planen-der": [b.OTHER_AREA], "planen-faelles": [b.AREA, b.OTHER_AREA]}
READERS: Final[dict[str, tuple[Role, list[str]]]] = {
    **{area: ("coordinator", [area]) for area in (b.AREA, b.OTHER_AREA, THIRD_AREA)},
    "nobody's": ("coordinator", []),
    **{role: (role, []) for role in ("lead", "auditor", "admin")},
}
# One who reads the accounts, one who does not, and who reads them all.
IN_SHORT: Final = frozenset({b.AREA, b.OTHER_AREA, "lead"})
# A network that publishes a report shows everybody what is in it, byte for byte (ADR 41).
PUBLISHED: Final = "/reporting/published/1"
IN_PATHS: Final = {
    "area": [b.AREA, b.OTHER_AREA],
    "plan": list(PLANS),
    "year": ["2025"],
    "number": ["1"],
    "activity": ["klub"],
    "name": ["spending", "co_funding", "funders", "budget"],
    "book": ["ledger", "expenses", "trial-balance"],
    "suffix": ["csv", "xlsx"],
}
# Asked beside the plain question: a chart of a plan, and what needs attention in an area.
# The events behind figures of one plan; of all plans `tests/rights` asks.
GROUND: Final = [
    {"figure": figure, "plan": plan} for figure in ("spent_ore", "balance_ore", "budget_ore") for plan in PLANS
]
GROUNDS: Final = ("/reporting/ground", "/reporting/ground.csv", "/reporting/ground.xlsx", "/ground")
QUERIES: Final[dict[str, list[Json]]] = {
    "/reporting/charts/{name}.json": [{"plan": plan} for plan in PLANS],
    "/monday": [{"area": b.AREA}],
    **dict.fromkeys(GROUNDS, GROUND),
}
LEFT_OUT: Final = re.compile(
    # Drawings are made of the specifications; files of figures are of the figures; what is made again is the report, as
    # `tests/recovery/test_files_of_reports.py` holds; the stream never ends.
    r"/remade/|\.(svg|png)$|\.js$|/feed/stream$|/health/|/metrics$|asyncapi|/verification$|dead-letters|/events$|/rejections$|/rebuild|/sums$"
    r"|sign-in|/releases/|^/(funding|reporting)/status|/log/(epochs|authors|deeds|lookups)$|/log/lookups/verification$"
)
# It shows the gravest few of what needs attention: which these are depends on what else a reader is told of.
OVERVIEW: Final = {("/", "{}")}
PDF_PLAN: Final = "planen-her"
# Where a lead finds the accounts of a plan: a test that looks elsewhere would find nothing to compare.
SHOWN: Final = (
    f"/funding/plans/{PDF_PLAN}/budget",
    f"/reporting/reports/plans/{PDF_PLAN}",
    f"/reporting/reports/plans/{PDF_PLAN}.csv",
    f"/reporting/reports/plans/{PDF_PLAN}.xlsx",
    f"/reporting/reports/plans/{PDF_PLAN}.pdf",
    f"/reporting/reports/plans/{PDF_PLAN}/statements/2025.pdf",
    "/reporting/reports/network",
    "/reporting/attention",
    "/reporting/published/1/changes",
    f"/plans/{PDF_PLAN}",
    "/money",
    "/monday",
)
SECONDS: Final = 90


def mark(plan: str) -> str:
    """Give what everything in a plan's accounts is called after."""
    return f"hemmelig-{plan}"


def _registry() -> list[Json]:
    activity = b.an_activity("klub", plan="planen-faelles")
    areas = [b.an_area(area) for area in (b.AREA, b.OTHER_AREA, THIRD_AREA)]
    return [*areas, *(b.a_plan(plan, areas=areas) for plan, areas in PLANS.items()), activity, b.a_start("klub")]


def _books(plan: str) -> list[Json]:
    """Fill every part of a plan's accounts: below zero, unreleased, withheld and sent back, so that it is told of."""
    secret, area = mark(plan), PLANS[plan][0]
    local, fund = {"commitment": f"{secret}-lokal"}, {"commitment": f"{secret}-fond"}
    told = {"plan": plan, "reference": f"{secret} tilsagn", "funder": f"{secret}-giver"}
    line = {"line": f"{secret}-loen", "effort_area": "beskaeftigelse", "cost_type": "wages", "year": 2025}
    lines = [{**line, "amount_ore": 900_000}, {**line, "line": f"{secret}-rest", "year": 2026, "amount_ore": 100_000}]
    expense = {"plan": plan, "area": area, "line": f"{secret}-loen", "amount_ore": 300_000}
    voucher = {"voucher": f"{secret}-bilag", "text": f"{secret} tekst"}
    booked = b.an_expense(f"{secret}-udgift", **expense, **voucher)
    words = {"remarks": f"{secret} bemærkning", "auditor_reference": f"{secret} revisor"}
    statement = {"plan": plan, "year": 2025, **words}
    day = {"date": "2025-09-05"}
    return [
        b.a_commitment(**fund, **told, amount_ore=750_000),
        b.a_commitment(**local, **told, funder_kind="municipality", amount_ore=250_000),
        b.an_event("budget.approved", {"plan": plan, "lines": lines, "approval_reference": f"{secret} budget"}),
        b.an_event("funding.released", {**local, **day, "amount_ore": 100_000}),
        b.an_event("funding.received", {**fund, **day, "receipt": f"{secret}-rate", "amount_ore": 50_000}),
        b.an_event("funding.withheld", {**fund, **day, "reason": f"{secret} grund"}),
        {**booked, "source": f"/areas/{area}"},
        b.an_event("statement.submitted", statement),
        b.an_event("statement.returned", statement),
    ]


async def _post(system: httpx.AsyncClient, headers: Headers, service: str, events: list[Json]) -> str:
    """Post events; what another service has not heard of yet is posted again."""
    async with asyncio.timeout(SECONDS):
        while True:
            answer = await system.post(f"/{service}/events", json=events, headers=headers)
            if answer.status_code == httpx.codes.CREATED:
                return str(answer.json()["cursor"])
            assert "not_yet_known" in answer.text, answer.text


async def _fill(system: httpx.AsyncClient, admin: Headers) -> None:
    """Post the plans and their accounts, publish a report of them, and let the accounts change after that."""
    cursors = [await _post(system, admin, "registry", _registry())]
    cursors += [await _post(system, admin, "funding", [event for plan in PLANS for event in _books(plan)])]
    asked = {"at_least": ",".join(cursors)}
    report = (await system.get("/reporting/reports/network", params=asked, headers=admin)).json()
    cursor = ",".join(f"{owner}:{report['as_of'][owner]}" for owner in ("registry", "funding"))
    told = {"report": "network", "cursor": cursor, "digest": report["digest"]}
    await _post(system, admin, "reporting", [b.an_event("report.published", told)])
    later = [
        b.an_event(
            "funding.received",
            {
                "commitment": f"{mark(plan)}-fond",
                "receipt": f"{mark(plan)}-rate-2",
                "amount_ore": 7,
                "date": "2025-09-06",
            },
        )
        for plan in PLANS
    ]
    cursor = await _post(system, admin, "funding", later)
    await system.get("/reporting/reports/network", params={"at_least": cursor}, headers=admin)


async def _questions(system: httpx.AsyncClient) -> list[tuple[str, str, Json]]:
    """Give every question: the route, the path that it is asked at, and the query."""
    routes = [
        f"/{service}{path}"
        for service in ("funding", "reporting")
        for path, operations in (await system.get(f"/{service}/openapi.json")).json()["paths"].items()
        if "get" in operations
    ]
    routes += sorted({route.path for route in (*pages.router.routes, *ground.router.routes)})  # type: ignore[attr-defined]  # each of our routes has a path
    asked = []
    for route in routes:
        if LEFT_OUT.search(route):
            continue
        names = re.findall(r"{(\w+)}", route)
        for values in itertools.product(*(IN_PATHS[name] for name in names)):
            path = route.format(**dict(zip(names, values, strict=True)))
            if not path.endswith(".pdf") or path.endswith("network.pdf") or PDF_PLAN in path:
                plain: list[Json] = [] if route in GROUNDS else [{}]
                asked += [(route, path, query) for query in (*plain, *QUERIES.get(route, ()))]
    return asked


def _is_closed(route: str) -> bool:
    """Tell whether a whole route is part of a plan's accounts."""
    return route.startswith("/funding/plans/{plan}") or "/statements/" in route or route in GROUNDS


def _plans_named(path: str) -> list[str]:
    return [plan for plan in PLANS if plan in path]


async def _sessions(hosts: Hosts) -> dict[str, Headers]:
    """Give the cookies by which the pages know each reader."""
    made = {}
    for name, (role, areas) in READERS.items():
        session = await hosts.session(Identity(role, frozenset(areas)))
        made[name] = {"cookie": f"{COOKIE}={session}"}
    return made


@pytest.mark.parametrize("has_documents", long_but_for([False, True], [False]), ids=["short", "long"])
async def test_whoever_does_not_read_a_plans_accounts_finds_nothing_of_them(
    system: httpx.AsyncClient,
    bearer: Bearer,
    hosts: Hosts,
    has_documents: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    """By any route or page, in any form; who reads them finds what a lead finds, at the same places."""
    await _fill(system, bearer("admin"))
    readers = {name: reader for name, reader in READERS.items() if has_documents or name in IN_SHORT}
    tokens = {name: bearer(role, *areas) for name, (role, areas) in readers.items()}
    sessions = await _sessions(hosts)
    found: dict[tuple[str, str], set[tuple[str, str]]] = {(name, plan): set() for name in readers for plan in PLANS}
    for route, path, query in await _questions(system):
        for name, (role, areas) in readers.items():
            # Documents take seconds.
            if path.endswith(".pdf") and not (has_documents and name in IN_SHORT):
                continue
            headers = tokens[name] if route.startswith(("/funding/", "/reporting/")) else sessions[name]
            answer = await system.get(path, params=query, headers=headers)
            where = f"{name}: {path} {query}: {answer.status_code}"
            reads = {plan for plan, of in PLANS.items() if role != "coordinator" or set(areas) & set(of)}
            is_closed = _is_closed(route) and not reads.issuperset(_plans_named(f"{path} {query}"))
            expected = {403} if is_closed else {200, 404} if "/charts/" in route else {200, 307, 303}
            assert answer.status_code in expected, where
            text = b"".join("".join(each.decode(errors="replace").split()).encode() for each in texts(answer))
            for plan in PLANS:
                if mark(plan).encode() in text and path != PUBLISHED:
                    assert plan in reads, where
                    found[name, plan].add((path, str(query)))
    for (name, plan), places in found.items():
        role, areas = READERS[name]
        if role != "coordinator" or set(areas) & set(PLANS[plan]):
            documents = {place for place in found["lead", plan] if place[0].endswith(".pdf")}
            theirs, leads = (places | documents) - OVERVIEW, found["lead", plan] - OVERVIEW
            assert theirs == leads, f"{name} reads the accounts of {plan}"
    every = {path for path, _ in found["lead", PDF_PLAN]}
    for path in SHOWN:
        assert path in every or (path.endswith(".pdf") and not has_documents), (
            f"a lead finds the accounts at {path}, or this test looks in the wrong places"
        )


async def test_a_foreign_coordinator_sees_a_plans_sums_and_what_is_not_shown(
    system: httpx.AsyncClient, bearer: Bearer, hosts: Hosts
) -> None:
    """Committed, released, received and spent are as a lead sees them; a sentence says what is left out."""
    await _fill(system, bearer("admin"))
    path = "/reporting/reports/plans/planen-her"
    lead = (await system.get(path, headers=bearer("lead"))).json()
    foreign = (await system.get(path, headers=bearer("coordinator", THIRD_AREA))).json()
    sums = ("committed_ore", "released_ore", "received_ore", "spent_ore", "local_share_pct", "by_funder_kind")
    assert [foreign["funding"][name] for name in sums] == [lead["funding"][name] for name in sums]
    assert lead["funding"]["committed_ore"] == 1_000_000
    assert foreign["budget"].keys() == lead["budget"].keys()
    assert not any(foreign["budget"].values())
    assert (foreign["expenses"], foreign["funding"]["commitments"]) == ([], [])
    assert [each["status"] for each in foreign["statements"]] == [each["status"] for each in lead["statements"]]
    assert "accounts_withheld" in {note["code"] for note in foreign["notes"]}
    assert "accounts_withheld" not in {note["code"] for note in lead["notes"]}
    sessions = await _sessions(hosts)
    for address in ("/plans/planen-her", "/money"):
        text = (await system.get(address, headers=sessions[THIRD_AREA])).text
        assert "vises kun for planens egne områder" in text
        assert "vises kun for planens egne områder" not in (await system.get(address, headers=sessions["lead"])).text
    page = (await system.get("/plans/planen-her", headers=sessions[THIRD_AREA])).text
    assert 'href="/plans/planen-her/statements/2025"' not in page


@pytest.mark.parametrize("role", get_args(Role))
def test_the_rule_is_the_table(role: Role) -> None:
    """Own and foreign plans, for each role, as the documentation's table says it."""
    rows = dict(re.findall(r"^\| `(\w+)` \| (all|own|none) \|", LEDGER_PAGE.read_text(), re.MULTILINE))
    assert rows == dict(READS_ACCOUNTS)
    accounts = accounts_of(Identity(role, frozenset({"a", "b"})))
    for areas, wanted in ((["b", "c"], {"all", "own"}), (["c"], {"all"}), ([], {"all"})):
        assert accounts.include(areas) == (rows[role] in wanted)
        if rows[role] not in wanted:
            with pytest.raises(Forbidden):
                accounts.must_include(areas)
