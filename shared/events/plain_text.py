"""Writes a text plainly, so that who looks for something in it finds it however it was typed. Pure, and linear."""

import html
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

# Code points whose plain form is kept; texts use a few hundred.
KEPT: Final = 4_096
# A sign that stands for more letters than this stays as it is.
LONGEST: Final = 4
# What people type for a hyphen without a category that says so: the minus signs and the bullet of a list.
_HYPHENS: Final = frozenset("\u2212\u207b\u208b\u2043\u00af\u02d7")
# What a sign of some category reads as; nothing, where nobody sees it.
_STANDS_FOR: Final = {
    "Pd": "-",
    "Zs": " ",
    "Zl": "\n",
    "Zp": "\n",
    **dict.fromkeys(("Cf", "Cc", "Mn", "Me", "Cs", "Co", "Cn"), ""),
}
# A sign by its name or number, as web pages write it; no name of one that is typed is longer.
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,10});")
# A sign as addresses of pages and programs write it: of ASCII, or a letter such as ø.
_ESCAPED: Final = re.compile(r"(?:%|\\u00|\\x)([2-7][0-9a-fA-F])|%[cC]3%([89abAB][0-9a-fA-F])")
# An underscore that joins no two letters or digits is one of those that pages set a word apart with.
_EMPHASIS: Final = re.compile(
    r"(?<![^\W_])(?!_{1,3}(?:at|dot|snabel))_{1,3}(?=[^\W_])|(?<=[^\W_])(?<!_at)(?<!_dot)(?<!_a)_{1,3}(?![^\W]|_)"
)
# From the second of two bytes of UTF-8 to the letter, such as `%C3%B8`.
_LETTERS_FROM: Final = 0x40
# How often something is written in such a way once more: `&amp;ndash;`.
MOST_LAYERS: Final = 3
# Letters that are typed for digits, where they stand in a row with some.
_LOOKS_ALIKE: Final = re.compile(
    r"(?<![^\W_])(?=[oOlI|SBZ]{0,9}[0-9])(?=[0-9]{0,9}[oOlI|SBZ])[0-9oOlI|SBZ]{2,12}(?![^\W_])"
)
_DIGITS: Final = "0123456789"
_MEANT: Final = str.maketrans("oOlI|SBZ", "00111582")


class _Plain(dict[int, str]):
    """The plain form of each code point, found when it is first met."""

    def __missing__(self, code: int) -> str:
        found = _plain_form(chr(code))
        if len(self) < KEPT:
            self[code] = found
        return found


def _plain_form(sign: str) -> str:
    if sign == "\t":
        return " "
    # Three dots for the sign of them would read as a part of what they stand before.
    if sign.isascii() or sign == "…":
        return sign.lower()
    category = unicodedata.category(sign)
    if sign in _HYPHENS:
        return "-"
    if category in _STANDS_FOR:
        return _STANDS_FOR[category]
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", sign).lower()
    return folded if len(folded) <= LONGEST else sign


_PLAIN: Final = _Plain()


def plain(text: str) -> str:
    """Give a text in small letters, with plain digits, hyphens and blanks, and without what nobody sees."""
    for _ in range(MOST_LAYERS):
        if "&" not in text and "%" not in text and "\\" not in text:
            break
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        text = _ESCAPED.sub(_read, text)
    text = text.lower().replace("\t", " ") if text.isascii() else text.translate(_PLAIN)
    return _EMPHASIS.sub(" ", text) if "_" in text else text


def _read(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else chr(int(found[2], 16) + _LETTERS_FROM)


def holds_any(text: str, parts: Iterable[str]) -> bool:
    """Tell whether one of some parts stands in a text."""
    for part in parts:  # noqa: SIM110  a generator takes twice the time, for every text that is posted
        if part in text:
            return True
    return False


def has_digits(text: str, least: int) -> bool:
    """Tell whether a plain text has at least so many digits, wherever they stand."""
    return sum(map(text.count, _DIGITS)) >= least


def with_digits_meant(text: str) -> str:
    """Give a text with digits for the letters that are typed for some: `O1O2O3-l234`."""
    return _LOOKS_ALIKE.sub(lambda found: found[0].translate(_MEANT), text)
