"""Short bodies that are no events: the fields of a form, and JSON. Owns their bounds."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final, TypeAlias
from urllib.parse import parse_qsl

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute

from shared.errors import BadRequest, TooLarge

FORM_BYTES: Final = 16_384
FORM_FIELDS: Final = 20
# A budget of five hundred lines, or a text in every field.
LONG_FORM_BYTES: Final = 524_288
LONG_FORM_FIELDS: Final = 5_000
# The fields of a form, each with all its values.
LongFields: TypeAlias = dict[str, list[str]]


async def form(request: Request) -> dict[str, str]:
    """Read a form's fields; a FastAPI dependency.

    Raises:
        TooLarge: no form of ours is that large.
        BadRequest: these are no fields of a form.
    """
    return dict(_parsed(await bounded(request, FORM_BYTES), FORM_FIELDS))


async def long_form(request: Request) -> LongFields:
    """Read the fields of a form with which an event is registered, each with all its values; a FastAPI dependency.

    Raises:
        TooLarge: no form of ours is that large.
        BadRequest: these are no fields of a form.
    """
    return fields_of_form(await bounded(request, LONG_FORM_BYTES))


def fields_of_form(body: bytes) -> LongFields:
    """Read a body as the fields of a form with which something is registered.

    Raises:
        BadRequest: these are no fields of a form.
    """
    found: LongFields = {}
    for name, value in _parsed(body, LONG_FORM_FIELDS):
        found.setdefault(name, []).append(value)
    return found


async def bounded(request: Request, most_bytes: int) -> bytes:
    """Read a body of at most so many bytes.

    Raises:
        TooLarge: it is longer.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge(f"this form holds at most {most_bytes} bytes")
    return bytes(body)


def _parsed(body: bytes, most_fields: int) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(), max_num_fields=most_fields)
    except ValueError:
        raise BadRequest("invalid_form", "this is no form of ours") from None


class Short(APIRoute):
    """A route with a short body that says its length: FastAPI reads a whole body before it asks who sends it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route: refuse what is long, or may be."""
        answer = super().get_route_handler()

        async def answer_short(request: Request) -> Response:
            told = request.headers.get("content-length", "0")
            if "transfer-encoding" in request.headers or not told.isdecimal() or int(told) > FORM_BYTES:
                raise TooLarge("the body holds at most 16 KiB, and says its length")
            return await answer(request)

        return answer_short


LongFormFields = Annotated[LongFields, Depends(long_form)]
FormFields = Annotated[dict[str, str], Depends(form)]
