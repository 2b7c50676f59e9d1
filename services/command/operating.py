"""The operators' part of the command: how the system stands, and what to do with dead letters. Owns no rule."""

import time
from collections.abc import Mapping
from typing import Any, Final

import httpx
from rich.live import Live
from rich.table import Table
from rich.text import Text

from services.command import access
from services.command.terminal import Terminal

SERVICES: Final = ("registry", "funding", "reporting")
REFRESH_SECONDS: Final = 1.0
TIMEOUT_SECONDS: Final = 10.0
LISTED: Final = 1_000

Status = dict[str, Any]


def statuses(url: str, token: str) -> dict[str, Status]:
    """Ask every service how it stands; one that does not answer stands as `{"away": why}`.

    Raises:
        CommandFailed: none of them answers, or the token is not good.
    """
    found: dict[str, Status] = {}
    with httpx.Client(
        base_url=url.rstrip("/"), headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_SECONDS
    ) as client:
        for service in SERVICES:
            try:
                answer = client.get(f"/{service}/status")
                refused = answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}
                there = answer.is_success or refused
                found[service] = _read(answer) if there else {"away": access.explained(answer)}
            except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                found[service] = {"away": access.unreachable(url, error)}
    if all("away" in status for status in found.values()):
        raise access.CommandFailed(str(found[SERVICES[0]]["away"]))
    return found


def lags(found: Mapping[str, Status]) -> list[tuple[str, str, int, int]]:
    """Give who has come how far in whose log: service, owner, position, and how many events are behind it."""
    heads = {service: status["log"]["head"] for service, status in found.items() if status.get("log")}
    return [
        (service, follows["owner"], follows["position"], max(0, heads[follows["owner"]] - follows["position"]))
        for service, status in found.items()
        for follows in status.get("consumers", ())
        if follows["owner"] in heads
    ]


def well(found: Mapping[str, Status]) -> bool:
    """Tell whether nothing needs an operator: all follow, no log went back, nothing is dead or forged, all agrees."""
    return all(
        "away" not in status
        and not status["dead_letters"]
        and not _went_back(status)
        and not _differing(status)
        and _backups(status).get("well", True)
        and all(status["background"].values())
        and all(
            consumer["healthy"] and not consumer.get("forged") and not consumer.get("parted")
            for consumer in status["consumers"]
        )
        for status in found.values()
    )


def drawn(found: Mapping[str, Status]) -> Table:
    """Draw how the system stands."""
    table = Table(title="Helhedsnet", title_justify="left", caption=_said_of_all(found), caption_justify="left")
    for heading, side in (
        ("service", "left"),
        ("log", "right"),
        ("not relayed", "right"),
        ("follows", "left"),
        ("position", "right"),
        ("behind", "right"),
        ("dead letters", "right"),
        ("", "left"),
    ):
        table.add_column(heading, justify="right" if side == "right" else "left")
    behind = {(service, owner): (position, lag) for service, owner, position, lag in lags(found)}
    for service, status in found.items():
        if "away" in status:
            table.add_row(service, *[""] * 6, Text.assemble(("away", "red"), f": {status['away']}"))
            continue
        log = status["log"]
        own = (str(log["head"]), str(log["head"] - log["relayed"])) if log else ("", "")
        consumers = status["consumers"]
        follows = [consumer["owner"] for consumer in consumers]
        places = [behind.get((service, owner), ("", "")) for owner in follows]
        table.add_row(
            service,
            *own,
            "\n".join(follows),
            "\n".join(str(position) for position, _ in places),
            "\n".join(str(lag) for _, lag in places),
            str(status["dead_letters"]),
            Text("\n").join([*(_state(consumer) for consumer in consumers), *_alarms(status)]),
        )
    return table


def watch(out: Terminal, url: str, token: str) -> None:
    """Draw how the system stands, again and again, until Ctrl-C."""
    with Live(console=out, auto_refresh=False) as live:
        try:
            while True:
                try:
                    live.update(drawn(statuses(url, token)), refresh=True)
                except access.CommandFailed as failed:
                    live.update(Text(str(failed), "red"), refresh=True)
                time.sleep(REFRESH_SECONDS)
        except KeyboardInterrupt:
            return


