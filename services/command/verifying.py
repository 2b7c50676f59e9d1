"""Has all logs verified, stretch by stretch, and funding's ledger, and shows what was found. Owns no rule."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx
from rich.table import Table
from rich.text import Text

from services.command import access
from services.command.terminal import Terminal, one_line

SERVICES: Final = ("registry", "funding", "reporting")
# The whole ledger is read for one answer.
TIMEOUT_SECONDS: Final = 600.0
# Of one service; where more is wrong, the log as a whole is not to be trusted.
MAX_FINDINGS: Final = 1_000

Document = dict[str, Any]
# What each code of a finding asks for. All others, of the ledger too, ask for the same.
RESTORE: Final = "somebody changed the database: restore it from a backup, then `helhedsnet recover`"
WAYS_OUT: Final[Mapping[str, str]] = {
    "log_cut": "was it restored? then `helhedsnet recover` accepts it; else restore the newest backup",
    "another_installation": "is it the right one? then `helhedsnet recover` accepts it; else restore the right backup",
    "log_replaced": "`helhedsnet recover`",
    "log_shorter": "`helhedsnet recover`",
    "log_differs": "`helhedsnet recover`",
}


def verify(url: str, token: str, advanced: Callable[[str, int, int], None] = lambda *_: None) -> Document:
    """Verify every log and the ledger; `advanced` is told of a service, the lines read and the log's head.

    Raises:
        CommandFailed: a service does not answer, or the token is not good.
    """
    headers = {"Authorization": f"Bearer {token}"}
    try:
        with httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=TIMEOUT_SECONDS) as client:
            services = {service: _walked(client, service, advanced) for service in SERVICES}
            ledger = access.report_in(client.get("/funding/verification"))
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise access.CommandFailed(access.unreachable(url, error)) from None
    findings = [
        {"service": service, **finding} for service, walked in services.items() for finding in walked["findings"]
    ]
    findings += [
        {"service": owner, "code": code, "sequence": None, "detail": f"{service} has parted with {owner}"}
        for service, walked in services.items()
        for owner, code in walked["parted"].items()
    ]
    findings += [{"service": "funding", **finding} for finding in ledger["findings"]]
    counted = {name: ledger[name] for name in ("plans", "events", "entries")}
    return {"whole": not findings, "services": services, "ledger": counted, "findings": findings}


def drawn(verified: Document) -> Table:
    """Draw what was read, and how much was found."""
    table = Table(title="Verified", title_justify="left")
    for heading, side in (("", "left"), ("lines", "right"), ("a second", "right"), ("epoch", "right"), ("", "left")):
        table.add_column(heading, justify="right" if side == "right" else "left")
    for service, walked in verified["services"].items():
        found = sum(finding["service"] == service for finding in verified["findings"])
        table.add_row(
            f"log of {service}",
            f"{walked['lines']:,}",
            f"{walked['lines'] / max(walked['seconds'], 0.001):,.0f}",
            str(len(walked["epochs"])),
            Text(f"{found} findings", "red") if found else Text("whole", "green"),
        )
    ledger = verified["ledger"]
    table.add_row("ledger", f"{ledger['entries']:,}", "", "", f"{ledger['plans']} plans, {ledger['events']} events")
    return table


def said(finding: Mapping[str, Any]) -> str:
    """Say a finding, and the way out, on one line."""
    where = " ".join(str(finding[part]) for part in ("plan", "sequence") if finding.get(part) is not None)
    way = WAYS_OUT.get(finding["code"], RESTORE)
    return one_line(f"{finding['code']} {finding['service']} {where}: {finding['detail']}") + f" → {way}"


def show(verified: Document, out: Terminal, complaints: Terminal) -> None:
    """Print the table, when a log went back, and every finding."""
    out.print(drawn(verified))
    for service, walked in verified["services"].items():
        for epoch in walked["epochs"]:
            if epoch["reason"] != "founded":
                went_back = f"log of {service}: {epoch['reason']} at {epoch['sequence']}, {epoch['begun'][:19]}"
                out.print(one_line(went_back), soft_wrap=True)
    for finding in verified["findings"]:
        complaints.print("  " + said(finding))


def _walked(client: httpx.Client, service: str, advanced: Callable[[str, int, int], None]) -> Document:
    """Verify one log from its beginning to its end."""
    started = time.monotonic()
    lines, after, is_last = 0, 0, False
    findings: list[Document] = []
    parted: dict[str, str] = {}
    while not is_last:
        answer = access.report_in(client.get(f"/{service}/log/verification", params={"after": after}))
        lines += answer["lines"]
        after, is_last, parted = answer["last"], answer["is_last"], answer["parted"]
        findings += answer["findings"]
        advanced(service, lines, answer["head"])
        if len(findings) >= MAX_FINDINGS:
            break
    findings += _looked_up(client, service)
    epochs = access.report_in(client.get(f"/{service}/log/epochs"))["epochs"]
    seconds = time.monotonic() - started
    return {"lines": lines, "seconds": seconds, "findings": findings, "parted": parted, "epochs": epochs}


def _looked_up(client: httpx.Client, service: str) -> list[Document]:
    """Verify who looked at people in one service, from the first look-up to the last."""
    after, is_last = 0, False
    findings: list[Document] = []
    while not is_last and len(findings) < MAX_FINDINGS:
        answer = access.report_in(client.get(f"/{service}/log/lookups/verification", params={"after": after}))
        after, is_last = answer["last"], answer["is_last"]
        findings += answer["findings"]
    return findings
