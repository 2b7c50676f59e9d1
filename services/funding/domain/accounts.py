"""The chart of accounts, and how money moves between them.

Double entry: money always goes from one account to another, in positive øre, so every event's entries balance by
their shape. A balance is what has come to an account less what has gone from it: assets and expenses stand above
zero, what is owed and earned stands below.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from services.funding.domain.rows import Account, Entry, Plan
from shared.backbone.working_set import WorkingSet

Kind = Literal["asset", "expense", "liability", "income"]
Transfer = tuple[str, str, int]

BANK: Final = "bank"
KINDS: Final[dict[str, Kind]] = {
    "bank": "asset",
    "pledges": "asset",
    "receivables": "asset",
    "in_kind": "asset",
    "expenses": "expense",
    "agreed": "liability",
    "regulation": "liability",
    "income": "income",
}


def pledges(commitment: str) -> str:
    """Name the account of what a funder has promised and not released (an asset)."""
    return f"pledges:{commitment}"


def receivables(commitment: str) -> str:
    """Name the account of what a funder has released and not paid (an asset)."""
    return f"receivables:{commitment}"


def in_kind(commitment: str) -> str:
    """Name the account of what a funder gives in kind: premises, hours; it is never drawn or paid (an asset)."""
    return f"in_kind:{commitment}"


def agreed(commitment: str) -> str:
    """Name the account that answers for what is promised and not yet paid in (a liability)."""
    return f"agreed:{commitment}"


def regulation(commitment: str) -> str:
    """Name the regulation account: what was received less the funder's share of expenses (a liability)."""
    return f"regulation:{commitment}"


def income(commitment: str) -> str:
    """Name the account of what a funder has carried of the expenses (income)."""
    return f"income:{commitment}"


def expenses(line: str) -> str:
    """Name the account of what was spent on a budget line (an expense)."""
    return f"expenses:{line}"


def split_name(account: str) -> tuple[str, str]:
    """Take an account's name apart: its group, which is a key of `KINDS`, and whose it is, empty for the bank."""
    group, _, name = account.partition(":")
    return group, name


def account_of(state: WorkingSet, plan: Plan, name: str) -> Account:
    """Give an account as it stands; one without entries stands at 0."""
    return state.get(Account, (plan.plan, name)) or Account(plan.plan, name)


def post(state: WorkingSet, plan: Plan, day: date, transfers: Sequence[Transfer]) -> tuple[Entry, ...]:
    """Move money between accounts, (from, to, øre) each, and give the entries; nothing moves for 0 øre."""
    entries: list[Entry] = []
    name, accounts = plan.plan, state.mapping(Account)
    for from_name, to_name, amount_ore in transfers:
        if amount_ore == 0:
            continue
        # By place: to name the fields takes four times as long, and an expense makes a dozen rows. A test holds each
        # value to its name.
        _, _, from_before_ore, from_version = accounts.get((name, from_name)) or Account(name, from_name)
        _, _, to_before_ore, to_version = accounts.get((name, to_name)) or Account(name, to_name)
        after_from = Account(name, from_name, from_before_ore - amount_ore, from_version + 1)
        after_to = Account(name, to_name, to_before_ore + amount_ore, to_version + 1)
        state.put(after_from, after_to)
        entries.append(
            Entry(
                len(entries) + 1,
                name,
                day,
                amount_ore,
                from_name,
                from_before_ore,
                from_before_ore - amount_ore,
                from_version + 1,
                to_name,
                to_before_ore,
                to_before_ore + amount_ore,
                to_version + 1,
            )
        )
    return tuple(entries)
