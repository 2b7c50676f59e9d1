"""What `docs/ledger.md` says is what the ledger does."""

import re
from datetime import date
from typing import Any

import orjson

from services.funding.domain.accounts import KINDS, split_name
from shared.events.catalogue import CATALOGUES
from tests.funding.conftest import Client
from tests.support.builders import AREA, PLAN, Json, a_commitment, an_event, an_expense
from tests.support.ledger_in_memory import Ledger
from tests.support.money import (
    LBF,
    MUNICIPALITY,
    a_budget,
    a_confirmation,
    a_receipt,
    a_release,
    a_resumption,
    a_reversal,
    a_revision,
    a_statement,
    a_withholding,
    three_commitments,
)
from tests.support.running import ROOT

TEXT = (ROOT / "docs" / "ledger.md").read_text()
# The events that say which plan they concern; the documentation leaves it out.
OF_A_PLAN = ("funding.committed", "budget.", "expense.booked")


def table_under(heading: str) -> list[dict[str, str]]:
    """Give the rows of the first table whose header begins with these words."""
    lines = TEXT[TEXT.index(f"| {heading} |") :].split("\n\n")[0].splitlines()
    header, _, *rows = [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_the_table_of_postings_is_what_every_event_posts() -> None:
    """Every event of funding is posted once; from and to are those of the table, and nothing else."""
    events = [
        *three_commitments(),
        a_commitment("lokaler", funder_kind="municipality", in_kind=True, amount_ore=5) | {"source": f"/areas/{AREA}"},
        a_confirmation("lokaler", 5),
        a_budget(),
        a_release(MUNICIPALITY, 100_000),
        a_receipt(MUNICIPALITY, 90_000),
        a_withholding(),
        a_resumption(),
        a_receipt(LBF, 300_000, "rate-2"),
        an_expense(line="loen-2025", amount_ore=100_003),
        a_reversal(),
        a_revision("carry_forward", loen_2026=10),
        *(a_statement(word) for word in ("submitted", "returned", "submitted", "accepted")),
    ]
    ledger = Ledger()
    ledger.post(*events)
    posted = {
        (
            event.type.removeprefix("dk.helhedsnet.").removesuffix(".v1"),
            *map(_group, (entry.from_account, entry.to_account)),
        )
        for event in ledger.journal
        for entry in event.entries
    }
    assert posted == {(row["event"], row["from"], row["to"]) for row in table_under("event")}
    posting = {name for name, *_ in posted}
    silent = {event.event_name for event in CATALOGUES["funding"].events} - posting
    assert {event["type"] for event in events} == {event.type_name() for event in CATALOGUES["funding"].events}
    said = TEXT[TEXT.index("post nothing:") : TEXT.index("They are sealed")]
    assert set(re.findall(r"`([a-z.]+)`", said)) == silent


def test_the_chart_of_accounts_names_every_account_and_its_kind() -> None:
    """No account is left out."""
    chart = {row["account"].partition(":")[0]: row["kind"] for row in table_under("account")}
    assert chart == KINDS


async def test_the_worked_example_is_what_the_ledger_makes_of_it(funding: Client) -> None:
    """Its events give every figure of its tables."""
    (block,) = re.findall(r"```jsonl\n(.*?)```", TEXT, re.DOTALL)
    await funding.post(*(_event(orjson.loads(line)) for line in block.splitlines()))
    statement = await funding.read(f"plans/{PLAN}/statements/2025")
    assert table_under("commitment") == [
        _shown(row, commitment="commitment", opening="opening_ore", received="received_ore", carried="carried_ore",
               closing="closing_ore")
        for row in sorted(statement["financing"], key=lambda row: ["fond", "kommune", "bolig"].index(row["commitment"]))
    ]  # fmt: skip
    assert table_under("effort area") == [
        _shown(row, **{"effort area": "effort_area", "cost type": "cost_type", "spent": "amount_ore"})
        for row in statement["costs"]
    ]
    lines = {"line": "line", "budget": "budget_ore", "spent": "spent_ore", "carried forward": "carried_forward_ore",
             "left": "left_ore"}  # fmt: skip
    assert table_under("line") == [_shown(row, **lines) for row in statement["deviations"]]
    assert {row["figure"]: row["value"] for row in table_under("figure")} == {
        name: str(statement[name]) for name in [row["figure"] for row in table_under("figure")]
    }
    assert date.fromisoformat(statement["due_on"]) == date(2026, 6, 30)


def test_every_code_of_a_rule_is_documented() -> None:
    """Whatever a rule can refuse with, or warn of, stands in the documentation."""
    source = "".join(path.read_text() for path in sorted((ROOT / "services" / "funding" / "domain").glob("*.py")))
    codes = set(re.findall(r'Refused\(\s*"([a-z_]+)"', source)) | set(re.findall(r'f"([a-z_]+):\{', source))
    assert len(codes) > 25
    accounts = set(KINDS)
    assert {code for code in codes - accounts if f"`{code}" not in TEXT} == set()


def _group(account: str) -> str:
    return split_name(account)[0]


def _event(short: dict[str, Json]) -> Json:
    ((name, data),) = short.items()
    plan = {"plan": PLAN} if name.startswith(OF_A_PLAN) else {}
    return an_event(name, plan | data)


def _shown(row: dict[str, Any], **names: str) -> dict[str, str]:
    return {shown: str(row[name]) for shown, name in names.items()}
