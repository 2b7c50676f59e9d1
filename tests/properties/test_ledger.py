"""The ledger holds under any history of events; `ledger_machine.py` runs longer by command."""

from tests.oracles.ledger_machine import run


def test_no_history_breaks_the_ledger() -> None:
    """After every step of every history the books balance, and a replay of it gives the same accounts."""
    run(examples=40, steps=50)
