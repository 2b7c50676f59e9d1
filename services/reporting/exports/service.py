"""Making files of what is asked for: CSV of all tables or of one, and workbooks. It reads no database."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import orjson

from services.reporting.exports import comma_separated, data_package, figures, ground, reports, workbook
from services.reporting.exports.tables import Document, Language
from services.reporting.reader.origin import Origin
from services.reporting.reader.report import Report
from shared.errors import Unanswerable
from shared.fairness import Shares

Suffix = Literal["csv", "xlsx", "zip"]
# How many files are made at once; each is put together in memory, beside the event loop.
FILES_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class File:
    """A file as it goes out."""

    content: bytes
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Form:
    """In which form a file is asked for: its suffix, its language, and for CSV perhaps one table alone."""

    suffix: Suffix
    language: Language
    table: str | None = None

    def tag(self, etag: str) -> str:
        """Give the entity tag of this form of an answer that has an entity tag of its own."""
        return f'"{"-".join(filter(None, (etag.strip(chr(34)), self.suffix, self.language, self.table)))}"'


class Files:
    """Makes files beside the event loop, a few at once."""

    def __init__(self, shares: Shares, concern: reports.Concern) -> None:
        self._shares = shares
        self._concern = concern
        self._making = asyncio.Semaphore(FILES_AT_ONCE)

    async def of_report(  # noqa: PLR0913, PLR0917  as of a document
        self, sender: str, report: Report, kind: str, name: str, form: Form, origin: Origin | None = None
    ) -> File:
        """Make a file of a report.

        Raises:
            Unanswerable: it has no such table (`unknown_table`).
        """
        document = reports.document
        return await self._make(
            sender,
            lambda: _file(document(kind, name, orjson.loads(report.body), form.language, self._concern, origin), form),
        )

    async def of_figures(self, sender: str, report: Report, form: Form) -> File:
        """Make a file of an answer to a question for figures.

        Raises:
            Unanswerable: it has no such table (`unknown_table`).
        """
        return await self._make(sender, lambda: _file(figures.document(orjson.loads(report.body), form.language), form))

    async def of_ground(self, sender: str, told: Report, form: Form) -> File:
        """Make a file of the events of a figure.

        Raises:
            Unanswerable: it has no such table (`unknown_table`).
        """
        return await self._make(sender, lambda: _file(ground.document(orjson.loads(told.body), form.language), form))

    async def package(self, sender: str, report: Report, language: Language) -> File:
        """Make a data package of an answer to a question for figures."""
        return await self._make(sender, lambda: _package(report, language))

    async def _make(self, sender: str, make: Callable[[], File]) -> File:
        """Make a file when it is its turn.

        Raises:
            TooManyRequests: too many are made for this sender.
            Busy: too many are made.
        """
        with self._shares.held(sender):
            async with self._making:
                return await asyncio.to_thread(make)


def _package(report: Report, language: Language) -> File:
    content = data_package.data_package(orjson.loads(report.body), language)
    return File(content, data_package.MEDIA_TYPE, "figures.zip")


def _file(document: Document, form: Form) -> File:
    name = f"{document.name}.{form.suffix}"
    if form.suffix == "xlsx":
        return File(workbook.workbook(document), workbook.MEDIA_TYPE, name)
    if form.table is None:
        return File(comma_separated.long_csv(document), comma_separated.MEDIA_TYPE, name)
    found = next((table for table in document.tables if table.name == form.table), None)
    if found is None:
        names = ", ".join(table.name for table in document.tables)
        raise Unanswerable("unknown_table", f"there is no table '{form.table}'; there are {names}")
    return File(
        comma_separated.table_csv(document, found),
        comma_separated.MEDIA_TYPE,
        f"{document.name}-{found.name}.{form.suffix}",
    )
