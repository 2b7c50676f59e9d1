"""Funding's read routes. Posting is `shared.http.intake`, the same for every service."""

import contextlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from services.funding import service
from services.funding.domain import rows
from services.funding.domain.annual_statement import AnnualStatement
from services.funding.exports import beancount, tables
from services.funding.exports import books as tabulated
from services.funding.schemas import books, budget, plans, sums
from services.funding.settings import FundingSettings
from services.funding.store import auditing, reading
from services.funding.verification import verify
from shared import clock
from shared.accounts import READERS, accounts_of
from shared.backbone import event_log
from shared.database import Connection, Pool
from shared.errors import BadRequest, NotFound
from shared.http.authentication import only
from shared.http.reading import Cursor, Filter, Limit, Name, PoolOf, in_document
from shared.http.state import part_of
from shared.tokens import Identity, Role

EXPENSE_CURSOR: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([a-z0-9][a-z0-9-]{0,62})")
ENTRY_CURSOR: Final = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")
BEANCOUNT: Final = "text/plain; charset=utf-8"
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

router = APIRouter(tags=["funding"])
Reader = Annotated[Identity, Depends(only(*READERS))]
AUDITORS: Final[tuple[Role, ...]] = ("auditor", "admin")
Auditor = Annotated[Identity, Depends(only(*AUDITORS))]
OtherService = Annotated[Identity, Depends(only("service"))]
OnDay = Annotated[date | None, Query(description="As it stood at the end of this day; else as it stands.")]
Year = Annotated[int | None, Query(ge=2000, le=2100, description="Booked or taken back in this year; else all.")]


@router.get("/plans", summary="Plans")
async def get_plans(pool: PoolOf, reader: Reader) -> plans.Plans:
    """List the plans whose accounts the reader may see."""
    areas = accounts_of(reader).areas
    async with pool.acquire() as connection:
        found = await reading.plans(connection, None if areas is None else sorted(areas))
    return plans.Plans(plans=[plans.PlanLine.of(row) for row in found])


@router.get("/plans/{plan}", summary="A plan's financing")
async def get_plan(
    request: Request,
    pool: PoolOf,
    reader: Reader,
    plan: Name,
    as_of: Annotated[date | None, Query(description="The day to judge pace and arrears on; else today.")] = None,
) -> plans.Plan:
    """Give what is committed, released, received and spent, the regulation accounts, and whether co-funding holds."""
    settings = part_of(request, FundingSettings)
    async with _snapshot(pool, reader, plan) as (connection, row):
        standing = await service.standing(connection, row, as_of or clock.today(), settings)
    return plans.Plan.of(
        row,
        [
            plans.Commitment.of(item, standing.carried_ore(item), standing.instalments_of(item))
            for item in standing.commitments
        ],
        standing.instalments,
        standing.carried_by_year,
        standing.as_of,
    )


@router.get("/plans/{plan}/budget", summary="A plan's budget")
async def get_budget(pool: PoolOf, reader: Reader, plan: Name) -> budget.Budget:
    """Give the budget by line, effort area, cost type and year, what is spent of it, and all its versions."""
    async with _snapshot(pool, reader, plan) as (connection, row):
        return budget.Budget.of(
            row,
            await reading.budget_lines(connection, plan),
            await reading.budget_versions(connection, plan),
            await reading.balances(connection, plan),
        )


@router.get("/plans/{plan}/expenses", summary="A plan's expenses")
async def get_expenses(  # noqa: PLR0913, PLR0917  each is a parameter of the route
    pool: PoolOf, reader: Reader, plan: Name, year: Year = None, cursor: Cursor = "", limit: Limit = 100
) -> books.Expenses:
    """Give the expenses by the day they were incurred, with who carries them and what took them back."""
    after = None
    if cursor:
        day, expense = _parts(EXPENSE_CURSOR, cursor)
        after = _day(day), expense
    async with _snapshot(pool, reader, plan) as (connection, _):
        page = await reading.expenses(connection, plan, year=year, after=after, limit=limit)
    following = f"{page[-1].incurred_on}.{page[-1].expense}" if len(page) == limit else None
    return books.Expenses(expenses=[books.Expense.of(row) for row in page], next=following)


@router.get("/plans/{plan}/ledger", summary="A plan's ledger")
async def get_ledger(  # noqa: PLR0913, PLR0917  each is a parameter of the route
    pool: PoolOf, reader: Reader, plan: Name, account: Filter = None, cursor: Cursor = "", limit: Limit = 100
) -> books.Ledger:
    """Give the entries in the order they were written, of all accounts or of one."""
    sequence, place = map(int, _parts(ENTRY_CURSOR, cursor)) if cursor else (0, 0)
    async with _snapshot(pool, reader, plan) as (connection, row):
        page = await reading.entries(connection, plan, account=account, after=(sequence, place), limit=limit)
        authors = await _authors(connection, reader, page) or {}
    following = f"{page[-1][0]}.{page[-1][1].place}" if len(page) == limit else None
    entries = [books.Entry.of(sequence, entry, authors.get(sequence)) for sequence, entry in page]
    return books.Ledger(plan=plan, seals=row.seals, seal=row.seal.hex(), entries=entries, next=following)


