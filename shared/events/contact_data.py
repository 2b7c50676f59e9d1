"""What could identify a person besides a personal number: birth dates, e-mail addresses, phone numbers.

It reads ordinary Danish: dates of meetings, amounts, company, voucher and account numbers are no persons. Where the
shape alone cannot tell, the words around it do.
"""

import re
from collections.abc import Iterator
from typing import Final

from shared.events.fields import LAST_DAY, MAX_TEXT
from shared.events.personal_data import AROUND
from shared.events.plain_text import plain
from shared.events.text_fields import FREE_TEXT, PSEUDONYMS, REFERENCES

# The attributes of an event that a sender fills as they like.
ATTRIBUTES: Final = ("id", "subject", "dataschema", "tracestate")

# Nobody writes the exact day of something so long ago in a report, unless somebody was born on it.
BIRTH_YEARS_AGO: Final = 8
MOST_AT_SIGNS: Final = 100
OLDEST_YEARS: Final = 110

# Every pattern has bounds, and reads what `plain` wrote: small letters, plain digits, hyphens and blanks.
_AT: Final = re.compile(r" {0,2}(?:@|\((?:at|a)\)|\[(?:at|a)\]|\bsnabel-?a\b) {0,2}")
_MAILBOX: Final = re.compile(r"[\w.+-]\Z")
_DOMAIN: Final = re.compile(
    r"[\w-]{1,63}(?:(?:\.[\w-]{1,63}){1,8}"
    r"|(?: ?\. ?[\w-]{1,63}){0,4} {0,2}\. {0,2}(?:dk|com|net|org|eu|se|no|de|nu|info|io|uk)\b)"
)

_MONTH: Final = r"(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-zæøå]{0,9}\.?"
_DATE: Final = (
    rf"(?:[0-9]{{1,2}} ?[./-] ?[0-9]{{1,2}} ?[./-] ?(?:[0-9]{{4}}|[0-9]{{2}})|[0-9]{{1,2}}\.? {_MONTH} [0-9]{{4}}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{6})(?![0-9])"
)
_BORN: Final = re.compile(rf"(?:\bfødt\b|\bfødsels\w{{0,12}}|\bf\.|\bfdt\.?|\bborn\b)[^0-9]{{0,25}}{_DATE}")
_FULL_DATE: Final = re.compile(
    rf"(?<![0-9.,/-])(?:[0-9]{{1,2}} ?[./-] ?[0-9]{{1,2}} ?[./-] ?([0-9]{{4}})|[0-9]{{1,2}}\.? {_MONTH} ([0-9]{{4}})"
    r"|([0-9]{4})-[0-9]{2}-[0-9]{2})(?![0-9-])"
)

_EIGHT: Final = r"[0-9](?:[ .-]?[0-9]){7}"
_CALLED: Final = re.compile(
    r"(?:\b(?:tlf|telefon\w{0,12}|mobil\w{0,12}|mob|ring|sms|(?<![-\w])nummer(?:et)?|whatsapp)\b[^0-9\n]{0,20}"
    rf"|(?<![0-9])(?:\+|00)45 ?){_EIGHT}(?![0-9])"
)
_PAIRS: Final = re.compile(r"(?<![0-9.,-])[2-9][0-9]([ .-])[0-9]{2}\1[0-9]{2}\1[0-9]{2}(?![0-9,]|[ .-]?[0-9])")
_HALVES_OR_WHOLE: Final = re.compile(r"(?<![\w.,/-])[2-9][0-9]{3} ?[0-9]{4}(?![\w/-]|[.,][0-9])")
# What a number of eight digits is, when it is nobody's telephone; looked for right before it.
_NUMBER_OF: Final = re.compile(
    r"(?:cvr|se|p|bilag\w*|faktura\w*|konto\w*|reg|ordre\w*|sags?|journal\w*|j|id|isbn|ean|matrikel|kr|dkk|beløb\w*)"
    r"[-. ]*(?:nr|nummer|no)?[.: ]*\Z"
)
_OF_MONEY: Final = re.compile(r" ?(?:kr|dkk|øre|mio|,-|kroner|stk)")
WORTH_A_LOOK: Final = re.compile(r"[@\uff20\ufe6b\[(]|\d[^a-zæøå]{0,3}\d|snabel", re.IGNORECASE)
# An identifier is full of digits, so of numbers only those are looked at that are written as telephone numbers are.
_IDENTIFIES: Final = re.compile(rf"@|(?<![0-9])(?:\+|00)45 ?{_EIGHT}|{_PAIRS.pattern}")
_WHOLE_NUMBER: Final = re.compile(r"[2-9][0-9]{7}")
# The same in the JSON of an event: an address, or a number that is a text of its own or is written in pairs.
_IN_JSON: Final = (b'"00000000"', b"00-00-00-00")
_DIGITS_ALIKE: Final = bytes.maketrans(b"123456789", b"000000000")


