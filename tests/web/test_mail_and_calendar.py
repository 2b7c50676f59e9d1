"""Mail on Mondays and the calendar: what comes to whom, from a real SMTP server, and what never does."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import icalendar
import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr, ValidationError

from services.reporting.reader.passes import Passes
from services.reporting.reports.answers.service import DailyAnswers
from services.reporting.settings import ReportingSettings
from services.reporting.subscriptions import rules
from services.reporting.subscriptions.post_office import PostOffice
from services.reporting.subscriptions.postman import Postman
from services.reporting.subscriptions.service import Subscriptions
from services.reporting.subscriptions.store import Mailing
from services.reporting.web.letters import letters
from shared import clock, database
from shared.http.state import state_in
from shared.tokens import Identity
from tests.conftest import Bearer, MakeDatabase
from tests.support import builders as b
from tests.support.receiving import Mailbox, links, mailbox, parts
from tests.support.registering import PEOPLE, Visitors, a_club
from tests.support.whole import SERVICES, whole

PUBLIC: Final = "https://helhedsnet.test"
SENDER: Final = "Helhedsnet <helhedsnet@helhedsnet.test>"
ADDRESS: Final = "koordinator@boligforening.test"
NEVER_MS: Final = 24 * 3_600_000
# A machine that does much else at once is waited for.
PATIENT_MS: Final = 30_000
TODAY: Final = clock.today()
# It lasts as long as its plan.
LASTING: Final = "vaerested"
OVERDUE: Final = b.an_event(
    "milestone.planned",
    {"plan": b.PLAN, "milestone": "butik", "title": "Den første kunde", "due": "2026-01-31"},
    source=f"/areas/{b.AREA}",
)


class Post:
    """The services, a mailbox, and who sends mail there."""

    def __init__(self, visitors: Visitors, box: Mailbox) -> None:
        self.visitors = visitors
        self.box = box
        self.state = state_in(visitors.apps["reporting"])
        settings = self.state.part(ReportingSettings)
        self.database_url = database.service_url(settings.database_url.get_secret_value(), "reporting")

    def postman(self) -> Postman:
        """Give a postman, as each replica has one."""
        return Postman(
            *(self.state.pool, self.state.part(Subscriptions), self.state.part(Passes), self.state.part(DailyAnswers)),
            PostOffice(SecretStr(self.box.url)),
            letters(PUBLIC, SENDER),
            database_url=self.database_url,
            every_ms=NEVER_MS,
            registry=CollectorRegistry(),
        )

    async def subscribe(self, visitor: dict[str, str], address: str = ADDRESS, prefix: str = "") -> None:
        """Subscribe on the page, and confirm by the link in the mail."""
        answer = await self.visitors.send(f"{prefix}/subscriptions/mail", visitor, [("address", address)])
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        await self.postman().look()
        confirm = next(link for link in links(self.box.arrived.pop()) if "/confirm" in link)
        headers = {"origin": visitor["origin"], "accept": "text/html"}
        answer = await self.visitors.client.post(_path(confirm), headers=headers)
        assert answer.status_code == httpx.codes.OK, answer.text

    async def next_monday(self, weeks: int = 1) -> None:
        """Let so many weeks pass for those who are sent mail."""
        await self.state.pool.execute("UPDATE mail_subscription SET handled = handled - $1::int", 7 * weeks)

    async def monday(self) -> None:
        """Let a week pass, and send what is due."""
        await self.next_monday()
        await self.postman().look()


@pytest.fixture
async def post(make_database: MakeDatabase, surroundings: dict[str, Any], bearer: Bearer) -> AsyncIterator[Post]:
    """Run all services with an SMTP server that nothing is sent to by itself, and tell of an area."""
    box = mailbox()
    for service in SERVICES:
        await make_database(service)
    told = {"public_url": PUBLIC, "smtp_url": box.url, "mail_from": SENDER, "mail_every_ms": NEVER_MS}
    async with whole({**surroundings, **told, "release_every_ms": NEVER_MS, "at_least_wait_ms": PATIENT_MS}) as (
        client,
        apps,
    ):
        visitors = Visitors(client, apps, bearer, is_secure=True)
        cursor = await a_club(visitors, OVERDUE)
        await visitors.figures(cursor)
        yield Post(visitors, box)


def _path(link: str) -> str:
    """Give where a link leads, on whichever host."""
    parted = urlsplit(link)
    return f"{parted.path}?{parted.query}" if parted.query else parted.path


async def test_a_monday_mail_says_what_is_new_and_its_links_lead_somewhere(post: Post) -> None:
    """Text and HTML say the same, and each link is opened by its reader."""
    with post.box.open():
        reader = await post.visitors.sign_in("coordinator", b.AREA)
        await post.subscribe(reader)
        await post.monday()
    (message,) = post.box.arrived
    assert message["To"] == ADDRESS
    assert message["From"] == SENDER
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"Ugens overblik, uge \d+: \d+ nye? ting at følge op på", message["Subject"])
    for said in parts(message):
        assert "„Den første kunde“ er ikke nået." in said
        assert "Amagerplanen" in said
        assert "Næste skridt:" in said
    for link in links(message):
        assert link.startswith(f"{PUBLIC}/")
        await post.visitors.get(_path(link), reader)
    stop = next(link for link in links(message) if "/stop" in link)
    assert message["List-Unsubscribe"] == f"<{stop}>"


async def test_a_mail_tells_nothing_of_people_beyond_the_release(post: Post) -> None:
    """Neither pseudonyms nor how few came, though its reader sees both on the pages."""
    cursor = await post.visitors.post(
        *(
            b.an_attendance(f"s-{number}", participants=PEOPLE[:count], date=str(day), hours=2)
            for number, (day, count) in enumerate(_sessions())
        )
    )
    await post.visitors.figures(cursor)
    asked = await post.visitors.client.get("/reporting/attention", headers=post.visitors.own)
    assert "attendance_falling" in {item["code"] for item in asked.json()["attention"]}
    with post.box.open():
        await post.subscribe(await post.visitors.sign_in("coordinator", b.AREA))
        await post.monday()
    (message,) = post.box.arrived
    for said in parts(message):
        assert not [who for who in PEOPLE if who in said]
        assert "fremmødte" not in said
        assert "Lektiecaf" not in said


def _sessions() -> list[tuple[date, int]]:
    """Give days of the last eight weeks with how many came: three, and of late one."""
    days = [date.fromordinal(TODAY.toordinal() - back) for back in (45, 38, 14, 7)]
    return list(zip(days, (3, 3, 1, 1), strict=True))


async def test_nothing_is_sent_where_nothing_is_new(post: Post) -> None:
    """A second Monday is silent; a third tells the one thing that came, and how much is left of before."""
    with post.box.open():
        await post.subscribe(await post.visitors.sign_in("lead"), prefix="/en")
        await post.monday()
        await post.monday()
        assert len(post.box.arrived) == 1
        later = {"plan": b.PLAN, "milestone": "fest", "title": "Sommerfesten", "due": "2026-02-28"}
        cursor = await post.visitors.post(b.an_event("milestone.planned", later, source=f"/areas/{b.AREA}"))
        await post.visitors.figures(cursor)
        await post.monday()
    last = post.box.arrived[-1]
    assert last["Subject"].endswith("1 new thing to follow up")
    text, _ = parts(last)
    assert "Sommerfesten" in text
    assert "Den første kunde" not in text
    assert "from earlier weeks" in text


def test_a_mail_that_is_made_again_is_known_and_that_of_the_next_monday_is_another() -> None:
    """Mail programs know a mail by its `Message-ID`."""
    mailing = Mailing("somebody", ADDRESS, "da", "link", "rights", None, TODAY, frozenset(), None)
    reader, monday = Identity("lead"), rules.latest_monday(clock.now())
    write = letters(PUBLIC, SENDER).monday
    name = write(mailing, reader, monday, {}, [], [])["Message-ID"]
    assert write(mailing, reader, monday, {}, [], [])["Message-ID"] == name
    assert write(mailing, reader, monday + timedelta(days=7), {}, [], [])["Message-ID"] != name


async def test_a_server_that_is_away_for_weeks_gets_one_mail(post: Post) -> None:
    """What waits is made when it is sent."""
    with post.box.open():
        await post.subscribe(await post.visitors.sign_in("lead"))
    await post.next_monday(weeks=3)
    for _ in range(3):
        await post.postman().look()
    with post.box.open():
        for _ in range(3):
            await post.postman().look()
    assert len(post.box.arrived) == 1


@pytest.mark.long(beside="test_a_server_that_is_away_for_weeks_gets_one_mail")
async def test_two_replicas_send_once(post: Post) -> None:
    """Both look at the same moment, again and again."""
    with post.box.open():
        for number in range(3):
            await post.subscribe(await post.visitors.sign_in("lead"), f"leder-{number}@boligforening.test")
        await post.next_monday()
        one, other = post.postman(), post.postman()
        for _ in range(3):
            await asyncio.gather(one.look(), other.look())
    assert sorted(message["To"] for message in post.box.arrived) == [
        f"leder-{number}@boligforening.test" for number in range(3)
    ]


async def test_an_address_that_is_refused_holds_up_nobody(post: Post) -> None:
    """Others get theirs, the page says so, and it is tried again next Monday."""
    with post.box.open():
        first, second = [await post.visitors.sign_in("lead") for _ in range(2)]
        await post.subscribe(first, "vaek@boligforening.test")
        await post.subscribe(second)
        post.box.unknown.add("vaek@boligforening.test")
        await post.monday()
        await post.postman().look()
        assert [message["To"] for message in post.box.arrived] == [ADDRESS]
        assert "afviste vaek@boligforening.test" in await post.visitors.get("/subscriptions", first)
        post.box.unknown.clear()
        await post.monday()
    assert [message["To"] for message in post.box.arrived] == [ADDRESS, "vaek@boligforening.test"]


async def test_one_click_ends_it_for_whoever_is_not_signed_in(post: Post) -> None:
    """A mail program posts to the link; looking at it ends nothing."""
    with post.box.open():
        await post.subscribe(await post.visitors.sign_in("lead"))
        await post.monday()
        stop = _path(post.box.arrived[0]["List-Unsubscribe"].strip("<>"))
        client = post.visitors.client
        assert (await client.get(stop)).status_code == httpx.codes.OK
        assert await post.state.pool.fetchval("SELECT count(*) FROM mail_subscription") == 1
        body = {"List-Unsubscribe": "One-Click"}
        assert (await client.post(stop, data=body)).status_code == httpx.codes.OK
        assert (await client.post(stop, data=body)).status_code == httpx.codes.OK
    assert await post.state.pool.fetchval("SELECT count(*) FROM mail_subscription") == 0


async def test_who_may_sign_in_no_more_is_sent_nothing_and_has_no_calendar(post: Post) -> None:
    """Rights are asked for when something is sent or read."""
    access = state_in(post.visitors.apps["access"]).pool
    with post.box.open():
        reader = await post.visitors.sign_in("lead")
        await post.subscribe(reader)
        calendar = await _calendar(post, reader)
        await access.execute("UPDATE person SET ended = now(), ended_by = 'a test'")
        await post.monday()
    assert post.box.arrived == []
    assert await post.state.pool.fetchval("SELECT count(*) FROM mail_subscription") == 0
    assert (await post.visitors.client.get(calendar)).status_code == httpx.codes.NOT_FOUND


@pytest.mark.long(beside="test_a_monday_mail_says_what_is_new_and_its_links_lead_somewhere")
async def test_nothing_comes_to_an_address_that_nobody_confirms(post: Post) -> None:
    """One question is sent, and after a week the address is gone."""
    with post.box.open():
        reader = await post.visitors.sign_in("lead")
        await post.visitors.send("/subscriptions/mail", reader, [("address", ADDRESS)])
        await post.postman().look()
        await post.monday()
        assert len(post.box.arrived) == 1
        assert "a@b" in await _refusal(post, reader, "a@b")
        await post.state.pool.execute("UPDATE mail_subscription SET made = made - interval '8 days'")
        await post.monday()
    assert len(post.box.arrived) == 1
    assert await post.state.pool.fetchval("SELECT count(*) FROM mail_subscription") == 0


async def _refusal(post: Post, reader: dict[str, str], address: str) -> str:
    answer = await post.visitors.send("/subscriptions/mail", reader, [("address", address)])
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    return answer.text


async def _calendar(post: Post, reader: dict[str, str]) -> str:
    """Make a calendar's address on the page."""
    answer = await post.visitors.send("/subscriptions/calendar", reader, [])
    found = re.search(r'data-made="calendar">([^<]+)<', answer.text)
    assert found, answer.text
    return _path(found[1].replace("&amp;", "&"))


