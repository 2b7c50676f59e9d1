"""The rejected events that a reader is told of, put into a report that was made without them. It reads no database.

What was refused is in no log and moves no cursor, so a report is made without it, and it is put into the list of what
needs attention afterwards: nothing else of the report is made again for its sake.
"""

import hashlib
from collections.abc import Collection, Sequence
from typing import Final

import orjson

from services.reporting.reader.report import Report
from services.reporting.reader.wanted import ToldOf
from services.reporting.reports import attention
from services.reporting.terms import Json
from shared.recent import Recent

# How many bytes of reports are kept as they were told.
KEPT_TOLD_BYTES: Final = 32 * 1024 * 1024

# The entity tag of the report, who is told of what, and how often the rejections had changed.
Telling = tuple[str, ToldOf, int]


class ToldReports:
    """Reports as they were told last."""

    def __init__(self) -> None:
        self._told: Recent[Telling, Report] = Recent(KEPT_TOLD_BYTES)

    def find(self, telling: Telling) -> Report | None:
        """Give a report as it was told, if nothing has changed since."""
        return self._told.find(telling)

    def tell(self, telling: Telling, report: Report, rejected: Sequence[Json]) -> Report:
        """Put rejected events into what needs attention, and keep the report so."""
        told = _with(report, rejected) if rejected else report
        return self._told.keep(telling, told, len(told.body))


def _with(report: Report, rejected: Sequence[Json]) -> Report:
    content: Json = orjson.loads(report.body)
    places = _places(content)
    concerned = [item for item in rejected if places is None or item["area"] in places]
    if not concerned:
        return report
    content["attention"] = attention.in_order([*content["attention"], *concerned])
    tag = hashlib.sha256(report.etag.encode() + orjson.dumps(concerned)).hexdigest()[:32]
    return Report(orjson.dumps(content), f'"{tag}"')


def _places(content: Json) -> Collection[str] | None:
    """Give the areas that a report is about; None for that of the network."""
    if "plan" in content:
        areas: list[str] = content["plan"]["areas"]
        return areas
    return [content["area"]["area"]] if "area" in content else None
