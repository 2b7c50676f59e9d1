"""The quick looks at a text, before any pattern is tried: what they pass over, no pattern finds anything in."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import clock
from shared.events import contact_data, mail_addresses, telephones
from shared.events.catalogue import CATALOGUES
from shared.events.plain_text import has_digits, holds_any, plain
from shared.events.spelt_numbers import DIGITS_OF, IN_NUMERALS, with_digits_spelt
from tests.oracles.danish_text_grammar import grammar_texts
from tests.oracles.danish_texts.reading import labelled_texts
from tests.support.builders import an_expense, body

WRITTEN: Final = sorted({each.text for each in (*labelled_texts(), *grammar_texts(1))})
# What addresses and numbers are made of, to be joined in any order.
PARTS: Final = (
    *(
        "anna",
        "@",
        " at ",
        "(a)",
        "[at]",
        "«ved»",
        "{a}",
        "alfakrølle",
        "snabel a",
        "at-tegn",
        "<alfa>",
        " hos ",
        "på ",
    ),
    *("example", ".", " punktum ", "dk", "com", "gmail", "hotmail.com", "#msn.dk", ", det er live.com", "skriv til"),
    *(
        "+45",
        "22",
        "334455",
        " 22",
        "33 ",
        "4455",
        "x",
        "og",
        "nul",
        "fem",
        "Enogtyve",
        "tres",
        "THREE",
        "tusind",
        "0",
        " ",
    ),
)
TEXTS: Final = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(PARTS), max_size=9).map("".join),
    st.builds(lambda text, more: f"{text} {more}", st.sampled_from(WRITTEN), st.text(max_size=8)),
)


def _check(text: str) -> None:
    for written in (text, plain(text)):
        if not mail_addresses.holds_email_address(written):
            assert not mail_addresses._holds_one(written), text  # noqa: SLF001  what the quick look stands before
        if not telephones.holds_phone_number(written):
            assert not telephones._holds_one(written), text  # noqa: SLF001  as above
    written = plain(text)
    if not holds_any(written, IN_NUMERALS):
        assert with_digits_spelt(written) == written, text


@given(TEXTS)
def test_what_is_passed_over_holds_nothing(text: str) -> None:
    """Signs of all planes, and parts of addresses and numbers in any order."""
    _check(text)


def test_nothing_of_the_corpora_is_passed_over() -> None:
    """Of texts that hold addresses and numbers in many hundred ways."""
    for text in WRITTEN:
        _check(text)


def test_each_numeral_holds_a_part_of_numerals() -> None:
    """Or it would not be read where it stands in a row."""
    for word in DIGITS_OF:
        assert holds_any(word, IN_NUMERALS), word
    assert not holds_any("bilag nr. 3001", IN_NUMERALS)


@pytest.mark.parametrize(("text", "least", "expected"), [("12 a 34", 4, True), ("12 a 34", 5, False), ("", 1, False)])
def test_digits_are_counted_wherever_they_stand(text: str, least: int, expected: bool) -> None:  # noqa: FBT001  a case
    """Not only in a row."""
    assert has_digits(text, least) is expected


def test_a_text_that_a_request_repeats_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is looked at again in the next request, since what people write is not kept."""
    looked: list[str] = []
    look = contact_data.tells

    def noted(text: str, year: int) -> bool:
        looked.append(text)
        return look(text, year)

    monkeypatch.setattr(contact_data, "tells", noted)
    for request in (1, 2):
        events = [an_expense(f"expense-{request}-{number}", text="Løn september") for number in range(3)]
        posted, faults = CATALOGUES["funding"].read(body(events), clock.now())
        assert (len(posted), faults) == (3, [])
        assert looked.count("Løn september") == request


def test_a_text_that_a_request_repeats_is_refused_each_time() -> None:
    """With the fault of each event."""
    events = [an_expense(f"expense-{number}", text="Ring til 22 33 44 55") for number in range(3)]
    posted, faults = CATALOGUES["funding"].read(body(events), clock.now())
    assert (posted, [(fault.index, fault.code) for fault in faults]) == (
        [],
        [(number, "phone_number") for number in range(3)],
    )
