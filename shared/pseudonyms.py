"""Pseudonyms of people: how they are made with a key of the area's, and how they are written. Pure.

The key never reaches a service: this is used by the command, and written once more for the pages of a browser. Both are
held to the same vectors. Source: RFC 2104 (HMAC), RFC 4648 section 8 (sixteen signs), ADR 112.
"""

import hashlib
import hmac
import re
import unicodedata
from binascii import unhexlify
from datetime import date, datetime
from typing import Final

PREFIX: Final = "p-"
# Sixteen consonants: no pseudonym is a word, and none holds a digit that could be read as a number of somebody.
LETTERS: Final = "bcdfghjkmnpqrstv"
TAG_BYTES: Final = 10
KEY_BYTES: Final = 32
# The letters of the tag and of its check.
LENGTH: Final = 2 * TAG_BYTES + 2
PATTERN: Final = rf"^{PREFIX}[{LETTERS}]{{{LENGTH}}}$"
_PURPOSE: Final = b"helhedsnet pseudonym 1"
# CRC-8 with the polynomial x^8 + x^2 + x + 1 finds every wrong letter and every two neighbours that changed places.
_POLYNOMIAL: Final = 0x07
_SHAPE: Final = re.compile(PATTERN)
_AS_SIXTEEN: Final = bytes.maketrans(LETTERS.encode(), b"0123456789abcdef")
REPLACED_DAYS: Final = 60
SHORT_DIGITS: Final = 10
LONG_DIGITS: Final = 12
LONGEST_NAME: Final = 200


def _check_of_byte(value: int) -> int:
    for _ in range(8):
        value = (value << 1 ^ _POLYNOMIAL) & 0xFF if value & 0x80 else value << 1
    return value


_CHECKS: Final = tuple(map(_check_of_byte, range(256)))


class NoPerson(Exception):
    """What should stand for a person does not; the code says why: `no_personal_number`, `no_name`, `no_birth_date`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def of_personal_number(key: bytes, written: str) -> str:
    """Give the pseudonym of whoever has a personal number, however it is typed.

    Raises:
        NoPerson: `no_personal_number`, it has neither ten nor twelve digits, or does not begin with a day.
    """
    digits = "".join(str(unicodedata.digit(sign)) for sign in written if unicodedata.digit(sign, None) is not None)
    if any(sign.isalpha() for sign in unicodedata.normalize("NFKC", written)):
        raise NoPerson("no_personal_number")
    if len(digits) == LONG_DIGITS and digits[4:6] in {"18", "19", "20"}:
        digits = digits[:4] + digits[6:]
    if len(digits) != SHORT_DIGITS or not _begins_with_a_day(digits):
        raise NoPerson("no_personal_number")
    return _pseudonym(key, b"cpr", digits)


def of_name(key: bytes, name: str, born: str) -> str:
    """Give the pseudonym of whoever has a name and a day of birth, `2012-03-01` or `01.03.2012`.

    How a name is spaced, hyphened and capitalised makes no difference.

    Raises:
        NoPerson: `no_name`, there is no letter in it or too many; `no_birth_date`, that is no day.
    """
    plain = plain_name(name)
    if not plain or len(plain) > LONGEST_NAME:
        raise NoPerson("no_name")
    return _pseudonym(key, b"name", plain, _day(born).isoformat())


def plain_name(name: str) -> str:
    """Give a name in small letters, its parts one blank apart."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).lower())
    return " ".join("".join(sign if unicodedata.category(sign)[0] in "LM" else " " for sign in folded).split())


def is_pseudonym(text: str) -> bool:
    """Tell whether a text is written as a pseudonym is, its check letters included."""
    if _SHAPE.fullmatch(text) is None:
        return False
    # In bytes, which takes half the time.
    return _check(unhexlify(text.encode().translate(_AS_SIXTEEN)[len(PREFIX) :])) == 0


def written(tag: bytes) -> str:
    """Write the first bytes of a tag as a pseudonym, with its check."""
    kept = tag[:TAG_BYTES]
    return PREFIX + "".join(LETTERS[byte >> 4] + LETTERS[byte & 15] for byte in (*kept, _check(kept)))


def _pseudonym(key: bytes, *parts: bytes | str) -> str:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    message = b"\0".join(part if isinstance(part, bytes) else part.encode() for part in (_PURPOSE, *parts))
    return written(hmac.new(key, message, hashlib.sha256).digest())


def _check(values: bytes) -> int:
    """Give the check of some bytes; that of bytes and their own check is 0."""
    # Without a step of ours for each bit.
    left = 0
    for value in values:
        left = _CHECKS[left ^ value]
    return left


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise NoPerson("no_birth_date")


def _begins_with_a_day(digits: str) -> bool:
    day, month = int(digits[:2]), int(digits[2:4])
    try:
        # A year with 29 February: the century is not known.
        date(2000, month, day - REPLACED_DAYS if day > REPLACED_DAYS else day)
    except ValueError:
        return False
    return True
