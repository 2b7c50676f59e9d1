"""How the command reaches a running system: addresses, tokens and reports. Owns what it says when that fails."""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import urlsplit

import httpx
import orjson

from services.access.signing import Issuer
from services.embedded.system import address_in, issuer_file, told
from shared.tokens import LONGEST_TOKEN, Identity, Role

LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
ROLES: Final[tuple[Role, ...]] = get_args(Role)
# What may stand behind `Bearer` in a header. Source: RFC 6750, section 2.1.
BEARER: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")
LOCAL_URL: Final = "http://127.0.0.1:8000"
# What a program sets to its key.
KEY_VARIABLE: Final = "HELHEDSNET_KEY"
OWN_TOKEN_LIFE: Final = LONGEST_TOKEN
TIMEOUT_SECONDS: Final = 30.0


class CommandFailed(Exception):
    """What was asked for could not be done; the message is all that the user needs."""


def issue_token(data: Path, role: Role, areas: frozenset[str], valid_for: timedelta) -> str:
    """Sign a token with the folder's key, which is made if there is none.

    Raises:
        CannotServe: the key's file holds none.
        CommandFailed: it cannot be read or written.
    """
    path = issuer_file(data)
    try:
        return Issuer.load_or_create(path).issue(Identity(role, areas), valid_for=valid_for)
    except OSError as error:
        raise CommandFailed(f"the key in {path} cannot be used: {error}") from None


def has_no_key(data: Path) -> bool:
    """Tell whether a folder has no key yet: no system has run there."""
    return not issuer_file(data).exists()


def public_address(given: str | None, data: Path) -> str:
    """Give where people reach the system: the address given, that of the settings, that of the folder's system."""
    return given or told("public_url") or address_of(data)


def address_of(data: Path) -> str:
    """Give where the system of a folder answers; where none runs, where one would that is asked for no other port."""
    return address_in(data) or LOCAL_URL


def invitation(url: str, token: str, asked: Mapping[str, Any], shown: str | None = None) -> str:
    """Give the address that signs its holder in, once, to a running system; `shown` is what people call that.

    Raises:
        CommandFailed: nobody answers, the token is not good, an area is not registered, or the invitation is refused.
    """
    for area in asked.get("areas", ()):
        _must_be_registered(told("registry_url") or f"{url.rstrip('/')}/registry", token, area)
    made = send(f"{access_address(url)}/invitations", token, asked)
    return f"{(shown or url).rstrip('/')}/sign-in?invitation={made['secret']}"


def _must_be_registered(registry: str, token: str, area: str) -> None:
    """Look whether the registry knows an area: a coordinator of one that is misspelt would see nothing, and wonder.

    Raises:
        CommandFailed: it does not, or cannot be asked.
    """
    try:
        fetch(registry, f"areas/{area}", token, {})
    except CommandFailed as failed:
        if str(failed).startswith("not_found:"):
            raise CommandFailed(f"unknown_area: the area '{area}' is not registered") from None
        raise


def token_for(url: str, given: str | None, data: Path, role: Role, areas: frozenset[str] = frozenset()) -> str:
    """Give the token to send: the one given, else one of our own where a local system's key is at hand.

    Raises:
        CommandFailed: there is none to be had, or the one given is none.
    """
    if given:
        if not BEARER.fullmatch(given):
            raise CommandFailed("the token holds signs that no token has; was it copied whole, and nothing else?")
        return given
    if key := os.environ.get(KEY_VARIABLE):
        return bought(url, key)
    path = issuer_file(data)
    is_here = urlsplit(url).hostname in LOCAL_HOSTS or told("issuer_file") is not None
    if not is_here or not path.exists():
        raise CommandFailed(
            "no token: set HELHEDSNET_KEY (`helhedsnet keys make` makes one), or give --token; for a system on this"
            f" machine name its folder with --data (there is no key in {path})"
        )
    return issue_token(data, role, areas, OWN_TOKEN_LIFE)


def bought(url: str, key: str) -> str:
    """Buy a token with a program's key; it lasts half a minute.

    Raises:
        CommandFailed: nobody answers, or the key is good no more.
    """
    name, _, secret = key.partition(".")
    address = f"{access_address(url)}/token"
    try:
        answer = httpx.post(
            address, data={"grant_type": "client_credentials"}, auth=(name, secret), timeout=TIMEOUT_SECONDS
        )
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise CommandFailed(unreachable(url, error)) from None
    token: str = report_in(answer)["access_token"]
    return token


def delete(url: str, token: str) -> None:
    """End what an address names.

    Raises:
        CommandFailed: nobody answers, the token is not good, or there is no such thing.
    """
    try:
        answer = httpx.delete(url, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_SECONDS)
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise CommandFailed(unreachable(url, error)) from None
    if not answer.is_success:
        raise CommandFailed(explained(answer))


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


def access_address(url: str) -> str:
    """Give where access answers: where the settings say, as in a container, else under the system's address."""
    return told("access_url") or f"{url.rstrip('/')}/access"


def send(url: str, token: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Post a document to a service, and give what it answers.

    Raises:
        CommandFailed: nobody answers, the token is not good, or the document is refused.
    """
    try:
        answer = httpx.post(
            url,
            json=dict(body),
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
        return (
            f"the token was not accepted ({said}); `helhedsnet token --data FOLDER` makes one, of the system's folder"
        )
    return said


def unreachable(url: str, error: Exception) -> str:
    """Say that nobody answers at an address."""
    return f"nothing answers at {url} ({str(error) or type(error).__name__}); start it with `helhedsnet up`"
