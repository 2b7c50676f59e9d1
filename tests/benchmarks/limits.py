"""The limits of the framework itself: FastAPI that only validates and answers, and one that only says hello."""

from fastapi import FastAPI
from pydantic import BaseModel

from tests.benchmarks.tutorial_way import PostedEvent


class Answered(BaseModel):
    """What the sender is told."""

    id: str
    sequence: int


def from_environment() -> FastAPI:
    """Make the application; what uvicorn's `--factory` calls."""
    app = FastAPI()

    @app.post("/limit/events", status_code=201)
    async def post_event(event: PostedEvent) -> Answered:
        """Validate one event and answer; nothing is stored."""
        return Answered(id=event.id, sequence=1)

    @app.get("/limit/hello")
    async def get_hello() -> dict[str, str]:
        """Say hello."""
        return {"hello": "world"}

    @app.get("/limit/health/ready")
    async def get_ready() -> dict[str, str]:
        """Say that it is ready."""
        return {"status": "ready"}

    return app
