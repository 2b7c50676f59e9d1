"""Folding: whatever the order, the batches and the repetition, the figures are those of a plain count."""

import datetime as dt
import random
import statistics
from decimal import Decimal

import pytest
from hypothesis import given

from services.reporting import digest, terms
from services.reporting.folding import folds
from services.reporting.people.staying import STATUSES
from services.reporting.periods import Period
from services.reporting.reports import store
from services.reporting.reports.attention import Watched
from services.reporting.reports.facts import Facts
from services.reporting.reports.shapes import AREA, NETWORK
from services.reporting.terms import Json
from shared.backbone.event_log import Entry
from shared.database import Pool
from shared.events.catalogue import CATALOGUES
from shared.law import SMALLEST_TOLD
from tests.oracles.histories import AREAS, EFFORT_AREAS, history
from tests.oracles.reference import World, as_number
from tests.support.builders import an_event
from tests.support.folding import CHANCE, EXAMPLES, batches, fold, period_of


async def _facts(pool: Pool, period: Period, area: str | None = None) -> Facts:
    async with pool.acquire() as connection:
        return await store.facts(connection, period, area)


async def _watched(pool: Pool, today: dt.date) -> Watched:
    async with pool.acquire() as connection:
        return await store.watched(connection, today)


def _shown(figures: Json, expected: Json) -> Json:
    """Give a report's figures, counts of people without their wrapping; the reference has to know each of them."""
    assert expected.keys() == {*terms.NUMBERS, *terms.OF_PEOPLE}
    return {name: figures[name]["value"] if name in terms.OF_PEOPLE else figures[name] for name in expected}


@EXAMPLES
@given(chance=CHANCE)
async def test_any_order_batching_and_repetition_give_the_same_report(
    reporting_pool: Pool, chance: random.Random
) -> None:
    """A report depends on what was said, never on when or how often it arrived."""
    logs, period = history(chance), period_of(chance)
    await fold(reporting_pool, list(logs.items()))
    in_order = NETWORK.tell(await _facts(reporting_pool, period))
    watched_in_order = await _watched(reporting_pool, period.last_day)
    await fold(reporting_pool, batches(chance, logs))
    in_disorder = NETWORK.tell(await _facts(reporting_pool, period))
    assert in_disorder == in_order
    assert await _watched(reporting_pool, period.last_day) == watched_in_order
    assert digest.digest(in_disorder) == digest.digest(in_order)


@EXAMPLES
@given(chance=CHANCE)
async def test_the_figures_are_those_of_a_plain_count(reporting_pool: Pool, chance: random.Random) -> None:
    """Totals, areas, effort areas and months equal loops over all events, in any period."""
    logs, period = history(chance), period_of(chance)
    world = World(logs)
    await fold(reporting_pool, batches(chance, logs))
    report = NETWORK.tell(await _facts(reporting_pool, period))
    first, last = period.first_day, period.last_day
    checks = [(report["totals"], world.figures(first, last))]
    checks += [(row, world.figures(first, last, area=row["area"])) for row in report["areas"]]
    checks += [(row, world.figures(first, last, effort_area=row["effort_area"])) for row in report["effort_areas"]]
    for row, month in zip(report["months"], period.months(), strict=True):
        after = (month + dt.timedelta(days=32)).replace(day=1)
        begin, end = max(first, month), min(last, after - dt.timedelta(days=1))
        checks.append((row, world.figures(begin, end)))
    for plan in report["plans"]:
        assert plan["milestones"] == world.milestones_of(plan["plan"], last)
    assert [row["area"] for row in report["areas"]] == sorted(AREAS)
    assert [row["effort_area"] for row in report["effort_areas"]] == list(EFFORT_AREAS)
    for shown, expected in checks:
        for name in ("participant_hours", "volunteer_hours"):
            expected[name] = as_number(expected[name])
        assert _shown(shown, expected) == expected


@EXAMPLES
@given(chance=CHANCE)
async def test_the_money_is_that_of_a_plain_sum(reporting_pool: Pool, chance: random.Random) -> None:
    """Committed, released, received and spent equal plain sums, in all and by plan and funder's kind."""
    logs, period = history(chance), period_of(chance)
    world = World(logs)
    await fold(reporting_pool, batches(chance, logs))
    report = NETWORK.tell(await _facts(reporting_pool, period))
    for shown, plan in [(report["totals"]["funding"], None)] + [
        (row["funding"], row["plan"]) for row in report["plans"]
    ]:
        expected = world.money(period.last_day, plan)
        by_kind = {
            (kind, what): amounts[what]
            for kind, amounts in shown["by_funder_kind"].items()
            for what in terms.AMOUNTS
            if amounts[what]
        }
        assert by_kind == {key: amount_ore for key, amount_ore in expected.items() if amount_ore}
        for what in terms.AMOUNTS:
            assert shown[what] == sum(amount_ore for (_, name), amount_ore in expected.items() if name == what)
        balances = sum(account["balance_ore"] for account in shown["regulation_accounts"])
        assert balances == shown["received_ore"] - shown["spent_ore"]