@router.get("/plans/{plan}/trial-balance", summary="A plan's trial balance")
async def get_trial_balance(pool: PoolOf, reader: Reader, plan: Name, on: OnDay = None) -> books.TrialBalance:
    """Give every account's balance; debit and credit are equal."""
    async with _snapshot(pool, reader, plan) as (connection, _):
        balances = await reading.balances(connection, plan, on)
    return books.TrialBalance.of(plan, on, balances)


@router.get("/plans/{plan}/statements/{year}", summary="A plan's annual statement")
async def get_statement(pool: PoolOf, reader: Reader, plan: Name, year: int) -> AnnualStatement:
    """Give the statement of a year as the ledger stands; a year that is handed in stands still."""
    async with _snapshot(pool, reader, plan) as (connection, row):
        if not row.start_on.year <= year <= row.end_on.year:
            raise NotFound(f"the plan runs from {row.start_on} to {row.end_on}")
        return await service.annual_statement(connection, row, year, clock.today())


@router.get(
    "/plans/{plan}/journal.beancount",
    summary="A plan's journal as Beancount text",
    response_class=Response,
    responses=in_document(BEANCOUNT),
)
async def get_journal(pool: PoolOf, reader: Reader, plan: Name) -> Response:
    """Give the whole journal, which `bean-check` accepts, with our own balances asserted in it."""
    async with _snapshot(pool, reader, plan) as (connection, _):
        events = await auditing.whole_journal(connection, plan)
        balances = await reading.balances(connection, plan)
        lines = await reading.budget_lines(connection, plan)
    return _file(
        beancount.journal(plan, events, balances, lines).encode(),
        BEANCOUNT,
        plan,
        "journal.beancount",
    )


@router.get(
    "/plans/{plan}/{book}.{suffix}",
    summary="A plan's ledger, vouchers or trial balance as a file",
    response_class=Response,
    responses=in_document(*MEDIA_TYPES.values()),
)
async def get_book(  # noqa: PLR0913, PLR0917  each is a parameter of the route
    pool: PoolOf,
    reader: Reader,
    plan: Name,
    book: Literal["ledger", "expenses", "trial-balance"],
    suffix: Literal["csv", "xlsx"],
    year: Year = None,
    on: OnDay = None,
) -> Response:
    """Give a book whole: `year` narrows the vouchers, `on` the trial balance."""
    async with _snapshot(pool, reader, plan) as (connection, _):
        if book == "ledger":
            entries = await reading.entries(connection, plan, account=None, after=(0, 0), limit=None)
            table = tabulated.ledger(entries, await _authors(connection, reader, entries))
        elif book == "expenses":
            table = tabulated.vouchers(await reading.expenses(connection, plan, year=year, after=None, limit=None))
        else:
            table = tabulated.trial_balance(await reading.balances(connection, plan, on))
    write = tables.csv_bytes if suffix == "csv" else tables.xlsx_bytes
    return _file(write(table), MEDIA_TYPES[suffix], plan, f"{book}.{suffix}")


@router.get("/verification", summary="Verify the whole ledger")
async def get_verification(pool: PoolOf, _: Auditor) -> books.Verification:
    """Read every journal again and compare it with all that was derived from it; no findings means it is whole."""
    async with pool.acquire() as connection:
        verification = await verify(connection)
    return books.Verification(
        plans=verification.plans,
        events=verification.events,
        entries=verification.entries,
        findings=list(verification.findings),
    )


@router.get("/sums", summary="The sums of every plan, for reporting")
async def get_sums(pool: PoolOf, _: OtherService) -> sums.Sums:
    """Give what every plan and commitment comes to, and where the log stood then."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        return sums.Sums(
            head=await event_log.head(connection),
            commitments=[sums.CommitmentSums(**row) for row in await reading.sums_of_commitments(connection)],
            plans=[sums.PlanSums(**row) for row in await reading.sums_of_plans(connection)],
        )


@contextlib.asynccontextmanager
async def _snapshot(pool: Pool, reader: Identity, name: str) -> AsyncIterator[tuple[Connection, rows.Plan]]:
    """Give one snapshot of the database, and a plan whose accounts the reader may see."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        row = await reading.plan(connection, name)
        if row is None:
            raise NotFound(f"there is no plan '{name}' here")
        accounts_of(reader).must_include(row.areas)
        yield connection, row


async def _authors(
    connection: Connection, reader: Identity, entries: Sequence[tuple[int, rows.Entry]]
) -> Mapping[int, str] | None:
    """Give who sent the events of entries, by their sequences; None where that is not told to the reader."""
    if reader.role not in AUDITORS:
        return None
    return await reading.authors(connection, [sequence for sequence, _ in entries])


def _parts(pattern: re.Pattern[str], cursor: str) -> tuple[str, ...]:
    found = pattern.fullmatch(cursor)
    if found is None:
        raise BadRequest("bad_cursor", "this cursor is none that a page gave as `next`")
    return found.groups()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest("bad_cursor", "this cursor is none that a page gave as `next`") from None


def _file(content: bytes, media_type: str, plan: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{plan}-{name}"'}
    return Response(content, media_type=media_type, headers=headers)
