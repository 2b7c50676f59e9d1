"""An entry of the ledger holds each value under its name, and is digested by its names."""

from collections import namedtuple
from datetime import date
from typing import Any

from services.funding.domain.sealing import next_digest
from tests.support.builders import PLAN
from tests.support.ledger_in_memory import Ledger
from tests.support.money import MUNICIPALITY, a_receipt, a_release


def test_an_entry_says_under_its_own_name_what_each_side_was_and_became(ledger: Ledger) -> None:
    """Every amount and every version of an entry differs, so that none can stand in the place of a different one."""
    ledger.post(a_release(MUNICIPALITY, 100_000), a_receipt(MUNICIPALITY, 90_000))
    ledger.post(a_release(MUNICIPALITY, 3_000))
    entry = ledger.entries[-1]
    assert entry._asdict() == {
        "place": 1,
        "plan": PLAN,
        "booked_on": date(2025, 8, 20),
        "amount_ore": 3_000,
        "from_account": f"pledges:{MUNICIPALITY}",
        "from_before_ore": 25_000,
        "from_after_ore": 22_000,
        "from_version": 3,
        "to_account": f"receivables:{MUNICIPALITY}",
        "to_before_ore": 10_000,
        "to_after_ore": 13_000,
        "to_version": 3,
    }


def test_the_order_of_an_entrys_fields_changes_no_digest(ledger: Ledger) -> None:
    """What is digested is said by name, in the order that the documentation promises."""
    entry = ledger.entries[-1]
    turned: Any = namedtuple("turned", reversed(entry._fields))(**entry._asdict())  # noqa: PYI024  its fields are only known here
    assert next_digest(b"before", b"posted", "", [turned]) == next_digest(b"before", b"posted", "", [entry])