@EXAMPLES
@given(chance=CHANCE)
async def test_an_area_report_is_the_network_report_of_that_area_alone(
    reporting_pool: Pool, chance: random.Random
) -> None:
    """The figures of an area are the same in its own report and in the network's row for it."""
    logs, period = history(chance), period_of(chance)
    await fold(reporting_pool, list(logs.items()))
    report = NETWORK.tell(await _facts(reporting_pool, period))
    for row in report["areas"]:
        own = AREA.tell(await _facts(reporting_pool, period, row["area"]))
        assert own["areas"] == [row]
        assert {name: own["totals"][name] for name in own["totals"]} == {name: row[name] for name in own["totals"]}


@EXAMPLES
@given(chance=CHANCE)
async def test_the_change_is_that_of_plain_pairs(reporting_pool: Pool, chance: random.Random) -> None:
    """Pairs, means and the interval equal SciPy's over all pairs; below five pairs only their number is told."""
    from scipy import stats  # noqa: PLC0415  half a second, which only the worker that runs this shall spend

    logs, period = history(chance), period_of(chance)
    world = World(logs)
    await fold(reporting_pool, batches(chance, logs))
    for area in (None, *AREAS):
        facts = await _facts(reporting_pool, period, area)
        (row,) = (row for row in NETWORK.tell(facts)["change"] if row["pairs"]) if facts.change else (None,)
        pairs = world.changes(period.first_day, period.last_day, area)
        if row is None:
            assert not pairs
            continue
        assert row["pairs"] == len(pairs)
        if len(pairs) < SMALLEST_TOLD:
            assert row["mean_change"] is row["ci_low"] is row["mean_before"] is None
            continue
        change = [after - before for before, after in pairs]
        spread = stats.sem(change)
        low, high = (
            stats.t.interval(0.95, len(change) - 1, statistics.fmean(change), spread) if spread else (change[0],) * 2
        )
        expected = (statistics.fmean(before for before, _ in pairs), statistics.fmean(change), low, high)
        said = (row["mean_before"], row["mean_change"], row["ci_low"], row["ci_high"])
        assert said == pytest.approx(expected, abs=0.006)


@EXAMPLES
@given(chance=CHANCE)
async def test_who_stays_is_that_of_plain_sets(reporting_pool: Pool, chance: random.Random) -> None:
    """Cohorts, who of them was seen again and where those are who left, in all and by area, in any period."""
    logs, period = history(chance), period_of(chance)
    world = World(logs)
    await fold(reporting_pool, batches(chance, logs))
    for area in (None, *AREAS):
        report = NETWORK.tell(await _facts(reporting_pool, period, area))
        told = [
            (
                row["new_participants"]["value"],
                row["seen_again"] and row["seen_again"]["value"],
                [each["seen"]["value"] for each in row["years"]],
            )
            for row in report["retention"]
        ]
        assert told == world.staying(period.first_day, period.last_day, area)
        left, followed = world.former(period.first_day, period.last_day, area)
        assert report["alumni"]["left"]["value"] == left
        assert {
            row["months_after"]: {each["status"]: each["people"]["value"] for each in row["statuses"]}
            for row in report["alumni"]["months"]
        } == {after: {status: counts.get(status, 0) for status in STATUSES} for after, counts in followed.items()}
        for row in report["alumni"]["months"]:
            assert row["followed_up"]["value"] == sum(followed[row["months_after"]].values())


@EXAMPLES
@given(chance=CHANCE)
async def test_who_takes_part_is_that_of_plain_sets(reporting_pool: Pool, chance: random.Random) -> None:
    """By age band and by gender, in all and by school year, as both were said last; together they are everybody."""
    logs, period = history(chance), period_of(chance)
    world = World(logs)
    await fold(reporting_pool, batches(chance, logs))
    for area in (None, *AREAS):
        report = NETWORK.tell(await _facts(reporting_pool, period, area))
        for place, days in enumerate([period, *period.by_school_year()]):
            expected = world.by_trait(days.first_day, days.last_day, period.last_day, area)
            for part, name, counts in zip(("age_bands", "genders"), ("age_band", "gender"), expected, strict=True):
                told = {row[name]: (row["years"][place - 1] if place else row)["participants"] for row in report[part]}
                assert {code: count["value"] for code, count in told.items() if count["value"]} == counts
        for part in ("age_bands", "genders"):
            everybody = sum(row["participants"]["value"] for row in report[part])
            assert everybody == report["totals"]["participants"]["value"]


