"""Opens pages the way a visitor does, and notes everything that goes wrong on the way."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect

from tests.support.systems import System

Scheme = Literal["light", "dark"]
CHROMIUM: Final = Path("/usr/bin/chromium")
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE: Final = 1280
NARROW: Final = 390
# What axe-core finds on the page in which it runs.
VIOLATIONS: Final = """
async () => (await axe.run()).violations.map(
  (item) => `${item.id}: ${item.nodes.map((node) => node.target.join(" ")).join(", ")}`
)
"""
# The first chart of a process waits for its libraries to load.
DRAWING_MS: Final = 30_000
# Every page of the demo, by its Danish address.
PAGES: Final = (
    "/",
    "/areas/urbanplanen",
    "/plans/amagerplanen-2023",
    "/plans/amagerplanen-2023/statements/2025",
    "/activities/urbanplanen-fritidsjobvejledning",
    "/money",
    "/answers",
    "/change",
    "/staying",
    "/inspiration",
    "/feed",
    "/monday",
    "/ground?figure=spent_ore&plan=amagerplanen-2023&from=2026-08-01&to=2026-10-31",
    "/ground?figure=received_ore&plan=amagerplanen-2023&sample=5&seed=udgangspunkt",
    # The rule of a figure: of one that is computed, of one from a release, and of one that a release does not hold.
    "/ground?figure=local_share_pct&plan=amagerplanen-2023&to=2026-11-13",
    "/ground?figure=participants&area=gellerupparken&to=2026-11-13&release=1",
    "/ground?figure=sessions&area=gellerupparken&to=2026-11-13&events=false",
    "/figures?indicator=sessions&indicator=participants&by=area&by=month",
    "/method",
    "/published",
    "/published/2",
    "/releases",
    "/?period=2026-Q1",
    "/status",
    "/pseudonyms",
    "/people",
    "/subscriptions",
    "/sign-in",
)

# Those that send people on, and those of administrators, which others do not see: tests/web opens those apart.
OF_SIGNING_IN: Final = frozenset({"/sign-in/return", "/sign-in/with/{provider}", "/administration", "/log"})
# Those on which people register, which a lead does not see: `test_entry.py` opens them.
OF_REGISTERING: Final = frozenset(
    {
        "/own-area",
        "/roster",
        "/register",
        "/register/{name}",
        "/series",
        "/context-figures",
        "/offline",
        "/offline/rosters",
    }
)
# Those that the links of a mail lead to, which nobody signs in for.
OF_MAIL: Final = frozenset({"/subscriptions/confirm", "/subscriptions/stop"})
# What somebody sees who is not signed in, and what anybody sees where something is wrong with an address.
OF_NOBODY: Final = (
    "/subscriptions/confirm?link=et-hemmeligt-link",
    "/subscriptions/stop?link=et-hemmeligt-link",
    "/subscriptions/confirm",
    "/sign-in",
    "/sign-in?invitation=en-invitation",
    "/plans/amagerplanen-2023",
    "/nowhere",
)
# What a browser reads of an application that can be installed: no page.
OF_INSTALLING: Final = frozenset({"/manifest.webmanifest", "/service-worker.js"})
NOT_THE_LEADS: Final = OF_SIGNING_IN | OF_REGISTERING | OF_MAIL | OF_INSTALLING


@dataclass
class Visit:
    """A page that is open, and what went wrong on it."""

    page: Page
    address: str
    is_scripted: bool = True
    wrong: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        """Go to an address of the system, and wait until everything is there."""
        await self.page.goto(f"{self.address}{path}", wait_until="load")
        await self.settled()

    async def press(self, button: str) -> None:
        """Press a button that leads to a page, and wait until everything there is there."""
        async with self.page.expect_navigation(wait_until="load"):
            await self.page.get_by_role("button", name=button).click()
        await self.settled()

    async def settled(self) -> None:
        """Wait until what is drawn on the page is drawn."""
        if self.is_scripted:
            await self.drawn()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"{self.page.url} said {message.text}")

    def _asked(self, request: Request) -> None:
        wanted, ours = urlsplit(request.url), urlsplit(self.address)
        if wanted.scheme != "data" and wanted.netloc != ours.netloc:
            self.wrong.append(f"{self.page.url} asked elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        if not response.ok and not 300 <= response.status < 400:
            self.wrong.append(f"{response.url} answered {response.status}")

    def _failed(self, request: Request) -> None:
        # A stream has no end but that the page which follows it is left.
        if request.resource_type != "eventsource":
            self.wrong.append(f"{request.url} failed")

    async def drawn(self) -> None:
        """Wait until every chart of the page is drawn."""
        waiting = self.page.locator("[data-specification]:not([data-state=drawn])")
        await expect(waiting).to_have_count(0, timeout=DRAWING_MS)

    def watch(self) -> None:
        """Note what goes wrong from now on."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url} raised {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self.page.on("requestfailed", self._failed)


@contextlib.asynccontextmanager
async def visiting(browser: Browser, system: System, **how: Any) -> AsyncIterator[Visit]:
    """Open an empty page in a browser of its own, signed in if the system is; `how` is what Playwright is told."""
    context: BrowserContext = await browser.new_context(**how)
    await context.add_cookies(
        [{"name": name, "value": value, "url": system.address} for name, value in system.cookies.items()]
    )
    visit = Visit(await context.new_page(), system.address, how.get("java_script_enabled", True))
    visit.watch()
    yield visit
    await context.close()


def in_language(path: str, language: str) -> str:
    """Give the address of a page in a language."""
    if language == "da":
        return path
    return f"/en{path}" if path != "/" else "/en"
