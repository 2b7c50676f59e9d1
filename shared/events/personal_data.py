"""The guard at the door: finds personal numbers, however they are typed, before anything is stored or logged.

Every pattern has bounds, so that reading takes time in proportion to a text's length, whatever it holds.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from shared.events import other_numbers, parted_numbers
from shared.events.fields import MAX_TEXT, MOMENT_PATTERN
from shared.events.other_numbers import AROUND
from shared.events.plain_text import plain, with_digits_meant
from shared.events.spelt_days import REPLACED_DAYS, is_day, with_days_in_digits, with_powers_written
from shared.events.spelt_numbers import A_ROW_OF_NUMERALS, with_digits_spelt

LONG_BYTES: Final = 16_384
# Day, month, year and serial, without and with the century.
SHORT: Final = 10
LONG: Final = 12
# Signs between the groups of one number: people mix two or three.
MOST_SIGNS: Final = 3
# From a day of a year to another year.
MOST_YEARS: Final = 10
# Rows of so many digits that begin with a day, in one text.
MOST_NUMBERS: Final = 100
# A day of these years with an hour behind it is the day of an event, and its number that of a file or a session.
FIRST_YEAR_OF_FILES: Final = 2020

# Digits with up to so many signs between two of them, and no letter; it begins and ends where a group of digits does.
# The modulus check is not asked for: since 2007 numbers are issued that fail it.
_GAP: Final = r"[\W_]{0,5}"
_TEN: Final = re.compile(rf"[0-9](?<![0-9][0-9])(?=((?:{_GAP}[0-9]){{9}})(?![0-9]))")
_TWELVE: Final = re.compile(rf"[0-9](?<![0-9][0-9])(?=((?:{_GAP}[0-9]){{11}})(?![0-9]))")
_GROUP: Final = re.compile(r"[0-9]+")
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# One by its version and variant too, which is all of a text: nobody writes a number of somebody so.
# Source: RFC 9562, section 4.
_A_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
IS_UUID: Final = re.compile(_A_UUID)
_UUID_IN_BYTES: Final = re.compile(f'"{_A_UUID}"'.encode())
_WORD_BEFORE: Final = re.compile(r"[0-9a-z]{1,40}\Z")
_WORD_AFTER: Final = re.compile(r"\A[0-9a-z]{1,40}")
_HEXADECIMAL: Final = frozenset("0123456789abcdef")
SHORTEST_HASH: Final = 12
_A_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
# Anything but a letter that is written every day, such as a digit of any kind, or digits that are spelt out.
_WORTH_A_LOOK: Final = re.compile(rf"[^\W_a-zA-Zæøå]|{A_ROW_OF_NUMERALS.pattern}", re.IGNORECASE)
TYPED_FOR_DIGITS: Final = re.compile(r"[0-9][oOlI|SBZ]|[oOlI|SBZ][0-9]")

# How day, month, year and serial are parted where nobody wonders what they are.
_USUAL: Final = frozenset({(10,), (12,), (6, 4), (8, 4), (2, 2, 2, 4), (2, 2, 4, 4)})
_BY_SIGN: Final = frozenset({(1,) * 10, (1,) * 12})
_PAIRS: Final = (2, 2, 2, 2, 2)
# Groups that a comma or a semicolon may part, where nobody counts; and what says that a number is a person's.
_BY_COMMA: Final = _BY_SIGN | {_PAIRS}
_LISTED: Final = frozenset({",", ";", "-"})
_OF_A_COUNTRY: Final = re.compile(r"(?<![0-9])\+[1-9][0-9]{0,2}[ (-]{0,2}\Z")
_A_PLACE_OF_WORK: Final = re.compile(r"\bp[-. ]{0,2}(?:nr|nummer)[.: ]{0,3}\Z")
# How telephone numbers of other countries are grouped.
_ABROAD: Final = (3, 3, 2, 2)
_CALLED_BEHIND: Final = re.compile(r"[^0-9!?\n]{0,24}\b(?:cpr|personnummer|sundhedskort|sygesikring)")
# A range of days.
_FROM_A_DAY: Final = re.compile(r"(?<![0-9])(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2} ?- ?\Z")
_CALLED: Final = re.compile(r"\b(?:cpr|c\.p\.r|person(?:nr|nummer))\w{0,8}[^0-9!?\n]{0,16}\Z")

# Digits, and the letters typed for them, are alike; so are the signs that part numbers, and those of addresses.
_ALIKE: Final = bytes.maketrans(b"123456789oOlISBZ ._/(&", b"0000000000000000----@@")
# What may stand between two digits; a quotation mark ends a text.
_BETWEEN_BYTES: Final = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) != '"')
# What a text of Danish letters is made of: ASCII, and the two bytes of each of the letters from U+00C0 to U+00FF.
_ORDINARY: Final = bytes([*range(0x80), *range(0x80, 0xC0), 0xC3])
_MEANT: Final = bytes.maketrans(b"oOlISBZ", b"0011582")
_A_DAY_AND_MORE: Final = re.compile(
    rb"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])(?:0[1-9]|1[0-2])[0-9]{6}"
    rb"|(?:19[0-9]|20[01])[0-9](?:0[1-9]|1[0-2])[0-9]{6}"
)
# It begins with one digit for both ways, since a choice as its first sign takes six times as long.
_PARTED_IN_BYTES: Final = re.compile(rb'[0-9](?:[0-9]{5}[^0-9"]{1,40}[0-9]{4}(?![0-9])|[a-z](?:[0-9][a-z]){3})')
# Six digits in a row, or four with a letter behind each, in what has all digits and all letters alike.
_OF_A_KIND: Final = bytes.maketrans(b"123456789bcdefghijklmnopqrstuvwxyz", b"0" * 9 + b"a" * 25)
_SIX_DIGITS: Final = b"000000"
_FOUR_BY_LETTERS: Final = b"0a0a0a0a"
_ESCAPES: Final = re.compile(rb'\\[nrt"\\]')
_TIME: Final = b'"time":"'
_MOMENT: Final = re.compile(MOMENT_PATTERN)


class Number(NamedTuple):
    """Ten or twelve digits of a plain text: where they are, their groups, and what stands between two of these."""

    text: str
    start: int
    end: int
    groups: list[str]
    gaps: list[str]

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many digits each group has."""
        return tuple(map(len, self.groups))


