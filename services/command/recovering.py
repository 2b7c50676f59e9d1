"""Brings an installation whose databases were put back to agreement, and shows that it is. Owns the order of it.

Each step may be ended and said again: what is done already does no harm a second time.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from services.command import access, operating, rebuilding, verifying
from services.command.terminal import Terminal, one_line

# Registry and funding learn from each other's logs, whose order does not matter; reporting folds both.
ORDER: Final = ("registry", "funding", "reporting")
# How long all that was rebuilt may take until it follows, and reports and ledger are compared.
AGREEMENT_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.5
WAYS_OUT: Final[Mapping[str, str]] = {
    "away": "start the service, and say `helhedsnet recover` again",
    "not_rebuilt": (
        "say `helhedsnet verify`: where a log lacks a line or one was changed, restore a backup that holds it;"
        " else the service's log tells why it ended, and `helhedsnet recover` may be said again"
    ),
    "parted": "say `helhedsnet recover` again",
    "behind": "look whether its owner answers and its background is well, and say `helhedsnet recover` again",
    "unwell": "look at `helhedsnet status` and the service's log",
    "dead_letters": "`helhedsnet dead-letters list` tells of them; retry or drop them",
    "unknown_to_owner": "have it posted to its owner again, or restore that from a newer backup; then recover again",
    "not_compared": "say `helhedsnet recover` again; the log of reporting tells why",
    "ledger_differs": "`helhedsnet dead-letters list`, then `helhedsnet recover`; where it stays it is a bug",
}

Document = dict[str, Any]


@dataclass(slots=True)
class Recovery:
    """What was done, how everything stands now, and what is left to do; `left` is empty where all agrees."""

    rebuilt: dict[str, Document] = field(default_factory=dict)
    # Where each log ended when it began: what is posted meanwhile is not waited for.
    heads: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, Document] = field(default_factory=dict)
    verified: Document | None = None
    left: list[Document] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Tell whether nothing is left to do."""
        return not self.left

    def leave(self, code: str, service: str, detail: str, way_out: str | None = None) -> None:
        """Note what is left to do."""
        out = way_out or WAYS_OUT[code]
        self.left.append({"code": code, "service": service, "detail": detail, "way_out": out})

    def as_json(self) -> Document:
        """Give all of it as a document."""
        return {
            "agrees": self.agrees,
            "left": self.left,
            "rebuilt": self.rebuilt,
            "verified": self.verified,
            "services": self.statuses,
        }


def recover(url: str, token: str, tell: Callable[[str], None]) -> Recovery:
    """Have every service made anew from its owners' logs, wait until all follow, and verify all; say each step.

    Raises:
        CommandFailed: none of the services answers, or the token is not good.
    """
    recovery = Recovery()
    recovery.statuses = operating.statuses(url, token)
    recovery.heads = {
        service: status["log"]["head"] for service, status in recovery.statuses.items() if "log" in status
    }
    _look_for_absent(recovery)
    if not recovery.agrees:
        return recovery
    compared_before = (recovery.statuses["reporting"].get("agreement") or {}).get("compared")
    for service in ORDER:
        try:
            recovery.rebuilt[service] = rebuilding.rebuild_after_others(url, token, service)
        except access.CommandFailed as failed:
            recovery.leave("not_rebuilt", service, str(failed))
            return recovery
        tell(rebuilding.said(service, recovery.rebuilt[service]))
        _accept_log(url, token, service)
    recovery.statuses = _once_settled(url, token, recovery.heads, compared_before)
    recovery.verified = verifying.verify(url, token)
    _note_what_is_left(recovery)
    return recovery


def drawn(recovery: Recovery) -> Table:
    """Draw who follows whom, up to where, and whether reports and ledger agree."""
    table = Table(title="Agreement", title_justify="left")
    for heading, side in (("", "left"), ("position", "right"), ("log", "right"), ("", "left")):
        table.add_column(heading, justify="right" if side == "right" else "left")
    heads = {name: status["log"]["head"] for name, status in recovery.statuses.items() if status.get("log")}
    apart = {(service, owner) for service, owner, _ in _behind(recovery.statuses, recovery.heads)}
    apart |= set(_unwell(recovery.statuses))
    for service, owner, position, _ in operating.lags(recovery.statuses):
        state = Text("see below", "red") if (service, owner) in apart else Text("agrees", "green")
        table.add_row(f"{service} follows {owner}", str(position), str(heads[owner]), state)
    compared = recovery.statuses.get("reporting", {}).get("agreement")
    if compared:
        plans = compared["differing_plans"]
        state = Text(f"{len(plans)} plans differ", "red") if plans else Text("agrees", "green")
        table.add_row("reports and ledger", str(compared["sequence"]), str(heads.get("funding", "")), state)
    return table


