"""Who may sign in, as an administrator sees and changes it: asks access, in the name of the session that is held."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import httpx
import orjson

from shared.backbone.catch_up import trusted_authorities
from shared.errors import BadRequest, Forbidden, IssuerUnknown, LastAdministrator, NotFound, Unauthenticated
from shared.events.envelope import Owner

# What is listed and can be ended, and by what each is called.
KINDS: Final[Mapping[str, str]] = {
    "people": "subject",
    "invitations": "invitation",
    "sessions": "session",
    "keys": "key",
}
ANSWER_SECONDS: Final = 5.0
AWAY: Final = "who may sign in cannot be told just now"


class Office:
    """People, invitations, sessions and keys; access decides whether the session may see them."""

    def __init__(self, access_url: str, owners: Mapping[Owner, str]) -> None:
        self._url = access_url
        self._owners = owners
        self._client = httpx.AsyncClient(verify=trusted_authorities(), timeout=ANSWER_SECONDS)

    async def listed(self, session: str) -> dict[str, list[dict[str, Any]]]:
        """List all of each kind, the newest first.

        Raises:
            Forbidden: the session is no administrator's.
            IssuerUnknown: access is away.
        """
        token = await self.token(session)
        return {kind: (await self._ask(token, "GET", kind))["items"] for kind in KINDS}

    async def end(self, session: str, kind: str, name: str) -> None:
        """End one.

        Raises:
            Forbidden: the session is no administrator's.
            NotFound: there is no such thing that is good.
            LastAdministrator: nobody would be left to let others in.
            IssuerUnknown: access is away.
        """
        if kind not in KINDS or not name.replace("-", "").isalnum():
            raise NotFound("there is no such thing that can be ended")
        await self._ask(await self.token(session), "DELETE", f"{kind}/{name}")

    async def make(self, session: str, kind: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Make an invitation or a key, and give it with its secret, which nobody is told again.

        Raises:
            Forbidden: the session is no administrator's.
            BadRequest: what is asked for cannot be (`invalid_form`).
            IssuerUnknown: access is away.
        """
        return await self._ask(await self.token(session), "POST", kind, asked)

    async def changes(self, session: str, before: int, limit: int) -> list[dict[str, Any]]:
        """List who changed whose access, the newest first, from before a number.

        Raises:
            Forbidden: the session is neither an administrator's nor an auditor's.
            IssuerUnknown: access is away.
        """
        asked = f"changes?before={before}&limit={limit}"
        listed: list[dict[str, Any]] = (await self._ask(await self.token(session), "GET", asked))["items"]
        return listed

    async def of_service(self, session: str, owner: Owner, what: str, before: int, limit: int) -> list[dict[str, Any]]:
        """List the `authors` of a service's log, or the `deeds` of its operators, the newest first.

        Raises:
            Forbidden: the session is neither an administrator's nor an auditor's.
            IssuerUnknown: the service or access is away.
        """
        asked = f"log/{what}?before={before}&limit={limit}"
        token = await self.token(session)
        listed: list[dict[str, Any]] = (await self._ask(token, "GET", asked, url=self._owners[owner]))[what]
        return listed

    async def names(self, session: str) -> dict[str, str]:
        """Give what those are called whom the logs know by opaque names.

        Raises:
            Forbidden: the session is no administrator's.
            IssuerUnknown: access is away.
        """
        token = await self.token(session)
        people, programs = [(await self._ask(token, "GET", kind))["items"] for kind in ("people", "keys")]
        return {item["subject"]: item["name"] for item in people} | {item["key"]: item["name"] for item in programs}

    async def colleagues(self, session: str) -> dict[str, str]:
        """Give what those are called who speak for a coordinator's own areas; nothing where that cannot be told."""
        try:
            told = await self._ask(await self.token(session), "GET", "colleagues")
        except (Forbidden, IssuerUnknown):
            return {}
        return {item["subject"]: item["name"] for item in told["items"]}

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def token(self, session: str) -> str:
        """Trade a session for a token of half a minute, to ask other services in its name."""
        told = await self._ask(None, "POST", "sessions/token", {"session": session})
        token: str = told["access_token"]
        return token

    async def _ask(
        self, token: str | None, method: str, path: str, body: Mapping[str, Any] | None = None, url: str = ""
    ) -> dict[str, Any]:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            answer = await self._client.request(method, f"{url or self._url}/{path}", json=body, headers=headers)
            told: dict[str, Any] = orjson.loads(answer.content or b"{}")
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            raise IssuerUnknown(AWAY) from error
        match answer.status_code:
            case HTTPStatus.UNAUTHORIZED:
                raise Unauthenticated("this session is good no more")
            case HTTPStatus.FORBIDDEN:
                raise Forbidden("only an administrator looks after who may sign in")
            case HTTPStatus.NOT_FOUND:
                raise NotFound("there is no such thing that is good")
            case HTTPStatus.CONFLICT:
                raise LastAdministrator("this is the last administrator")
            case HTTPStatus.UNPROCESSABLE_ENTITY:
                raise BadRequest("invalid_form", "this is no form of ours")
        if not answer.is_success:
            raise IssuerUnknown(AWAY)
        return told
