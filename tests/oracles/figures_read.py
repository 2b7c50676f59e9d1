"""Which cell of a release each figure of people in an answer is, whatever route gave it, and in which form.

Where a figure stands in the JSON of an answer says of whom it is, by the definitions that everybody may read. Pages say
where each figure stands; files have the rows of the JSON in its order under headings of their own; so each figure that
any form tells can be held against the cell. It owns no code of the product's disclosure control, nor of its exports.
"""

import csv
import io
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import openpyxl

from services.reporting.releasing.calendar import Calendar, Months
from services.reporting.releasing.cells import EVERYBODY, Count, Of
from services.reporting.releasing.released import NETWORK
from tests.oracles.release_intruder import Place

Json = Any
# A figure's place in the JSON of an answer: names and numbers in lists, with points between.
Path = str
NAMES: Final[Mapping[str, str]] = {
    "participants": "participants",
    "new_participants": "new",
    "multi_year_participants": "back",
    "volunteers": "volunteers",
    "attendances": "attendances",
    "participant_hours": "participant_hours",
    "volunteer_hours": "volunteer_hours",
}
LABELS: Final[Mapping[str, str]] = {
    **{name: name for name in NAMES},
    "Participants": "participants",
    "New participants": "new_participants",
    "Of them new": "new_participants",
    "Multi-year participants": "multi_year_participants",
    "Volunteers": "volunteers",
    "Attendances": "attendances",
    "Participant hours": "participant_hours",
    "Volunteer hours": "volunteer_hours",
    "Pairs": "pairs",
    "Seen again": "seen_again",
    "Left an activity": "left",
    "Followed up": "followed_up",
    "People": "people",
}
# Where the rows of each table of a file stand in the JSON; "*" is each of a list.
TABLES: Final[Mapping[str, Sequence[str]]] = {
    "Key figures": ("totals",),
    "Effort areas": ("effort_areas", "*"),
    "Months": ("months", "*"),
    "Participants by age": ("age_bands", "*"),
    "Participants by age, by year": ("age_bands", "*", "years", "*"),
    "Participants by gender": ("genders", "*"),
    "Participants by gender, by year": ("genders", "*", "years", "*"),
    "Change": ("change", "*"),
    "Retention": ("retention", "*"),
    "Retention year by year": ("retention", "*", "years", "*"),
    "After taking part": ("alumni",),
    "Followed up by months": ("alumni", "months", "*"),
    "Where former participants are": ("alumni", "months", "*", "statuses", "*"),
    "Areas": ("areas", "*"),
    "Activities": ("activities", "*"),
}
# What a heading is called in the JSON where a table calls it differently.
CALLED: Final[Mapping[tuple[str, str], str]] = {("Retention year by year", "seen_again"): "seen"}
# What stands beside each month on paper.
ON_PAPER: Final = (
    *("sessions", "cancelled_sessions", "attendances", "participant_hours"),
    *("participants", "new_participants"),
)
NUMBER: Final = re.compile(r"[0-9][0-9,]*([.][0-9]+)?")
QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")
SHEET: Final = 31


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of people as the JSON tells it: of whom, None where no release has a cell of it, and what is said."""

    place: Place | None
    said: Any


@dataclass(frozen=True, slots=True)
class Reading:
    """Whoever reads answers about some months.

    `area_of` says where activities and plans are, and `alone` which plans their area has alone, so that its people are
    theirs: everybody knows that.
    """

    calendar: Calendar
    area_of: Mapping[str, str]
    alone: frozenset[str]

    def of_report(self, report: Json, area: str) -> Iterator[tuple[Path, Figure]]:
        """Give the figures of a report, of an area or of the network, by where they stand."""
        whole = self._days(report["period"])
        for path, row, around in _rows(report, ()):
            of_row = self._of_row(path, row, around, area, whole)
            # A cohort that nobody can be seen again of has no such figure.
            yield from ((path, figure) for path, figure in of_row if figure.said)

    def of_choice(self, answer: Json) -> Iterator[tuple[Path, Figure]]:
        """Give the figures of an answer to a question of one's own choice."""
        whole = self._days(answer["period"])
        tables = [("rows", answer["rows"])]
        tables += [(f"totals.{number}.rows", total["rows"]) for number, total in enumerate(answer["totals"])]
        (only,) = answer["filters"]["area"] or (NETWORK,)
        for start, rows in tables:
            for number, row in enumerate(rows):
                where, of = self._where(row, only)
                months = self._months(row, whole)
                for name, said in row.items():
                    if name in NAMES:
                        place = _place(where, NAMES[name], months, of)
                        yield f"{start}.{number}.{name}", Figure(place, said)

    def _where(self, row: Json, only: str) -> tuple[str | None, Of | None]:
        """Give the area of a row and what it is by beside; None where no cell is by all of that."""
        found: list[Of] = [(kind, row[kind]) for kind in ("activity", "plan", "kind") if kind in row]
        if "effort_area" in row:
            found.append(("effort_area", row["pool"], row["effort_area"]))
        area = row.get("area", only)
        if area == NETWORK and found and found[0][0] in {"activity", "plan"}:
            area = self.area_of.get(found[0][1])
        if len(found) > 1 and found[0][0] != "activity":
            return area, None
        if found and found[0][0] == "plan" and found[0][1] in self.alone:
            return area, EVERYBODY
        return area, found[0] if found else EVERYBODY

    def _of_row(
        self, path: Path, row: Json, around: Sequence[Json], area: str, whole: Months | None
    ) -> Iterator[tuple[Path, Figure]]:
        section = path.partition(".")[0]
        of: Of = EVERYBODY
        where, months = row.get("area") or area, self._months(row, whole)
        if section == "previous":
            months = self._days(around[0]["previous"]["period"])
        if section == "effort_areas":
            of = ("effort_area", row["pool"], row["effort_area"])
        elif section in {"age_bands", "genders"}:
            kind = section.removesuffix("s")
            of = (kind, next(each[kind] for each in (row, *around) if kind in each))
        elif section == "activities":
            of = ("activity", row["activity"])
        for name, said in row.items():
            if name in NAMES:
                yield f"{path}.{name}", Figure(_place(where, NAMES[name], months, of), said)
        if section == "change":
            said = {"value": row["pairs"], "suppressed": row["suppressed"]}
            place = _place(where, f"{row['lens']} by {row['respondent']}", months, EVERYBODY)
            yield f"{path}.pairs", Figure(place, said)
        elif section in {"retention", "alumni"}:
            yield from self._of_staying(path, row, around, area, whole)
        elif "measure" in row:
            yield from self._of_goal(path, row, area)

    def _of_staying(
        self, path: Path, row: Json, around: Sequence[Json], area: str, whole: Months | None
    ) -> Iterator[tuple[Path, Figure]]:
        if "seen_again" in row:
            begin, end = self._span(row["cohort"], whole), self.calendar.whole.last
            yield f"{path}.new_participants", Figure(_place(area, "new", begin, ()), row["new_participants"])
            cohort = Months(begin.first, end) if begin else None
            yield f"{path}.seen_again", Figure(_place(area, "seen_again", cohort, ()), row["seen_again"])
        elif "seen" in row:
            begin, later = self._span(around[-1]["cohort"], whole), self._span(row["school_year"], whole)
            months = Months(begin.first, later.last) if begin and later else None
            yield f"{path}.seen", Figure(_place(area, "seen", months, ()), row["seen"])
        elif "left" in row:
            yield f"{path}.left", Figure(_place(area, "left", whole, ()), row["left"])
        elif "followed_up" in row:
            after = str(row["months_after"])
            place = _place(area, "followed_up", whole, ("after", after))
            yield f"{path}.followed_up", Figure(place, row["followed_up"])
        elif "status" in row:
            after = str(around[-1]["months_after"])
            place = _place(area, "status", whole, ("after", after, row["status"]))
            yield f"{path}.people", Figure(place, row["people"])

    def _of_goal(self, path: Path, row: Json, area: str) -> Iterator[tuple[Path, Figure]]:
        """Give the figures of a goal that fills itself."""
        measure = row["measure"]
        if not measure or measure["figure"] not in NAMES:
            return
        by = {kind: measure[kind] for kind in ("activity", "kind") if measure[kind]}
        for number, each in enumerate(row["figures"]):
            if measure["effort_area"]:
                continue
            where, of = self._where({**by, "area": measure["area"] or area}, area)
            # Whatever days are asked for: a goal has its own.
            months = self._span(each["period"], self.calendar.whole) if each["period"] else self.calendar.whole
            place = _place(where, NAMES[measure["figure"]], months, of)
            yield f"{path}.figures.{number}.value", Figure(place, each["value"])

    def _days(self, period: Json) -> Months | None:
        """Give the months of days; those after the release's last are left out."""
        begins = _month(self.calendar.begins.isoformat())
        first = _month(period["from"]) - begins if period["from"] else 0
        last = _month(period["to"]) - begins if period["to"] else self.calendar.months - 1
        return _within(Months(first, last), self.calendar.whole)

    def _months(self, row: Json, whole: Months | None) -> Months | None:
        labels = [row[each] for each in ("month", "quarter", "school_year", "year") if each in row]
        return self._span(str(labels[0]), whole) if labels else whole

    def _span(self, label: str, whole: Months | None) -> Months | None:
        begins = _month(self.calendar.begins.isoformat())
        if "/" in label:
            first, length = _month(f"{label[:4]}-08"), 12
        elif quarter := QUARTER.fullmatch(label):
            first, length = _month(f"{quarter[1]}-01") + 3 * (int(quarter[2]) - 1), 3
        elif "-" in label:
            first, length = _month(label), 1
        else:
            first, length = _month(f"{label}-01"), 12
        return _within(Months(first - begins, first + length - 1 - begins), whole)


