"""The list of withdrawals outside of the database: it names nobody, and finds only whom it lists."""

import dataclasses
from datetime import timedelta
from pathlib import Path

from services.registry.domain.people_rows import Withdrawal, withdrawn_digest
from services.registry.store.forgotten import Done
from services.registry.withdrawals import FILE, WithdrawalList
from tests.support import builders as b

GONE, ALSO, OTHER = (b.person(name) for name in ("gone", "also-gone", "other"))
FIRST = Withdrawal((GONE, ALSO), 0, b.AREA, (b.ACTIVITY,), b"s" * 32)


async def test_a_listed_person_is_found_by_any_pseudonym_and_nobody_else_is(tmp_path: Path) -> None:
    """The file is its owner's alone, and holds no pseudonym; a second list has a key of its own."""
    kept = WithdrawalList(tmp_path / "anchors")
    await kept.note([FIRST])
    await WithdrawalList(tmp_path / "anchors").note([dataclasses.replace(FIRST, pseudonyms=(OTHER,), salt=b"t" * 32)])
    listed = await kept.read()
    (first, second) = listed.withdrawals
    assert listed.found_among(first, [OTHER, ALSO]) == ALSO
    assert listed.found_among(first, [OTHER]) is None
    assert listed.found_among(second, [GONE, OTHER]) == OTHER
    path = tmp_path / "anchors" / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert not any(name in path.read_text() for name in (GONE, ALSO, OTHER))
    again = WithdrawalList(tmp_path / "elsewhere")
    await again.note([FIRST])
    assert set((await again.read()).withdrawals[0].digests).isdisjoint(first.digests)


async def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    """A crash while it was written is no reason to erase nobody, and what follows stands on a line of its own."""
    kept = WithdrawalList(tmp_path)
    await kept.note([FIRST])
    with (tmp_path / FILE).open("a") as file:
        file.write('{"area": "urb')
    await kept.note([dataclasses.replace(FIRST, salt=b"t" * 32)])
    assert [noted.salt for noted in (await kept.read()).withdrawals] == [b"s" * 32, b"t" * 32]


async def test_without_a_folder_nothing_is_kept() -> None:
    """As the tests and a service without anchors run."""
    kept = WithdrawalList(None)
    await kept.note([FIRST])
    assert (await kept.read()).withdrawals == ()


async def test_a_try_that_failed_is_done_by_the_one_that_did_not(tmp_path: Path) -> None:
    """So whoever consents anew after it is not taken for somebody who was forgotten; a later withdrawal is not done."""
    kept = WithdrawalList(tmp_path)
    await kept.note([FIRST])
    (noted,) = (await kept.read()).withdrawals
    salt = b"u" * 32
    for later, is_done in ((timedelta(seconds=1), True), (timedelta(hours=-1), False)):
        done = Done(b.AREA, salt, withdrawn_digest(salt, GONE), noted.at + later)
        assert done.covers(noted, GONE) == is_done
        assert not done.covers(noted, OTHER)
