"""Every query behind the pivot of figures. It never commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from services.reporting.figures.outside import KnownThings
from services.reporting.figures.pivot import BITS, Key, LabelledPeriod, Margin, Money, Question, mask
from services.reporting.statements import statement
from services.reporting.terms import AMOUNTS, COUNTS, DONE, NUMBERS, Standing
from shared.database import Connection

NUMBER_THEMES: Final = ("sums", "activities", "things")
PEOPLE_THEMES: Final = ("people", "volunteers")
Figures = dict[tuple[Margin, Key], dict[str, Any]]


async def numbers(connection: Connection, question: Question, parts: Sequence[LabelledPeriod]) -> Figures:
    """Read all figures but counts of people and money, by margin and key."""
    return await _read(connection, NUMBER_THEMES, (*NUMBERS, *DONE), question, parts)


async def people(connection: Connection, question: Question, parts: Sequence[LabelledPeriod]) -> Figures:
    """Count the people of the areas asked for by margin and key: for those whose areas these are."""
    return await _read(connection, PEOPLE_THEMES, COUNTS, question, parts)


async def places(connection: Connection, question: Question) -> dict[Margin, list[Key]]:
    """Read what there is to tell apart, for each choice of the dimensions that are not of time."""
    by_mask = {mask(margin): margin for margin in question.margins() if question.time not in margin}
    found: dict[Margin, list[Key]] = {margin: [] for margin in by_mask.values()}
    rows = await connection.fetch(
        statement("figures", "places"),
        sorted(by_mask),
        *(_or_all(names) for names in (question.areas, question.plans, question.effort_areas)),
    )
    for row in rows:
        margin = by_mask[row["mask"]]
        found[margin].append(_key(margin, row, None))
    # The whole is there even before the first area.
    found[()] = [()]
    return found


async def standings(connection: Connection, question: Question, parts: Sequence[LabelledPeriod]) -> list[Money]:
    """Read how commitments stand at the end of each part of the time: by plan and kind of funder, confirmed or not."""
    rows = await connection.fetch(
        statement("figures", "money"),
        list(range(len(parts))),
        [part.period.last_day for part in parts],
        _or_all(question.areas),
        _or_all(question.plans),
    )
    return [
        Money(
            row["number"],
            tuple(row["areas"]),
            Standing(row["plan"], "", row["funder_kind"], *(row[name] for name in (*AMOUNTS, "is_confirmed"))),
        )
        for row in rows
    ]


async def known(connection: Connection) -> KnownThings:
    """Read what everybody knows of the things that rows are about."""
    activities = await connection.fetch("SELECT activity, area FROM activity WHERE area IS NOT NULL ORDER BY activity")
    plans = await connection.fetch("SELECT plan, areas FROM plan ORDER BY plan")
    effort_areas = await connection.fetch(statement("reports", "effort_areas"), None, None)
    return KnownThings(
        {row["activity"]: row["area"] for row in activities},
        {row["plan"]: tuple(row["areas"]) for row in plans},
        frozenset((row["pool"], row["effort_area"]) for row in effort_areas),
    )


async def recorded(connection: Connection) -> datetime | None:
    """Give when the newest event that is folded was recorded."""
    found: datetime | None = await connection.fetchval("SELECT max(recorded) FROM freshness")
    return found


async def names(connection: Connection, dimensions: Sequence[str]) -> dict[str, dict[str, str]]:
    """Read what the things of dimensions are called, by their slug."""
    found: dict[str, dict[str, str]] = {}
    for row in await connection.fetch(statement("figures", "names"), list(dimensions)):
        found.setdefault(row["dimension"], {})[row["slug"]] = row["name"]
    return found


async def _read(
    connection: Connection,
    themes: Sequence[str],
    wanted: Sequence[str],
    question: Question,
    parts: Sequence[LabelledPeriod],
) -> Figures:
    margins = {mask(margin): margin for margin in question.margins()}
    figures: Figures = {}
    for theme in themes:
        rows = await connection.fetch(
            statement("figures", theme),
            list(range(len(parts))),
            [part.period.first_day for part in parts],
            [part.period.last_day for part in parts],
            [part.label is not None for part in parts],
            sorted(margins),
            *(_or_all(chosen) for chosen in (question.areas, question.plans, question.effort_areas)),
        )
        for row in rows:
            margin = margins[row["mask"]]
            key = _key(margin, row, parts[row["number"]].label)
            values = {name: row[name] for name in wanted if name in row}
            figures.setdefault((margin, key), {}).update(values)
    return figures


def _key(margin: Margin, row: asyncpg.Record, label: str | None) -> Key:
    """Give what a row is about; an effort area is named with its pool, and '' is nothing."""
    values: list[Any] = []
    for name in margin:
        if name not in BITS:
            values.append(label)
        elif name == "effort_area":
            values.append((row["pool"], row[name]) if row[name] else None)
        else:
            values.append(row[name] or None)
    return tuple(values)


def _or_all(chosen: Sequence[str]) -> list[str] | None:
    return list(chosen) or None