def on_a_page(html: str) -> Iterator[tuple[Path, float]]:
    """Give what a page tells of figures, by where they stand in the JSON behind it."""
    for value, path in re.findall(r'<data value="([^"]*)" data-figure="([^"]*)"', html):
        yield path, float(value)


def in_long_csv(content: bytes, report: Json) -> Iterator[tuple[Path, float]]:
    """Give what a file of a report, in English, tells of figures of people, by where they stand in the JSON."""
    _, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    for title, rows in itertools.groupby(lines, key=lambda line: line[0]):
        if title == "Key figures":
            for _, label, field, value, *_ in rows:
                if label in LABELS and field == "Value" and value:
                    yield f"totals.{LABELS[label]}", float(value)
            continue
        told = [(label, value) for _, _, label, value, *_ in rows]
        if any(label in LABELS and value for label, value in told) and title in TABLES:
            yield from _in_rows(title, told, report)
        elif any(label in LABELS and value for label, value in told):
            yield from ((f"{title}?", float(value)) for label, value in told if label in LABELS and value)


def _in_rows(title: str, told: Sequence[tuple[str, str]], report: Json) -> Iterator[tuple[Path, float]]:
    """Give figures of a table whose rows have the same fields each, in the order of the JSON."""
    places = list(_ways(report, TABLES[title], ()))
    fields = len(told) // len(places)
    for number, place in enumerate(places):
        for label, value in told[number * fields : (number + 1) * fields]:
            if label in LABELS and value:
                yield f"{place}.{CALLED.get((title, LABELS[label]), LABELS[label])}", float(value)


