"""Gathers what is held of one person: the registry's record, asked in the reader's name, and the rows of reporting.

Both note the look-up. Released figures are counts of many, and do not say whom they count: they are not listed.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import httpx
import orjson

from services.reporting.person import store
from services.reporting.terms import Json
from shared import clock
from shared.backbone import lookups
from shared.backbone.catch_up import trusted_authorities
from shared.backbone.lookups import Shown
from shared.database import Pool
from shared.errors import BadRequest, Busy, Forbidden, NotFound, Unauthenticated
from shared.tokens import Identity

ANSWER_SECONDS: Final = 20.0
RETRIED: Final = "the registry does not answer just now"
MAX_LOOKUPS: Final = 5_000


class PersonRecords:
    """What is held of one person of an area."""

    def __init__(self, pool: Pool, registry_url: str) -> None:
        self._pool = pool
        self._url = registry_url
        self._client = httpx.AsyncClient(verify=trusted_authorities(), timeout=ANSWER_SECONDS)

    async def record(self, token: str, reader: Identity, shown: Shown) -> Json:
        """Give all that is held of the one person shown, and every look-up of it, this one among them.

        Raises:
            Forbidden: the reader is no coordinator.
            NotFound: nobody of the reader's areas is known by that pseudonym.
            BadRequest: what is asked for is no pseudonym, or the reason is none (`invalid_form`).
            Busy: the registry does not answer.
        """
        if reader.role != "coordinator":
            raise Forbidden("only coordinators of a person's area see what is held of it")
        (person,) = shown.people
        told = await self._ask(token, {"participant": person, "reason": shown.reason})
        async with self._pool.acquire() as connection, connection.transaction():
            names: list[str] = told["pseudonyms"]
            rows = await store.rows_about(connection, names, reader.areas)
            await lookups.append(connection, reader, shown, clock.now())
            seen = await lookups.of_person(connection, names, MAX_LOOKUPS)
        own = [{**line, "recorded": line["recorded"].isoformat()} for line in seen]
        for line in own:
            del line["sequence"]
        is_whole = told["is_whole"] and all(len(found) <= store.MAX_ROWS for found in rows.values())
        return {
            "participant": told["participant"],
            "events": told["events"],
            "rows": rows,
            "lookups": sorted([*told["lookups"], *own], key=lambda line: line["recorded"], reverse=True),
            "is_whole": is_whole,
        }

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _ask(self, token: str, asked: Mapping[str, str | None]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            answer = await self._client.post(f"{self._url}/people/record", json=dict(asked), headers=headers)
            told: dict[str, Any] = orjson.loads(answer.content)
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            raise Busy(RETRIED) from error
        match answer.status_code:
            case HTTPStatus.OK:
                return told
            case HTTPStatus.UNAUTHORIZED:
                raise Unauthenticated("the registry does not take this token")
            case HTTPStatus.FORBIDDEN:
                raise Forbidden("only coordinators of a person's area see what is held of it")
            case HTTPStatus.NOT_FOUND:
                raise NotFound("nobody of this area is known by that pseudonym")
            case HTTPStatus.UNPROCESSABLE_ENTITY:
                raise BadRequest("invalid_form", "this is no pseudonym, or no reason")
        raise Busy(RETRIED)
