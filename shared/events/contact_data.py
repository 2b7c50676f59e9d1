"""What could identify a person besides a personal number: birth dates, e-mail addresses, phone numbers.

It reads ordinary Danish: dates of meetings, amounts, company, voucher and account numbers are no persons. Where the
shape alone cannot tell, the words around it do.
"""

import re
from collections.abc import Iterator
from typing import Final

from shared.events.birth_dates import holds_birth_date
from shared.events.fields import LAST_DAY, MAX_TEXT
from shared.events.mail_addresses import holds_email_address
from shared.events.personal_data import IS_UUID, TYPED_FOR_DIGITS, holds_personal_number
from shared.events.plain_text import holds_any, plain, with_digits_meant
from shared.events.spelt_days import with_powers_written
from shared.events.spelt_numbers import A_ROW_OF_NUMERALS, IN_NUMERALS, with_digits_spelt
from shared.events.telephones import holds_phone_number, is_dialled
from shared.events.text_fields import FREE_TEXT, PSEUDONYMS, REFERENCES

# The attributes of an event that a sender fills as they like.
ATTRIBUTES: Final = ("id", "subject", "dataschema", "tracestate")

# Signs that addresses and numbers are written with, four digits that are near one another, and what is said of either.
_SIGNS: Final = re.compile(r"[\u00b2\u00b3\u00b9\u2070-\u2089@\uff20\ufe6b\u2460-\u249b\u24ea-\u24ff\[({<&*«|~=]|\d")
_ADDRESSED: Final = re.compile(r"[\u00b2\u00b3\u00b9\u2070-\u2089@\uff20\ufe6b\u2460-\u249b\u24ea-\u24ff\[({<&*«|~=]")
_FOUR_DIGITS: Final = re.compile(
    r"\d(?:(?:[^a-zæøå]|[olisbz]){0,5}\d){3}|(?:\d[a-z]){4}|[olisbz\d]{8}|\d ?x ?\d\d ?x| og \d\d og "
    r"|\d [a-z]{2,}|'\d\d|\d'er|\d\. ?maj|\d/\d"
)
_SAID: Final = (
    *("fød", "foed", "fylder", "runder", "bliver ", "myndig", "-års", "dagens lys", "f.", "geburt", "d.o.b", "fyldte"),
    *("fdato", "birth", "dob", "blev ", "snabel", "krølle", "alfa", "at-tegn"),
    *("til verden", "%40", "-at-", "_at_", "/at/", "#at#", "'at'", '"at"', " dot ", " punktum ", " punkt ", " prik "),
    # Numbers that are spelt out have one of these, nearly always.
    *(
        "nul",
        "fem",
        "seks",
        "syv",
        "otte",
        "ogtyve",
        "tredive",
        "fyrre",
        "tres",
        "firs",
        "tolv",
        "tusind",
        "zero",
        "seven",
        "eight",
    ),
    # Mail at one of those that everybody knows, and signs with a blank around them.
    *("gmail", "hotmail", "outlook", "yahoo", "icloud", "alfa", "krøll", ".at.", ".dk", ".com", ". dk"),
    *("årgang", "årg.", "tillykke", "🎂", "bday", "fdag", "turns "),
)
# As many digits as a personal number has whose month is a word, or letters that are typed for them, however far apart;
# or six of them, and words behind.
_SEVEN_DIGITS: Final = re.compile(r"(?:[\doOlI][^\doOlI]*){7}|[0-9]{6}[\W_]{1,3}[a-z]")
# One word and a number behind it that is no year's and too short for anybody's: `Bilag nr. 8501`.
_NUMBERED: Final = re.compile(r"([A-Za-zÆØÅæøå]{2,20})(?: nr\.?)? (?!1[89]|20)[0-9]{3,5}")
_WHOLE_NUMBER: Final = re.compile(r"[2-9][0-9]{7}")
_A_SENTENCE: Final = re.compile(r"[^\W\d_]{2,}[^\w]+(?:[^\W_]+[^\w]+){0,3}[^\W\d_]{2,}[^\w]+[^\W\d_]{2,}")
# The same in the JSON of an event in which all digits are alike: an address, or a number that is written in pairs, or
# that ends a text and is called a telephone's or all of it.
_ENDS_WITH_EIGHT: Final = b'00000000"'
_CALLED_IN_JSON: Final = re.compile(rb'(?:"|(?:tlf|telefon|mobil)[-.]?|\+45|0045)[2-9][0-9]{7}"')
_DIALLED_IN_JSON: Final = re.compile(rb"\+ ?[1-9][0-9]")


