"""What a release is called, how far it goes, and how its cells are written. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from services.reporting.periods import MONTHS, Period
from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import Count
from services.reporting.releasing.released import Hours, Means, ToldAs

SEPARATOR: Final = "|"
# What a release tells by area, and under `NETWORK` of the network.
ToldByArea = Mapping[str, Mapping[Count, ToldAs]]

# What is written to a table, in the order of its columns.
TableRow = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ReleaseHead:
    """All of a release but its cells.

    `cursor` has for each owner `{"sequence", "epoch"}`: how far its events were folded, in which epoch of its log.
    `sequence` is that of its entry in reporting's own log. `changed` counts the cells that say something else than in
    the release before, `moved`, `told` now and `withheld` now; None where there was none.
    """

    number: int
    calendar: Calendar
    cursor: Mapping[str, Any]
    threshold: int
    digest: str
    made: datetime
    made_by: str
    sequence: int
    changed: Mapping[str, int] | None = None

    @property
    def period(self) -> Period:
        """Give the days that it tells of."""
        return self.calendar.period(self.calendar.whole)

    @property
    def month(self) -> date:
        """Give the first day of its last month, which is the one that it was made for."""
        return self.period.last_day.replace(day=1)


def told_as(written: Any) -> ToldAs:  # noqa: ANN401  a value of JSON
    """Read what is told of a cell: a count, hours or means, or how it is withheld."""
    if not isinstance(written, Mapping):
        told: ToldAs = written
        return told
    return Hours(**written) if "hundredths" in written else Means(**written)


def month_number(day: date) -> int:
    """Number the months from the beginning of the calendar that everybody uses."""
    return day.year * MONTHS + day.month - 1


def first_of_month(number: int) -> date:
    """Give the first day of a month by its number."""
    return date(number // MONTHS, number % MONTHS + 1, 1)


def key(cell: Count, begins: date) -> str:
    """Write which cell it is: `participants|2025-08|2026-07|effort_area|2019-26|job`.

    Raises:
        ValueError: a name holds what separates names.
    """
    first, last = (first_of_month(month_number(begins) + month) for month in cell.months)
    parts = (cell.name, f"{first:%Y-%m}", f"{last:%Y-%m}", *cell.of)
    if any(SEPARATOR in part for part in parts):
        raise ValueError(f"{parts} cannot be written as one")
    return SEPARATOR.join(parts)


def cell(written: str, begins: date) -> Count:
    """Read which cell is written, in the months of a calendar that begins on a day."""
    name, first, last, *of = written.split(SEPARATOR)
    offset = month_number(begins)
    months = (month_number(date.fromisoformat(f"{month}-01")) - offset for month in (first, last))
    return Count(name, Months(*months), tuple(of))
