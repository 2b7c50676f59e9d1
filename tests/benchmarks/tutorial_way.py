"""The peer: intake and a report as the tutorials of FastAPI, SQLModel and FastStream show them, as fast as that allows.

One request is one validation by FastAPI, one insert, one commit and one publish. It checks no token, no rule and no
personal number, and a crash between commit and publish loses the message; what it leaves out is to its advantage.

The report is made of the stored events when it is asked for, by one query. It knows no correction, counts no people
and withholds nothing.
"""

import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, FastAPI, Request
from faststream.redis import RedisBroker
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import BigInteger, DateTime, Double, Integer, UniqueConstraint, case, cast, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import service_url
from shared.events.fields import Hours, Persons, Slug

STREAM: Final = "tutorial.events"
STREAM_LENGTH: Final = 100_000
ATTENDANCE: Final = "dk.helhedsnet.attendance.recorded.v1"
CONNECTIONS: Final = 32
STORED_AT_ONCE: Final = 5_000


class Attendance(BaseModel):
    """The data of one recorded session."""

    activity: Slug
    session: Slug
    date: date
    participants: list[Slug] | None = None
    headcount: Persons | None = None
    hours: Hours | None = None


class PostedEvent(BaseModel):
    """A CloudEvent with a recorded session."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: Literal["dk.helhedsnet.attendance.recorded.v1"]
    time: AwareDatetime
    data: Attendance


class StoredEvent(SQLModel, table=True):
    """An event as it is stored."""

    __table_args__ = (UniqueConstraint("source", "id"),)

    sequence: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    source: str
    id: str
    type: str
    recorded: Annotated[datetime, Field(sa_type=DateTime(timezone=True))]
    data: dict[str, Any] = Field(sa_type=JSONB)


class Stored(BaseModel):
    """What the sender is told."""

    id: str
    sequence: int


class Figures(BaseModel):
    """What was held and who came."""

    sessions: int = 0
    attendances: int = 0
    participant_hours: float = 0

    def add(self, sessions: int, attendances: int, participant_hours: float) -> None:
        """Add what was held somewhere in some month."""
        self.sessions += sessions
        self.attendances += attendances
        self.participant_hours += participant_hours


class Report(BaseModel):
    """The figures of the network, of each area and of each month."""

    totals: Figures = Figures()
    areas: dict[str, Figures] = {}
    months: dict[str, Figures] = {}


async def opened_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open a session for one request."""
    async with AsyncSession(request.app.state.engine, expire_on_commit=False) as opened:
        yield opened


Session = Annotated[AsyncSession, Depends(opened_session)]
router = APIRouter(prefix="/tutorial")


@router.post("/events", status_code=201)
async def post_event(request: Request, event: PostedEvent, session: Session) -> Stored:
    """Store one event and publish it."""
    row = StoredEvent(**_columns(event))
    session.add(row)
    await session.commit()
    await request.app.state.broker.publish(event, stream=STREAM, maxlen=STREAM_LENGTH)
    assert row.sequence is not None, "the database gave no sequence"
    return Stored(id=row.id, sequence=row.sequence)


@router.get("/report")
async def get_report(session: Session) -> Report:
    """Add up all that is stored."""
    data = col(StoredEvent.data)
    named = data["participants"]
    came = case(
        (func.jsonb_typeof(named) == "array", func.jsonb_array_length(named)),
        else_=func.coalesce(cast(data["headcount"].astext, Integer), 0),
    )
    hours = func.coalesce(cast(data["hours"].astext, Double), 0)
    month = func.left(data["date"].astext, 7)
    figures = (func.count(), func.sum(came), func.sum(came * hours))
    source = col(StoredEvent.source)
    places = select(source, month, *figures).where(col(StoredEvent.type) == ATTENDANCE).group_by(source, month)
    found = await (await session.connection()).execute(places.order_by(source, month))
    report = Report()
    for area_source, name, *sums in found:
        area = area_source.removeprefix("/areas/")
        for grain in (
            report.totals,
            report.areas.setdefault(area, Figures()),
            report.months.setdefault(name, Figures()),
        ):
            grain.add(*sums)
    return report


@router.get("/health/ready")
async def get_ready() -> dict[str, str]:
    """Say that it is ready."""
    return {"status": "ready"}


async def store(database_url: str, events: Sequence[dict[str, Any]]) -> None:
    """Store many events as if each had been posted, but publish none."""
    engine = _engine(database_url)
    rows = [_columns(PostedEvent.model_validate(event)) for event in events]
    async with engine.begin() as connection:
        for first in range(0, len(rows), STORED_AT_ONCE):
            await connection.execute(insert(StoredEvent), rows[first : first + STORED_AT_ONCE])
    await engine.dispose()


def from_environment() -> FastAPI:
    """Make the application; what uvicorn's `--factory` calls."""
    engine = _engine(os.environ["HELHEDSNET_DATABASE_URL"])
    broker = RedisBroker(os.environ["HELHEDSNET_REDIS_URL"])

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all, tables=[SQLModel.metadata.tables["storedevent"]])
        async with broker:
            yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)
    app.state.engine = engine
    app.state.broker = broker
    # As in the services: an included router would cost each request a step more.
    app.router.routes.extend(router.routes)
    return app


def _engine(database_url: str) -> AsyncEngine:
    url = service_url(database_url, "tutorial").replace("postgresql", "postgresql+asyncpg", 1)
    return create_async_engine(url, pool_size=CONNECTIONS, max_overflow=0)


def _columns(event: PostedEvent) -> dict[str, Any]:
    return {
        "source": event.source,
        "id": event.id,
        "type": event.type,
        "recorded": datetime.now(UTC),
        "data": event.data.model_dump(mode="json"),
    }
