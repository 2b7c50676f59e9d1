"""Composes reporting from its parts."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.applications import Starlette

from services.reporting import api, handlers
from services.reporting.api.remembering import Answers
from services.reporting.service.agreement import Agreement
from services.reporting.service.agreement import status as status_of_agreement
from services.reporting.service.exporting import Files
from services.reporting.service.feed import SharedFeed
from services.reporting.service.figures import FigureAnswers
from services.reporting.service.intake import ReportingUseCases
from services.reporting.service.passes import Passes
from services.reporting.service.rebuilding import Log, OwnLog, Rebuilder
from services.reporting.service.rejections import RejectionsOfOthers
from services.reporting.service.viewing import Views
from services.reporting.settings import ReportingSettings
from services.reporting.web import charting, printing
from services.reporting.web.press import Press
from services.reporting.web.site import build_site
from shared import background, database
from shared.backbone.catch_up import OwnerLog
from shared.background import Kept
from shared.events.catalogue import CATALOGUES
from shared.fairness import Shares
from shared.http.mounting import Mounted
from shared.http.service import Intake, Service, build
from shared.metrics import Metrics

FOLDER: Final = Path(__file__).parent


def build_app(settings: ReportingSettings) -> FastAPI:
    """Make reporting's application."""
    # One for all: what may be seen is decided once, whoever asks for it in which form.
    views = Views(settings.disclosure_threshold)
    use_cases = ReportingUseCases(views)
    return build(
        Service(
            name="reporting",
            title="Helhedsnet: reporting",
            settings=settings,
            migrations=FOLDER / "migrations",
            routers=(*api.ROUTERS, printing.routes(), charting.routes()),
            intake=Intake(CATALOGUES["reporting"], use_cases, is_followed_back=False),
            follows=("registry", "funding"),
            apply=handlers.apply,
            state={
                "answers": lambda _: Answers(),
                "reports": use_cases.open,
                "publishing": lambda _: use_cases.publishing,
                "figures": lambda pool: FigureAnswers(pool, views),
                "files": lambda _: Files(Shares("files being made", settings.files_limit, settings.files_each_limit)),
                "feed": lambda pool: SharedFeed(
                    pool,
                    Shares("followers of the feed", settings.feed_readers_limit, settings.feed_readers_each_limit),
                    settings.feed_heartbeat_ms,
                ),
                "passes": Passes,
                "press": lambda _: Press(
                    Shares("documents being made", settings.press_orders_limit, settings.press_orders_each_limit)
                ),
                "specifications": lambda _: charting.Specifications(),
            },
            alongside=_alongside,
            status=status_of_agreement,
        )
    )


@contextlib.asynccontextmanager
async def _alongside(app: FastAPI) -> AsyncIterator[None]:
    """Ask the others what they refused, and be ready to fold everything anew, with readers of the logs of its own."""
    settings: ReportingSettings = app.state.settings
    urls = {"registry": settings.registry_url, "funding": settings.funding_url}
    async with contextlib.AsyncExitStack() as stack:
        owners = {owner: OwnerLog(url, app.state.token_key) for owner, url in urls.items()}
        for owner_log in owners.values():
            stack.push_async_callback(owner_log.close)
        metrics: Metrics = app.state.metrics
        others = RejectionsOfOthers(app.state.pool, owners, settings.rejections_every_ms)
        agreement = Agreement(
            app.state.pool, owners["funding"], app.state.consumers, settings.compare_every_ms, metrics.registry
        )
        for name, run in (("rejections of others", others.run), ("agreement", agreement.run)):
            asking = Kept(name, run, metrics.restarts.labels(name).inc)
            app.state.kept.append(asking)
            stack.push_async_callback(background.end, [asking.task])
        logs: dict[str, Log] = {**owners, "reporting": OwnLog(app.state.pool)}
        database_url = database.service_url(settings.database_url.get_secret_value(), "reporting")
        app.state.rebuilder = rebuilder = Rebuilder(database_url, logs)
        await stack.enter_async_context(rebuilder.running())
        yield


def from_environment() -> Starlette:
    """Make the application from the environment's settings; what uvicorn's `--factory` calls."""
    reporting = build_app(ReportingSettings())
    return Mounted({"reporting": reporting}, build_site(reporting))
