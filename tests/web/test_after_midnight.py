"""A session that ends after midnight: its day is that of Denmark, where UTC still has the day before."""

from datetime import UTC, date, datetime, timedelta, timezone

import orjson
import pytest

from shared import clock
from tests.support import builders as b
from tests.support.forms import forms
from tests.support.registering import CLUB, PEOPLE, Visitors


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 9, 1, 21, 59, tzinfo=UTC), date(2026, 9, 1)),
        (datetime(2026, 9, 1, 22, 0, tzinfo=UTC), date(2026, 9, 2)),
        (datetime(2026, 12, 1, 22, 59, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 12, 1, 23, 0, tzinfo=UTC), date(2026, 12, 2)),
    ],
)
def test_a_day_begins_at_midnight_in_denmark(monkeypatch: pytest.MonkeyPatch, moment: datetime, day: date) -> None:
    """Two hours before that of UTC in summer, one in winter."""
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert clock.today() == day


@pytest.fixture
def day_here(monkeypatch: pytest.MonkeyPatch) -> date:
    """Let it be just after midnight here, where UTC has the day before, whenever the test is run; give that day."""
    now = clock.now()
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    monkeypatch.setattr(clock, "DENMARK", timezone(midnight - now))
    assert clock.today() == midnight.date()
    return midnight.date()


async def test_a_session_just_after_midnight_is_of_its_danish_day(day_here: date, visitors: Visitors) -> None:
    """The own area and the roster begin with that day; what is saved is not refused, and in the report at once."""
    planned = {"activity": CLUB, "session": f"{day_here}", "date": f"{day_here}", "start": "23:00"}
    told = b.an_event("session.planned", planned, source=f"/areas/{b.AREA}")
    enrolled = [b.an_enrolment(who) for who in PEOPLE]
    story = [*b.a_running_activity(end=f"{day_here}"), *enrolled, {**told, "time": clock.now().isoformat()}]
    cursor = await visitors.post(*story)
    own = await visitors.sign_in("coordinator", b.AREA)
    page = await visitors.get("/own-area", own, at_least=cursor)
    assert f"date={day_here}&amp;session={day_here}" in page
    assert "i dag" in page
    page = await visitors.get(f"/roster?activity={CLUB}", own)
    (form,) = (form for form in forms(page) if "/roster?" in form.action)
    assert f"date={day_here}" in form.action
    hidden = [(name, value) for name, value in form.sent if name.startswith("-") and name != "-action"]
    path = f"/roster?activity={CLUB}&date={day_here}&session={day_here}"
    saved = await visitors.send(path, own, [*hidden, ("came", PEOPLE[0]), ("hours", "2"), ("-action", "send")])
    assert "Gemt." in saved.text
    line = (await visitors.lines())[-1]
    assert orjson.loads(line["body"])["data"]["date"] == f"{day_here}"
    figures = await visitors.figures(f"registry:{len(await visitors.lines())}")
    assert (figures["sessions"], figures["attendances"]) == (1, 1)
    # The lists that a phone keeps reach to that day.
    kept = orjson.loads(await visitors.get("/offline/rosters", own))
    assert [each["date"] for each in kept["activities"][0]["sessions"]] == [f"{day_here}"]
