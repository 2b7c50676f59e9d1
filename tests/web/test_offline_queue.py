"""The queue of sessions that were saved without a net: random schedules of two devices, in Chromium.

The queue and its sealed database run as they are, in the browser's own; what is played is the intake and the net. A
device is killed between any two steps: wherever it awaits something, and in the midst of a transaction of IndexedDB.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, Route

from tests.support.extent import long_but_for
from tests.support.running import ROOT

SCRIPTS: Final = ROOT / "services" / "reporting" / "web" / "static"
SCHEDULES: Final = Path(__file__).parents[1] / "support" / "offline_schedules.js"
# An address that is answered here: a browser takes it for a secure one.
ADDRESS: Final = "https://queue.test/"
SHORT: Final = 20
# A schedule takes about a sixth of a second of processor time.
LONG: Final = 1_000
AT_ONCE: Final = 20
# A planted fault shows within the first few schedules.
MOST_UNTIL_FOUND: Final = 60
AT_ONCE_UNTIL_FOUND: Final = 5
RUN: Final = """
async ([first, count]) => {
  const runs = [];
  for (let seed = first; seed < first + count; seed += 1) runs.push(await runSchedule(seed));
  return runs;
}
"""
# What must be found where it is planted: in which file, what stands there, and what is there instead.
FAULTS: Final = {
    "an entry that was sent is changed": (
        "queue.js",
        'await this.store.write({ put: [{ ...entry, state: "asked" }] });',
        "",
    ),
    "an entry goes before it is answered": (
        "queue.js",
        'return { ...entry, state: "asked" };',
        'await this.store.write({ remove: [key] }); return { ...entry, state: "asked" };',
    ),
    "what was refused is thrown away": (
        "queue.js",
        'const refused = { ...entry, state: "refused", refusals: answer.refusals };',
        "const refused = { ...entry, state: 'refused', refusals: [] };",
    ),
    "whoever comes last is right": (
        "queue.js",
        'const mine = { ...(after ?? entry), state: "choice", seen: entry.seen, theirs: answer.recorded };',
        'const mine = { ...(after ?? entry), state: "waiting", seen: answer.recorded.sequence };',
    ),
    "an answer is written in two transactions": (
        "queue_store.js",
        'const writing = this.database.transaction(["entries", "rosters"], "readwrite", { durability: "strict" });',
        """const first = this.database.transaction(["entries"], "readwrite");
        for (const key of remove.splice(0)) first.objectStore("entries").delete(key);
        await new Promise((resolve) => first.addEventListener("complete", resolve));
        const writing = this.database.transaction(["entries", "rosters"], "readwrite", { durability: "strict" });""",
    ),
    "nothing is sealed": (
        "queue_store.js",
        "new Uint8Array(await crypto.subtle.encrypt(this.how(part, nonce), this.key, plain))",
        "plain",
    ),
}


async def _opened(browser: Browser, planted: tuple[str, str, str] | None = None) -> Page:
    """Open a blank page that has the queue, perhaps with a fault planted in it."""
    page = await (await browser.new_context()).new_page()

    async def answer(route: Route) -> None:
        await route.fulfill(body="<!doctype html><title>queue</title>", content_type="text/html")

    await page.route(f"{ADDRESS}**", answer)
    await page.goto(ADDRESS)
    for path in (SCRIPTS / "queue.js", SCRIPTS / "queue_store.js", SCHEDULES):
        script = path.read_text()
        if planted is not None and planted[0] == path.name:
            assert planted[1] in script
            script = script.replace(planted[1], planted[2])
        await page.add_script_tag(content=script)
    return page


@pytest.fixture
async def queue_page(browser: Browser) -> AsyncIterator[Page]:
    """Give a blank page that has the queue."""
    page = await _opened(browser)
    yield page
    await page.context.close()


async def _runs(page: Page, count: int) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    for first in range(0, count, AT_ONCE):
        runs += await page.evaluate(RUN, [first, min(AT_ONCE, count - first)])
    return runs


@pytest.mark.parametrize("count", [SHORT, pytest.param(LONG, marks=pytest.mark.long)])
@pytest.mark.timeout(1_200)
async def test_nothing_is_lost_doubled_or_overwritten_unseen(queue_page: Page, count: int) -> None:
    """Whatever is saved is in the log once, or shown as refused or as a choice; no name lies in the clear."""
    runs = await _runs(queue_page, count)
    assert [fault for run in runs for fault in run["wrong"]] == []
    # Schedules in which little is sent and nobody is killed would show little.
    assert sum(run["sent"] for run in runs) > 2 * count
    assert sum(run["kills"] for run in runs) > 4 * count
    assert sum(run["insideKills"] for run in runs) > count


@pytest.mark.parametrize("fault", long_but_for(FAULTS, [next(iter(FAULTS))]))
async def test_a_planted_fault_is_found(browser: Browser, fault: str) -> None:
    """So that the schedules are known to reach what they are for."""
    page = await _opened(browser, FAULTS[fault])
    found: list[str] = []
    for first in range(0, MOST_UNTIL_FOUND, AT_ONCE_UNTIL_FOUND):
        found += [wrong for run in await page.evaluate(RUN, [first, AT_ONCE_UNTIL_FOUND]) for wrong in run["wrong"]]
        if found:
            break
    assert found
    await page.context.close()
