"""Reports that were frozen: made at a cursor, kept as they were, and compared with what they would say now (ADR 41)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import orjson

from services.reporting.digest import OUTSIDE_DIGEST
from services.reporting.publishing import store
from services.reporting.publishing.rules import ReportMade
from services.reporting.reader.wanted import Wanted
from services.reporting.reports.accounts import withhold_accounts
from services.reporting.reports.service import Reports
from services.reporting.terms import Json
from shared.accounts import EVERY_PLANS, Accounts
from shared.database import Pool
from shared.errors import NotFound, Unanswerable

# What names a row of a report's lists, so that the row of then is compared with the same one of now.
NAMES: Final = ("area", "pool", "effort_area", "month", "plan", "commitment", "activity", "lens", "respondent", "goal")
NAMES_ONCE_MORE: Final = (
    *("indicator", "story", "milestone", "code", "year"),
    *("cohort", "years_later", "months_after", "status"),
)


class Publishing:
    """Freezes reports as everybody outside an area sees them, and tells what has changed since."""

    def __init__(self, pool: Pool, reports: Reports) -> None:
        self._pool = pool
        self._reports = reports

    async def made(self, report: str, cursor: str) -> ReportMade | None:
        """Give a report at a cursor: the present one, or one at which it was made lately; None when it is neither."""
        try:
            found = await self._reports.at(wanted(report), _cursor(cursor))
        except (NotFound, Unanswerable):
            return None
        if found is None:
            return None
        digest: str = orjson.loads(found.body)["digest"]
        return ReportMade(report, cursor, digest, found.body)

    async def listed(self) -> list[Json]:
        """List what was published, the newest first."""
        async with self._pool.acquire() as connection:
            return [_told(row) for row in await store.published(connection)]

    async def frozen(self, number: int) -> tuple[Json, bytes]:
        """Give a published report: what is known of it, and its JSON.

        Raises:
            NotFound: there is none.
        """
        async with self._pool.acquire() as connection:
            row = await store.published_report(connection, number)
        if row is None:
            raise NotFound(f"there is no published report {number}")
        return _told(row), row["body"]

    async def changes(self, number: int, accounts: Accounts) -> Json:
        """Tell what the same report says otherwise now: for the same days, and as everybody outside an area sees it.

        What changed in plans' accounts is told to those who read them.

        Raises:
            NotFound: there is no such published report.
        """
        told, body = await self.frozen(number)
        then: Json = orjson.loads(body)
        period = then["period"]
        question = wanted(told["report"], period["from"], period["to"])
        now: Json = orjson.loads((await self._reports.report(question)).body)
        before, after = (dict(_figures(withhold_accounts(each, accounts))) for each in (then, now))
        return {
            "published": told,
            "period": period,
            "as_of": now["as_of"],
            "digest": now["digest"],
            # One that was published before rules had a number says none.
            "rules": {"then": then.get("rules"), "now": now["rules"]},
            "changed": [
                {"figure": figure, "then": before.get(figure), "now": after.get(figure)}
                for figure in sorted(before.keys() | after.keys())
                if before.get(figure) != after.get(figure)
            ],
        }


def wanted(report: str, first_day: str | None = None, last_day: str | None = None) -> Wanted:
    """Read which report is meant, `network` or `areas/<area>`, and of which days."""
    name, _, days = report.partition("?")
    if days and first_day is None:
        first_day, last_day = (part.partition("=")[2] for part in days.split("&"))
    return Wanted(
        area=name.removeprefix("areas/") if name != "network" else None,
        first_day=date.fromisoformat(first_day) if first_day else None,
        last_day=date.fromisoformat(last_day) if last_day else None,
        accounts=EVERY_PLANS,
    )


def _cursor(text: str) -> dict[str, int]:
    parts = (part.partition(":") for part in text.split(","))
    return {owner: int(sequence) for owner, _, sequence in parts}


def _told(row: Mapping[str, Any]) -> Json:
    return {
        "id": row["sequence"],
        "report": row["report"],
        "cursor": row["cursor"],
        "digest": row["digest"],
        "published": row["published"].isoformat(),
    }


def _figures(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401  any JSON
    """Give every figure of a report with the way to it, in which a row stands under its name, not its place."""
    if isinstance(value, dict):
        for key, part in value.items():
            if where or key not in OUTSIDE_DIGEST:
                yield from _figures(part, f"{where}/{key}")
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _figures(part, f"{where}/{_row_name(part, place)}")
    else:
        yield where, value


def _row_name(row: Any, place: int) -> str:  # noqa: ANN401  any JSON
    if not isinstance(row, dict):
        return str(place)
    names = [str(row[name]) for name in (*NAMES, *NAMES_ONCE_MORE) if isinstance(row.get(name), str | int)]
    return " ".join(names) or str(place)
