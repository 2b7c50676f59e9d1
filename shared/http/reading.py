"""What the read routes of all services take alike: their database, filters and paging."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from shared.database import Pool

# PostgreSQL cannot hold NUL in a text, so no parameter may carry one.
NO_NUL = r"^[^\x00]*$"


async def _pool(request: Request) -> Pool:
    # A coroutine, since FastAPI would run a plain function in a thread of its own.
    pool: Pool = request.app.state.pool
    return pool


PoolOf = Annotated[Pool, Depends(_pool)]
Name = Annotated[str, Path(pattern=NO_NUL, description="A slug.")]
Filter = Annotated[str | None, Query(max_length=63, pattern=NO_NUL)]
Search = Annotated[str | None, Query(max_length=100, pattern=NO_NUL, description="Text that the name holds.")]
Cursor = Annotated[str, Query(max_length=63, pattern=NO_NUL, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=500, description="The most that one page holds.")]
