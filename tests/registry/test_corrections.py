"""Corrections of people: what is said of them is different, or two pseudonyms are one person."""

from datetime import date

import httpx
import pytest
from fastapi import FastAPI

from services.registry.domain import people_rows
from services.registry.domain.corrections import united
from services.registry.domain.rows import Activity, Span
from shared.http.state import state_in
from tests.conftest import Bearer
from tests.registry.test_erasing import JSON, Post, tables_that_hold
from tests.support import builders as b
from tests.support.builders import Json
from tests.support.deciding import Rules

HERE = f"/areas/{b.AREA}"
OLD, NOW, LAST = b.person("old"), b.person("now"), b.person("last")
OTHERS = [b.person(f"other-{number}") for number in range(4)]
BEFORE = [b.an_area(b.OTHER_AREA), *b.a_running_activity(), b.an_enrolment(OLD), b.an_enrolment(NOW)]


def _merged(gone: str = OLD, into: str = NOW, *, source: str = HERE) -> Json:
    return b.an_event("participant.merged", {"participant": gone, "into": into}, source=source)


def _corrected(who: str = OLD, *, source: str = HERE, **said: str) -> Json:
    return b.an_event("participant.corrected", {"participant": who, **(said or {"gender": "female"})}, source=source)


def _withdrawn(who: str) -> Json:
    return b.an_event("consent.withdrawn", {"participant": who}, source=HERE)


VOLUNTEER = b.an_event(
    "volunteer.engaged",
    {"activity": b.ACTIVITY, "volunteer": LAST, "role": "volunteer", "date": "2025-09-02"},
    source=HERE,
)


@pytest.mark.parametrize(
    ("before", "event", "refusal"),
    [
        ([], _merged(), ("", "")),
        ([], _merged(into=LAST), ("", "")),
        ([], _merged(into=OLD), ("merge_cycle", "/data/into")),
        ([_merged()], _merged(), ("participant_merged", "/data/participant")),
        ([_merged()], _merged(NOW, OLD), ("merge_cycle", "/data/into")),
        ([_merged(), _merged(NOW, LAST)], _merged(LAST, OLD), ("merge_cycle", "/data/into")),
        ([_merged(), b.an_enrolment(LAST)], _merged(LAST, OLD), ("participant_merged", "/data/into")),
        ([], _merged(LAST), ("unknown_participant", "/data/participant")),
        ([], _merged(source=f"/areas/{b.OTHER_AREA}"), ("unknown_participant", "/data/participant")),
        ([_withdrawn(OLD)], _merged(), ("participant_withdrawn", "/data/participant")),
        ([_withdrawn(NOW)], _merged(), ("participant_withdrawn", "/data/into")),
        ([_merged()], b.an_enrolment(OLD), ("participant_merged", "/data/participant")),
        ([], _corrected(), ("", "")),
        ([VOLUNTEER], _corrected(LAST), ("not_enrolled", "/data/participant")),
        ([], _corrected(LAST), ("unknown_participant", "/data/participant")),
        ([_withdrawn(OLD)], _corrected(), ("participant_withdrawn", "/data/participant")),
        ([_merged()], _corrected(), ("participant_merged", "/data/participant")),
        ([_merged()], _withdrawn(OLD), ("", "")),
    ],
)
def test_each_refusal_has_its_code(before: list[Json], event: Json, refusal: tuple[str, str]) -> None:
    """A cycle, somebody merged already, somebody withdrawn, and somebody of a different area are told apart."""
    rules = Rules(*BEFORE, *before)
    assert rules.refusal(event) == refusal


def test_who_was_enrolled_twice_has_one_place() -> None:
    """The stays of both are one person's, and take one place of the activity's capacity."""
    rules = Rules(*BEFORE, _merged())
    activity = rules.state.get(Activity, b.ACTIVITY)
    assert activity is not None
    assert activity.enrolled == 1
    assert rules.state.get(people_rows.Enrolment, (b.ACTIVITY, OLD)) is None
    assert rules.refusal(b.an_enrolment(NOW, date="2025-10-01")) == ("already_enrolled", "/data/participant")


def test_stays_with_a_day_in_common_are_one() -> None:
    """Others stay as they are, in their order."""
    days = [date(2026, 1, day) for day in range(1, 7)]
    first, second, third = (Span(*pair) for pair in zip(days[::2], days[1::2], strict=True))
    assert united([third, first, second]) == (first, second, third)
    assert united([Span(first.start_on, second.start_on), second]) == (Span(first.start_on, second.end_on),)
    assert united([Span(first.start_on), second]) == (Span(first.start_on),)


async def test_what_stood_under_one_pseudonym_stands_under_the_other(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """Lists of sessions, businesses and scores too; whoever withdraws under either is forgotten under both."""
    post, pool = Post(registry, bearer), state_in(registry_app).pool
    everybody = [OLD, NOW, *OTHERS]
    business = {"activity": b.ACTIVITY, "business": "tryk", "name": "Tryk", "members": [OLD, NOW], "date": "2025-10-01"}
    await post(
        *BEFORE,
        *(b.an_enrolment(name) for name in OTHERS),
        b.an_attendance(participants=everybody),
        b.an_event("business.founded", business, source=HERE),
    )
    await post(_merged())
    assert await pool.fetchval("SELECT members FROM business") == [NOW]
    assert sorted(await pool.fetchval("SELECT participants FROM attendance")) == sorted([NOW, *OTHERS])
    assert await tables_that_hold(pool, OLD) == ["event_log", "merging"]
    await post(_withdrawn(OLD))
    assert await tables_that_hold(pool, OLD) == []
    assert await tables_that_hold(pool, NOW) == []
    outcome = await pool.fetchval("SELECT outcome FROM event_log WHERE type LIKE '%attendance%'")
    assert '"unnamed":1' in outcome
    refused = await registry.post("/registry/events", content=b.body([_corrected()]), headers=bearer("admin") | JSON)
    assert refused.json()["errors"][0]["code"] == "participant_withdrawn"


async def test_all_of_it_in_one_request_is_the_same(
    registry: httpx.AsyncClient, registry_app: FastAPI, bearer: Bearer
) -> None:
    """What is not stored yet is merged, corrected and forgotten just as well."""
    post, pool = Post(registry, bearer), state_in(registry_app).pool
    came = b.an_attendance(participants=[LAST])
    await post(*BEFORE, _corrected(age_band="18-24"), _merged(), _merged(NOW, LAST), came)
    rows = await pool.fetch("SELECT participant, age_band FROM enrolment")
    assert [tuple(row) for row in rows] == [(LAST, "15-17")]
    await post(_corrected(LAST, age_band="25-29"), _withdrawn(NOW))
    for name in (OLD, NOW, LAST):
        assert await tables_that_hold(pool, name) == []
