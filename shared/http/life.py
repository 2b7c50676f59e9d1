"""How a service comes up and goes down: its database, log, relay, intake and consumers, in the order of dependence."""

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import structlog
from faststream.redis import RedisBroker
from redis.exceptions import RedisError

from shared import background, database, keys, logs, memory, migrations
from shared.backbone import streams
from shared.backbone.catch_up import OwnerLog
from shared.backbone.compacting import Compactor
from shared.backbone.consumer import Consumer
from shared.backbone.continuity import Anchor, Continuity, end_of
from shared.backbone.rejections import RejectionNotes
from shared.backbone.relay import Relay
from shared.backbone.signatures import Signer, Verifier
from shared.backbone.streams import OwnStream
from shared.backbone.write_path import UNITS_OF_WORK, Writer
from shared.background import Kept
from shared.database import Line
from shared.errors import Busy
from shared.events.envelope import Owner
from shared.fairness import Shares
from shared.http.service import Intake, Service
from shared.http.state import State
from shared.http.trusting import IssuerKeys
from shared.pulse import Pulse
from shared.settings import NO_TRACES
from shared.tokens import Credential, Identity, TrustedKeys

MEGABYTE: Final = 2**20
DATABASE_WAIT_SECONDS: Final = (0.2, 0.5, 1.0, 2.0, 3.0)

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def running(state: State, service: Service) -> AsyncIterator[None]:
    """Start everything in the order of dependence, and stop it in the other."""
    settings = service.settings
    logs.configure(settings.log_level)
    _read_keys(state, service)
    async with contextlib.AsyncExitStack() as stack:
        if settings.traces_url != NO_TRACES:
            # Imported here alone: without traces a service would carry the weight of it for nothing.
            tracing: Any = importlib.import_module("shared.tracing")
            state.tracing = told = tracing.Tracing(service.name, settings.traces_url)
            stack.push_async_callback(asyncio.to_thread, told.close)
            logs.configure(settings.log_level, tracing.name_trace)
        stack.push_async_exit(await _started(state, service))
        log.info("service.started", service=service.name)
        yield
        log.info("service.stopping", service=service.name)


async def _started(state: State, service: Service) -> contextlib.AsyncExitStack:
    """Bring the database to its newest revision and start all that stands on it, as often as it takes.

    The order in which services and servers start is free. Where the tables belong to another role, that one migrates,
    and is waited for.
    """
    server_url = service.settings.database_url.get_secret_value()
    attempt = 0
    while True:
        delay = DATABASE_WAIT_SECONDS[min(attempt, len(DATABASE_WAIT_SECONDS) - 1)]
        attempt += 1
        try:
            await migrations.migrate(server_url, service.name, service.migrations)
            return await _start(state, service)
        except migrations.NotMigrated as behind:
            log.warning("service.waiting_for_migration", service=service.name, error=str(behind), retry_delay_s=delay)
        except (Busy, *database.UNAVAILABLE) as error:
            log.warning("service.waiting_for_database", service=service.name, error=str(error), retry_delay_s=delay)
        await asyncio.sleep(delay)


async def _start(state: State, service: Service) -> contextlib.AsyncExitStack:
    """Start everything in the order of dependence; what was started before something fails is stopped."""
    async with contextlib.AsyncExitStack() as stack:
        state.kept = kept = [await _reach_database(state, service, stack)]
        if service.parts is not None:
            state.add(*service.parts(state.pool))
        kept.append(await _hear_the_issuer(state, service, stack))
        if service.has_log:
            await _move_events(state, service, stack)
        if service.alongside is not None:
            await stack.enter_async_context(service.alongside(state))
        memory.settle()
        return stack.pop_all()


def _read_keys(state: State, service: Service) -> None:
    """Read the service's own key, and the public ones of those that follow its log.

    Raises:
        CannotServe: they are not there, or no keys (`key_unusable`).
    """
    if not service.has_log:
        state.trusted = TrustedKeys(service.name, {})
        return
    folder = service.settings.keys_folder
    try:
        private = keys.load(folder / f"{service.name}.pem")
        state.services = keys.load_public(folder / keys.SERVICES_FILE)
    except FileNotFoundError as missing:
        raise keys.unusable(Path(missing.filename), "is not there") from None
    state.signer = Signer(private, service.name)
    state.credential = Credential(service.name, private)
    state.trusted = TrustedKeys(service.name, state.services)


async def _hear_the_issuer(state: State, service: Service, stack: contextlib.AsyncExitStack) -> Kept:
    """Begin to hear which keys of the issuer are to be believed."""
    issuer = IssuerKeys(service.settings.issuer_keys, state.trusted)
    await issuer.begin()
    hearing = _keep(state, "keys of the issuer", issuer.run)
    stack.push_async_callback(background.end, [hearing.task])
    return hearing


