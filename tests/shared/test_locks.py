"""Advisory locks stand in one list, and no two of them are one."""

import re
from pathlib import Path

from shared import locks

ROOT = Path(__file__).parents[2]


def test_no_two_locks_have_one_number() -> None:
    """In one database they would keep each other waiting: a practice that is adopted, and a service made anew."""
    numbers = [value for name, value in vars(locks).items() if name.isupper()]
    assert len(numbers) > 1
    assert len(numbers) == len(set(numbers))


def test_each_lock_stands_in_the_list() -> None:
    """A number beside the list could be one of those in it."""
    sources = [path for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py")]
    elsewhere = [path for path in sources if re.search(r"7_?204_?0\d\d", path.read_text()) and path.name != "locks.py"]
    assert elsewhere == []
