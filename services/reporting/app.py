"""Composes reporting from its parts."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from starlette.applications import Starlette

from services.reporting import backups, handlers
from services.reporting.agreement.service import AgreementCheck
from services.reporting.agreement.service import status as status_of_agreement
from services.reporting.backups import BackupsFile
from services.reporting.entry.posting import Intakes
from services.reporting.entry.service import Entry
from services.reporting.exports import api as exports_api
from services.reporting.exports.service import Files
from services.reporting.feed import api as feed_api
from services.reporting.feed.service import SharedFeed
from services.reporting.figures import api as figures_api
from services.reporting.figures.service import FigureAnswers
from services.reporting.folding.rebuilding import OwnLog, Refolding
from services.reporting.ground import api as ground_api
from services.reporting.ground.service import Grounds
from services.reporting.person import api as person_api
from services.reporting.person.service import PersonRecords
from services.reporting.publishing import api as publishing_api
from services.reporting.publishing.intake import ReportingUseCases
from services.reporting.reader.office import Office
from services.reporting.reader.passes import Passes
from services.reporting.reader.ways_in import WaysIn
from services.reporting.releases import api as releases_api
from services.reporting.releases.reading import Releases
from services.reporting.releases.schedule import ReleaseSchedule
from services.reporting.releases.service import ReleaseMaker
from services.reporting.remaking.service import Remaking
from services.reporting.reports import api as reports_api
from services.reporting.reports.answers.service import DailyAnswers
from services.reporting.reports.rejections import RejectionsOfOthers
from services.reporting.reports.remembering import Answers
from services.reporting.settings import ReportingSettings
from services.reporting.subscriptions.post_office import PostOffice
from services.reporting.subscriptions.postman import Postman
from services.reporting.subscriptions.service import Subscriptions
from services.reporting.web import charting, letters, printing, remaking, wording
from services.reporting.web.press import Press
from services.reporting.web.site import build_site
from shared import background, database
from shared.backbone.catch_up import OwnerLog
from shared.backbone.rebuilding import Log, Rebuilder
from shared.background import Kept
from shared.database import Connection, Pool
from shared.events.catalogue import CATALOGUES
from shared.fairness import Shares
from shared.http.application import build
from shared.http.mounting import Mounted
from shared.http.service import Intake, Service
from shared.http.state import State

FOLDER: Final = Path(__file__).parent
# Those asked for most come first: a request tries one route after the other.
ROUTERS: Final = (
    reports_api.router,
    exports_api.router,
    figures_api.router,
    ground_api.router,
    feed_api.router,
    feed_api.following,
    publishing_api.router,
    releases_api.router,
    person_api.router,
)


def build_app(settings: ReportingSettings) -> FastAPI:
    """Make reporting's application."""
    # One for all: what may be seen is decided once, whoever asks for it in which form.
    releases = Releases()
    use_cases = ReportingUseCases(releases)
    backups_file = BackupsFile(settings.backups_file)

    async def status(connection: Connection) -> Mapping[str, Any]:
        return {**await status_of_agreement(connection), **backups.status(backups_file)}

    return build(
        Service(
            name="reporting",
            title="Helhedsnet: reporting",
            settings=settings,
            migrations=FOLDER / "migrations",
            routers=(*ROUTERS, printing.routes(), charting.routes(), remaking.routes()),
            intake=Intake(CATALOGUES["reporting"], use_cases, is_followed_back=False),
            follows=("registry", "funding"),
            apply=handlers.apply,
            parts=lambda pool: _parts(pool, settings, releases, use_cases),
            alongside=_alongside,
            status=status,
        )
    )


