"""Answering questions for figures by dimensions, each count of people as far as its reader may see it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from services.reporting.figures import pivot, store
from services.reporting.figures.pivot import MAX_CELLS, SHARES, Found, Key, LabelledPeriod, Margin, Question
from services.reporting.figures.store import Figures
from services.reporting.folding import position
from services.reporting.people.disclosure import People, View
from services.reporting.people.viewing import Views
from services.reporting.periods import Period, asked_for
from services.reporting.reader.report import Report
from services.reporting.reports import store as report_store
from services.reporting.reports.service import CACHED_REPORTS
from services.reporting.terms import AMOUNTS, COUNTS, NUMBERS
from shared import clock
from shared.database import Connection, Pool
from shared.errors import Unanswerable
from shared.recent import Recent


@dataclass(frozen=True, slots=True)
class Seeing:
    """What one reader sees of the people that a question is about.

    `own` are the areas whose people the reader may see, `counted` their true counts; of all others the reader sees
    what is published.
    """

    question: Question
    parts: Mapping[str | None, Period]
    own: frozenset[str]
    counted: Figures
    effort_areas: frozenset[tuple[str, str]]
    published: People
    view: View | None

    def count(self, name: str, margin: Margin, key: Key) -> int | None:
        """Give a count of people, or None where this reader does not see it."""
        told = dict(zip(margin, key, strict=True))
        areas = {told["area"]} if "area" in told else set(self.question.areas)
        if areas and areas <= self.own:
            found: int = self.counted.get((margin, key), {}).get(name, 0)
            return found
        if self.view is None:
            return 0
        if told.keys() & {"plan", "activity", "kind"} or self.question.plans or len(areas) > 1:
            return None
        effort_areas = self._effort_areas(told)
        if effort_areas is None:
            return None
        label = told.get(self.question.time or "")
        return self.view.count(
            self.published, name, self.parts[label], next(iter(areas), None), next(iter(effort_areas), None)
        )

    def _effort_areas(self, told: Mapping[str, Any]) -> frozenset[tuple[str, str]] | None:
        """Give the one effort area that a row is about, none for all; None where it is about some."""
        if "effort_area" in told:
            return frozenset({told["effort_area"]}) if told["effort_area"] else None
        asked = self.question.effort_areas
        if not asked:
            return frozenset()
        chosen = frozenset(each for each in self.effort_areas if each[1] in asked)
        return chosen if len(chosen) == len(set(asked)) == 1 else None


class FigureAnswers:
    """Answers questions for figures, and keeps the answers made at the present cursor."""

    def __init__(self, pool: Pool, views: Views) -> None:
        self._pool = pool
        self._views = views
        self._made: Recent[str, Report] = Recent(CACHED_REPORTS)

    async def answer(self, question: Question, own: frozenset[str]) -> Report:
        """Answer a question as of this moment's cursor, for a reader who may see the people of `own` areas.

        Raises:
            Unanswerable: it cannot be answered (see `Question.check`), its dates are reversed (`dates_reversed`) or too
                far apart (`period_too_long`), or the answer would have too many cells (`too_many_cells`).
        """
        question.check()
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            today, stands = clock.now().date(), await position.cursor_and_generation(connection)
            asked = repr((question, sorted(own), stands, self._views.threshold, today))
            etag = f'"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'
            if (made := self._made.find(etag)) is not None:
                return made
            found = await self._read(connection, question, own, today)
        return self._made.keep(etag, Report(orjson.dumps(pivot.answer(question, found)), etag))

    async def _read(self, connection: Connection, question: Question, own: frozenset[str], today: date) -> Found:
        whole = await report_store.whole_period(connection, today)
        period = asked_for(question.first_day, question.last_day, whole)
        parts = pivot.parts(period, question.time) if period else []
        places = await store.places(connection, question) if period else {}
        _check_size(question, places, len(parts) - 1)
        recorded = await store.recorded(connection)
        return Found(
            as_of={**await position.cursor(connection), "recorded": recorded.isoformat() if recorded else None},
            period=period,
            parts=parts,
            places=places,
            figures=await _figures(connection, question, parts) if period else {},
            people=await self._people(connection, question, own, whole or period, parts),
            names=await store.names(connection, question.things),
            threshold=self._views.threshold,
        )

    async def _people(
        self,
        connection: Connection,
        question: Question,
        own: frozenset[str],
        whole: Period | None,
        parts: list[LabelledPeriod],
    ) -> Callable[[str, Margin, Key], int | None]:
        """Give what a reader sees of the people whom a question is about."""
        counted: Figures = {}
        published: People = {}
        view: View | None = None
        if set(question.indicators) & set(COUNTS) and whole is not None:
            view = await self._views.of(connection, whole, own)
            published = view.people
            if seen := own & set(question.areas) if question.areas else own:
                counted = await store.people(connection, question, parts, seen)
        effort_areas = await store.effort_areas(connection) if question.effort_areas else []
        periods = {part.label: part.period for part in parts}
        return Seeing(question, periods, own, counted, frozenset(effort_areas), published, view).count


async def _figures(connection: Connection, question: Question, parts: list[LabelledPeriod]) -> Figures:
    """Read the figures that a question is for and that are always shown."""
    figures: Figures = {}
    if set(question.indicators) & set(NUMBERS):
        figures = await store.numbers(connection, question, parts)
    if set(question.indicators) & {*AMOUNTS, *SHARES}:
        standings = await store.standings(connection, question, parts)
        for margin in question.margins():
            for key, values in pivot.amounts(margin, question, standings, parts).items():
                figures.setdefault((margin, key), {}).update(values)
    return figures


def _check_size(question: Question, places: Mapping[Margin, list[Key]], spans: int) -> None:
    rows = sum(
        len(places.get(tuple(name for name in margin if name in pivot.BITS), ()))
        * (spans if question.time in margin else 1)
        for margin in question.margins()
    )
    if (cells := rows * len(question.indicators)) > MAX_CELLS:
        raise Unanswerable(
            "too_many_cells", f"{cells} cells; an answer has at most {MAX_CELLS}: ask for less at a time"
        )