async def test_one_of_every_event_can_be_folded(reporting_pool: Pool) -> None:
    """The example of each event goes through its fold with the values that it really has, twice without harm."""
    for owner in ("registry", "funding", "reporting"):
        said = [an_event(event.event_name, event.example) for event in CATALOGUES[owner].events]
        entries = [
            Entry({"sequence": number, "recorded": "2026-07-01T00:00:00Z", "event": event})
            for number, event in enumerate(said, start=1)
        ]
        await fold(reporting_pool, [(owner, entries), (owner, entries)])


async def test_a_replaced_session_leaves_no_trace_in_the_rollups(reporting_pool: Pool) -> None:
    """What a later record of a session replaces is folded out of sessions, hours and presence, exactly."""
    chance = random.Random(7)  # noqa: S311  a seed, no secret
    logs = history(chance)
    name = "dk.helhedsnet.attendance.recorded.v1"
    record = {"activity": "activity-0", "session": "replaced", "date": "2025-10-10", "participants": ["a", "b"]}

    def entry(sequence: int, **changes: object) -> Entry:
        event = {"type": name, "source": "/areas/urbanplanen", "time": "2025-10-11T00:00:00Z"}
        return Entry(
            {
                "sequence": sequence,
                "recorded": "2025-10-11T00:00:00Z",
                "event": {**event, "data": {**record, "hours": 2, **changes}},
                "outcome": None,
            }
        )

    head = len(logs["registry"])
    await fold(reporting_pool, [*logs.items(), ("registry", [entry(head + 1, date="2025-12-24")])])
    await fold(
        reporting_pool,
        [
            *logs.items(),
            ("registry", [entry(head + 1)]),
            ("registry", [entry(head + 2, participants=["b"], date="2025-11-01")]),
        ],
    )
    async with reporting_pool.acquire() as connection:
        presence = await connection.fetch(
            "SELECT participant, month, sessions FROM presence WHERE participant IN ('a', 'b') AND sessions <> 0"
        )
        hours = await connection.fetchval(
            "SELECT sum(participant_hours) FROM activity_month WHERE activity = 'activity-0'"
        )
        of_sessions = await connection.fetchval(
            "SELECT sum(attendances * hours) FROM session WHERE activity = 'activity-0'"
        )
    assert [tuple(row) for row in presence] == [("b", dt.date(2025, 11, 1), 1)]
    assert hours == of_sessions


async def test_more_attendance_than_an_integer_holds_is_counted(reporting_pool: Pool) -> None:
    """What a column cannot hold would be a dead letter for good; a day's sum is only bounded by what is posted."""
    data = {"activity": "club", "date": "2026-01-01", "headcount": 10_000, "hours": 24}
    first, second = (
        Entry(
            {
                "sequence": sequence,
                "recorded": "2026-01-01T00:00:00+00:00",
                "event": an_event("attendance.recorded", {**data, "session": f"session-{sequence}"}),
            }
        )
        for sequence in (1, 2)
    )
    async with reporting_pool.acquire() as connection:
        await folds.fold(connection, "registry", folds.prepared([first]))
        for table in ("activity_day", "activity_month"):
            await connection.execute(
                f"UPDATE {table} SET attendances = 2147483647, participant_hours = 999999999999.99"  # noqa: S608  a constant
            )
        await folds.fold(connection, "registry", folds.prepared([second]))
        for table in ("activity_day", "activity_month"):
            row = await connection.fetchrow(f"SELECT attendances, participant_hours FROM {table}")  # noqa: S608  as above
            assert row is not None
            assert tuple(row) == (2_147_493_647, Decimal("1000000239999.99"))


async def test_a_time_further_from_greenwich_than_postgresql_reads_is_the_same_moment(reporting_pool: Pool) -> None:
    """Such a time stands in logs; the day that a sender means stays its own where the offset is one that exists."""
    story = {"story": "s", "area": "urbanplanen", "title": "x", "text": "y"}
    consent = {"consent": {"reference": "s", "guardian": False}}
    event = an_event("story.published", {**story, **consent}, source="/areas/urbanplanen")
    entry = Entry(
        {
            "sequence": 1,
            "recorded": "2026-01-01T00:00:00+00:00",
            "event": {**event, "time": "2026-10-02T10:00:00.5+23:59"},
        }
    )
    async with reporting_pool.acquire() as connection:
        await folds.fold(connection, "registry", folds.prepared([entry]))
        moment = dt.datetime(2026, 10, 1, 10, 1, 0, 500_000, tzinfo=dt.UTC)
        assert await connection.fetchval("SELECT stated FROM feed") == moment
        assert await connection.fetchval("SELECT stated FROM last_event") == moment
        assert await connection.fetchval("SELECT published_on FROM story") == dt.date(2026, 10, 1)