def alike(document: bytes) -> bytes:
    """Give a JSON text in which all digits are `0`, to look for shapes in."""
    return document.translate(_ALIKE)


def without_uuids(document: bytes) -> bytes:
    """Leave out of a JSON text every text that is a UUID, whose digits look like what is looked for."""
    return _UUID_IN_BYTES.sub(b'""', document)


def holds_none(document: bytes, shapes: bytes) -> bool:
    """Tell whether no personal number can be in the JSON texts of events, one after another: True is certain.

    `shapes` is what `alike` gives of them. One that is spelt out in words is not looked for here.
    """
    return not (_may_be_hidden(document) or _has_digits_enough(document, shapes))


def may_hold_personal_number(document: bytes, shapes: bytes) -> bool:
    """Tell whether a personal number is worth looking for in the JSON text of an event: False is certain, True is not.

    `shapes` is what `alike` gives of it. One that is spelt out in words is not looked for here.
    """
    if _may_be_hidden(document):
        return True
    if not _has_digits_enough(document, shapes):
        return False
    # What is long is looked through text by text, since nothing else of the process runs while a pattern reads on.
    return len(document) > LONG_BYTES or holds_personal_number(_without_time(document).decode())


def _may_be_hidden(document: bytes) -> bool:
    """Tell whether digits may be other signs or written by numbers, or a letter or a word may part those of a number.

    What it finds in a text it finds in several, one after another.
    """
    if not document.isascii() and document.translate(None, _ORDINARY):
        return True
    # One sign is found several times as fast as two.
    if b"&" in document or b"%" in document or (b"\\" in document and b"\\\\" in document):
        return True
    kinds = document.translate(_OF_A_KIND)
    if _SIX_DIGITS not in kinds and _FOUR_BY_LETTERS not in kinds:
        return False
    return _PARTED_IN_BYTES.search(document) is not None


def _has_digits_enough(document: bytes, shapes: bytes) -> bool:
    """Tell whether ten digits stand in a row with nothing but signs between them, and may begin with a day.

    What it finds in a text it finds in several, in a row: nothing that it looks for goes past a quotation mark.
    """
    is_escaped = b"\\" in shapes
    if is_escaped:
        shapes = alike(_ESCAPES.sub(b" ", document))
    # Deleting what may stand between digits, and looking for ten of them, costs a tenth of any pattern.
    if b"0000000000" not in shapes.translate(None, _BETWEEN_BYTES):
        return False
    return is_escaped or _A_DAY_AND_MORE.search(_without_time(document).translate(_MEANT, _BETWEEN_BYTES)) is not None