def in_workbook(content: bytes, report: Json) -> Iterator[tuple[Path, float]]:
    """Give what a workbook of a report, in English, tells of figures of people, by where they stand in the JSON."""
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        heading, *rows = _cells(sheet)
        if sheet.title == "Key figures":
            yield from ((f"totals.{LABELS[row[0]]}", row[1]) for row in rows if row[0] in LABELS and _is_told(row[1]))
            continue
        title = next((each for each in TABLES if each[:SHEET] == sheet.title), None)
        places = list(_ways(report, TABLES[title], ())) if title else [f"{sheet.title}?"] * len(rows)
        for place, row in zip(places, rows, strict=True):
            for label, value in zip(heading, row, strict=False):
                if label in LABELS and _is_told(value):
                    yield f"{place}.{CALLED.get((title or '', LABELS[label]), LABELS[label])}", value


def in_table(content: bytes, start: str) -> Iterator[tuple[Path, float]]:
    """Give what a table of one's own choice, as a file, tells of figures of people."""
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    for number, row in enumerate(rows):
        for label, value in zip(heading, row, strict=False):
            if label in LABELS and value:
                yield f"{start}.{number}.{LABELS[label]}", float(value)


def in_sheet(content: bytes, start: str) -> Iterator[tuple[Path, float]]:
    """Give what a workbook of one's own choice, in English, tells of figures of people in its rows."""
    heading, *rows = _cells(openpyxl.load_workbook(io.BytesIO(content))["Figures"])
    for number, row in enumerate(rows):
        for label, value in zip(heading, row, strict=False):
            if label in LABELS and _is_told(value):
                yield f"{start}.{number}.{LABELS[label]}", value