def _parts(
    pool: Pool, settings: ReportingSettings, releases: Releases, use_cases: ReportingUseCases
) -> tuple[object, ...]:
    """Make what the routes ask for by its class."""
    reports, publishing = use_cases.open(pool)
    files = Shares("files being made", settings.files_limit, settings.files_each_limit)
    followers = Shares("followers of the feed", settings.feed_readers_limit, settings.feed_readers_each_limit)
    orders = Shares("documents being made", settings.press_orders_limit, settings.press_orders_each_limit)
    return (
        reports,
        DailyAnswers(pool, releases),
        Answers(),
        publishing,
        FigureAnswers(pool, releases),
        Grounds(pool),
        Files(files, wording.concern_in),
        SharedFeed(pool, followers, settings.feed_heartbeat_ms),
        ReleaseMaker(pool, _database_url(settings), settings.release_after_days, settings.release_copies_folder),
        passes := Passes(settings.access_url),
        Intakes(settings.url_of, passes),
        Entry(pool),
        WaysIn(settings.access_url),
        Office(settings.access_url, {"registry": settings.registry_url, "funding": settings.funding_url}),
        PersonRecords(pool, settings.registry_url),
        Subscriptions(pool, passes),
        Press(orders),
        Remaking(pool, _database_url(settings)),
        BackupsFile(settings.backups_file),
        charting.Specifications(),
    )


@contextlib.asynccontextmanager
async def _alongside(state: State) -> AsyncIterator[None]:
    """Ask the others what they refused, and be ready to fold everything anew, with readers of the logs of its own."""
    settings = state.part(ReportingSettings)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(state.part(Passes).close)
        stack.push_async_callback(state.part(Intakes).close)
        stack.push_async_callback(state.part(WaysIn).close)
        stack.push_async_callback(state.part(Office).close)
        stack.push_async_callback(state.part(PersonRecords).close)
        owners = {owner: OwnerLog(owner, settings.url_of(owner), state.credential) for owner in ("registry", "funding")}
        for owner_log in owners.values():
            stack.push_async_callback(owner_log.close)
        metrics = state.metrics
        state.part(BackupsFile).measure(metrics.registry)
        others = RejectionsOfOthers(state.pool, owners, settings.rejections_every_ms)
        agreement = AgreementCheck(
            state.pool, owners["funding"], state.consumers, settings.compare_every_ms, metrics.registry
        )
        releases = state.part(ReleaseMaker)
        stack.push_async_callback(releases.close)
        schedule = ReleaseSchedule(releases, state.consumers, settings.release_every_ms, metrics.registry)
        tasks = {"rejections of others": others.run, "agreement": agreement.run, "releases": schedule.run}
        if (postman := _postman(state, settings)) is not None:
            tasks["mail"] = postman.run
        for name, run in tasks.items():
            asking = Kept(name, run, metrics.restarts.labels(name).inc)
            state.kept.append(asking)
            stack.push_async_callback(background.end, [asking.task])
        logs: dict[str, Log] = {**owners, "reporting": OwnLog(state.pool)}
        state.part(Remaking).logs = logs
        state.rebuilder = rebuilder = Rebuilder(_database_url(settings), Refolding(logs, agreement.compare_soon))
        await stack.enter_async_context(rebuilder.running())
        yield


def _postman(state: State, settings: ReportingSettings) -> Postman | None:
    """Give who sends mail, where there is a server to hand it to."""
    if settings.smtp_url is None or settings.public_url is None or settings.mail_from is None:
        return None
    return Postman(
        *(state.pool, state.part(Subscriptions), state.part(Passes), state.part(DailyAnswers)),
        PostOffice(settings.smtp_url),
        letters.letters(settings.public_url, settings.mail_from),
        database_url=_database_url(settings),
        every_ms=settings.mail_every_ms,
        registry=state.metrics.registry,
    )


def _database_url(settings: ReportingSettings) -> str:
    return database.service_url(settings.database_url.get_secret_value(), "reporting")


def from_environment() -> Starlette:
    """Make the application from the environment's settings; what uvicorn's `--factory` calls."""
    reporting = build_app(ReportingSettings())
    return Mounted({"reporting": reporting}, build_site(reporting))
