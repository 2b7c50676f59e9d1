"""What people register on pages: forms of every event.

All services run in this process, and a browser's forms are sent as a browser without scripting sends them.
"""

import re
from typing import Any

import httpx
import pytest

from services.reporting.entry.shapes import form_of
from services.reporting.web.entry import drafts
from services.reporting.web.entry.filled import typed_of
from services.reporting.web.writing import Code
from shared import clock
from shared.codes import MESSAGES
from shared.events.catalogue import CATALOGUES
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.forms import forms
from tests.support.registering import CLUB, PEOPLE, Visitors, a_club
from tests.support.senders import AREAS
from tests.support.stories import fundings, heard_of, the_registrys


def _typed(event: Json, code: Code = "da") -> list[tuple[str, str]]:
    """Give what a browser sends when an event is typed into its form."""
    name = event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")
    hidden = [(drafts.ID, event["id"]), (drafts.TIME, event["time"]), (drafts.SOURCE, event["source"])]
    said = list(typed_of(form_of(drafts.BY_NAME[name]), event["data"], code))
    return [*hidden, *said, (drafts.ACTION, "send"), (drafts.ACKNOWLEDGED, "true")]


def _digest(owner: Any, event: Json) -> bytes:  # noqa: ANN401  a literal
    (posted,), faults = CATALOGUES[owner].read(b.body(event), clock.now())
    assert not faults
    return posted.digest


async def test_every_event_of_the_registry_is_said_by_its_form(visitors: Visitors) -> None:
    """A whole story, told form by form, is the same log as if programs had told it; sent twice it counts once."""
    admin = await visitors.sign_in("admin")
    # A plan is closed once funding has accepted its statements.
    story = [event for event in the_registrys() if not event["type"].endswith("plan.closed.v1")]
    before = len(await visitors.lines())
    for event in story:
        name = event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")
        await visitors.get(f"/register/{name}", admin)
        answer = await visitors.send(f"/register/{name}", admin, _typed(event))
        assert answer.status_code == httpx.codes.OK, f"{name}: {_wrong(answer.text)}"
        assert "Det er registreret." in answer.text, name
    again = await visitors.send("/register/plan.approved", admin, _typed(_first(story, "plan.approved")))
    assert "tæller én gang" in again.text
    lines = (await visitors.lines())[before:]
    told = {(line["id"], line["source"]): bytes(line["digest"]) for line in lines}
    assert len(lines) == len(story)
    assert told == {(event["id"], event["source"]): _digest("registry", event) for event in story}


def _first(story: list[Json], name: str) -> Json:
    return next(event for event in story if event["type"] == f"dk.helhedsnet.{name}.v1")


def _wrong(page: str) -> list[str]:
    return re.findall(r'<p class="warn"[^>]*>([^<]*)</p>|<p>([^<]*\([a-z_]+\))</p>', page)


async def test_every_event_of_funding_is_said_by_its_form(visitors: Visitors) -> None:
    """The same of commitments, budgets, expenses and statements."""
    admin = await visitors.sign_in("admin")
    await visitors.post(*(b.an_area(area) for area in AREAS), *heard_of())
    await visitors.heard("amagerplanen")
    story = fundings()
    for event in story:
        name = event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")
        answer = await visitors.send(f"/en/register/{name}", admin, _typed(event, "en"))
        assert "It is registered." in answer.text, f"{name}: {_wrong(answer.text)}"
    told = {(line["id"], line["source"]): bytes(line["digest"]) for line in await visitors.lines("funding")}
    assert told == {(event["id"], event["source"]): _digest("funding", event) for event in story}


