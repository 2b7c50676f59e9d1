"""Whether the ledger and the report say the same of every plan's money. Owns that comparison.

Both are read at rest, when reporting has followed funding to its head, so that they stand at the same cursor.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.fuzz import judging
from tests.fuzz.calls import Answer, Call, Headers
from tests.fuzz.client import Client
from tests.fuzz.findings import Breach
from tests.support.builders import Json

STAGES: Final = ("committed_ore", "released_ore", "received_ore", "spent_ore")
DIFFERS: Final = "ledger and report differ"
DUE: Final = frozenset({"days_left", "due_on"})


def until_tomorrow() -> str:
    """Give the period in which every fact lies that may be told today."""
    return f"from=2025-01-01&to={(datetime.now(UTC) + timedelta(days=1)).date()}"


async def differences(client: Client, headers: Headers) -> AsyncIterator[Breach]:
    """Compare every plan's books with its report, and all of them with the network's.

    `headers` are those of somebody who reads both.
    """
    spoilt: list[Breach] = []

    async def read(target: str) -> Answer:
        answer = await client.ask(call := Call("GET", target, headers))
        spoilt.extend(judging.judge_answer(call, answer))
        return answer

    period = until_tomorrow()
    plans = (await read("/funding/plans")).json().get("plans", [])
    sums = dict.fromkeys(STAGES, 0)
    for line in plans:
        plan = line["plan"]
        book, balance, report = [
            (await read(target)).json()
            for target in (
                f"/funding/plans/{plan}",
                f"/funding/plans/{plan}/trial-balance",
                f"/reporting/reports/plans/{plan}?{period}",
            )
        ]
        for stage in STAGES:
            sums[stage] += book.get(stage, 0)
        for said in (*of_plan(book, report), *of_balance(book, balance)):
            yield Breach(DIFFERS, f"plan {plan}: {said}")
        async for said in _of_statements(line, read):
            yield Breach(DIFFERS, f"plan {plan}, {said}")
    network = (await read(f"/reporting/reports/network?{period}")).json()
    for said in of_network(sums, network):
        yield Breach(DIFFERS, f"all plans: {said}")
    for breach in spoilt:
        yield breach


async def _of_statements(line: Json, read: Callable[[str], Awaitable[Answer]]) -> AsyncIterator[str]:
    """Compare every annual statement of a plan, as both services tell it."""
    for year in range(int(line["start"][:4]), int(line["end"][:4]) + 1):
        targets = (
            f"/{service}/{of}plans/{line['plan']}/statements/{year}"
            for service, of in (("funding", ""), ("reporting", "reports/"))
        )
        stated, reported = [(await read(target)).json() for target in targets]
        for said in of_statement(stated, reported):
            yield f"statement of {year}: {said}"


def of_plan(book: Json, report: Json) -> Iterator[str]:
    """Compare a plan's books with its report, in all and by commitment."""
    if "funding" not in report or "commitments" not in book:
        yield f"one of them is not there: {str(book)[:100]} against {str(report)[:100]}"
        return
    yield from _compared(book, report["funding"], STAGES)
    theirs = {item["commitment"]: item for item in report["funding"]["commitments"]}
    ours = {item["commitment"]: item for item in book["commitments"]}
    if theirs.keys() != ours.keys():
        yield f"commitments {sorted(ours)} against {sorted(theirs)}"
        return
    for name, item in ours.items():
        yield from (f"{name}: {said}" for said in _compared(item, theirs[name], (*STAGES, "regulation_account_ore")))


def of_balance(book: Json, balance: Json) -> Iterator[str]:
    """Check that a trial balance stands at zero, and that its bank and its expenses are those of the books."""
    accounts: dict[str, int] = {row["account"]: _balance(row) for row in balance.get("accounts", ())}
    if total := sum(accounts.values()):
        yield f"the trial balance is {total} øre off"
    spent_ore = sum(ore for name, ore in accounts.items() if name.startswith("expenses"))
    if spent_ore != book.get("spent_ore"):
        yield f"expenses of {spent_ore} in the trial balance, {book.get('spent_ore')} in the plan"


def of_statement(stated: Json, reported: Json) -> Iterator[str]:
    """Compare a year's statement as the ledger draws it up with what is reported of it, where both tell it."""
    own = reported.get("statement", reported)
    shared = sorted(name for name in stated.keys() & own.keys() if isinstance(stated[name], int) and name not in DUE)
    yield from _compared(stated, own, shared)


def of_network(sums: dict[str, int], network: Json) -> Iterator[str]:
    """Compare the sum of all books with the network's report."""
    yield from _compared(sums, network.get("totals", {}).get("funding", {}), STAGES)


def _compared(ours: Json, theirs: Json, names: Any) -> Iterator[str]:  # noqa: ANN401  any names
    for name in names:
        if ours.get(name) != theirs.get(name):
            yield f"{name} {ours.get(name)} in the ledger, {theirs.get(name)} in the report"


def _balance(row: Json) -> int:
    if "balance_ore" in row:
        return int(row["balance_ore"])
    return int(row.get("debit_ore") or 0) - int(row.get("credit_ore") or 0)
