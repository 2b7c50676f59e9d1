"""What a command sends to be known: a token given, or one bought with a program's key, anew before it ends."""

import time
from base64 import b64encode
from collections.abc import Generator
from typing import Final
from urllib.parse import quote_plus

import httpx

from services.command import access

# So long before its end a token is replaced, so that it holds until the request is there.
RENEW_SECONDS: Final = 10.0


class Bearing(httpx.Auth):
    """Sends a token that was given."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send it with the request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class Buying(httpx.Auth):
    """Buys tokens with a key, whose secret goes to access and nowhere else."""

    requires_response_body = True

    def __init__(self, url: str, key: str) -> None:
        self._url = f"{access.access_address(url)}/token"
        name, _, secret = key.partition(".")
        self._basic = b64encode(f"{quote_plus(name)}:{quote_plus(secret)}".encode()).decode()
        self._token = ""
        self._good_until = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a token with the request, and buy one first where the one at hand ends soon.

        Raises:
            CommandFailed: the key is good no more.
        """
        if time.monotonic() >= self._good_until:
            asked = time.monotonic()
            answer = yield httpx.Request(
                "POST",
                self._url,
                data={"grant_type": "client_credentials"},
                headers={"Authorization": f"Basic {self._basic}"},
            )
            told = access.report_in(answer)
            self._token = told["access_token"]
            self._good_until = asked + told["expires_in"] - RENEW_SECONDS
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request
