"""The guard against personal numbers."""

import uuid
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.events import contact_data
from shared.events.contact_data import in_identifier, in_reference
from shared.events.personal_data import alike, holds_personal_number, may_hold_personal_number, personal_numbers

SIGNS = st.characters(codec="ascii", exclude_categories=["Cc"])
# The digits are made up; that a date is valid is all that the guard looks at.
PERSONAL = [
    "010190-1234",
    "0101901234",
    "010190 1234",
    "Ring om 311299-0000 i morgen",
    "(290200-1111)",
    "cpr:010190-1234.",
    "p-010190-1234",
    "Født\n0101901234",
    "barn_0101901234",
    "Noteret på 300425-4321, se bilag",
    "010190\u20131234",
    "010190\u20141234",
    "010190\u20111234",
    "010190\u00a01234",
    "010190\u202f1234",
    "010190  1234",
    "010190\t1234",
    "01\t01\t90\t1234 på",
    "010190 - 1234",
    "01 01 90 1234",
    "010190.1234",
    "01.01.90-1234",
    "01/01/90-1234",
    "01.01.1990-1234",
    "010119901234",
    "cpr0101901234",
    "p010190-1234x",
    "01-01-90-1234",
    "\uff10\uff11\uff10\uff11\uff19\uff10\uff11\uff12\uff13\uff14",
    "010190\u200b1234",
    "0\u200d1\u200d0190\u00ad1234",
    "\u2460\u2461\u2460\u2461\u2468\u2460\u2461\u2462\u2463\u2464",
    "610190-1234",  # a replacement number
    "9112901234",
]
HARMLESS = [
    "",
    "Urbanplanen har 2.400 boliger",
    "CVR 12345674",
    "B-2025-0917",
    "Bilag 100200-12",
    "320190-1234",  # no 32nd day
    "011390-1234",  # no 13th month
    "300290-1234",  # no 30 February
    "310690-1234",  # no 31 June
    "000190-1234",  # no day 0
    "01019012345",  # eleven digits
    "10101901234",
    "28.000.000,00 kr.",
    "+45 12 34 56 78",
    "2025-08-01T08:00:00Z",
    "a0101901234f",  # inside a hexadecimal pseudonym
    "6abeb4d30e020383-2025-02",  # at the end of one
    "2025-010190-1234abcdef123456",
    "14.10.2025 - 2026",
    "p-nr. 1003456789",
    "LBF 2025-1",
    "Kl. 14-16, hver 2. uge, 12-14 år",
]


@pytest.mark.parametrize("text", PERSONAL)
def test_a_personal_number_is_found(text: str) -> None:
    """Six digits that are a date and four more are a personal number, with or without a separator."""
    assert holds_personal_number(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_personal_number_passes(text: str) -> None:
    """Amounts, vouchers, CVR numbers, dates and phone numbers of the field pass."""
    assert not holds_personal_number(text)


@given(
    st.text('019ab-:."}', max_size=12),
    st.from_regex(r'[0-9]{6}[^0-9"&%\\\\]{1,40}[0-9]{4}(?![0-9])|([0-9][a-z]){4}', fullmatch=True, alphabet=SIGNS),
    st.text('019ab-:."}', max_size=12).filter(lambda text: not text[:1].isdigit()),
)
def test_what_may_part_a_number_is_always_worth_a_look(before: str, parted: str, after: str) -> None:
    """Six digits and four with words between them, and digits with a letter behind each, wherever they stand."""
    document = (before + parted + after).encode()
    assert may_hold_personal_number(document, alike(document))


@given(st.uuids(version=4))
@example(uuid.UUID("7f900138-9ac5-4e4f-8824-ce7e3d541753"))
@example(uuid.UUID("df650592-4ad0-4996-911c-1aed45f982eb"))
@example(uuid.UUID("00199134-330a-422e-83f9-50feef741731"))
def test_no_uuid_looks_like_a_number_of_somebody(drawn: uuid.UUID) -> None:
    """A sender may use UUIDs for its events: neither a personal number nor a telephone's is seen in one."""
    assert not holds_personal_number(str(drawn))
    assert in_reference(str(drawn), 2025) is None
    assert in_identifier(str(drawn)) is None


@given(st.dates(), st.integers(0, 9999), st.sampled_from(["", "-", " "]))
def test_any_date_with_four_digits_is_found(day: date, serial: int, separator: str) -> None:
    """There is no date whose number slips through."""
    assert holds_personal_number(f"{day:%d%m}{day.year % 100:02}{separator}{serial:04}")


def test_every_place_of_a_personal_number_is_told() -> None:
    """The way to each text that holds one is given, or to the object whose key does; numbers are no texts."""
    value = {"a": ["ok", "010190-1234"], "b/c": {"~": "0101901234"}, "amount_ore": 101901234, "010190-1234": 1}
    assert list(personal_numbers(value)) == [("a", 1), ("b/c", "~"), ()]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("anna@example.dk", "email_address"),
        ("22-33-44-55", "phone_number"),
        ("+4522334455", "phone_number"),
        ("event-22334455", None),
        ("urbanplanen-2025-10-14", None),
        ("8c1fa02b-4de9-4a63-9f00-41d0c7e29b55", None),
    ],
)
def test_an_identifier_is_looked_at_as_one(text: str, code: str | None) -> None:
    """Its digits are a number of its own, unless they are written as a telephone number is."""
    assert contact_data.in_identifier(text) == code


def test_a_telephone_number_is_no_pseudonym() -> None:
    """Whoever has it knows the person."""
    assert contact_data.in_identifier("22334455", is_pseudonym=True) == "phone_number"
    assert contact_data.in_identifier("8c1fa02b4de97a63", is_pseudonym=True) is None


@pytest.mark.parametrize("text", ["Ring 22.33.44.55", "anna @ example . dk", "anna snabel-a example.dk", "a\uff20b.dk"])
def test_an_address_or_a_number_is_found_however_it_is_typed(text: str) -> None:
    """With dots, blanks, words and wide signs."""
    assert contact_data.identifying(text, 2026) is not None
