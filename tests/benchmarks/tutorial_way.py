"""The peer: intake as the tutorials of FastAPI, SQLModel and FastStream show it, as fast as that way allows.

One request is one validation by FastAPI, one insert, one commit and one publish. It checks no token, no rule and no
personal number, and a crash between commit and publish loses the message; what it leaves out is to its advantage.
"""

import contextlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, FastAPI
from faststream.redis import RedisBroker
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import BigInteger, DateTime, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import service_url
from shared.events.fields import Hours, Persons, Slug

STREAM: Final = "tutorial.events"
STREAM_LENGTH: Final = 100_000
CONNECTIONS: Final = 32


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


def from_environment() -> FastAPI:
    """Make the application; what uvicorn's `--factory` calls."""
    url = service_url(os.environ["HELHEDSNET_DATABASE_URL"], "tutorial").replace("postgresql", "postgresql+asyncpg", 1)
    engine = create_async_engine(url, pool_size=CONNECTIONS, max_overflow=0)
    broker = RedisBroker(os.environ["HELHEDSNET_REDIS_URL"])

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all, tables=[SQLModel.metadata.tables["storedevent"]])
        async with broker:
            yield
        await engine.dispose()

    async def session() -> AsyncIterator[AsyncSession]:
        async with AsyncSession(engine, expire_on_commit=False) as opened:
            yield opened

    app = FastAPI(lifespan=lifespan)

    @app.post("/tutorial/events", status_code=201)
    async def post_event(event: PostedEvent, session: Annotated[AsyncSession, Depends(session)]) -> Stored:
        """Store one event and publish it."""
        row = StoredEvent(
            source=event.source,
            id=event.id,
            type=event.type,
            recorded=datetime.now(UTC),
            data=event.data.model_dump(mode="json"),
        )
        session.add(row)
        await session.commit()
        await broker.publish(event, stream=STREAM, maxlen=STREAM_LENGTH)
        assert row.sequence is not None, "the database gave no sequence"
        return Stored(id=row.id, sequence=row.sequence)

    @app.get("/tutorial/health/ready")
    async def get_ready() -> dict[str, str]:
        """Say that it is ready."""
        return {"status": "ready"}

    return app
