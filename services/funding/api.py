"""Funding's read routes. Posting is `shared.http.intake`, the same for every service."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.funding import domain, schemas, store
from shared.database import Connection
from shared.errors import Forbidden, NotFound
from shared.http.authentication import identity
from shared.http.reading import Name, PoolOf
from shared.tokens import Identity

router = APIRouter(tags=["funding"])
Reader = Annotated[Identity, Depends(identity)]


@router.get("/plans/{plan}", summary="A plan's financing")
async def get_plan(pool: PoolOf, reader: Reader, plan: Name) -> schemas.Plan:
    """Give what is committed, released, received and spent, and how each regulation account stands."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        row = await _plan(connection, reader, plan)
        balances = dict(await store.trial_balance(connection, plan, None))
        commitments = await store.commitments(connection, [plan], [])
    return schemas.Plan.of(
        row,
        [schemas.Commitment.of(item, -balances.get(domain.income(item.commitment), 0)) for item in commitments],
    )


@router.get("/plans/{plan}/trial-balance", summary="A plan's trial balance")
async def get_trial_balance(
    pool: PoolOf,
    reader: Reader,
    plan: Name,
    on: Annotated[date | None, Query(description="As it stood at the end of this day; else as it stands.")] = None,
) -> schemas.TrialBalance:
    """Give every account's balance; debit and credit are equal."""
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await _plan(connection, reader, plan)
        balances = await store.trial_balance(connection, plan, on)
    return schemas.TrialBalance.of(plan, on, balances)


async def _plan(connection: Connection, reader: Identity, name: str) -> domain.Plan:
    """Give a plan whose accounts the reader may see: a coordinator sees those of its own areas."""
    row = await store.read_plan(connection, name)
    if row is None:
        raise NotFound(f"there is no plan '{name}' here")
    if reader.role == "coordinator" and not reader.areas.intersection(row.areas):
        raise Forbidden("a coordinator reads the accounts of its own areas")
    return row
