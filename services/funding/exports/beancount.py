"""A plan's whole journal as Beancount text, so that anybody can check it with a program that is not ours.

Source: https://beancount.github.io/docs/beancount_language_syntax.html
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import orjson

from services.funding.domain import accounts
from services.funding.domain.auditing import JournalEvent
from services.funding.domain.rows import BudgetLine, Entry
from shared.events.envelope import TYPE_PREFIX, TYPE_SUFFIX
from shared.presentable import presentable

ROOTS: Final[Mapping[str, str]] = {
    "bank": "Assets:Bank",
    "pledges": "Assets:Pledges",
    "receivables": "Assets:Receivables",
    "in_kind": "Assets:InKind",
    "expenses": "Expenses",
    "agreed": "Liabilities:Agreed",
    "regulation": "Liabilities:Regulation",
    "income": "Income",
}
HEADER: Final = """option "title" "{title}"
option "operating_currency" "DKK"
; Made from the funding ledger. Each transaction is one event; each pair of postings is one entry.
; Balances are asserted to the øre, from the accounts as they are kept, not from the postings.
"""


def journal(plan: str, events: Sequence[JournalEvent], balances: Mapping[str, int], lines: Iterable[BudgetLine]) -> str:
    """Write a plan's journal; `balances` are those that the accounts are kept at, and become its assertions."""
    booked = [event for event in events if event.entries]
    parts = [HEADER.format(title=_text(plan))]
    parts.extend(_openings(booked, {line.line: line for line in lines}))
    parts.extend(_transaction(event) for event in booked)
    if booked:
        # An assertion holds at the beginning of its day.
        day = max(event.entries[0].booked_on for event in booked) + timedelta(days=1)
        parts.extend(
            f"{day} balance {account_name(name)} {kroner(balance_ore)} ~ 0.00 DKK"
            for name, balance_ore in sorted(balances.items())
        )
    return "\n".join(parts) + "\n"


def account_name(account: str) -> str:
    """Give Beancount's name of an account; slugs are lower case, so a capital first letter keeps them apart."""
    group, name = accounts.split_name(account)
    return f"{ROOTS[group]}:{name.capitalize()}" if name else ROOTS[group]


def kroner(amount_ore: int) -> str:
    """Write øre as kroner with two decimals, exactly."""
    whole, part = divmod(abs(amount_ore), 100)
    return f"{'-' if amount_ore < 0 else ''}{whole}.{part:02}"


def _openings(events: Iterable[JournalEvent], lines: Mapping[str, BudgetLine]) -> list[str]:
    """Open each account on the day of its first entry; an expense account says what its budget line is for."""
    first_days: dict[str, date] = {}
    for entry in (entry for event in events for entry in event.entries):
        for name in (entry.from_account, entry.to_account):
            first_days[name] = min(first_days.get(name, entry.booked_on), entry.booked_on)
    openings = []
    for name, day in sorted(first_days.items()):
        openings.append(f"{day} open {account_name(name)} DKK")
        group, line_name = accounts.split_name(name)
        if group == "expenses" and (line := lines.get(line_name)):
            openings.append(f'  effort-area: "{_text(line.effort_area)}"')
            openings.append(f'  cost-type: "{line.cost_type}"')
            openings.append(f"  year: {line.year}")
    return [*openings, ""]


def _transaction(event: JournalEvent) -> str:
    name = event.type.removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX)
    told: dict[str, Any] = orjson.loads(event.body)["data"]
    text = told.get("text") or told.get("reference") or told.get("reason") or ""
    lines = [
        f'{event.entries[0].booked_on} * "{_text(name)}" "{_text(text)}"',
        f"  sequence: {event.sequence}",
        f'  event: "{_text(event.source)} {_text(event.id)}"',
        f'  seal: "{(event.seal or b"").hex()}"',
    ]
    lines.extend(f'  {key}: "{_text(told[key])}"' for key in ("voucher", "receipt", "reversal") if key in told)
    for entry in event.entries:
        lines.extend(_postings(entry))
    return "\n".join([*lines, ""])


def _postings(entry: Entry) -> tuple[str, str]:
    return (
        f"  {account_name(entry.from_account)}  {kroner(-entry.amount_ore)} DKK",
        f"  {account_name(entry.to_account)}  {kroner(entry.amount_ore)} DKK",
    )


def _text(value: object) -> str:
    return presentable(str(value)).replace("\\", "\\\\").replace('"', '\\"')
