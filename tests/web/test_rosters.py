"""The roster of a session, a series of them, and the page of an own area.

All services run in this process, and a browser's forms are sent as a browser without scripting sends them.
"""

import html
import re
import time
from typing import Final
from urllib.parse import urlencode

import httpx
import orjson
import pytest

from tests.support import builders as b
from tests.support.builders import Json
from tests.support.forms import forms
from tests.support.registering import CLUB, FORM, PAGE, PEOPLE, Visitors, a_club


def _roster(page: str) -> list[tuple[str, str]]:
    """Give what the roster of a page sends when nothing is touched."""
    (form,) = (form for form in forms(page) if "/roster?" in form.action)
    return [each for each in form.sent if each[0] != "-action"]


ROSTER: Final = f"/roster?activity={CLUB}&date=2025-10-07&session=2025-10-07"


async def test_a_roster_is_ticked_saved_and_corrected(visitors: Visitors) -> None:
    """Who came, guests, who did not and why, hours: saved and seen at once, and corrected the same way."""
    cursor = await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    page = await visitors.get(ROSTER, own, at_least=cursor)
    assert all(f'value="{who}"' in page for who in PEOPLE)
    ticked = [
        ("came", PEOPLE[0]),
        ("came", PEOPLE[1]),
        (f"away.{PEOPLE[2]}", "school"),
        ("guests", "2"),
        ("hours", "2,5"),
    ]
    saved = await visitors.send(ROSTER, own, [*_hidden(page), *ticked, ("-action", "send")])
    assert "Gemt." in saved.text
    line = (await visitors.lines())[-1]
    assert orjson.loads(line["body"])["data"] == {
        "activity": CLUB,
        "session": "2025-10-07",
        "date": "2025-10-07",
        "participants": PEOPLE[:2],
        "guests": 2,
        "absent": [{"participant": PEOPLE[2], "reason": "school"}],
        "hours": 2.5,
    }
    cursor = _cursor(saved.text)
    figures = await visitors.figures(cursor)
    assert (figures["sessions"], figures["attendances"], figures["participant_hours"]) == (1, 4, 10)
    # Opened again, it says what was saved; one tick less is a correction.
    page = await visitors.get(ROSTER, own, at_least=cursor)
    again = [each for each in _roster(page) if each != ("came", PEOPLE[1])]
    assert len(again) == len(_roster(page)) - 1
    saved = await visitors.send(ROSTER, own, [*again, ("-action", "send")])
    assert (await visitors.figures(_cursor(saved.text)))["attendances"] == 3


def _hidden(page: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in _roster(page) if name.startswith("-")]


def _cursor(page: str) -> str:
    found = re.search(r"at_least=(registry:[0-9]+)", page)
    assert found
    return found[1]


async def test_everybody_and_those_of_last_time_are_ticked_with_one_press(visitors: Visitors) -> None:
    """Without scripting: the button ticks, and what was typed stays."""
    before = b.an_attendance("2025-09-30", date="2025-09-30", participants=PEOPLE[1:], hours=2)
    cursor = await a_club(visitors, before)
    own = await visitors.sign_in("coordinator", b.AREA)
    page = await visitors.get(ROSTER, own, at_least=cursor)
    assert ("hours", "2") in _roster(page)
    for action, came in (("all", PEOPLE), ("last", PEOPLE[1:])):
        ticked = await visitors.send(ROSTER, own, [*_hidden(page), ("guests", "4"), ("-action", action)])
        sent = _roster(ticked.text)
        assert [value for name, value in sent if name == "came"] == came
        assert ("guests", "4") in sent
        assert _hidden(ticked.text) == _hidden(page), "it is the same event still"


async def test_a_refusal_is_at_its_field_on_the_roster(visitors: Visitors) -> None:
    """What was ticked stays, and the field says what is wrong with it."""
    cursor = await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    page = await visitors.get(ROSTER, own, at_least=cursor)
    twice = "Både krydset af og fraværende."
    typed = [("came", PEOPLE[0]), (f"away.{PEOPLE[0]}", "job"), ("guests", "mange"), ("hours", "99")]
    refused = await visitors.send(ROSTER, own, [*_hidden(page), *typed, ("-action", "send")])
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    found = dict(re.findall(r'id="wrong-([a-z]+)">([^<]*)<', refused.text))
    assert set(found) == {"guests", "hours"}
    assert found["guests"].endswith("(wrong_type)")
    assert 'value="mange" aria-invalid="true" aria-describedby="wrong-guests"' in refused.text
    mended = [each for each in _roster(refused.text) if each[0] not in {"guests", "hours"}]
    refused = await visitors.send(ROSTER, own, [*mended, ("-action", "send")])
    assert "(named_twice)" in refused.text
    assert refused.text.count(twice) == 1