def on_paper(text: str, report: Json) -> Iterator[tuple[Path, float]]:
    """Give what a document in English tells of the key figures, and of people month by month."""
    lines = text.splitlines()
    for number, label in itertools.pairwise(lines):
        if label in LABELS and NUMBER.fullmatch(number):
            yield f"totals.{LABELS[label]}", float(number.replace(",", ""))
    for place, row in enumerate(report["months"]):
        month = date.fromisoformat(f"{row['month']}-01")
        start = f"{month:%B %Y} "
        for line in lines:
            found = line.removeprefix(start).split()
            if line.startswith(start) and len(found) == len(ON_PAPER):
                told = zip(ON_PAPER, found, strict=True)
                yield from (
                    (f"months.{place}.{name}", float(said.replace(",", "")))
                    for name, said in told
                    if NUMBER.fullmatch(said)
                )


def in_chart(name: str, drawn: Json, report: Json) -> Iterator[tuple[Path, float]]:
    """Give what a chart in English tells of people, by where it stands in the report that it is drawn from."""
    rows = [row for data in drawn["datasets"].values() for row in data]
    by_month = {row["month"]: number for number, row in enumerate(report["months"])}
    by_band = {row["age_band"]: number for number, row in enumerate(report.get("age_bands", ()))}
    by_cohort = {row["cohort"]: number for number, row in enumerate(report.get("retention", ()))}
    for row in rows:
        if name in {"participants", "attendance"} and "value" in row:
            yield f"months.{by_month[row['month'][:7]]}.{LABELS[row['series']]}", row["value"]
        elif name == "age_bands" and "value" in row:
            yield f"age_bands.{by_band[row['band']]}.participants", row["value"]
        elif name == "retention" and NUMBER.fullmatch(row["people"]):
            own, value = f"retention.{by_cohort[row['cohort']]}", float(row["people"].replace(",", ""))
            later = row["years"]
            yield (f"{own}.years.{later - 1}.seen" if later else f"{own}.new_participants"), value


def _cells(sheet: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  a cell is of any type
    return list(sheet.iter_rows(values_only=True))


def _is_told(value: object) -> bool:
    return isinstance(value, int | float)


def _rows(part: Json, around: Sequence[Json], path: Path = "") -> Iterator[tuple[Path, Json, Sequence[Json]]]:
    """Give each part of a report that has fields, with where it stands and what is around it, the innermost last."""
    if isinstance(part, dict) and not {"suppressed", "value"} <= part.keys():
        if path:
            yield path, part, around
        for name, inner in part.items():
            yield from _rows(inner, (*around, part), f"{path}.{name}".lstrip("."))
    elif isinstance(part, list):
        for number, inner in enumerate(part):
            yield from _rows(inner, around, f"{path}.{number}")


def _ways(part: Json, steps: Sequence[str], path: Sequence[str]) -> Iterator[Path]:
    """Give where the rows of a table stand."""
    if not steps:
        yield ".".join(path)
    elif steps[0] == "*":
        for number, inner in enumerate(part):
            yield from _ways(inner, steps[1:], (*path, str(number)))
    else:
        yield from _ways(part[steps[0]], steps[1:], (*path, steps[0]))


def _place(area: str | None, name: str, months: Months | None, of: Of | None) -> Place | None:
    return None if area is None or months is None or of is None else (area, Count(name, months, of))


def _within(months: Months, whole: Months | None) -> Months | None:
    if whole is None:
        return None
    found = Months(max(months.first, whole.first), min(months.last, whole.last))
    return found if found.first <= found.last else None


def _month(day: str) -> int:
    return 12 * int(day[:4]) + int(day[5:7]) - 1
