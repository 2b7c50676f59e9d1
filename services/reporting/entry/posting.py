"""Sends what was typed to the intake of the service that owns it, in the name of the session held. Keeps nothing.

It is the same intake that programs post to: pages have no way past it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import httpx
import orjson

from services.reporting.reader.passes import Passes
from services.reporting.terms import Json
from shared.backbone.catch_up import trusted_authorities
from shared.errors import Forbidden, Unauthenticated
from shared.events.envelope import Owner
from shared.http.intake import BATCHED

PLACE: Final = re.compile(r"[a-z]+:([0-9]+)")
ANSWER_SECONDS: Final = 15.0
# What intake answers whoever may try the same again.
AGAIN: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.CONFLICT})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one event was refused: its place among those sent, where in it, and the code of the catalogue."""

    index: int
    pointer: str
    code: str


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of events; `is_away` tells that nobody knows, and that the same may be sent again."""

    accepted: int = 0
    duplicates: int = 0
    cursor: str = ""
    warnings: Sequence[str] = ()
    refusals: Sequence[Refusal] = ()
    is_away: bool = False

    @property
    def sequence(self) -> int:
        """Give the last place in the owner's log that these events have, 0 where they have none."""
        found = PLACE.match(self.cursor)
        return int(found[1]) if found else 0

    @property
    def is_stored(self) -> bool:
        """Tell whether all of it is in the log, now or from before."""
        return not self.is_away and not self.refusals


class Intakes:
    """The intakes of the services; `url_of` gives where each answers."""

    def __init__(self, url_of: Callable[[str], str], passes: Passes) -> None:
        self._url_of = url_of
        self._passes = passes
        self._client = httpx.AsyncClient(verify=trusted_authorities(), timeout=ANSWER_SECONDS)

    async def post(self, session: str, owner: Owner, events: Sequence[Json], *, acknowledged: bool = False) -> Posted:
        """Post events, all or none.

        Raises:
            Unauthenticated: the session is good no more.
            Forbidden: its holder posts nothing.
            IssuerUnknown: access is away.
        """
        token = await self._passes.token(session)
        try:
            answer = await self._client.post(
                f"{self._url_of(owner)}/events",
                params={"acknowledged": "true"} if acknowledged else {},
                content=orjson.dumps(list(events)),
                headers={"Authorization": f"Bearer {token}", "Content-Type": BATCHED},
            )
            told: dict[str, Any] = orjson.loads(answer.content or b"{}")
        except (httpx.HTTPError, orjson.JSONDecodeError):
            return Posted(is_away=True)
        return _read(answer.status_code, told)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()


def _read(status: int, told: dict[str, Any]) -> Posted:
    if status in (HTTPStatus.OK, HTTPStatus.CREATED):
        warnings = [warning for event in told["events"] for warning in event.get("warnings", ())]
        return Posted(told["accepted"], told["duplicates"], told["cursor"], warnings)
    if status == HTTPStatus.UNAUTHORIZED:
        raise Unauthenticated("this session is good no more")
    errors = told.get("errors") or ()
    if status == HTTPStatus.FORBIDDEN and not errors:
        raise Forbidden(told.get("detail", "this role posts nothing"))
    if errors:
        return Posted(refusals=[Refusal(item["index"] or 0, item["pointer"], item["code"]) for item in errors])
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in AGAIN:
        return Posted(is_away=True)
    return Posted(refusals=[Refusal(0, "", told.get("code", "invalid_value"))])