async def test_the_report_has_what_was_saved_within_a_second(visitors: Visitors) -> None:
    """From the press to the report inside the area, which the page says only once it is so.

    It is tried a few times, as a machine that does much else may be slow.
    """
    cursor = await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    await visitors.get(ROSTER, own, at_least=cursor)
    for came in range(1, 11):
        page = await visitors.get(f"{ROSTER}-{came}", own)
        begun = time.monotonic()
        saved = await visitors.send(f"{ROSTER}-{came}", own, [*_hidden(page), ("came", PEOPLE[0]), ("-action", "send")])
        is_told = "Tallene er med i rapporten nu." in saved.text
        answer = await visitors.client.get(f"/reporting/reports/areas/{b.AREA}", headers=visitors.own)
        elapsed_s = time.monotonic() - begun
        told = answer.json()["totals"]["attendances"]["value"]
        assert told == came or not is_told
        assert "Gemt." in saved.text
        if told == came and elapsed_s <= 1:
            return
    pytest.fail("nothing was in the report within a second")


async def test_a_roster_pressed_twice_counts_once(visitors: Visitors) -> None:
    """The id was made with the form."""
    cursor = await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    page = await visitors.get(ROSTER, own, at_least=cursor)
    fields = [*_hidden(page), ("came", PEOPLE[0]), ("-action", "send")]
    before = len(await visitors.lines())
    for _ in range(2):
        assert "Gemt." in (await visitors.send(ROSTER, own, fields)).text
    assert len(await visitors.lines()) == before + 1


async def test_whoever_saves_last_is_shown_what_was_saved_first(visitors: Visitors) -> None:
    """Two have the same roster open: the second is told, and saves knowingly; what was ticked stays."""
    cursor = await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    first, second = [await visitors.get(ROSTER, own, at_least=cursor) for _ in range(2)]
    saved = await visitors.send(ROSTER, own, [*_hidden(first), ("came", PEOPLE[0]), ("-action", "send")])
    assert "Gemt." in saved.text
    before = len(await visitors.lines())
    ticked = [("came", PEOPLE[1]), ("came", PEOPLE[2])]
    told = await visitors.send(ROSTER, own, [*_hidden(second), *ticked, ("-action", "send")])
    assert told.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "en anden har registreret" in told.text
    assert [each for each in _roster(told.text) if each[0] == "came"] == ticked
    assert len(await visitors.lines()) == before, "nothing is replaced unseen"
    again = await visitors.send(ROSTER, own, [*_roster(told.text), ("-action", "send")])
    assert "Gemt." in again.text
    assert orjson.loads((await visitors.lines())[-1]["body"])["data"]["participants"] == PEOPLE[1:]


async def test_what_a_browser_saved_is_stored_once_refused_or_taken(visitors: Visitors) -> None:
    """A script of the pages sends it as JSON: again, it is the same event, and nobody's word is replaced unseen."""
    cursor = await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    kept = orjson.loads(await visitors.get("/offline/rosters", own, at_least=cursor))
    (club,) = kept["activities"]
    assert club["activity"] == CLUB
    assert {who for who, _, _ in club["people"]} == set(PEOPLE)

    async def send(came: list[str], seen: int, time: str = "2025-10-07T20:00:00+00:00", **more: object) -> Json:
        saved = {"activity": CLUB, "session": "2025-10-07", "date": "2025-10-07", "seen": seen}
        said = {"participants": came, **more}
        body = orjson.dumps({**saved, "said": said, "time": time})
        answer = await visitors.client.post("/offline/sessions", content=body, headers=own)
        told: Json = answer.raise_for_status().json()
        return told

    before = len(await visitors.lines())
    stored = await send(PEOPLE[:1], 0)
    assert stored["outcome"] == "stored"
    assert (await send(PEOPLE[:1], 0))["sequence"] == stored["sequence"]
    taken = await send(PEOPLE[1:], 0)
    assert taken["outcome"] == "taken"
    assert (taken["recorded"]["participants"], taken["recorded"]["sequence"]) == (PEOPLE[:1], stored["sequence"])
    assert len(await visitors.lines()) == before + 1
    refused = await send(PEOPLE[1:], stored["sequence"], hours="mange")
    assert [(each["code"], each["path"]) for each in refused["refusals"]] == [("wrong_type", "hours")]
    # A telephone whose clock is wrong, by years, registers all the same, and once.
    told = [
        await send(PEOPLE[1:], stored["sequence"], time) for time in ("2099-01-01T00:00:00Z", "1970-01-01T00:00:00Z")
    ]
    assert [each["outcome"] for each in told] == ["stored", "stored"]
    assert len(await visitors.lines()) == before + 2


async def test_nobody_else_sees_or_saves_a_roster(visitors: Visitors) -> None:
    """Who is in an activity is for its own area; a lead registers nothing."""
    cursor = await a_club(visitors)
    await visitors.get(ROSTER, await visitors.sign_in("coordinator", b.AREA), at_least=cursor)
    for stranger in (await visitors.sign_in("coordinator", b.OTHER_AREA), await visitors.sign_in("lead")):
        for answer in (
            await visitors.client.get(ROSTER, headers=stranger),
            await visitors.send(ROSTER, stranger, [("came", PEOPLE[0]), ("-action", "send")]),
        ):
            assert answer.status_code == httpx.codes.FORBIDDEN
            assert PEOPLE[1] not in answer.text
    assert (await visitors.client.get("/register", headers=await visitors.sign_in("lead"))).status_code == 403


