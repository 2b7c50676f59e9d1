"""The quick looks at a text, before any pattern is tried: what they pass over, no pattern finds anything in."""

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import clock
from shared.events import (
    birth_dates,
    contact_data,
    mail_addresses,
    spelt_days,
    spelt_numbers,
    telephones,
    years_of_birth,
)
from shared.events.catalogue import CATALOGUES
from shared.events.given_names import GIVEN_NAMES
from shared.events.plain_text import has_digits, holds_any, plain
from shared.events.spelt_numbers import DIGITS_OF, IN_NUMERALS, with_digits_spelt
from tests.oracles.danish_text_grammar import grammar_texts
from tests.oracles.danish_texts.reading import labelled_texts
from tests.support.builders import an_expense, body

# Each word that stands in a pattern or a list of those who look for dates, numbers and addresses.
WORDS: Final = sorted(
    {
        word
        for module in (birth_dates, contact_data, mail_addresses, spelt_days, spelt_numbers, telephones, years_of_birth)
        for value in vars(module).values()
        for part in ([value.pattern] if isinstance(value, re.Pattern) else value if isinstance(value, tuple) else [])
        for word in re.findall(r"[A-Za-zÆØÅæøå]{2,20}", str(part))
    }
    | GIVEN_NAMES
)
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


def _check_numbered(text: str) -> None:
    if contact_data._is_numbered(text):  # noqa: SLF001  the quick look
        assert not (contact_data.is_worth_a_look(text) and contact_data._tells(text, 2025)), text  # noqa: SLF001  what it stands before


@given(st.from_regex(r"[A-Za-zæøåÆØÅ]{2,20}( nr\.?)? [0-9]{2,6}", fullmatch=True))
def test_a_word_and_a_number_tell_nothing(text: str) -> None:
    """Whatever the word and the number are."""
    _check_numbered(text)


@given(st.sampled_from(WORDS), st.sampled_from(("", " nr", " nr.")), st.integers(100, 99_999))
def test_no_word_of_births_or_numbers_tells_with_a_number_behind(word: str, between: str, number: int) -> None:
    """With each word that any pattern knows; with a year behind it, it is looked at."""
    _check_numbered(f"{word}{between} {number}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("Bilag nr. 8501", True), ("Faktura 30123", True), ("BILAG NR 10001", False), ("Født 1992", False)),
        *(("årgang 2009", False), ("fødselsår 19925", False), ("femseksotteni 1234", False), ("Maj 12", False)),
        *(("Bilag nr. 220385", False), ("Bilag 8501.", False), ("Bilag 1001\n", False), ("a 1234", False)),
    ],
)
def test_only_a_word_and_a_number_are_passed_over(text: str, expected: bool) -> None:  # noqa: FBT001  a case
    """A year, a number that spells on in its word, a longer one and a longer text are looked at."""
    assert contact_data._is_numbered(text) is expected  # noqa: SLF001  the quick look


def test_nothing_of_the_corpora_is_passed_over() -> None:
    """Of texts that hold addresses and numbers in many hundred ways."""
    for text in WRITTEN:
        _check(text)
        _check_numbered(text)


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
