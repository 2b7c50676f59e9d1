"""Answering questions for figures by dimensions, each figure of people as its reader is told of it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import orjson

from services.reporting.figures import goals, pivot, store
from services.reporting.figures.outside import Place, SeenFromOutside, cells, place_of
from services.reporting.figures.pivot import MAX_CELLS, OF_MONEY, Found, Key, LabelledPeriod, Margin, Question
from services.reporting.figures.store import Figures
from services.reporting.folding import position
from services.reporting.periods import asked_for
from services.reporting.reader.report import Report
from services.reporting.releases import store as releases
from services.reporting.releases.reading import Releases
from services.reporting.releasing.released import NETWORK as ALL_AREAS
from services.reporting.reports import store as report_store
from services.reporting.reports.goal_figures import GoalQuestion
from services.reporting.reports.parts.head import people_basis
from services.reporting.reports.released_people import PeopleCount, ReleasedPeople, shown
from services.reporting.reports.service import KEPT_REPORT_BYTES
from services.reporting.terms import COUNTS, DONE, NUMBERS, OF_PEOPLE, Json, number
from shared import clock
from shared.database import Connection, Pool
from shared.errors import Unanswerable
from shared.recent import Recent


class FigureAnswers:
    """Answers questions for figures, and keeps the answers made at the present cursor."""

    def __init__(self, pool: Pool, releases: Releases) -> None:
        self._pool = pool
        self._releases = releases
        self._made: Recent[str, Report] = Recent(KEPT_REPORT_BYTES)

    async def answer(self, question: Question, own: frozenset[str]) -> Report:
        """Answer a question as of this moment's cursor.

        Where it is of some of the reader's `own` areas alone, everything is live and complete.

        Raises:
            Unanswerable: it cannot be answered (see `Question.check`), its dates are reversed (`dates_reversed`) or too
                far apart (`period_too_long`), or the answer would have too many cells (`too_many_cells`).
        """
        question.check()
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            today, stands = clock.today(), await position.cursor_and_generation(connection)
            is_inside = _is_inside(question, own)
            asked = repr((question, is_inside, stands, today))
            etag = f'"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'
            if (made := self._made.find(etag)) is not None:
                return made
            found = await self._read(connection, question, today, is_inside=is_inside)
        body = orjson.dumps(pivot.answer(question, found))
        return self._made.keep(etag, Report(body, etag), len(body))

    async def of_goal(self, connection: Connection, asked: GoalQuestion, today: date) -> list[Json]:
        """Answer how far a goal is, in a report's own transaction: what the same question is answered by the route."""
        question = goals.question_of(asked)
        found = await self._read(connection, question, today, is_inside=_is_inside(question, asked.own))
        return list(goals.values(asked, pivot.answer(question, found)))

    async def _read(self, connection: Connection, question: Question, today: date, *, is_inside: bool) -> Found:
        whole = await report_store.whole_period(connection, today)
        period = asked_for(question.first_day, question.last_day, whole)
        parts = pivot.parts(period, question.time) if period else []
        places = await store.places(connection, question) if period else {}
        _check_size(question, places, len(parts) - 1)
        recorded = await store.recorded(connection)
        found = Found(
            as_of={**await position.cursor(connection), "recorded": recorded.isoformat() if recorded else None},
            period=period,
            parts=parts,
            places=places,
            figures=await _figures(connection, question, parts) if period else {},
            people=_nobody,
            names=await store.names(connection, question.things),
            basis=people_basis(None),
        )
        if period is None:
            return found
        if is_inside:
            return replace(found, people=await _live(connection, question, found))
        head = await releases.newest(connection)
        people = await self._outside(connection, question, found, ReleasedPeople(head, {}, whole))
        return replace(found, people=people, basis=people_basis(ReleasedPeople(head)))

    async def _outside(
        self, connection: Connection, question: Question, found: Found, outside: ReleasedPeople
    ) -> Callable[[str, Margin, Key], PeopleCount]:
        """Read what everybody is told of the people whom a question is about."""
        days = {part.label: part.period for part in found.parts}
        rows: dict[tuple[Margin, Key], Place | None] = {}
        if outside.head is not None and set(question.indicators) & set(OF_PEOPLE):
            known = await store.known(connection)
            rows = {
                (margin, key): place_of(question, known, margin, key)
                for margin in question.margins()
                for key in pivot.keys(question, found, margin)
            }
            asked = set(cells(question, rows, days, outside))
            told = await self._releases.of_areas(connection, outside.head, [ALL_AREAS])
            told = {**told, **await self._releases.of_cells(connection, outside.head, asked)}
            outside = replace(outside, told=told)
        return SeenFromOutside(question, rows, days, outside).count


def _is_inside(question: Question, own: frozenset[str]) -> bool:
    """Tell whether a question is of some of its reader's own areas alone."""
    return bool(question.areas) and own.issuperset(question.areas)


async def _live(connection: Connection, question: Question, found: Found) -> Callable[[str, Margin, Key], PeopleCount]:
    """Count the people whom a question is about."""
    counted: Figures = {}
    if set(question.indicators) & set(COUNTS):
        counted = await store.people(connection, question, found.parts)

    def count(name: str, margin: Margin, key: Key) -> PeopleCount:
        figures = found.figures if name in DONE else counted
        return shown(number(figures.get((margin, key), {}).get(name, 0)) or 0)

    return count


def _nobody(*_: object) -> PeopleCount:
    """Count people before there is anything to count them in."""
    return shown(0)


async def _figures(connection: Connection, question: Question, parts: list[LabelledPeriod]) -> Figures:
    """Read the figures that a question is for but for counts of people."""
    figures: Figures = {}
    if set(question.indicators) & {*NUMBERS, *DONE}:
        figures = await store.numbers(connection, question, parts)
    if set(question.indicators) & set(OF_MONEY):
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
    if (cells := rows * len(question.told)) > MAX_CELLS:
        raise Unanswerable(
            "too_many_cells", f"{cells} cells; an answer has at most {MAX_CELLS}: ask for less at a time"
        )
