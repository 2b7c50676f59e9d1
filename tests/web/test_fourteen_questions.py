"""The fourteen questions of Monday, quarter and year: each is answered in at most two clicks, for two roles."""

import html
import re
from dataclasses import dataclass
from typing import Final

import httpx
import pytest

from tests.support.browsing import in_language
from tests.support.systems import System

MOST_CLICKS: Final = 2
HTML: Final = {"accept": "text/html"}


@dataclass(frozen=True)
class Asked:
    """A question as the page has it, where its link leads (None: the answer stands beside it), and what is there."""

    question: str
    leads_to: str | None
    answer: str


QUESTIONS: Final = (
    Asked("Hvem har ikke indberettet i 14 dage?", None, r"Ingen\.|<strong"),
    Asked("Hvilke milepæle er overskredet?", None, r"Frist .* er ikke nået"),
    Asked("Hvor falder fremmødet?", "/#months", r'id="months"'),
    Asked("Hvad er aflyst, og hvorfor?", "/answers#cancelled", r'id="cancelled"'),
    Asked("Hvilken medfinansiering er ikke frigivet?", None, r"er ikke frigivet|Ingen\."),
    Asked("Hvilke registreringer er afvist?", None, r"Afviste registreringer|Ingen\."),
    Asked("Er udbetalinger tilbageholdt?", "/answers#withheld", r"Årsopgørelsen for 2025 er ikke godkendt"),
    Asked("Følger forbruget tiden", "/answers#plan-ends", r"plan_ends\.0\.left_ore"),
    Asked("Hvem kommer, og hvem bliver", "/#effort-areas", r"effort_areas\.0\.participants"),
    Asked("Er der mentorvirksomheder nok?", "/answers#mentors", r'id="mentors"'),
    Asked("Hvilke gode erfaringer spredes?", "/inspiration", r'id="practice-'),
    Asked("Hvilken forandring holdt?", "/change", r"change\.0\."),
    Asked("Hvad koster en deltagertime?", "/answers#hour-costs", r"hour_costs\.0\.participant_hours"),
    Asked("Er alle årsopgørelser indsendt", "/answers#statements", r'id="statements"'),
    Asked("Hvilke planer slutter inden for 18", "/answers#endings", r'id="endings"'),
)
ROLES: Final = ("", "urbanplanen")


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.question)
async def test_each_question_is_answered_in_two_clicks(rich_system: System, asked: Asked) -> None:
    """From the front page by the menu to the questions, and by one link to the answer."""
    async with _client(rich_system) as client:
        front = (await client.get("/")).text
        assert 'href="/answers"' in front
        page = html.unescape((await client.get("/answers")).text)
        told = re.sub(r"\s+", " ", page.split(f"<dt>{asked.question}")[1].split("</dd>")[0])
        clicks = 1
        if asked.leads_to is not None:
            assert f'href="{asked.leads_to.removeprefix("/answers")}"' in told
            clicks += 1
            page = html.unescape((await client.get(asked.leads_to.partition("#")[0])).text)
            told = re.sub(r"\s+", " ", page)
        assert re.search(asked.answer, told), told[:500]
    assert clicks <= MOST_CLICKS


@pytest.mark.parametrize("area", ROLES)
async def test_both_roles_see_the_page_and_their_own_alone(rich_system: System, area: str) -> None:
    """A coordinator reads no reason of another area's money; in both languages."""
    async with _client(rich_system) as client:
        if area:
            await client.post("/switch", data={"area": area}, headers={"origin": rich_system.address})
        for language in ("da", "en"):
            answer = await client.get(in_language("/answers", language))
            assert answer.status_code == httpx.codes.OK
            shows_reason = "Årsopgørelsen for 2025 er ikke godkendt" in html.unescape(answer.text)
            assert shows_reason == (not area)
            told_of_own = {"da": "Nej, ikke i jeres planer.", "en": "No, not in your plans."}[language]
            assert (told_of_own in html.unescape(answer.text)) == bool(area)


def _client(system: System) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=system.address, headers=HTML, cookies=system.cookies, timeout=60)
