"""Each figure on a page that leads anywhere leads to events that come to that very figure, for two readers' roles."""

import html
import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.support.browsing import PAGES as SHOWN
from tests.support.systems import System

AREA: Final = "urbanplanen"
PLAN: Final = "/plans/amagerplanen-2023"
LINK: Final = re.compile(r'<a class="ground" href="([^"]+)"><data value="([^"]+)" data-figure="([^"]+)"')
FIGURE: Final = re.compile(r'(<a class="ground" href="[^"]+">)?<data value="([^"]+)" data-figure="([^"]+)"')
PLACE: Final = re.compile(r"\.\d+(?=\.)|\.\d+\.")
# What the pages of the demo show at the least.
MANY: Final = 500
PATIENCE_SECONDS: Final = 120
# How many of a page's figures are followed at most.
FOLLOWED: Final = 60
OF_PEOPLE: Final = frozenset({"participants", "new_participants", "multi_year_participants", "volunteers"})
# The page, and which figures must lead somewhere for a coordinator of the area, by their last part.
PAGES: Final = (
    (f"/areas/{AREA}", OF_PEOPLE | {"sessions", "attendances"}),
    (f"/areas/{AREA}?period=2025/26", OF_PEOPLE),
    (PLAN, frozenset({"participants", "spent_ore", "budget_ore"})),
    (f"{PLAN}/statements/2025", frozenset({"opening_bank_ore", "closing_bank_ore", "opening_ore", "spent_ore"})),
    (f"/activities/{AREA}-lektiecafe", frozenset({"participants", "new_participants", "volunteers"})),
    ("/money", frozenset({"balance_ore"})),
    ("/answers", frozenset({"spent_ore", "committed_ore", "received_ore"})),
    (f"/figures?indicator=participants&indicator=sessions&area={AREA}&by=activity&by=quarter", {"participants"}),
    (f"/figures?indicator=volunteers&indicator=new_participants&area={AREA}&by=school_year", {"new_participants"}),
    (f"/figures?indicator=spent_ore&indicator=received_ore&area={AREA}&by=plan&by=year", {"spent_ore"}),
)
# Whoever reads all accounts follows money alone.
OF_A_LEAD: Final = {"/money", "/answers", PLAN, f"{PLAN}/statements/2025"}


@pytest.mark.parametrize(("path", "wanted"), PAGES, ids=lambda value: value if isinstance(value, str) else "")
async def test_each_figure_leads_to_events_that_come_to_it(
    rich_system: System, path: str, wanted: frozenset[str]
) -> None:
    """Whatever is linked, money, people, balances and sums, is what its ground says, and no link is refused."""
    for role in ("lead", "coordinator"):
        async with httpx.AsyncClient(
            base_url=rich_system.address, cookies=rich_system.cookies, timeout=PATIENCE_SECONDS
        ) as client:
            if role == "coordinator":
                headers = {"origin": rich_system.address, "accept": "text/html"}
                answer = await client.post("/switch", data={"area": AREA}, headers=headers)
                assert answer.status_code < httpx.codes.BAD_REQUEST
            page = await client.get(path, headers={"accept": "text/html"})
        assert page.status_code == httpx.codes.OK
        links = LINK.findall(page.text)
        told = {figure.rpartition(".")[2] for _, _, figure in links}
        if role == "coordinator" and path != "/money":
            assert told >= wanted
        elif path in OF_A_LEAD:
            assert told
            assert not {part for link, _, part in links if "release=" not in link} & OF_PEOPLE
        areas = (AREA,) if role == "coordinator" else ()
        bearer = {"Authorization": f"Bearer {rich_system.token(role, *areas)}"}
        await _follow(rich_system, links, bearer)


async def _follow(system: System, links: list[tuple[str, str, str]], bearer: dict[str, str]) -> None:
    every = max(1, -(-len(links) // FOLLOWED))
    async with httpx.AsyncClient(base_url=system.address, headers=bearer, timeout=PATIENCE_SECONDS) as client:
        for address, value, figure in links[::every]:
            asked = parse_qs(urlsplit(html.unescape(address)).query)
            answer = await client.get("/reporting/ground", params={**asked, "limit": "1"})
            assert answer.status_code == httpx.codes.OK, (figure, address, answer.text)
            ground = answer.json()
            if "entries" in ground and "sum" not in ground and "sum_ore" not in ground:
                # A rule, which says what the figure is made of or which release it is from.
                assert ground["rule"]["da"], figure
                continue
            assert ground.get("sum_ore", ground.get("sum")) == pytest.approx(float(value)), (figure, address)


# Those that tell figures of a report; the others hold none, or are the ground itself.
WITH_FIGURES: Final = (
    *(path for path in SHOWN if not path.startswith(("/sign-in", "/ground"))),
    *(path for path, _ in PAGES),
)


@pytest.mark.parametrize("role", ["lead", "coordinator"])
async def test_each_figure_of_every_page_leads_to_its_events_or_its_rule(rich_system: System, role: str) -> None:
    """A figure that leads nowhere is told by its page and its place; of nothing there is nothing to lead to."""
    astray: set[str] = set()
    counted = 0
    async with httpx.AsyncClient(
        base_url=rich_system.address, cookies=rich_system.cookies, timeout=PATIENCE_SECONDS
    ) as client:
        if role == "coordinator":
            headers = {"origin": rich_system.address, "accept": "text/html"}
            await client.post("/switch", data={"area": AREA}, headers=headers)
        for path in dict.fromkeys(WITH_FIGURES):
            page = await client.get(path, headers={"accept": "text/html"})
            for address, value, figure in FIGURE.findall(page.text):
                counted += 1
                if not address and float(value):
                    astray.add(f"{path.partition('?')[0]} {PLACE.sub('.N.', figure)}")
    assert counted > MANY
    assert sorted(astray) == []
