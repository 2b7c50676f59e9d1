"""Releases are kept as they were made, and read by area, by cell, and by the period of a report."""

from datetime import UTC, date, datetime
from typing import Final

import asyncpg
import pytest

from services.reporting.periods import Period, whole_school_year, whole_year
from services.reporting.releases import heads, keeping, store
from services.reporting.releases.heads import ReleaseHead
from services.reporting.releases.periods import months_of
from services.reporting.releasing import making
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.released import NETWORK, Hours, Means, Release
from shared.database import Pool
from tests.oracles import realistic_networks

YOUNG: Final = Calendar(date(2024, 8, 1), 14)
MADE: Final = datetime(2025, 10, 11, tzinfo=UTC)
CURSOR: Final = {"registry": {"sequence": 7, "epoch": None}}


def _made() -> tuple[Release, making.Kept]:
    facts = realistic_networks.network(3, 3, median=40, calendar=YOUNG)
    decided = making.decisions(facts, YOUNG)
    beside = making.beside(facts, YOUNG, decided)
    release = making.release(1, 7, YOUNG, list(decided.values()), beside)
    assert {type(row.told) for row in release.rows} == {int, str, Hours, Means}
    kept = making.kept(YOUNG, decided, beside)
    moves = [each for areas in kept.moves.values() for each in areas.values()]
    assert all((any(each.certificates for each in moves), any(each.donors for each in moves)))
    assert all(memories[NETWORK].past for memories in kept.memories.values() if memories[NETWORK].told)
    return release, kept


async def _kept(pool: Pool) -> tuple[Release, making.Kept]:
    release, kept = _made()
    async with pool.acquire() as connection, connection.transaction():
        await keeping.keep_rows(connection, keeping.cells_of(release), keeping.memory_of(release.number, kept))
        head = ReleaseHead(1, YOUNG, CURSOR, release.threshold, release.digest, MADE, "schedule", 5)
        await keeping.keep_head(connection, head)
    return release, kept


async def test_a_release_is_read_as_it_was_made(reporting_pool: Pool) -> None:
    """Its head, the cells of each area and of the network, and some cells of all areas."""
    release, kept = await _kept(reporting_pool)
    async with reporting_pool.acquire() as connection:
        head = await store.newest(connection)
        assert head is not None
        assert head == await store.head(connection, 1)
        assert (head.digest, head.calendar, head.month) == (release.digest, YOUNG, date(2025, 9, 1))
        areas = sorted({row.area for row in release.rows})
        assert areas[0] == NETWORK
        for area in areas:
            assert await store.told(connection, 1, area) == {row.cell: row.told for row in release.of(area)}
        some = [row.cell for row in release.of(areas[1])][::7]
        by_area = await store.told_by_area(connection, 1, some)
        assert by_area == {
            area: {row.cell: row.told for row in release.of(area) if row.cell in some} for area in areas[1:]
        }
        assert await keeping.memory(connection, 1, YOUNG, YOUNG.begins) == kept
        assert await store.head(connection, 2) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE release SET digest = ''",
        "DELETE FROM release",
        "TRUNCATE release",
        "UPDATE released_cells SET area = 'a'",
        "DELETE FROM released_cells",
    ],
)
async def test_what_was_told_is_never_changed(reporting_pool: Pool, change: str) -> None:
    """Not even by the tables' owner."""
    await _kept(reporting_pool)
    async with reporting_pool.acquire() as connection:
        with pytest.raises(asyncpg.RestrictViolationError, match="only grows"):
            await connection.execute(change)


def test_a_cell_is_written_by_its_days() -> None:
    """So that it means the same in a calendar that begins earlier."""
    cell = Count("participants", Months(0, 11), ("effort_area", "2019-26", "job"))
    written = heads.key(cell, YOUNG.begins)
    assert written == "participants|2024-08|2025-07|effort_area|2019-26|job"
    assert heads.cell(written, YOUNG.begins) == cell
    assert heads.cell(written, date(2024, 6, 1)).months == Months(2, 13)
    with pytest.raises(ValueError, match="cannot be written"):
        heads.key(Count("participants", Months(0, 0), ("kind", "a|b")), YOUNG.begins)


@pytest.mark.parametrize(
    ("period", "months"),
    [
        # What still runs goes as far as the release.
        (whole_school_year(2025), Months(12, 13)),
        (whole_year(2025), Months(5, 13)),
        (Period(date(2024, 8, 1), date(2025, 12, 31)), Months(0, 13)),
        (Period(date(2024, 8, 14), date(2025, 11, 20)), Months(0, 13)),
        # What began before anything was there begins with it.
        (whole_year(2024), Months(0, 4)),
        (whole_school_year(2024), Months(0, 11)),
        (Period(date(2025, 4, 1), date(2025, 6, 30)), Months(8, 10)),
        (Period(date(2025, 9, 1), date(2025, 9, 30)), Months(13, 13)),
        # These are no cells, or not whole.
        (Period(date(2025, 2, 1), date(2025, 4, 30)), None),
        (Period(date(2025, 9, 1), date(2025, 9, 20)), None),
        (Period(date(2025, 1, 2), date(2025, 12, 31)), None),
        (Period(date(2025, 10, 1), date(2025, 10, 31)), None),
        (Period(date(2024, 1, 1), date(2024, 7, 31)), None),
    ],
)
def test_a_period_has_months_of_a_release_or_none(period: Period, months: Months | None) -> None:
    """As far as the release goes, where that is one of its cells."""
    assert months_of(period, YOUNG, whole=Period(date(2024, 8, 14), date(2025, 11, 20))) == months


def test_a_period_that_ends_with_all_there_is_has_its_last_month() -> None:
    """The last fact is of 20 September, and the release tells September."""
    whole = Period(date(2024, 8, 14), date(2025, 9, 20))
    assert months_of(whole, YOUNG, whole) == YOUNG.whole
    assert months_of(Period(date(2025, 9, 1), date(2025, 9, 20)), YOUNG, whole) == Months(13, 13)
    assert months_of(whole, YOUNG) is None
