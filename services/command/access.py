"""How the command reaches a running system: addresses, tokens and reports. Owns what it says when that fails."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import urlsplit

import httpx
import orjson

from services.embedded.system import token_key_file
from shared.tokens import Identity, Role, TokenKey

LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
ROLES: Final[tuple[Role, ...]] = get_args(Role)
# What may stand behind `Bearer` in a header. Source: RFC 6750, section 2.1.
BEARER: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")
OWN_TOKEN_LIFE: Final = timedelta(hours=1)
TIMEOUT_SECONDS: Final = 30.0


class CommandFailed(Exception):
    """What was asked for could not be done; the message is all that the user needs."""


def issue_token(data: Path, role: Role, areas: frozenset[str], valid_for: timedelta) -> str:
    """Sign a token with the folder's key, which is made if there is none.

    Raises:
        CannotServe: the key's file holds none.
        CommandFailed: it cannot be read or written.
    """
    path = token_key_file(data)
    try:
        return TokenKey.load_or_create(path).issue(Identity(role, areas), valid_for=valid_for)
    except OSError as error:
        raise CommandFailed(f"the key in {path} cannot be used: {error}") from None


def invitation(data: Path, role: Role, areas: frozenset[str], valid_for: timedelta, url: str) -> str:
    """Give the address that signs its holder in, once, to the pages of the system that has the folder's key.

    Raises:
        CannotServe: the key's file holds none.
        CommandFailed: it cannot be read or written.
    """
    path = token_key_file(data)
    try:
        signed = TokenKey.load_or_create(path).issue_pass("invitation", Identity(role, areas), valid_for=valid_for)
    except OSError as error:
        raise CommandFailed(f"the key in {path} cannot be used: {error}") from None
    return f"{url.rstrip('/')}/sign-in?invitation={signed}"


def token_for(url: str, given: str | None, data: Path, role: Role) -> str:
    """Give the token to send: the one given, else one of our own where a local system's key is at hand.

    Raises:
        CommandFailed: there is none to be had, or the one given is none.
    """
    if given:
        if not BEARER.fullmatch(given):
            raise CommandFailed("the token holds signs that no token has; was it copied whole, and nothing else?")
        return given
    path = token_key_file(data)
    if urlsplit(url).hostname not in LOCAL_HOSTS or not path.exists():
        raise CommandFailed(
            "no token: give --token or set HELHEDSNET_TOKEN (`helhedsnet token` makes one); for a system on this"
            f" machine name its folder with --data (there is no key in {path})"
        )
    return issue_token(data, role, frozenset(), OWN_TOKEN_LIFE)


def fetch_report(url: str, path: str, token: str, parameters: Mapping[str, str | None]) -> dict[str, Any]:
    """Read a report.

    Raises:
        CommandFailed: nobody answers, the token is not good, or the report is refused.
    """
    return fetch(url, f"reporting/reports/{path}", token, parameters)


def fetch(url: str, path: str, token: str, parameters: Mapping[str, str | None]) -> dict[str, Any]:
    """Read a document of a service.

    Raises:
        CommandFailed: nobody answers, the token is not good, or the document is refused.
    """
    wanted = {name: value for name, value in parameters.items() if value is not None}
    try:
        answer = httpx.get(
            f"{url.rstrip('/')}/{path}",
            params=wanted,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECONDS,
        )
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise CommandFailed(unreachable(url, error)) from None
    return report_in(answer)


def report_in(answer: httpx.Response) -> dict[str, Any]:
    """Give the report that an answer holds.

    Raises:
        CommandFailed: it holds none.
    """
    if not answer.is_success:
        raise CommandFailed(explained(answer))
    try:
        report: dict[str, Any] = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        raise CommandFailed(f"{answer.url.host} answered, but not with a report") from None
    return report


def problem_in(answer: httpx.Response) -> dict[str, Any]:
    """Give the problem document of an answer; empty when it carries none."""
    try:
        document = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def explained(answer: httpx.Response) -> str:
    """Say in a sentence why a request was not answered as hoped."""
    problem = problem_in(answer)
    if "code" not in problem:
        return f"{answer.url} answered {answer.status_code} {answer.reason_phrase}; is this a Helhedsnet address?"
    said = f"{problem['code']}: {problem.get('detail', '')}"
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        return f"the token was not accepted ({said}); `helhedsnet token` makes one with the system's own key"
    return said


def unreachable(url: str, error: Exception) -> str:
    """Say that nobody answers at an address."""
    return f"nothing answers at {url} ({str(error) or type(error).__name__}); start it with `helhedsnet up`"