@pytest.mark.parametrize("language", ["da", "en"])
async def test_a_refusal_is_told_at_its_field_with_its_code(visitors: Visitors, language: str) -> None:
    """In the reader's language; what was typed stays, and the form is a new event."""
    cursor = await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    path = f"{'' if language == 'da' else '/en'}/register/participant.enrolled"
    page = await visitors.get(path, own, activity=CLUB, at_least=cursor)
    (form,) = (form for form in forms(page) if "/register/" in form.action)
    assert ("activity", CLUB) in form.sent
    typed = [
        *((name, value) for name, value in form.sent if name.startswith("-")),
        ("activity", CLUB),
        ("participant", PEOPLE[0]),
        ("date", "i morgen"),
        ("age_band", "13-14"),
        ("consent.reference", "Samtykke 17"),
        ("consent.guardian", "false"),
        ("-action", "send"),
    ]
    answer = await visitors.send(path, own, typed)
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    meaning = MESSAGES["wrong_type"][0 if language == "da" else 1]
    at_field = re.search(r'id="wrong-date">([^<]*)<', answer.text)
    assert at_field
    assert at_field[1] == f"{meaning} (wrong_type)"
    assert 'value="i morgen"' in answer.text
    typed = [("date", "10/9-2025") if name == "date" else (name, value) for name, value in typed]
    answer = await visitors.send(path, own, typed)
    assert "(guardian_consent_missing)" in answer.text


async def test_short_names_are_made_and_nobody_has_to_invent_them(visitors: Visitors) -> None:
    """From the name; one that is taken gets a number."""
    cursor = await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    await visitors.get("/register/activity.planned", own, at_least=cursor)
    fields = {
        "plan": b.PLAN,
        "area": b.AREA,
        "name": "Åben café på Ærø",
        "kind": "cafe",
        "effort_area": "beskaeftigelse",
        "start": "1/9-2025",
        "end": "31. maj 2026",
        "-action": "send",
    }
    for name in ("aaben-cafe-paa-aeroe", "aaben-cafe-paa-aeroe-2"):
        answer = await visitors.send("/register/activity.planned", own, fields.items())
        assert name in answer.text, _wrong(answer.text)
        await visitors.get("/own-area", own, at_least=_number(answer.text))


def _number(page: str) -> str:
    found = re.search(r"registry:[0-9]+", page)
    assert found
    return found[0]


async def test_what_is_large_is_looked_through_before_it_is_sent(visitors: Visitors) -> None:
    """The preview says what was understood, sends nothing, and leads on to the same event."""
    await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    page = await visitors.get("/register/story.published", own)
    (form,) = (form for form in forms(page) if "/register/" in form.action)
    hidden = [each for each in form.sent if each[0].startswith("-") and each[0] != "-action"]
    typed = [
        ("title", "En god dag"),
        ("text", "Alle var med."),
        ("area", b.AREA),
        ("consent.reference", "S 1"),
        ("consent.guardian", "true"),
    ]
    before = len(await visitors.lines())
    preview = await visitors.send("/register/story.published", own, [*hidden, *typed, ("-action", "preview")])
    assert "Alle var med." in preview.text
    assert "en-god-dag" in preview.text
    assert len(await visitors.lines()) == before
    (form,) = (form for form in forms(preview.text) if "/register/" in form.action)
    sent = [each for each in form.sent if each[0] != "-action"]
    assert [each for each in sent if each[0].startswith("-")][:2] == hidden[:2]
    answer = await visitors.send("/register/story.published", own, [*sent, ("-action", "send")])
    assert "Det er registreret." in answer.text, _wrong(answer.text)


async def test_more_lines_are_there_without_scripting(visitors: Visitors) -> None:
    """A budget of many lines is typed, and what was typed stays."""
    own = await visitors.sign_in("admin")
    page = await visitors.get("/register/budget.approved", own)
    (form,) = (form for form in forms(page) if "/register/" in form.action)
    rows = sum(name.endswith(".line") for name in form.names)
    sent = [each for each in form.sent if each[0] != "-action"]
    more = await visitors.send(
        "/register/budget.approved", own, [*sent, ("lines.0.line", "loen"), ("-action", "more:lines")]
    )
    (form,) = (form for form in forms(more.text) if "/register/" in form.action)
    assert sum(name.endswith(".line") for name in form.names) > rows
    assert ("lines.0.line", "loen") in form.sent
