"""Writes a text plainly, so that who looks for something in it finds it however it was typed. Pure, and linear."""

import unicodedata
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
    if sign.isascii():
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
    return text.lower().replace("\t", " ") if text.isascii() else text.translate(_PLAIN)