def identifying(text: str, year: int) -> str | None:
    """Give the code of what could identify a person in a text that was written in a year, None where nothing does."""
    if not WORTH_A_LOOK.search(text):
        return None
    written = plain(text)
    if _holds_email_address(written):
        return "email_address"
    if _holds_birth_date(written, year):
        return "birth_date"
    return "phone_number" if _holds_phone_number(written) else None


def may_identify(document: bytes) -> bool:
    """Tell whether identifiers and references in an event's JSON are worth a look: False is certain, True is not."""
    shapes = document.translate(_DIGITS_ALIKE)
    return b"@" in document or b"0045" in document or any(shape in shapes for shape in _IN_JSON)


def in_identifier(text: str, *, is_pseudonym: bool = False) -> str | None:
    """Give the code of a person's address or number in an identifier, None where there is none."""
    if is_pseudonym and _WHOLE_NUMBER.fullmatch(text):
        return "phone_number"
    if not _IDENTIFIES.search(text):
        return None
    written = plain(text)
    if _holds_email_address(written):
        return "email_address"
    return "phone_number" if _CALLED.search(written) or _PAIRS.search(written) else None


def _holds_email_address(text: str) -> bool:
    for number, found in enumerate(_AT.finditer(text)):
        if number == MOST_AT_SIGNS:
            # Nobody writes so many who means no address.
            return True
        if _MAILBOX.search(text[max(0, found.start() - 1) : found.start()]) and _DOMAIN.match(text, found.end()):
            return True
    return False


def _holds_birth_date(text: str, year: int) -> bool:
    if _BORN.search(text):
        return True
    years = (int(found[1] or found[2] or found[3]) for found in _FULL_DATE.finditer(text))
    return any(BIRTH_YEARS_AGO <= year - then <= OLDEST_YEARS for then in years)


def _holds_phone_number(text: str) -> bool:
    if _CALLED.search(text) or _PAIRS.search(text):
        return True
    for found in _HALVES_OR_WHOLE.finditer(text):
        digits = found[0].replace(" ", "")
        is_day = digits[:2] == "20" and "01" <= digits[4:6] <= "12" and "01" <= digits[6:] <= "31"
        if is_day or _OF_MONEY.match(text, found.end()):
            continue
        if not _NUMBER_OF.search(text[max(0, found.start() - AROUND) : found.start()]):
            return True
    return False


def contact_data(event: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Walk a decoded event and give the way to each text that could identify a person, with its code."""
    if not isinstance(event, dict):
        return
    for name in ATTRIBUTES:
        value = event.get(name)
        if isinstance(value, str) and len(value) <= MAX_TEXT and (code := in_identifier(value)):
            yield (name,), code
    written = str(event.get("time"))[:4]
    year = int(written) if written.isdecimal() else LAST_DAY.year
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
    code = in_identifier(text, is_pseudonym=field in PSEUDONYMS)
    return None if code == "phone_number" and field in REFERENCES else code
