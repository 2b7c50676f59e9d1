"""What must hold when all has settled. Owns every claim about the end of a run."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import asyncpg
import httpx
import orjson

from services.funding import handlers as funding_handlers
from services.funding import verification
from services.registry import handlers as registry_handlers
from services.reporting import handlers as reporting_handlers
from services.reporting.reader.wanted import Wanted
from shared import database, migrations
from shared.accounts import EVERY_PLANS
from shared.backbone import event_log
from shared.backbone.event_log import Entry
from shared.tokens import Identity
from tests.chaos.poster import Promises
from tests.chaos.processes import OWNERS, SERVICES, Running
from tests.chaos.watch import AWAY, FOLLOWS, Watch, connected
from tests.support.keyring import Keyring
from tests.support.reports_made import reports_of
from tests.support.running import ROOT

SETTLE_SECONDS: Final = 60
POLL_SECONDS: Final = 0.1
# What a service keeps of what it heard; the tables of what it decides itself are checked by their own rules.
HEARD: Final = {
    "registry": {"accepted_statement": "*"},
    "funding": {"pool": "*", "activity": "*", "plan": "plan, pool, areas, start_on, end_on"},
}
APPLY: Final = {
    "registry": registry_handlers.apply,
    "funding": funding_handlers.apply,
    "reporting": reporting_handlers.apply,
}
CLEAN: Final = "_rebuilt"
# How often the frame's version moved depends on the batches; what was refused is nobody's event; a log has an identity
# of its own wherever it is.
OWN_TABLES: Final = frozenset(
    {
        *("agreement", "alembic_version", "dead_letter", "deed", "event_log_head", "forgery", "log_epoch"),
        *("calendar_address", "mail_subscription", "made_report", "parting", "position", "rejection"),
    }
)


@dataclass(slots=True)
class Findings:
    """What was counted at the end, and what does not hold."""

    events: int = 0
    lost: int = 0
    doubled: int = 0
    settle_seconds: float = 0.0
    breaches: list[str] = field(default_factory=list)


async def prepare(server_url: str) -> None:
    """Make each service's database and a clean copy of it, to fold everything into at the end."""
    for service in SERVICES:
        await migrations.migrate(server_url, service, ROOT / "services" / service / "migrations")
        connection = await database.connect(server_url)
        name = f"helhedsnet_{service}"
        await connection.execute(f'CREATE DATABASE "{name}{CLEAN}" TEMPLATE "{name}"')
        await connection.close()


async def settle(system: Running, watch: Watch, findings: Findings, seconds: float) -> None:
    """Wait until every consumer has come to its owner's head, nothing is pending and all are ready; bounded."""
    started = time.monotonic()
    missing = ["nothing was looked at"]
    # By the clock: a cancellation can be lost in redis-py, and a loop that only that ends would then go on for ever.
    while missing and time.monotonic() < started + seconds:
        with contextlib.suppress(*AWAY):
            missing = await _missing(system, watch)
        await asyncio.sleep(POLL_SECONDS)
    if not missing:
        try:
            async with asyncio.timeout(seconds):
                await system.all_ready()
        except TimeoutError:
            missing = ["somebody is not ready"]
    if missing:
        findings.breaches.append(f"not settled after {seconds} s: {'; '.join(missing)}")
    findings.settle_seconds = time.monotonic() - started


async def _missing(system: Running, watch: Watch) -> list[str]:
    heads: dict[str, int] = {}
    missing: list[str] = []
    owner: str
    for owner in OWNERS:
        async with connected(system, owner) as connection:
            heads[owner] = await event_log.head(connection)
        if (relayed := (await watch.positions(owner)).get("relay", 0)) != heads[owner]:
            missing.append(f"the relay of {owner} stands at {relayed} of {heads[owner]}")
    for service, owners in FOLLOWS.items():
        positions = await watch.positions(service)
        for owner in owners:
            if positions.get(owner, 0) != heads[owner]:
                missing.append(f"{service} stands at {positions.get(owner, 0)} of {owner}'s {heads[owner]}")
            if pending := await watch.pending(service, owner):
                missing.append(f"{pending} entries of {owner} are pending at {service}")
    return missing


async def check(system: Running, promises: Promises, keyring: Keyring, findings: Findings) -> None:
    """Check all that must hold of a system at rest; what cannot be checked is a breach, and the rest is checked."""
    for owner in OWNERS:
        with _checking(f"the log of {owner}", findings):
            await _check_log(system, owner, promises.sequences[owner], findings)
    for service in SERVICES:
        with _checking(f"the dead letters of {service}", findings):
            await _check_dead_letters(system, service, findings)
    with _checking("the ledger", findings):
        for finding in (await verification.verify_at(system.database_url)).findings:
            findings.breaches.append(f"the ledger does not fit: {finding}")
    for service in SERVICES:
        with _checking(f"what {service} made of the logs", findings):
            await _compare_with_rebuild(system, service, keyring, findings)


