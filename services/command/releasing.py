"""Has releases made and waits for them. Owns no rule: reporting says what can be released and when."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx
from rich.table import Table

from services.command import access

POLL_SECONDS: Final = 0.2
TIMEOUT_SECONDS: Final = 30.0
# The longest that one is waited for; its maker goes on after that.
PATIENCE_SECONDS: Final = 3_600.0
# What passes: reporting is just reading what was posted, or somebody else has one made.
PASSING: Final = frozenset({"not_caught_up", "already_running"})
PATH: Final = "/reporting/releases"

Document = dict[str, Any]


def make(url: str, token: str, month: str | None) -> list[Document]:
    """Have releases made up to a month, or the newest that is closed; give those that were made.

    Raises:
        CommandFailed: none can be made, nobody answers, or it did not come.
    """
    try:
        with _client(url, token) as client:
            return _followed(client, month)
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise access.CommandFailed(access.unreachable(url, error)) from None


def ensure(url: str, token: str) -> list[Document]:
    """The same for the newest closed month, where it has none yet, as soon as reporting has read what was posted.

    Raises:
        CommandFailed: see `make`.
    """
    deadline = time.monotonic() + access.TIMEOUT_SECONDS
    try:
        with _client(url, token) as client:
            while True:
                answer = client.post(PATH, json={})
                code = access.problem_in(answer).get("code")
                if answer.is_success:
                    return _awaited(client, access.report_in(answer)["months"])
                if code == "released_already":
                    return []
                if code not in PASSING or time.monotonic() > deadline:
                    raise access.CommandFailed(access.explained(answer))
                time.sleep(POLL_SECONDS)
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise access.CommandFailed(access.unreachable(url, error)) from None


def drawn(releases: Sequence[Mapping[str, Any]]) -> Table:
    """Draw a list of releases."""
    table = Table(title="Releases", title_justify="left")
    for heading, side in (("number", "right"), ("month", "left"), ("from", "left"), ("to", "left")):
        table.add_column(heading, justify="right" if side == "right" else "left")
    for heading in ("made", "by", "digest"):
        table.add_column(heading)
    for release in releases:
        table.add_row(
            str(release["number"]),
            release["month"],
            release["from"],
            release["to"],
            release["made"][:16].replace("T", " "),
            release["made_by"],
            release["digest"][:12],
        )
    return table


def _followed(client: httpx.Client, month: str | None) -> list[Document]:
    answer = client.post(PATH, json={"month": month} if month else {})
    return _awaited(client, access.report_in(answer)["months"])


def _awaited(client: httpx.Client, months: Sequence[str]) -> list[Document]:
    """Wait until the last of some months has its release, and give those of all of them."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = access.report_in(client.get(PATH, params={"limit": min(len(months), 500)}))["releases"]
        if found and found[0]["month"] >= months[-1]:
            return [release for release in found[::-1] if release["month"] in months]
        if not access.report_in(client.get(f"{PATH}/next"))["is_being_made"]:
            # It may have come to its end between the two questions.
            last = access.report_in(client.get(PATH, params={"limit": 1}))["releases"]
            if not last or last[0]["month"] < months[-1]:
                raise access.CommandFailed("no release was made; reporting's log says why")
        time.sleep(POLL_SECONDS)
    raise access.CommandFailed(
        "it takes longer than this command waits; `helhedsnet release list` tells when it is there"
    )


def _client(url: str, token: str) -> httpx.Client:
    return httpx.Client(base_url=url.rstrip("/"), headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_SECONDS)
