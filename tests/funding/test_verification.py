"""Whatever is changed behind the ledger's back, the verification finds it."""

import pytest

from services.funding.verification import verify
from shared import database
from tests.funding.conftest import Client
from tests.support.builders import an_expense
from tests.support.money import LBF, a_budget, a_receipt, a_reversal, a_statement, three_commitments

STORY = (
    *three_commitments(),
    a_budget(),
    a_receipt(LBF, 300_000),
    an_expense(line="loen-2025", amount_ore=100_003),
    a_reversal(),
    an_expense("udgift-2", line="loen-2025", amount_ore=7),
    a_statement("submitted"),
)
# What somebody with all rights might do to the tables, and the codes that it shows as.
TAMPERINGS = [
    (
        (
            "UPDATE ledger_entry SET amount_ore = amount_ore + 1, from_after_ore = from_after_ore - 1,"
            " to_after_ore = to_after_ore + 1 WHERE sequence = 5 AND place = 1"
        ),
        {"seal_broken", "balance_broken"},
    ),
    ("UPDATE ledger_entry SET booked_on = booked_on + 1 WHERE sequence = 6 AND place = 1", {"seal_broken"}),
    ("DELETE FROM ledger_entry WHERE sequence = 8 AND place = 1", {"seal_broken", "entry_misplaced"}),
    (
        "UPDATE event_log SET body = replace(body, '100003', '100004') WHERE sequence = 6",
        {"event_changed", "seal_broken"},
    ),
    (
        (
            "UPDATE event_log SET body = replace(body, 'Løn', 'Leje'),"  # the digest in the log is made to fit
            " digest = sha256(convert_to(replace(body, 'Løn', 'Leje'), 'UTF8')) WHERE sequence = 6"
        ),
        {"seal_broken"},
    ),
    ("UPDATE event_log SET outcome = replace(outcome, '75002', '75003') WHERE sequence = 6", {"seal_broken"}),
    ("DELETE FROM ledger_seal WHERE sequence = 7", {"event_unsealed", "seal_missing"}),
    (
        "DELETE FROM ledger_seal WHERE sequence = 9; DELETE FROM event_log WHERE sequence = 9",
        {"event_missing", "chain_cut"},
    ),
    (
        (
            "INSERT INTO ledger_entry SELECT 10, place, plan, booked_on, amount_ore, from_account, from_before_ore,"
            " from_after_ore, from_version, to_account, to_before_ore, to_after_ore, to_version FROM ledger_entry"
            " WHERE sequence = 8"
        ),
        {"entry_stray"},
    ),
    ("UPDATE account SET balance_ore = balance_ore + 1 WHERE account = 'bank'", {"account_differs"}),
    ("UPDATE plan SET spent_ore = spent_ore + 1", {"total_differs"}),
    ("UPDATE commitment SET received_ore = received_ore - 1 WHERE received_ore > 0", {"commitment_differs"}),
]


async def test_a_ledger_that_nobody_touched_is_whole(funding: Client, funding_pool: database.Pool) -> None:
    """Nothing is found, and everything was read."""
    await funding.post(*STORY)
    async with funding_pool.acquire() as connection:
        verification = await verify(connection)
    assert verification.findings == ()
    assert (verification.plans, verification.events, verification.entries) == (1, 9, 3 + 4 + 4 + 4 + 3)


@pytest.mark.parametrize(("tampering", "codes"), TAMPERINGS)
async def test_a_change_behind_the_ledgers_back_is_found(
    funding: Client, funding_pool: database.Pool, tampering: str, codes: set[str]
) -> None:
    """One øre, one day, one word or one missing row."""
    await funding.post(*STORY)
    async with funding_pool.acquire() as connection:
        # Replication's role passes over triggers: what an owner of the server can do.
        await connection.execute(f"SET session_replication_role = replica; {tampering}; RESET session_replication_role")
        verification = await verify(connection)
    assert {finding.code for finding in verification.findings} >= codes


async def test_a_submitted_statement_tells_the_end_of_the_chain_that_it_rests_on(
    funding: Client, funding_pool: database.Pool
) -> None:
    """Whoever keeps that seal can compare, even when somebody has made all of the journal anew."""
    await funding.post(*STORY)
    told = await funding_pool.fetchval("SELECT outcome::jsonb ->> 'seal' FROM event_log WHERE sequence = 9")
    kept = await funding_pool.fetchval("SELECT encode(digest, 'hex') FROM ledger_seal WHERE sequence = 8")
    assert told == kept