@contextlib.contextmanager
def _checking(what: str, findings: Findings) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001  whatever it is, the figures are told
        findings.breaches.append(f"{what} could not be checked: {type(error).__name__}: {error}")


async def _check_dead_letters(system: Running, service: str, findings: Findings) -> None:
    async with connected(system, service) as connection:
        dead = await connection.fetch("SELECT owner, sequence, reason FROM dead_letter ORDER BY owner, sequence")
    findings.breaches.extend(f"{service} buried {row['owner']} {row['sequence']}: {row['reason']}" for row in dead)


async def _check_log(system: Running, owner: str, promised: dict[tuple[str, str], int], findings: Findings) -> None:
    """Check that a log holds every answered event once, at the place that was answered, nothing else, and no gap."""
    async with connected(system, owner) as connection:
        rows = await connection.fetch("SELECT sequence, source, id FROM event_log ORDER BY sequence")
        head = await event_log.head(connection)
    findings.events += len(rows)
    if [row["sequence"] for row in rows] != list(range(1, head + 1)):
        findings.breaches.append(f"the log of {owner} has a gap, or does not end at its head {head}")
    logged: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        logged.setdefault((row["source"], row["id"]), []).append(row["sequence"])
    for identity, sequence in promised.items():
        found = logged.pop(identity, [])
        findings.lost += not found
        findings.doubled += len(found) > 1
        if found != [sequence]:
            findings.breaches.append(f"{owner} answered {sequence} for {identity}; its log has it at {found}")
    findings.breaches.extend(
        f"{owner} logged {identity}, which was never answered"
        for identity in logged
        if not identity[1].startswith("pool-")
    )


async def _compare_with_rebuild(system: Running, service: str, keyring: Keyring, findings: Findings) -> None:
    """Compare what a service made of the others' events with what one clean reading of the logs makes of them."""
    clean = f"{service}{CLEAN}"
    async with connected(system, clean) as connection:
        for owner in FOLLOWS[service]:
            await _apply_log(system, service, owner, connection)
    wanted = HEARD.get(service) or dict.fromkeys(await _tables(system, service), "*")
    async with connected(system, service) as live, connected(system, clean) as rebuilt:
        for table, columns in wanted.items():
            await _compare_table(service, table, columns, live, rebuilt, findings)
    if service == "reporting":
        await _compare_reports(system, clean, keyring, findings)


async def _compare_table(
    service: str,
    table: str,
    columns: str,
    live: "asyncpg.Connection[asyncpg.Record]",
    rebuilt: "asyncpg.Connection[asyncpg.Record]",
    findings: Findings,
) -> None:
    query = f'SELECT t::text FROM (SELECT {columns} FROM "{table}") AS t ORDER BY 1'  # noqa: S608  our own names
    found = [[str(row[0]) for row in await connection.fetch(query)] for connection in (live, rebuilt)]
    if found[0] != found[1]:
        here, there = (sorted(set(one) - set(other))[:3] for one, other in (found, found[::-1]))
        findings.breaches.append(
            f"{service}.{table} has {len(found[0])} rows, a clean rebuild {len(found[1])}: {here} against {there}"
        )


async def _apply_log(
    system: Running, service: str, owner: str, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """Read an owner's log from its first entry to its last, and apply it page by page."""
    position = 0
    async with connected(system, owner) as log:
        while lines := (await event_log.read(log, position, event_log.MAX_PAGE)).lines:
            entries = [Entry(orjson.loads(line.text)) for line in lines]
            position = entries[-1].sequence
            async with connection.transaction():
                await event_log.position(connection, owner)
                await APPLY[service](connection, owner, entries)
                await event_log.set_position(connection, owner, position)


async def _tables(system: Running, service: str) -> list[str]:
    async with connected(system, service) as connection:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [row["tablename"] for row in rows if row["tablename"] not in OWN_TABLES]


async def _compare_reports(system: Running, clean: str, keyring: Keyring, findings: Findings) -> None:
    """Compare the network report of every replica with that of the clean rebuild, by digest."""
    pool = await database.open_pool(database.service_url(system.database_url, clean), 2)
    try:
        wanted = Wanted(None, None, None, accounts=EVERY_PLANS)
        rebuilt: dict[str, Any] = orjson.loads((await reports_of(pool).report(wanted)).body)
    finally:
        await pool.close()
    token = keyring.issue(Identity("lead"), valid_for=timedelta(minutes=5))
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        for replica in system.of("reporting"):
            with _checking(f"the report of {replica.name}", findings):
                answer = await client.get(f"{replica.address}/reports/network")
                live = answer.json().get("digest")
                if live != rebuilt["digest"]:
                    findings.breaches.append(f"{replica.name} reports {live}, a rebuild {rebuilt['digest']}")