def show(recovery: Recovery, out: Terminal, complaints: Terminal) -> None:
    """Print how everything stands, and what is left to do with the way out."""
    if recovery.verified is not None:
        out.print(verifying.drawn(recovery.verified))
    if recovery.statuses:
        out.print(drawn(recovery))
    for left in recovery.left:
        complaints.print("  " + one_line(f"{left['code']} {left['service']}: {left['detail']} → {left['way_out']}"))
    if recovery.agrees:
        out.print("all agrees")


def _unwell(statuses: Mapping[str, Document]) -> list[tuple[str, str]]:
    """Give which service does not follow whom."""
    return [
        (service, consumer["owner"])
        for service, status in statuses.items()
        for consumer in status.get("consumers", ())
        if not consumer["healthy"]
    ]


def _look_for_absent(recovery: Recovery) -> None:
    for service, status in recovery.statuses.items():
        if "away" in status:
            recovery.leave("away", service, status["away"])


def _accept_log(url: str, token: str, service: str) -> None:
    """Say that the service's log is the right one as it is: whoever recovers knows that it was put back."""
    operating.act_on(url, token, "POST", f"{service}/log/acceptance")


def _once_settled(url: str, token: str, heads: Mapping[str, int], compared_before: str | None) -> dict[str, Document]:
    """Wait, not for ever, until all follow, have applied all up to the heads, and reports and ledger were compared."""
    deadline = time.monotonic() + AGREEMENT_SECONDS
    while True:
        statuses = operating.statuses(url, token)
        compared = statuses["reporting"].get("agreement") or {}
        if time.monotonic() > deadline or (_is_settled(statuses, heads) and compared["compared"] != compared_before):
            return statuses
        time.sleep(POLL_SECONDS)


def _is_settled(statuses: Mapping[str, Document], heads: Mapping[str, int]) -> bool:
    return (
        all("away" not in status for status in statuses.values())
        and not _unwell(statuses)
        and all(is_well for status in statuses.values() for is_well in status["background"].values())
        and not _behind(statuses, heads)
        and _is_compared(statuses, heads)
    )


def _behind(statuses: Mapping[str, Document], heads: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Give which service has not applied all of whose log up to its head as it was, and how many events are left."""
    followed = [(service, owner, heads[owner] - at) for service, owner, at, _ in operating.lags(statuses)]
    return [(service, owner, behind) for service, owner, behind in followed if behind > 0]


def _is_compared(statuses: Mapping[str, Document], heads: Mapping[str, int]) -> bool:
    """Tell whether reports and ledger were compared at the ledger's head as it was, or after it."""
    compared = statuses["reporting"].get("agreement")
    return compared is not None and compared["sequence"] >= heads["funding"]


def _note_what_is_left(recovery: Recovery) -> None:
    _look_for_absent(recovery)
    here = {service: status for service, status in recovery.statuses.items() if "away" not in status}
    for service, status in here.items():
        _note_standing(recovery, service, status)
        for finding in recovery.rebuilt[service]["findings"]:
            what = (
                f"{finding['kind']} '{finding['name']}' is not in the log of {finding['owner']}, and books rest on it"
            )
            recovery.leave(finding["code"], service, what)
    for service, owner, behind in _behind(here, recovery.heads):
        recovery.leave("behind", service, f"{behind} events of {owner} are not applied")
    _note_agreement(recovery, here)
    for finding in (recovery.verified or {"findings": ()})["findings"]:
        way = verifying.WAYS_OUT.get(finding["code"], verifying.RESTORE)
        where = "" if finding["sequence"] is None else f"line {finding['sequence']}: "
        recovery.leave(finding["code"], finding["service"], where + finding["detail"], way)


def _note_standing(recovery: Recovery, service: str, status: Document) -> None:
    for consumer in status["consumers"]:
        if consumer["parted"]:
            recovery.leave("parted", service, f"it has parted with {consumer['owner']}: {consumer['parted']}")
        elif not consumer["healthy"]:
            recovery.leave("unwell", service, f"it does not follow {consumer['owner']}")
    for name, is_well in status["background"].items():
        if not is_well:
            recovery.leave("unwell", service, f"'{name}' has just failed")
    if status["dead_letters"]:
        recovery.leave("dead_letters", service, f"{status['dead_letters']} dead letters")


def _note_agreement(recovery: Recovery, here: Mapping[str, Document]) -> None:
    if len(here) < len(recovery.statuses):
        return
    if not _is_compared(here, recovery.heads):
        recovery.leave("not_compared", "reporting", "reports and ledger were not compared as they are now")
    elif plans := here["reporting"]["agreement"]["differing_plans"]:
        recovery.leave("ledger_differs", "reporting", f"reports and ledger differ in {len(plans)} plans")