def is_worth_a_look(text: str) -> bool:
    """Tell whether a text could identify somebody: False is certain, True is not."""
    small = text.lower()
    sign = _SIGNS.search(small)
    if sign and (not sign[0].isdecimal() or _FOUR_DIGITS.search(small) or _ADDRESSED.search(small)):
        return True
    return holds_any(small, _SAID)


def tells(text: str, year: int) -> bool:
    """Tell whether a text that was written in a year identifies somebody, if only by a number that is spelt out.

    Most texts of the field are worth a look, such as "Bilag nr. 8501"; this looks, and takes a tenth of the time that
    walking the event takes.
    """
    if _is_numbered(text) or not is_worth_a_look(text):
        return False
    return _tells(text, year)


def _is_numbered(text: str) -> bool:
    """Tell whether a text is a word and a number that nobody could be known by; a word of numerals may spell more."""
    found = _NUMBERED.fullmatch(text)
    return found is not None and not holds_any(found[1].lower(), IN_NUMERALS)


def _tells(text: str, year: int) -> bool:
    if _identifying(text, year) is not None:
        return True
    has_as_many = _SEVEN_DIGITS.search(text) is not None or holds_any(text.lower(), _SAID)
    return has_as_many and holds_personal_number(text)


def identifying(text: str, year: int) -> str | None:
    """Give the code of what could identify a person in a text that was written in a year, None where nothing does."""
    return _identifying(text, year) if is_worth_a_look(text) else None


def _identifying(text: str, year: int) -> str | None:
    written = with_powers_written(plain(text))
    if holds_email_address(written):
        return "email_address"
    if holds_any(written, IN_NUMERALS) and A_ROW_OF_NUMERALS.search(written):
        written = with_digits_spelt(written)
    code = _dated_or_called(text, written, year)
    if code is None and TYPED_FOR_DIGITS.search(text):
        meant = with_digits_meant(text)
        code = _dated_or_called(meant, plain(meant), year)
    return code


def _dated_or_called(text: str, written: str, year: int) -> str | None:
    if holds_birth_date(text, written, year):
        return "birth_date"
    return "phone_number" if holds_phone_number(written) else None


def may_identify(document: bytes, shapes: bytes) -> bool:
    """Tell whether identifiers in an event's JSON are worth a look: False is certain, True is not.

    `shapes` is what `personal_data.alike` gives of it.
    """
    if b"@" in shapes or b"00-00-00-00" in shapes or (b"+" in document and _DIALLED_IN_JSON.search(document)):
        return True
    return _ENDS_WITH_EIGHT in shapes and _CALLED_IN_JSON.search(document) is not None


def in_identifier(text: str, *, is_pseudonym: bool = False) -> str | None:
    """Give the code of a person's address or number in an identifier, None where there is none."""
    if is_pseudonym and _WHOLE_NUMBER.fullmatch(text):
        return "phone_number"
    if IS_UUID.fullmatch(text):
        return None
    written = plain(text)
    if holds_email_address(written):
        return "email_address"
    return "phone_number" if is_dialled(written) else None


def in_reference(text: str, year: int) -> str | None:
    """Give the code of what could identify a person in a reference, which may be a number of eight digits by itself."""
    code = None if IS_UUID.fullmatch(text) else identifying(text, year)
    if code != "phone_number" or _A_SENTENCE.search(text):
        return code
    return code if is_dialled(plain(text)) else None


def contact_data(event: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Walk a decoded event and give the way to each text that could identify a person, with its code."""
    if not isinstance(event, dict):
        return
    written = str(event.get("time"))[:4]
    year = int(written) if written.isdecimal() else LAST_DAY.year
    for name in ATTRIBUTES:
        value = event.get(name)
        if isinstance(value, str) and len(value) <= MAX_TEXT and (code := in_reference(value, year)):
            yield (name,), code
    yield from _walk(event.get("data"), ("data",), year, "")


def _walk(
    value: object, steps: tuple[str | int, ...], year: int, field: str
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        if len(value) <= MAX_TEXT and (code := _of_field(field, value, year)):
            yield steps, code
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*steps, key), year, key)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _walk(item, (*steps, position), year, field)


def _of_field(field: str, text: str, year: int) -> str | None:
    """Look at a field as what it is: sentences, a reference with numbers of its own, or an identifier."""
    if field in FREE_TEXT:
        return identifying(text, year)
    if field in REFERENCES:
        return in_reference(text, year)
    return in_identifier(text, is_pseudonym=field in PSEUDONYMS)
