"""What a file says of where it is from: which report, for whom, at which place of the logs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

import orjson
from fastapi import Request

from services.reporting.reader.version import version
from services.reporting.terms import Json
from shared import clock
from shared.tokens import Identity

# Under this name it stands in a workbook's properties, and before it in a document's key words.
PROPERTY: Final = "helhedsnet-origin"
DAYS: Final = ("from", "to", "period")
OWNERS: Final = ("registry", "funding", "reporting")
EVERYBODY: Final = "everybody"
OWN_AREAS: Final = "coordinator:"
STATEMENTS: Final = "/statements/"


@dataclass(frozen=True, slots=True)
class Origin:
    """Which report a file is of: its path and days as they were asked for, on which day, and for which reader.

    Files of one report at one place for readers who are told the same are the same, so no reader is named but by areas.
    """

    report: str
    days: Mapping[str, str]
    day: str
    reader: str

    @classmethod
    def of(cls, request: Request, reader: Identity) -> Self:
        """Give the origin of the file that is asked for."""
        return cls.named(request, reader, request.url.path.rpartition("/reports/")[2].rpartition(".")[0], clock.today())

    @classmethod
    def named(cls, request: Request, reader: Identity, report: str, day: date) -> Self:
        """Give the origin of a report's file that was made on a day."""
        asked = {name: request.query_params[name] for name in DAYS if name in request.query_params}
        # An annual statement is the same for all who may read it.
        is_own = reader.role == "coordinator" and STATEMENTS not in report
        who = OWN_AREAS + ",".join(sorted(reader.areas)) if is_own else EVERYBODY
        return cls(report, asked, day.isoformat(), who)

    def written(self, report: Json, language: str) -> str:
        """Write it for the file of a report, with the report's place, digest and rules, and what version writes it."""
        told: dict[str, Any] = {
            "report": self.report,
            "days": dict(self.days),
            # A statement depends on no day: the same one is the same file whenever it is made.
            "day": (report["as_of"].get("recorded") or self.day)[:10] if STATEMENTS in self.report else self.day,
            "reader": self.reader,
            "language": language,
            "cursor": ",".join(f"{owner}:{report['as_of'].get(owner, 0)}" for owner in OWNERS),
            "digest": report["digest"],
            "rules": report["rules"],
            "version": version(),
        }
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()
