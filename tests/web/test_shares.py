"""One who asks for much at once leaves room for the others: documents, drawings, and files."""

import asyncio
import contextlib
from collections import Counter
from typing import Any, Final

import httpx
import pytest

from services.reporting.exports.service import Files, Form
from services.reporting.reader.report import Report
from services.reporting.settings import ReportingSettings
from services.reporting.web.press import Press, PressFailed
from services.reporting.web.visitor import COOKIE
from services.reporting.web.wording import concern_in
from shared.errors import Busy, TooManyRequests
from shared.fairness import Shares
from shared.tokens import Identity
from tests.conftest import MakeDatabase
from tests.support.invitations import PATIENCE_SECONDS
from tests.support.pages_alone import pages_alone
from tests.support.signing_in import Hosts
from tests.support.systems import System

Json = dict[str, Any]
AT_ONCE: Final = 40
EACH: Final = ReportingSettings.model_fields["press_orders_each_limit"].default
SINCE: Final = {"from": "2023-02-01"}


async def _nothing() -> Json:
    return {"kind": "nothing"}


@pytest.mark.long(beside="test_what_waits_for_the_press_is_bounded_for_each_and_for_all")
async def test_forty_documents_of_one_token_leave_room_for_the_document_of_another(rich_system: System) -> None:
    """The first gets its share of them, and is told when to come again for the rest; nobody is told `503`."""
    address = "/reporting/reports/areas/urbanplanen.pdf"
    greedy, other = (
        {"Authorization": f"Bearer {rich_system.token(*who)}"} for who in (("lead",), ("coordinator", "gellerupparken"))
    )
    async with httpx.AsyncClient(base_url=rich_system.address, timeout=PATIENCE_SECONDS) as client:
        # Each is another document: of another period.
        asked = [
            asyncio.create_task(client.get(address, headers=greedy, params={**SINCE, "to": f"2024-{month}-{day}"}))
            for month in ("02", "05")
            for day in range(10, 10 + AT_ONCE // 2)
        ]
        refused, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        assert {task.result().status_code for task in refused} == {httpx.codes.TOO_MANY_REQUESTS}
        answer = await client.get(address, headers=other, params={**SINCE, "to": "2025-05-05"})
        assert (answer.status_code, answer.content[:5]) == (httpx.codes.OK, b"%PDF-")
        answers = await asyncio.gather(*asked)
    said = Counter(answer.status_code for answer in answers)
    assert said == {httpx.codes.OK: EACH, httpx.codes.TOO_MANY_REQUESTS: AT_ONCE - EACH}
    late = next(answer for answer in answers if answer.status_code == httpx.codes.TOO_MANY_REQUESTS)
    assert late.json()["code"] == "too_many_requests"
    assert late.headers["retry-after"]


async def test_what_waits_for_the_press_is_bounded_for_each_and_for_all() -> None:
    """Whoever is refused takes no place, and what is made gives its place back."""
    gate = asyncio.Event()

    async def held_up() -> Json:
        await gate.wait()
        return {"kind": "nothing"}

    shares = Shares("documents", 3, 2)
    press = Press(shares)
    waiting = [asyncio.create_task(press.make("greedy", str(number), held_up)) for number in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests):
        await press.make("greedy", "one too many", held_up)
    waiting.append(asyncio.create_task(press.make("other", "its own", held_up)))
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await press.make("late", "one too many for all", held_up)
    waiting[0].cancel()
    gate.set()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(error) for error in done] == [asyncio.CancelledError, PressFailed, PressFailed]
    assert shares.senders == 0


async def test_files_are_bounded_for_each_too() -> None:
    """Workbooks are made two at once; who waits for more than its share is told to come again."""
    shares = Shares("files", 10, 1)
    files = Files(shares, concern_in)
    report = Report(b"{}", '"tag"')
    with shares.held("greedy"), pytest.raises(TooManyRequests):
        await files.package("greedy", report, "da")
    with contextlib.suppress(KeyError):
        await files.of_figures("other", report, Form("xlsx", "da"))
    assert shares.senders == 0


async def test_a_page_says_in_words_that_it_was_too_much(
    make_database: MakeDatabase, surroundings: dict[str, Any], hosts: Hosts
) -> None:
    """Who follows a link to a document gets a sentence, and no problem document."""
    session = await hosts.session(Identity("lead"))
    async with pages_alone(make_database, surroundings, "http", press_orders_each_limit=1) as client:
        client.cookies.set(COOKIE, session)
        answers = await asyncio.gather(
            *(client.get("/reports/network.pdf", params={"to": f"2024-02-{10 + number}"}) for number in range(2))
        )
    late = next(answer for answer in answers if answer.status_code == httpx.codes.TOO_MANY_REQUESTS)
    assert "Vent et øjeblik" in late.text
