"""The page of an own area says who made the latest registrations, to those who speak for the area alone."""

import re
from typing import Final

import httpx

from services.reporting.folding.folds import LATEST, prepared
from shared.backbone.event_log import Entry
from tests.support import builders as b
from tests.support.registering import CLUB, PEOPLE, Visitors, a_club

ROSTER: Final = f"/roster?activity={CLUB}&date=2025-10-07&session=2025-10-07"
# More than is kept.
MANY: Final = 60


def _latest(page: str) -> list[str]:
    """Give the lines of the latest registrations, without markup."""
    (listed,) = re.findall(r'<ul class="plain latest">(.*?)</ul>', page, re.DOTALL)
    lines = (re.sub(r"<[^>]*>", " ", line) for line in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL))
    return [" ".join(line.split()) for line in lines]


async def test_the_latest_registrations_say_who_made_them(visitors: Visitors) -> None:
    """Oneself is *you*, a colleague goes by name, a program is one; the newest stands first, whatever it is."""
    cursor = await a_club(visitors)
    anne = await visitors.sign_in("coordinator", b.AREA, name="Anne Bek")
    jens = await visitors.sign_in("coordinator", b.AREA, name="Jens <Holm>")
    await visitors.get("/own-area", anne, at_least=cursor)
    saved = await visitors.send(ROSTER, anne, [("came", PEOPLE[0]), ("-action", "send")])
    assert "Gemt." in saved.text
    left = [
        ("activity", CLUB),
        ("participant", PEOPLE[1]),
        ("date", "7/10-2025"),
        ("reason", "job"),
        ("-action", "send"),
    ]
    answer = await visitors.send("/register/participant.left", jens, left)
    (cursor,) = re.findall(r"at_least=(registry:[0-9]+)", answer.text)
    first, second, third, *_ = _latest(await visitors.get("/own-area", anne, at_least=cursor))
    assert first.startswith("Deltager udskrevet: Lektiecafe")
    assert first.endswith("af Jens &lt;Holm&gt;")
    assert second.startswith("Fremmøde registreret: Lektiecafe, 7. oktober 2025 (1 fremmødt)")
    assert second.endswith("af dig")
    assert third.endswith("af et program")
    first, second, *_ = _latest(await visitors.get("/en/own-area", jens))
    assert first.endswith("by you")
    assert second.endswith("by Anne Bek")


async def test_names_of_colleagues_are_for_the_own_areas(visitors: Visitors) -> None:
    """Whoever speaks for a different area is told nobody's name, nor is anybody else."""
    await visitors.sign_in("coordinator", b.AREA, name="Anne Bek")
    await visitors.sign_in("lead", name="Lis Lund")
    told = await visitors.client.get("/access/colleagues", headers=visitors.own)
    assert [item["name"] for item in told.json()["items"]] == ["Anne Bek"]
    stranger = visitors.bearer("coordinator", b.OTHER_AREA)
    assert (await visitors.client.get("/access/colleagues", headers=stranger)).json()["items"] == []
    refused = await visitors.client.get("/access/colleagues", headers=visitors.bearer("lead"))
    assert refused.status_code == httpx.codes.FORBIDDEN


async def test_only_the_latest_are_kept_whichever_come_first(visitors: Visitors) -> None:
    """In one post and one by one, reporting keeps the same number; an old one of before is not among them."""
    await a_club(visitors)
    held = [b.an_attendance(f"gang-{number}", date="2025-10-07", participants=PEOPLE) for number in range(MANY)]
    cursor = await visitors.post(*held[1:])
    cursor = await visitors.post(held[0])
    own = await visitors.sign_in("coordinator", b.AREA)
    await visitors.get("/own-area", own, at_least=cursor)
    kept = await visitors.rows("reporting", "SELECT sequence FROM latest_registration ORDER BY sequence")
    last = int(cursor.split(":")[1].split(".")[0])
    assert [row["sequence"] for row in kept] == list(range(last - LATEST + 1, last + 1))


def test_what_was_erased_is_no_registration() -> None:
    """A rebuild reads a log in which lines were rewritten: of those a place is kept, and nothing else."""
    event = {"source": f"/areas/{b.AREA}", "time": "2025-10-07T20:00:00Z", "data": {}}
    lines = [
        {"sequence": place, "recorded": event["time"], "event": {**event, "type": f"dk.helhedsnet.{name}.v1"}}
        for place, name in ((1, "event.erased"), (2, "goal.set"))
    ]
    sequences, areas, _, names, *told = prepared([Entry(line) for line in lines]).latest
    assert (sequences, areas, names) == ([2, 1], [b.AREA] * 2, ["goal.set", "event.erased"])
    assert [column[1] for column in told] == [None] * len(told)
