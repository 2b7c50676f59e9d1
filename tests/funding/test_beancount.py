"""The journal as Beancount reads it: accepted as we write it, refused when one øre is changed."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import orjson
import pytest
from beancount import loader
from beancount.core.data import Transaction
from hypothesis import example, given
from hypothesis import strategies as st

from services.funding import handlers
from services.funding.domain.auditing import JournalEvent
from services.funding.domain.rows import Entry
from services.funding.exports.beancount import journal, kroner
from shared import database
from shared.presentable import presentable
from tests.funding.conftest import Client, as_entries
from tests.support.builders import PLAN, Json, a_commitment, an_expense
from tests.support.money import LBF, MUNICIPALITY, a_budget, a_receipt, a_release, a_reversal, three_commitments
from tests.support.running import ROOT

DEMO = ROOT / "deploy" / "demo"
POOLS = Path(__file__).parents[2] / "services" / "registry" / "pools.json"
STORY = (
    *three_commitments(),
    a_commitment("lokaler", funder_kind="municipality", in_kind=True, amount_ore=5, reference='Lokaler "Huset" \\ 2'),
    a_budget(),
    a_release(MUNICIPALITY, 40_000),
    a_receipt(MUNICIPALITY, 30_000),
    a_receipt(LBF, 300_000, "rate-2"),
    an_expense(line="loen-2025", amount_ore=100_003, text='Løn "september"'),
    a_reversal(),
    an_expense("udgift-2", line="aktiviteter-2025", amount_ore=7),
)


def errors_in(text: str) -> list[str]:
    """Give what Beancount finds wrong with a journal."""
    _, errors, _ = loader.load_string(text)
    return [error.message for error in errors]


async def test_bean_check_accepts_the_journal(funding: Client, tmp_path: Path) -> None:
    """The program itself says so."""
    await funding.post(*STORY)
    journal = tmp_path / "journal.beancount"
    journal.write_text((await funding.get(f"plans/{PLAN}/journal.beancount")).text)
    checked = subprocess.run(  # noqa: ASYNC221, S603  our own interpreter, and nothing else runs
        [sys.executable, "-W", "ignore", "-m", "beancount.scripts.check", str(journal)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stderr) == (0, "")


@given(st.text(st.characters(codec=None)))
@example('Bilag ⚽ "x" \\ \0\x1b\x9b\ufeff\ufffe\ud800\u202e\u2028 2025-01-01 open Assets:X')
@example("a\n2025-01-01 open Assets:Other\n")
def test_any_text_is_a_text_in_a_journal(text: str) -> None:
    """Beancount reads it without a complaint, and as nothing else than the narration of its transaction."""
    entry = Entry(0, PLAN, date(2025, 3, 1), 100, "bank", 0, -100, 1, "expenses:loen-2025", 0, 100, 1)
    told = an_expense()
    # A log holds no half of a pair; everything else may be in an old one.
    body = orjson.dumps({**told, "data": {**told["data"], "text": re.sub("[\ud800-\udfff]", "", text)}}).decode()
    event = JournalEvent(1, told["type"], told["source"], told["id"], body, b"", None, PLAN, 1, b"", [entry])
    entries, errors, _ = loader.load_string(journal(PLAN, [event], {}, ()))
    assert errors == []
    narrations = [item.narration for item in entries if isinstance(item, Transaction)]
    assert narrations == [presentable(re.sub("[\ud800-\udfff]", "", text))]


async def test_the_journal_holds_every_entry_and_asserts_every_account(funding: Client) -> None:
    """Two postings for each entry, one assertion for each account."""
    await funding.post(*STORY)
    text = (await funding.get(f"plans/{PLAN}/journal.beancount")).text
    ledger = await funding.read(f"plans/{PLAN}/ledger", limit=500)
    balance = await funding.read(f"plans/{PLAN}/trial-balance")
    assert len(re.findall(r"^  [AELI]\S+  -?\d+\.\d\d DKK$", text, re.MULTILINE)) == 2 * len(ledger["entries"])
    assert len(re.findall(r" balance .* ~ 0\.00 DKK$", text, re.MULTILINE)) == len(balance["accounts"])


async def test_one_ore_in_any_posting_is_found(funding: Client) -> None:
    """Changed on one side the transaction does not balance; on both, an assertion fails."""
    await funding.post(*STORY)
    text = (await funding.get(f"plans/{PLAN}/journal.beancount")).text
    assert errors_in(text) == []
    postings = list(re.finditer(r"^(  [AELI]\S+)  (-?\d+\.\d\d) DKK$", text, re.MULTILINE))
    for place in range(0, len(postings), 2):
        giving, taking = postings[place], postings[place + 1]
        one_side = _changed(text, [(taking, 1)])
        both_sides = _changed(text, [(giving, -1), (taking, 1)])
        assert errors_in(one_side), taking.group()
        assert errors_in(both_sides), taking.group()


async def test_one_ore_in_any_assertion_is_found(funding: Client) -> None:
    """The assertions allow no tolerance."""
    await funding.post(*STORY)
    text = (await funding.get(f"plans/{PLAN}/journal.beancount")).text
    for found in re.finditer(r"( balance \S+) (-?\d+\.\d\d) ~ 0\.00 DKK", text):
        changed = f"{found[1]} {kroner(_ore(found[2]) + 1)} ~ 0.00 DKK"
        assert errors_in(text[: found.start()] + changed + text[found.end() :]), found.group()


@pytest.mark.parametrize("plan", ["amagerplanen-2023", "gellerup-toveshoej-2023"])
async def test_beancount_accepts_the_demo(funding: Client, funding_pool: database.Pool, plan: str) -> None:
    """Each of its two plans."""
    # The registry knows the pools before anybody posts, and tells of them first.
    pools = orjson.loads(POOLS.read_bytes())
    told = [*pools, *(orjson.loads(line) for line in (DEMO / "registry.jsonl").read_bytes().splitlines())]
    async with funding_pool.acquire() as connection:
        await handlers.apply(connection, "registry", as_entries(*told))
    events: list[Json] = [orjson.loads(line) for line in (DEMO / "funding.jsonl").read_bytes().splitlines()]
    await funding.post(*events)
    assert errors_in((await funding.get(f"plans/{plan}/journal.beancount")).text) == []
    assert (await funding.read("verification"))["findings"] == []


@pytest.mark.parametrize(("amount_ore", "text"), [(0, "0.00"), (5, "0.05"), (-105, "-1.05"), (1_234_567, "12345.67")])
def test_ore_are_written_as_kroner_exactly(amount_ore: int, text: str) -> None:
    """Two decimals, no rounding."""
    assert kroner(amount_ore) == text


def _ore(text: str) -> int:
    return int(text.replace(".", ""))


def _changed(text: str, changes: list[tuple[re.Match[str], int]]) -> str:
    """Add øre to postings, from the last to the first so that their places hold."""
    for found, by_ore in reversed(changes):
        text = f"{text[: found.start()]}{found[1]}  {kroner(_ore(found[2]) + by_ore)} DKK{text[found.end() :]}"
    return text
