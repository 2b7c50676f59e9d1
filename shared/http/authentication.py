"""Who sends a request: FastAPI dependencies over the tokens. Owns no token.

The dependencies are coroutines though they wait for nothing: FastAPI runs a plain function in a thread of its own,
which costs more than all the rest of a request.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPBearer
from starlette.requests import Request

from shared.errors import Forbidden, Unauthenticated
from shared.http.state import state_of
from shared.tokens import Identity, Pass, Role

_bearer = HTTPBearer(auto_error=False, description="A token that a key was traded for, or one of `helhedsnet token`.")


def header_of(request: Request, name: bytes) -> str:
    """Give the first header of a name in small letters; empty where there is none.

    Starlette's own mapping takes several times as long, for every post of events.
    """
    for key, value in request.scope["headers"]:
        if key == name:
            told: str = value.decode("latin-1")
            return told
    return ""


def pass_of(request: Request) -> Pass:
    """Give what the token of a request says: who sends it, until when that holds, and what this sender is counted by.

    Raises:
        Unauthenticated: there is no good token.
    """
    scheme, _, token = header_of(request, b"authorization").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("send a bearer token; a key or `helhedsnet token` gives one")
    return state_of(request).trusted.verify(token.strip())


def sender_of(request: Request) -> Identity:
    """Give who sends a request.

    Raises:
        Unauthenticated: there is no good token.
    """
    return pass_of(request).identity


async def bearer(request: Request, _: Annotated[object, Depends(_bearer)]) -> Pass:
    """Give what the token of a request says; `pass_of` as a FastAPI dependency, which tells OpenAPI of tokens."""
    return pass_of(request)


async def identity(held: Annotated[Pass, Depends(bearer)]) -> Identity:
    """Give who sends a request; `sender_of` as a FastAPI dependency."""
    return held.identity


def only(*roles: Role) -> Callable[[Identity], Awaitable[Identity]]:
    """Make a dependency that lets only these roles pass."""

    async def check(sender: Annotated[Identity, Depends(identity)]) -> Identity:
        if sender.role not in roles:
            raise Forbidden(f"the role '{sender.role}' may not read this")
        return sender

    return check
