"""What a release is once it is made: rows that are never changed. Pure."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson

from services.reporting.releasing.calendar import Calendar
from services.reporting.releasing.cells import Count

NETWORK = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that people were there, or worked, in hundredths."""

    hundredths: int


@dataclass(frozen=True, slots=True)
class Means:
    """Means of pairs in whole points from 0 to 100, and the 95 % interval of the mean change."""

    before: int
    after: int
    change: int
    low: int
    high: int


# A withheld count says whether it is small where that gives nothing away; one of the network never does, nor does
# anything but a count.
ToldAs = int | Hours | Means | Literal["small", "large", "withheld"]


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One cell of an area, or of the network where `area` is empty: its value, or how it is withheld."""

    area: str
    cell: Count
    told: ToldAs


@dataclass(frozen=True, slots=True)
class Release:
    """What readers outside an area are told of people, as it stood at a cursor."""

    number: int
    cursor: int
    threshold: int
    calendar: Calendar
    rows: Sequence[ReleaseRow]

    @property
    def digest(self) -> str:
        """Give the SHA-256 of all that it tells, in a fixed order."""
        parts = hashlib.sha256(orjson.dumps([self.threshold, self.calendar.begins, self.calendar.months]))
        for row in sorted(self.rows, key=lambda row: (row.area, row.cell)):
            parts.update(orjson.dumps([row.area, row.cell.name, *row.cell.months, row.cell.of, row.told]))
        return parts.hexdigest()

    def by_cell(self) -> Mapping[tuple[str, Count], ToldAs]:
        """Give what is told of each cell of each area, and of the network."""
        return {(row.area, row.cell): row.told for row in self.rows}

    def of(self, area: str) -> Iterator[ReleaseRow]:
        """Give the rows of an area, or of the network."""
        return (row for row in self.rows if row.area == area)
