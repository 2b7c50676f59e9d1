"""Answers that are given again while reporting stands where it stood. Owns no report."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute

from services.reporting.reports.service import Reports, StandsToday
from shared.http.authentication import sender_of
from shared.http.state import state_of
from shared.recent import Recent

KEPT_ANSWERS: Final = 64
KEPT_BYTES: Final = 256 * 1024

AnswerKey = tuple[str, bytes, str | None, str | None]


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
            )
            stands = await state.part(Reports).stands()
            if (kept := answers.find(question, stands)) is None:
                kept = await make(request)
                answers.keep(question, stands, kept)
            return kept

        return answer


class Answers:
    """The answers given last, each with where reporting stood when it was asked for; bounded in number and in size."""

    def __init__(self) -> None:
        self._kept: Recent[AnswerKey, tuple[StandsToday, Response]] = Recent(KEPT_ANSWERS)

    def find(self, question: AnswerKey, stands: StandsToday) -> Response | None:
        """Give the answer to a question, if there is one and nothing has moved since."""
        stood, answer = self._kept.find(question) or (None, None)
        return answer if stood == stands else None

    def keep(self, question: AnswerKey, stands: StandsToday, answer: Response) -> None:
        """Keep an answer for those who ask the same."""
        if answer.status_code not in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED} or len(answer.body) > KEPT_BYTES:
            return
        self._kept.keep(question, (stands, answer))