async def test_whoever_is_signed_out_while_typing_loses_nothing(visitors: Visitors) -> None:
    """The page says so, and sends the same once somebody is signed in."""
    cursor = await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    page = await visitors.get(ROSTER, own, at_least=cursor)
    fields = [*_hidden(page), ("came", PEOPLE[0]), ("-action", "send")]
    stranger = {name: value for name, value in own.items() if name != "cookie"}
    shown = await visitors.send(ROSTER, stranger, fields)
    (form,) = (form for form in forms(shown.text) if "/roster?" in form.action)
    assert form.sent == fields
    address = html.unescape(form.action)
    again = await visitors.client.post(address, content=urlencode(form.sent), headers={**own, **FORM})
    assert "Gemt." in again.text
    typed = [("name", "Min egen tekst"), ("-action", "send")]
    kept = await visitors.send("/register/activity.planned", stranger, typed)
    assert "Min egen tekst" in kept.text
    assert "ikke logget ind" in kept.text
    series = [("activity", CLUB), ("day", "2025-10-07"), ("hours", "2,5"), ("-action", "send")]
    shown = await visitors.send("/series", stranger, series)
    assert [form.sent for form in forms(shown.text) if form.action == "/series"] == [series]


async def test_an_own_area_shows_what_is_to_be_registered(visitors: Visitors) -> None:
    """A planned session that is neither registered nor cancelled, three absences in a row, and what was said last."""
    planned = [_planned(f"2025-10-{day:02}") for day in (7, 14, 21)]
    away = [
        b.an_attendance(f"2025-09-{day}", date=f"2025-09-{day}", participants=[], absent=[{"participant": PEOPLE[2]}])
        for day in (16, 23, 30)
    ]
    held = b.an_attendance("2025-10-07", date="2025-10-07", participants=PEOPLE)
    cancelled = b.an_event(
        "session.cancelled",
        {"activity": CLUB, "session": "2025-10-14", "date": "2025-10-14"},
        source=f"/areas/{b.AREA}",
    )
    own = await visitors.sign_in("coordinator", b.AREA)
    page = await visitors.get("/own-area", own, at_least=await a_club(visitors, *planned, *away, cancelled))
    assert "2025-10-21" in page
    assert "session=2025-10-07" in page
    assert "Fraværende tre gange i træk" in page
    assert PEOPLE[2] in page
    assert PEOPLE[0] not in page
    page = await visitors.get("/own-area", own, at_least=await visitors.post(held))
    assert "Fraværende tre gange i træk" not in page
    assert page.count('class="plain tasks"') == 1
    assert (await visitors.client.get("/own-area", headers=await visitors.sign_in("lead"))).status_code == 403


def _planned(day: str) -> Json:
    data = {"activity": CLUB, "session": day, "date": day, "start": "18:30", "hours": 2.5}
    return b.an_event("session.planned", data, source=f"/areas/{b.AREA}")


async def test_a_series_is_planned_at_once_without_the_school_holidays(visitors: Visitors) -> None:
    """The days are shown, those in a holiday not ticked; what is ticked is planned as one batch, and counts once."""
    cursor = await a_club(visitors)
    own = await visitors.sign_in("coordinator", b.AREA)
    page = await visitors.get("/series", own, activity=CLUB, first="2025-10-07", last="2025-10-28", at_least=cursor)
    (form,) = (form for form in forms(page) if form.method == "post" and form.action == "/series")
    days = [value for name, value in form.sent if name == "day"]
    assert days == ["2025-10-07", "2025-10-21", "2025-10-28"], "week 42 is the autumn holiday"
    assert ("day", "2025-10-14") in form.others
    before = len(await visitors.lines())
    typed = [*(each for each in form.sent if each[0] not in {"start", "hours"}), ("start", "18.30"), ("hours", "2,5")]
    for _ in range(2):
        answer = await visitors.send("/series", own, typed)
        assert "er planlagt" in answer.text
    told = [orjson.loads(line["body"])["data"] for line in (await visitors.lines())[before:]]
    assert told == [{"activity": CLUB, "session": day, "date": day, "start": "18:30", "hours": 2.5} for day in days]
    page = await visitors.get("/own-area", own, at_least=_cursor(answer.text))
    assert len(re.findall(r'class="button" href="[^"]*session=2025-10-', page)) == len(days)


async def test_a_coordinator_lands_on_the_own_area(visitors: Visitors) -> None:
    """Everybody else begins with the network."""
    for role, areas, front in (("coordinator", [b.AREA], "/own-area"), ("lead", [], "/")):
        invitation = await visitors.invite(role, *areas)
        origin = str(visitors.client.base_url).rstrip("/")
        answer = await visitors.client.post(
            "/sign-in", data={"invitation": invitation}, headers={**PAGE, "origin": origin}
        )
        assert (answer.status_code, answer.headers["location"]) == (httpx.codes.SEE_OTHER, front)
        visitors.client.cookies.clear()