async def _events(post: Post, address: str) -> dict[str, Any]:
    answer = await post.visitors.client.get(address)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(answer.content)
    return {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}


async def test_a_calendar_holds_deadlines_milestones_and_the_own_sessions(post: Post) -> None:
    """A coordinator has the sessions of the own area; a lead has deadlines and milestones alone."""
    soon = date.fromordinal(TODAY.toordinal() + 7)
    later = {"plan": b.PLAN, "milestone": "fest", "title": "Fest; med, tegn", "due": str(soon)}
    planned = {"activity": LASTING, "session": "i-morgen", "date": str(soon), "start": "15:30", "hours": 2}
    cursor = await post.visitors.post(
        b.an_activity(LASTING, end="2029-07-31"),
        b.a_start(LASTING),
        b.an_event("milestone.planned", later, source=f"/areas/{b.AREA}"),
        {**b.an_event("session.planned", planned, source=f"/areas/{b.AREA}"), "time": b.STATED},
    )
    await post.visitors.figures(cursor)
    own = await _events(post, await _calendar(post, await post.visitors.sign_in("coordinator", b.AREA)))
    lead = await _events(post, await _calendar(post, await post.visitors.sign_in("lead")))
    session, milestone = f"session-{LASTING}-i-morgen", f"milestone-{b.PLAN}-fest"
    assert session in own
    assert session not in lead
    assert str(lead[milestone]["SUMMARY"]).startswith("Milepæl: Fest; med, tegn")
    assert lead[milestone]["DTSTART"].dt == soon
    begins = own[session]["DTSTART"].dt
    assert begins.astimezone(clock.DENMARK).strftime("%H:%M") == "15:30"
    assert (own[session]["DTEND"].dt - begins).total_seconds() == 2 * 3_600
    assert f"statement-{b.PLAN}-{TODAY.year}" in lead
    foreign = await _events(post, await _calendar(post, await post.visitors.sign_in("coordinator", b.OTHER_AREA)))
    assert foreign == {}


