"""Answers that are given again while reporting stands where it stood, compressed where asked for. Owns no report.

A report of many areas is large, and compresses well. It is compressed once, whoever asks for it: what is kept of large
answers is kept by what they say, and bounded in bytes. Source: ADR 134.
"""

import asyncio
import gzip
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute

from services.reporting.reports.service import Reports, StandsToday
from shared.http.authentication import sender_of
from shared.http.state import state_of
from shared.recent import Recent

# How many bytes of answers are kept, those of one report counted for each of its readers; and of compressed reports.
KEPT_BYTES: Final = 32 * 1024 * 1024
COMPRESSED_BYTES: Final = 32 * 1024 * 1024
# What an answer takes beside its body.
BESIDE_BODY_BYTES: Final = 2 * 1024
# Nothing is gained by compressing what goes out in one packet.
COMPRESSED_FROM_BYTES: Final = 1_400
# It is done once and sent often: a level that is faster by a fifth would send a tenth more.
COMPRESSION_LEVEL: Final = 6

AnswerKey = tuple[str, bytes, str | None, str | None, bool]


class Remembered(APIRoute):
    """A route whose answer depends on the request and on where reporting stands, and on nothing else.

    The same request is answered without reading its parameters again, which costs FastAPI twice what is left to do.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route: answer from memory where nothing has moved since."""
        make = super().get_route_handler()

        async def answer(request: Request) -> Response:
            # Whoever asks again needs a token that is still good.
            sender_of(request)
            state = state_of(request)
            answers = state.part(Answers)
            headers = request.headers
            question = (
                request.scope["path"],
                request.scope["query_string"],
                headers.get("authorization"),
                headers.get("if-none-match"),
                takes_gzip(headers.get("accept-encoding", "")),
            )
            stands = await state.part(Reports).stands()
            if (kept := answers.find(question, stands)) is None:
                kept = await answers.as_read(await make(request), question)
                answers.keep(question, stands, kept)
            return kept

        return answer


class Answers:
    """The answers given last, each with where reporting stood when it was asked for; bounded in bytes."""

    def __init__(self) -> None:
        self._kept: Recent[AnswerKey, tuple[StandsToday, Response]] = Recent(KEPT_BYTES)
        self._compressed: Recent[str, bytes] = Recent(COMPRESSED_BYTES)

    def find(self, question: AnswerKey, stands: StandsToday) -> Response | None:
        """Give the answer to a question, if there is one and nothing has moved since."""
        stood, answer = self._kept.find(question) or (None, None)
        return answer if stood == stands else None

    def keep(self, question: AnswerKey, stands: StandsToday, answer: Response) -> None:
        """Keep an answer for those who ask the same."""
        if answer.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
            self._kept.keep(question, (stands, answer), len(answer.body) + BESIDE_BODY_BYTES)

    async def as_read(self, answer: Response, question: AnswerKey) -> Response:
        """Give an answer compressed where its reader takes it so; its entity tag is weak then, since its bytes differ.

        Source: RFC 9110, 8.8.3.
        """
        *_, known, is_compressed = question
        etag = answer.headers.get("etag")
        if etag is None or not is_compressed:
            return answer
        weak = f"W/{etag}"
        if answer.status_code == HTTPStatus.NOT_MODIFIED and known is not None and weak in known:
            answer.headers["ETag"] = weak
        if answer.status_code != HTTPStatus.OK or len(answer.body) < COMPRESSED_FROM_BYTES:
            return answer
        # Its length is that of the compressed body; all other headers stay.
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        vary = f"{headers.get('vary', '')}, Accept-Encoding".removeprefix(", ")
        headers |= {"etag": weak, "content-encoding": "gzip", "vary": vary}
        return Response(await self._compressed_once(etag, bytes(answer.body)), headers=headers)

    async def _compressed_once(self, etag: str, body: bytes) -> bytes:
        found = self._compressed.find(etag)
        if found is None:
            # It takes milliseconds to tens of them, in which others are answered.
            found = await asyncio.to_thread(gzip.compress, body, COMPRESSION_LEVEL, mtime=0)
            self._compressed.keep(etag, found, len(found))
        return found


def takes_gzip(accepted: str) -> bool:
    """Tell whether a reader takes answers compressed by gzip, as its `Accept-Encoding` says.

    Source: RFC 9110, 12.5.3.
    """
    for part in accepted.split(","):
        name, _, weight = part.partition(";")
        if name.strip().lower() in {"gzip", "*"}:
            return weight.replace(" ", "").lower() not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