def _without_time(document: bytes) -> bytes:
    """Leave out when an event was said, which has as many digits as a personal number."""
    start = document.find(_TIME)
    if start < 0:
        return document
    start += len(_TIME)
    return document[:start] + document[document.find(b'"', start) :]


def holds_personal_number(text: str) -> bool:
    """Tell whether a text holds something that reads as a Danish personal (CPR) number with a valid date.

    The first six digits are day, month and year; 29 February passes in any year, since the century is not known.

    Source: https://www.cpr.dk/media/12066/personnummeret-i-cpr.pdf
    """
    if not _WORTH_A_LOOK.search(text) or IS_UUID.fullmatch(text):
        return False
    written = with_days_in_digits(with_powers_written(plain(text)))
    if _holds_one(written) or parted_numbers.is_parted(written):
        return True
    if A_ROW_OF_NUMERALS.search(written) and _holds_one(with_digits_spelt(written)):
        return True
    # Wide letters and digits first, since small letters are typed for none.
    typed = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return bool(TYPED_FOR_DIGITS.search(typed)) and _holds_one(with_days_in_digits(plain(with_digits_meant(typed))))


def personal_numbers(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Walk a decoded JSON value and give the way to each text, or to each object with a key, that holds one.

    Numbers are passed over: an amount of ten digits is no person. So are texts that are longer than any field takes,
    and the time of an event, which has as many digits.
    """
    if isinstance(value, str):
        if len(value) <= MAX_TEXT and holds_personal_number(value):
            yield steps
    elif isinstance(value, dict):
        for key, item in value.items():
            if not steps and key == "time" and isinstance(item, str) and _MOMENT.match(item):
                continue
            if not key.isidentifier() and len(key) <= MAX_TEXT and holds_personal_number(key):
                yield steps
            yield from personal_numbers(item, (*steps, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from personal_numbers(item, (*steps, position))


def _holds_one(written: str) -> bool:
    if not _any_is_one(_numbers(written)):
        return False
    return "-" not in written or _any_is_one(_numbers(_UUID.sub(" ", written)))


def _numbers(written: str) -> Iterator[Number]:
    """Give all rows of ten or twelve digits that begin with a day."""
    for pattern in (_TEN, _TWELVE):
        for found in pattern.finditer(written):
            start, end = found.start(), found.end(1)
            groups = _GROUP.findall(written, start, end)
            if _begins_with_a_day("".join(groups)):
                yield Number(written, start, end, groups, _GROUP.split(written[start:end])[1:-1])


def _begins_with_a_day(digits: str) -> bool:
    day, month = int(digits[:2]), int(digits[2:4])
    if not is_day(day - REPLACED_DAYS if day > REPLACED_DAYS else day, month):
        return False
    return len(digits) == SHORT or digits[4:6] in {"18", "19", "20"}


def _any_is_one(numbers: Iterable[Number]) -> bool:
    """Tell whether one is a personal number, or there are so many that nobody means anything else by them."""
    return any(place == MOST_NUMBERS or _is_one(number) for place, number in enumerate(numbers))


def _is_one(number: Number) -> bool:
    """Tell whether digits that look like a personal number are one, by what stands between and around them."""
    text, start, end, _, gaps = number
    lengths = number.lengths
    if _is_of_a_hash(number) or text[max(0, start - 1) : start] == "+" or _is_called_a_thing(number):
        return False
    if other_numbers.is_amount(lengths, gaps) or _is_day_and_more(number):
        return False
    if lengths in _USUAL:
        return _is_whatever_follows(number) or not other_numbers.has_unit(text, end)
    if not other_numbers.lie_apart(text, start, end, gaps) or other_numbers.has_unit(text, end):
        return False
    return bool(_CALLED.search(text[max(0, start - AROUND) : start])) or _is_grouped_so(number)


def _is_called_a_thing(number: Number) -> bool:
    """Tell whether a number is a thing's, or dialled; the number of a place of work has no hyphen."""
    text, start, _, _, gaps = number
    before = text[max(0, start - AROUND) : start]
    if _OF_A_COUNTRY.search(before) or (
        number.lengths == _ABROAD and text[start] == "0" and not _CALLED.search(before)
    ):
        return True
    if _CALLED_BEHIND.match(text, number.end):
        return False
    is_hyphened = number.lengths == (SHORT - 4, 4) and "-" in gaps[0]
    return other_numbers.is_of_a_thing(text, start) and not (is_hyphened and _A_PLACE_OF_WORK.search(before))


def _is_grouped_so(number: Number) -> bool:
    """Tell whether digits in groups that are not the usual ones are meant as one number, and not as counts."""
    text, start, _, groups, gaps = number
    lengths = number.lengths
    if lengths in _BY_COMMA and {gap.strip() for gap in gaps} <= _LISTED:
        return not (other_numbers.is_counted(text, start) or other_numbers.is_small(groups))
    if other_numbers.is_row_of_counts(groups, gaps) or _A_YEAR.fullmatch(groups[0]):
        return False
    if lengths == _PAIRS:
        return not (other_numbers.is_small(groups) or other_numbers.is_counted(text, start))
    signs = {gap.strip() for gap in gaps}
    return lengths in _BY_SIGN or (len(signs) <= MOST_SIGNS and not any("," in sign for sign in signs))


def _is_whatever_follows(number: Number) -> bool:
    """Tell whether six and four digits hang together so that a unit behind them does not part them."""
    if number.lengths != (SHORT - 4, 4) or "," in number.gaps[0]:
        return False
    return number.groups[0][4] != "2" or number.gaps[0].strip() == number.gaps[0]


def _is_day_and_more(number: Number) -> bool:
    """Tell whether digits are a day, and a year, an hour or a count after it."""
    _, _, _, groups, gaps = number
    digits = "".join(groups)
    serial = digits[-4:]
    if number.lengths == (SHORT - 4, 4) and _FROM_A_DAY.search(
        number.text[max(0, number.start - AROUND) : number.start]
    ):
        return True
    if len(digits) == LONG and int(digits[4:8]) >= FIRST_YEAR_OF_FILES and serial < "2400" and serial[2:] < "60":
        return True
    if len(groups) > 1 and number.lengths[-2:] == (2, 2):
        # Twice a day would be longer.
        before = gaps[-2] if len(gaps) > 1 else ""
        return any(sign in before for sign in " ,\n") and other_numbers.is_hour(groups[-2:], gaps[-1].strip())
    if len(digits) == SHORT and number.lengths[:3] in {(2, 2, 4), (8, 2)} and _A_YEAR.fullmatch(digits[4:8]):
        return True
    if number.lengths == (2, 2, 2, 4) and _A_YEAR.fullmatch(serial) and gaps[0] != gaps[1] == gaps[2]:
        # A number, and a day behind it.
        return True
    return number.lengths[:2] == (2, 2) and number.lengths[-1] == len(serial) and _is_listed_or_until(number)


def _is_listed_or_until(number: Number) -> bool:
    """Tell whether four digits behind a day are the year until which, or stand there in a list."""
    groups, gaps, digits = number.groups, number.gaps, "".join(number.groups)
    serial = digits[-4:]
    is_until = len(groups[2]) == len(serial) and 0 <= int(serial) - int(groups[2]) <= MOST_YEARS
    # Of a day of now that is followed by a comma or a blank, the four digits are an hour, a place or a count.
    is_of_now = digits[4] == "2" if len(digits) == SHORT else int(digits[4:8]) >= FIRST_YEAR_OF_FILES
    is_a_list = gaps[-1] in {", ", " "} and gaps[-1].strip() != gaps[0].strip() and is_of_now
    return is_until or is_a_list


def _is_of_a_hash(number: Number) -> bool:
    """Tell whether digits stand in a long hexadecimal number, such as a pseudonym."""
    text, start, end, groups, _ = number
    left = _word(_WORD_BEFORE, text[max(0, start - AROUND) : start])
    right = _word(_WORD_AFTER, text[end : end + AROUND])
    if len(groups) == 1:
        return _is_hexadecimal(left + right, len(groups[0]))
    return _is_hexadecimal(left, len(groups[0])) or _is_hexadecimal(right, len(groups[-1]))


def _word(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


def _is_hexadecimal(around: str, digits: int) -> bool:
    return bool(around) and digits + len(around) >= SHORTEST_HASH and _HEXADECIMAL.issuperset(around)
