"""The order in which true promises are registered changes nothing about where a plan ends."""

from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.rows import Commitment, Plan
from tests.support.builders import PLAN, Json, a_commitment, an_expense
from tests.support.ledger_in_memory import Ledger
from tests.support.money import a_receipt, a_release

KINDS = ("landsbyggefonden", "municipality", "housing_organisation", "foundation")
DAYS = ("2025-06-01", "2025-08-01", "2026-03-01")


@st.composite
def agreements(draw: st.DrawFn) -> list[Json]:
    """Give the promises of a plan, of which Landsbyggefonden makes three quarters at most, on days around its start."""
    local = draw(st.lists(st.tuples(st.sampled_from(KINDS[1:]), st.integers(1, 1_000_000)), min_size=1, max_size=4))
    room_ore = 3 * sum(amount_ore for _, amount_ore in local)
    parts = draw(st.lists(st.integers(1, room_ore), min_size=1, max_size=2))
    fund = [(KINDS[0], amount_ore * room_ore // sum(parts)) for amount_ore in parts]
    return [
        a_commitment(f"tilsagn-{number}", funder_kind=kind, amount_ore=amount_ore, date=draw(st.sampled_from(DAYS)))
        for number, (kind, amount_ore) in enumerate([*local, *fund])
        if amount_ore
    ]


def _everything(ledger: Ledger) -> list[object]:
    """Give where a ledger stands, but for the chain that digests its events in their order."""
    plan = ledger.row(Plan, PLAN)._replace(seal=b"", seals=0)
    return [plan, sorted(ledger.state.all(Commitment)), ledger.balances()]


@given(agreements(), st.data())
def test_true_promises_are_taken_in_any_order_and_end_in_one_state(promises: list[Json], data: st.DataObject) -> None:
    """None is refused; then all of the money may move, and what is spent is shared alike."""
    told, otherwise = Ledger(), Ledger()
    told.post(*promises)
    otherwise.post(*data.draw(st.permutations(promises)))
    assert _everything(otherwise) == _everything(told)
    moves = [
        move
        for number, event in enumerate(promises)
        for name, amount_ore in [(event["data"]["commitment"], event["data"]["amount_ore"])]
        for move in (
            a_release(name, amount_ore, "2026-03-02"),
            a_receipt(name, amount_ore, f"r-{number}", date="2026-03-02"),
        )
    ]
    total_ore = sum(event["data"]["amount_ore"] for event in promises)
    for ledger in (told, otherwise):
        ledger.post(*moves, an_expense(amount_ore=total_ore))
    assert _everything(otherwise) == _everything(told)
