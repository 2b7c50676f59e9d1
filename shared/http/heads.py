"""Answers HEAD as GET without the body, for every route at once. Owns no route."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import background


def is_head(scope: Scope) -> bool:
    """Tell whether a request asks for the head of an answer alone."""
    kind, method = scope["type"], scope.get("method")
    return bool(kind == "http" and method == "HEAD")


async def answer_head(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Ask an application as GET does, and send the head of its answer; what would go on after it is ended.

    Source: RFC 9110, section 9.3.2.
    """
    goes_on = asyncio.Event()

    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b""})
        elif message.get("more_body"):
            goes_on.set()

    async def ask() -> None:
        await app({**scope, "method": "GET"}, receive, send_head)

    asking = asyncio.create_task(ask(), name="the answer to HEAD")
    waiting = asyncio.create_task(goes_on.wait(), name="an answer that goes on")
    try:
        await asyncio.wait({asking, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await background.end([waiting] if asking.done() else [waiting, asking])
    if not asking.cancelled():
        asking.result()