@pytest.mark.long(beside="test_a_calendar_holds_deadlines_milestones_and_the_own_sessions")
async def test_a_new_address_of_a_calendar_ends_the_one_before(post: Post) -> None:
    """So does closing it."""
    reader = await post.visitors.sign_in("lead")
    first, second = await _calendar(post, reader), await _calendar(post, reader)
    client = post.visitors.client
    assert (await client.get(first)).status_code == httpx.codes.NOT_FOUND
    assert (await client.get(second)).status_code == httpx.codes.OK
    await post.visitors.send("/subscriptions/calendar/stop", reader, [])
    assert (await client.get(second)).status_code == httpx.codes.NOT_FOUND


def test_mail_is_due_from_six_on_a_monday_by_danish_clocks() -> None:
    """In summer and in winter."""
    for moment, monday in (
        (datetime(2026, 11, 30, 4, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 30, 5, 0, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 7, 6, 3, 59, tzinfo=UTC), date(2026, 6, 29)),
        (datetime(2026, 7, 6, 4, 0, tzinfo=UTC), date(2026, 7, 6)),
    ):
        assert rules.latest_monday(moment) == monday


def test_what_grows_older_is_no_news_and_what_becomes_urgent_is() -> None:
    """A name stays while the same thing stands there."""
    item = {"code": "statement_due", "severity": "medium", "area": None, "plan": b.PLAN, "values": {"year": 2025}}
    told = {rules.name_of(item)}
    assert rules.news([{**item, "values": {"year": 2025, "days": 3}, "since": "2026-06-30"}], told) == []
    assert rules.news([{**item, "severity": "high"}], told)
    assert rules.news([{**item, "values": {"year": 2026}}], told)
    reader = Identity("coordinator", frozenset({b.AREA}))
    assert rules.concerning([item], reader, {b.PLAN: [b.OTHER_AREA]}) == []
    assert rules.concerning([item], reader, {b.PLAN: [b.AREA]}) == [item]


@pytest.mark.parametrize(
    "wrong",
    [
        {"smtp_url": "http://mail.test", "public_url": PUBLIC, "mail_from": SENDER},
        {"smtp_url": "smtp://mail.test", "mail_from": SENDER},
        {"smtp_url": "smtp://mail.test", "public_url": PUBLIC},
    ],
)
def test_settings_that_could_send_no_mail_are_refused(wrong: dict[str, str]) -> None:
    """Before anything starts."""
    with pytest.raises(ValidationError, match="HELHEDSNET_SMTP_URL"):
        ReportingSettings.model_validate(wrong)