def dead_letters(url: str, token: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """List the dead letters with the service that could not apply them; and why a service could not be asked.

    Raises:
        CommandFailed: none of them could be asked.
    """
    listed: list[dict[str, Any]] = []
    away: dict[str, str] = {}
    for service in SERVICES:
        try:
            found = access.fetch(url, f"{service}/dead-letters", token, {"limit": str(LISTED)})
        except access.CommandFailed as failed:
            away[service] = str(failed)
        else:
            listed += [{"service": service, **letter} for letter in found["dead_letters"]]
    if len(away) == len(SERVICES):
        raise access.CommandFailed(away[SERVICES[0]])
    return listed, away


def drawn_letters(letters: list[dict[str, Any]]) -> Table:
    """Draw a list of dead letters; what they say is left out."""
    table = Table(title="Dead letters", title_justify="left")
    for heading in ("service", "owner", "sequence", "type", "since", "reason"):
        table.add_column(heading, justify="right" if heading == "sequence" else "left")
    for letter in letters:
        said = (letter["owner"], str(letter["sequence"]), letter["type"], letter["dead_since"][:19], letter["reason"])
        table.add_row(letter["service"], *said)
    return table


def act_on(url: str, token: str, method: str, path: str) -> dict[str, Any]:
    """Try a dead letter again or give it up; give the answer, empty where there is none.

    Raises:
        CommandFailed: there is no such dead letter, or nobody answers.
    """
    try:
        answer = httpx.request(
            method, f"{url.rstrip('/')}/{path}", headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_SECONDS
        )
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise access.CommandFailed(access.unreachable(url, error)) from None
    return {} if answer.status_code == httpx.codes.NO_CONTENT else _read(answer)


def _read(answer: httpx.Response) -> dict[str, Any]:
    return access.report_in(answer)


def _differing(status: Status) -> list[str]:
    """Name the plans of which the reports say something else than the ledger."""
    plans: list[str] = (status.get("agreement") or {}).get("differing_plans", [])
    return plans


def _backups(status: Status) -> Mapping[str, Any]:
    """Give how backups stand; empty where nobody takes them here."""
    return status.get("backups") or {}


def _said_of_all(found: Mapping[str, Status]) -> Text | None:
    """Say below the table how backups stand, where they are taken."""
    for status in found.values():
        if backups := _backups(status):
            return Text(_said_of_backups(backups), "green" if backups["well"] else "red")
    return None


def _went_back(status: Status) -> str | None:
    """Give why a service's log is another than was known of it; None where it is not."""
    reason: str | None = (status.get("log") or {}).get("went_back")
    return reason


def _alarms(status: Status) -> list[Text]:
    alarms = []
    if reason := _went_back(status):
        alarms.append(Text(f"its log: {reason}", "red"))
    if differing := _differing(status):
        alarms.append(Text(f"differs from the ledger: {len(differing)} plans", "red"))
    return alarms


def _said_of_backups(backups: Mapping[str, Any]) -> str:
    backed_up, drilled = (f"{backups[what] or 'never':.16}" for what in ("backed_up", "drilled"))
    wrong = [backups[code] for code in ("backup_code", "drill_code") if backups[code]]
    wrong += ["not archived"] if backups["unarchived"] else []
    return f"backup {backed_up}, drill {drilled}" + "".join(f", {code}" for code in wrong)


def _state(consumer: Mapping[str, Any]) -> Text:
    if parted := consumer.get("parted"):
        return Text(f"parted: {parted}", "red")
    if forged := consumer.get("forged"):
        return Text(f"{forged['messages']} forged", "red")
    if consumer["healthy"]:
        return Text("follows", "green")
    return Text("waits", "red") if consumer["reads_the_stream"] else Text("follows the log alone", "yellow")
