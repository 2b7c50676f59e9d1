"""Verifies the whole ledger against its own journal; changes nothing, so it may run beside everything else."""

from dataclasses import dataclass

import asyncpg

from services.funding.domain.auditing import Audit, Finding
from services.funding.store import auditing
from shared import database
from shared.backbone import event_log
from shared.database import Connection


@dataclass(frozen=True, slots=True)
class Verification:
    """What was read, and what does not fit; no findings means that the ledger is whole."""

    plans: int
    events: int
    entries: int
    findings: tuple[Finding, ...]


async def verify(connection: Connection) -> Verification:
    """Read every journal again, in one snapshot, and compare it with all that was derived from it."""
    audit = Audit()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        sequence = 0
        while page := await auditing.journal(connection, after=sequence):
            for event in page:
                audit.read(event)
            sequence = page[-1].sequence
        plans = await auditing.all_plans(connection)
        accounts = await auditing.all_accounts(connection)
        audit.close(await event_log.head(connection), plans, accounts)
        audit.check_strays(await auditing.stray_entries(connection))
        audit.check_commitments(await auditing.all_commitments(connection), accounts)
    return Verification(len(plans), audit.events, audit.entries, tuple(audit.findings))


async def verify_at(server_url: str) -> Verification:
    """Verify the ledger in funding's database on a server.

    Raises:
        LookupError: the server has no such database.
    """
    try:
        connection = await database.connect(database.service_url(server_url, "funding"))
    except asyncpg.InvalidCatalogNameError:
        raise LookupError("there is no ledger here yet") from None
    try:
        return await verify(connection)
    finally:
        await connection.close()
