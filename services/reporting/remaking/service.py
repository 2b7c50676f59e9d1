"""Making a report again as it was at a place of the logs, on a day, for a reader. It commits nothing that stays."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import orjson

from services.reporting.figures.service import FigureAnswers
from services.reporting.folding import position
from services.reporting.reader.report import Report
from services.reporting.reader.wanted import ToldOf, Wanted
from services.reporting.releases.reading import Releases
from services.reporting.remaking import store
from services.reporting.reports.answers.service import AnswersReader, DailyAnswers
from services.reporting.reports.beside import BesideFigures
from services.reporting.reports.beside_store import beside
from services.reporting.reports.service import Reports
from shared import clock
from shared.backbone.rebuilding import Log
from shared.database import Pool
from shared.errors import Forbidden, NotFound

SLUG: Final = "[a-z0-9][a-z0-9-]{0,62}"
REPORT: Final = re.compile(
    rf"(?P<network>network)|(?P<answers>answers)|areas/(?P<area>{SLUG})"
    rf"|plans/(?P<plan>{SLUG})(?:/statements/(?P<year>[0-9]{{4}}))?"
)


@dataclass(frozen=True, slots=True)
class Remade:
    """Which report is to be made again, and for whom: `wanted` holds the days, the reader's areas and accounts.

    `may_fold` says whether whoever asks may have the logs folded anew, which takes as long as they are.
    """

    report: str
    wanted: Wanted
    told_of: ToldOf
    own: frozenset[str]
    cursor: Mapping[str, int]
    day: date
    may_fold: bool

    @property
    def kind(self) -> str:
        """Give the kind of report, as files name it."""
        found = self.parts
        return "statement" if found["year"] else next(kind for kind, name in found.items() if name)

    @property
    def parts(self) -> dict[str, str | None]:
        """Give what the report's path names.

        Raises:
            NotFound: there is no such report.
        """
        found = REPORT.fullmatch(self.report)
        if found is None:
            raise NotFound(f"there is no report '{self.report}'")
        return found.groupdict()


@dataclass(frozen=True, slots=True)
class RemadeReport:
    """A report as it was, and what a document told beside it."""

    report: Report
    beside: BesideFigures


class Remaking:
    """Makes reports again; `logs` are those of all owners, once the service has started."""

    def __init__(self, pool: Pool, url: str) -> None:
        self._pool = pool
        self._url = url
        self.logs: Mapping[str, Log] = {}

    async def report(self, remade: Remade) -> RemadeReport:
        """Give a report as it was: from the figures that are read where they stand there, else folded up to there.

        Raises:
            NotFound: there is no such report.
            Forbidden: the figures stand elsewhere now, and whoever asks may not have the logs folded anew.
            AlreadyRunning: somebody else makes figures anew.
            BadRequest: a log is not that long (`invalid_cursor`).
        """
        async with self._pool.acquire() as connection:
            now = await position.cursor(connection)
        if now == {**now, **remade.cursor}:
            return await _made(self._pool, remade)
        if not remade.may_fold:
            raise Forbidden("the figures have moved on since: auditors and administrators can have them folded anew")
        async with store.figures_at(self._url, self.logs, remade.cursor) as figures:
            return await _made(figures, remade)


async def _made(pool: Pool, remade: Remade) -> RemadeReport:
    report = await report_of(pool, remade)
    async with pool.acquire() as connection:
        return RemadeReport(report, await beside(connection, orjson.loads(report.body)))


async def report_of(pool: Pool, remade: Remade) -> Report:
    """Make a report from the figures that a pool reads, wherever they stand."""

    def day() -> date:
        return min(remade.day, clock.today())

    parts = remade.parts
    if parts["answers"]:
        reader = AnswersReader(remade.wanted.accounts, remade.own, remade.told_of)
        return await DailyAnswers(pool, Releases(), day).answers(reader)
    releases = Releases()
    reports = Reports(pool, releases, FigureAnswers(pool, releases), day)
    if parts["plan"] and parts["year"]:
        return await reports.statement(parts["plan"], int(parts["year"]), remade.wanted.accounts)
    return await reports.report(remade.wanted, remade.told_of)
