"""What Helhedsnet promises, in ten tests. Begin here; each name is a claim."""

import httpx
import redis.asyncio

from tests.conftest import Bearer
from tests.fundamentals.conftest import Post, Report
from tests.support.builders import (
    ACTIVITY,
    AREA,
    OTHER_AREA,
    PLAN,
    a_running_activity,
    an_area,
    an_attendance,
    an_enrolment,
    an_event,
    an_expense,
    person,
)
from tests.support.money import three_commitments

OWN = f"/areas/{AREA}"


async def test_whoever_posts_an_event_reads_it_in_the_report_at_once(post: Post, report: Report) -> None:
    """Intake answers a cursor, and a report that is asked for with it has the event in it."""
    answer = await post("registry", *a_running_activity(), an_attendance(headcount=12))
    told = await report("network", answer.json()["cursor"])
    assert told["totals"]["sessions"] == 1


async def test_what_is_posted_twice_counts_once(post: Post, report: Report) -> None:
    """A sender that did not hear the answer posts again; the event's source and id say that it is the same."""
    await post("registry", *a_running_activity())
    event = an_attendance(headcount=12)
    first, second = await post("registry", event), await post("registry", event)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["cursor"] == first.json()["cursor"]
    assert (await report("network", second.json()["cursor"]))["totals"]["sessions"] == 1


async def test_one_wrong_event_and_nothing_of_its_batch_is_stored(post: Post, report: Report) -> None:
    """The answer names the event, the field and a code; what was right is posted again with it, once it is mended."""
    answer = await post("registry", *a_running_activity())
    right, wrong = an_attendance(), an_attendance("session-2", "not-planned")
    refused = await post("registry", right, wrong)
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    fault = refused.json()["errors"][0]
    assert (fault["index"], fault["code"], fault["pointer"]) == (1, "unknown_activity", "/data/activity")
    assert (await report("network", answer.json()["cursor"]))["totals"]["sessions"] == 0


async def test_a_coordinator_speaks_for_its_own_area_alone(post: Post) -> None:
    """What concerns an area is said by that area, or by the network."""
    await post("registry", *a_running_activity(), an_area(OTHER_AREA))
    own = await post("registry", an_attendance(), role="coordinator", area=AREA)
    foreign = await post("registry", an_attendance("session-2"), role="coordinator", area=OTHER_AREA)
    assert own.status_code == httpx.codes.CREATED
    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (403, "foreign_area")


async def test_few_people_are_shown_to_their_own_area_alone(post: Post, report: Report) -> None:
    """Everybody else is told of people by releases, and there is none yet; the area's own coordinator sees them now."""
    answer = await post("registry", *a_running_activity(), an_enrolment("p-1"), an_enrolment("p-2"))
    at = answer.json()["cursor"]
    inside = await report(f"areas/{AREA}", at, role="coordinator", area=AREA)
    outside = await report(f"areas/{AREA}", at)
    assert inside["totals"]["participants"] == {"value": 2, "suppressed": False}
    assert outside["totals"]["participants"] == {"value": None, "suppressed": True, "hidden": "not_released"}


async def test_no_personal_number_gets_in(post: Post) -> None:
    """Wherever it stands in a text: the event is refused, and the answer does not repeat it."""
    activity = a_running_activity()[2]
    activity["data"]["name"] = "Lektiecafe 010190-1234"
    refused = await post("registry", activity)
    assert refused.json()["errors"][0]["code"] == "personal_number"
    assert "010190" not in refused.text


async def test_who_withdraws_consent_is_forgotten(post: Post, system: httpx.AsyncClient, bearer: Bearer) -> None:
    """The pseudonym is gone from the log too, and what was counted of it stays a number."""
    await post("registry", *a_running_activity(), an_enrolment("p-4711"))
    gone = await post("registry", an_event("consent.withdrawn", {"participant": "p-4711"}, source=OWN))
    assert gone.status_code == httpx.codes.CREATED, gone.text
    log = await system.get("/registry/events", params={"after": 0}, headers=bearer("service"))
    assert log.status_code == httpx.codes.OK
    assert person("p-4711") not in log.text


async def test_each_oere_of_an_expense_falls_on_one_funder(post: Post, report: Report) -> None:
    """An expense is split by what was committed, by the largest remainder: the parts add up to it."""
    await post("registry", *a_running_activity())
    # The plan may still be on its way from the registry to funding, which says so; then it is posted again.
    while (committed := await post("funding", *three_commitments())).status_code != httpx.codes.CREATED:
        assert committed.json()["errors"][0]["code"] == "not_yet_known"
    answer = await post("funding", an_expense(amount_ore=101))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    told = await report(f"plans/{PLAN}", answer.json()["cursor"])
    assert told["totals"]["funding"]["spent_ore"] == 101
    assert sorted(each["spent_ore"] for each in told["funding"]["commitments"]) == [12, 13, 76]


async def test_a_redis_that_forgets_everything_loses_nothing(
    post: Post, report: Report, redis_client: "redis.asyncio.Redis"
) -> None:
    """The log in PostgreSQL is the record; the stream only makes it fast."""
    await post("registry", *a_running_activity())
    await redis_client.flushall()
    answer = await post("registry", an_attendance(headcount=12))
    await redis_client.flushall()
    assert (await report("network", answer.json()["cursor"]))["totals"]["sessions"] == 1


async def test_the_same_facts_give_the_same_digest_in_any_order(post: Post, report: Report) -> None:
    """A report is known by what it says: its digest does not depend on when it was made, nor on what came first."""
    sessions = [an_attendance(f"session-{number}", ACTIVITY, headcount=number) for number in range(1, 4)]
    await post("registry", *a_running_activity())
    digests = set()
    for event in [*sessions, *reversed(sessions)]:
        answer = await post("registry", event)
        digests.add((await report("network", answer.json()["cursor"]))["digest"])
    assert len(digests) == len(sessions)