async def _move_events(state: State, service: Service, stack: contextlib.AsyncExitStack) -> None:
    """Begin to take events, and to follow the logs of others."""
    broker = streams.open_broker(service.settings.redis_url.get_secret_value())
    await broker.connect()
    stack.push_async_callback(broker.stop)
    state.background = tasks = list[asyncio.Task[None]]()
    stack.push_async_callback(background.end, tasks)
    if service.intake is not None:
        state.kept += await _take_in(state, service, service.intake, broker, stack)
        tasks.extend(task.task for task in state.kept)
    consumers = [await _consumer(service, owner, state, broker, stack) for owner in service.follows]
    state.consumers = tuple(consumers)
    following = [_keep(state, f"consumer of {consumer.owner}", consumer.run) for consumer in consumers]
    state.kept += following
    stack.push_async_callback(background.end, [consumer.task for consumer in following])
    compacting = _keep(state, "compacting", Compactor(state.line.url).run)
    state.kept.append(compacting)
    stack.push_async_callback(background.end, [compacting.task])
    tasks.extend([*(consumer.task for consumer in following), compacting.task])


async def _reach_database(state: State, service: Service, stack: contextlib.AsyncExitStack) -> Kept:
    """Open the connections to read with, and begin to look whether the database answers."""
    settings = service.settings
    state.line = line = Line(database.service_url(settings.database_url.get_secret_value(), service.name))
    connections = settings.database_connections - UNITS_OF_WORK - len(service.follows)
    state.pool = pool = await line.open_pool(connections)
    stack.push_async_callback(pool.close)
    state.pulse = pulse = Pulse(line, state.metrics)
    kept = _keep(state, "pulse", pulse.run)
    stack.push_async_callback(background.end, [kept.task])
    return kept


async def _take_in(
    state: State, service: Service, taken: Intake, broker: RedisBroker, stack: contextlib.AsyncExitStack
) -> list[Kept]:
    """Begin to take events: start the writer, on connections of its own, and what is given to keep beside it.

    At the end what was taken is written first, then the notes of what was not.
    """
    settings = service.settings
    state.bodies = Shares(
        "megabytes of bodies", settings.bodies_limit_mb * MEGABYTE, settings.sender_bodies_limit_mb * MEGABYTE
    )
    signer = state.signer
    stream = OwnStream(broker, service.name, signer, bytes_limit=settings.stream_bytes_limit)
    state.continuity = continuity = await _continuity(state, service, signer, stream)
    state.relay = relay = Relay(state.line.url, stream, continuity, state.metrics)
    state.rejections = notes = RejectionNotes(state.pool, service.owner)
    kept = [_keep(state, "relay", relay.run), _keep(state, "rejections", notes.run)]
    stack.push_async_callback(background.end, [task.task for task in kept])
    stack.push_async_callback(notes.close)
    state.writing_pool = pool = await state.line.open_pool(UNITS_OF_WORK, database.BY_KEY)
    stack.push_async_callback(pool.close)
    state.writer = writer = Writer(
        pool,
        taken.catalogue,
        taken.use_cases,
        state.metrics,
        rejections=notes,
        met=state.pulse.met,
        waiting_limit=settings.waiting_events_limit,
        sender_limit=settings.sender_events_limit,
        tracing=state.tracing,
    )
    await writer.start()
    stack.push_async_callback(writer.close)
    if taken.founding is not None:
        # The same identities each time: from the second start on they are duplicates.
        founder = Identity("admin", subject=service.name, kind="system")
        await writer.post(taken.founding.read_bytes(), founder, "refuse")
    return kept


async def _continuity(state: State, service: Service, signer: Signer, stream: OwnStream) -> Continuity:
    """Hold the log against what is known of it outside of its database, before anybody is told of it."""
    folder = service.settings.anchor_folder
    anchor = None if folder is None else Anchor(folder / f"{service.name}.json")
    continuity = Continuity(service.name, signer.fingerprint, anchor)
    last = None
    # Where Redis is away nobody reads the stream either; the relay looks again before it publishes.
    with contextlib.suppress(RedisError, OSError):
        last = await stream.last()
    async with state.pool.acquire() as connection:
        await continuity.begin(connection, None if last is None else end_of(last))
    return continuity


def _keep(state: State, name: str, run: Callable[[], Awaitable[None]]) -> Kept:
    return Kept(name, run, state.metrics.restarts.labels(name).inc)


async def _consumer(
    service: Service, owner: Owner, state: State, broker: RedisBroker, stack: contextlib.AsyncExitStack
) -> Consumer:
    if service.apply is None:
        raise TypeError(f"{service.name} follows {owner}, but says not what to do with its events")
    settings = service.settings
    owner_log = OwnerLog(owner, settings.url_of(owner), state.credential)
    stack.push_async_callback(owner_log.close)
    # What is folded finds its rows by their keys, as what is written (ADR 81).
    pool = await state.line.open_pool(1, database.BY_KEY)
    stack.push_async_callback(pool.close)
    consumer = Consumer(
        service=service.name,
        owner=owner,
        pool=pool,
        broker=broker,
        verifier=Verifier(state.services[owner], owner),
        owner_log=owner_log,
        apply=service.apply,
        metrics=state.metrics,
        met=state.pulse.met,
        tick_ms=settings.tick_ms,
        pending_idle_ms=settings.pending_idle_ms,
        tracing=state.tracing,
    )
    stack.push_async_callback(consumer.stop)
    return consumer
