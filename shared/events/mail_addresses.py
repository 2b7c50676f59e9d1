"""Finds e-mail addresses in plain text, in the ways in which people write them. Pure; every pattern has bounds."""

import re
from typing import Final

MOST_SIGNS: Final = 100
_SIGN: Final = r"(?:at|a|at-tegn|snabel[- ]?a|krølle-?a|alfa-?tegn)"
_BRACKETED: Final = rf"[(\[{{<*/_#'\"-]{{1,2}}{_SIGN}[)\]}}>*/_#'\"-]{{1,2}}"
_SAID: Final = r"\b(?:snabel[- ]?a|krølle-?(?:a|alfa)|alfa-?tegn|at-tegn)\b"
_AT: Final = re.compile(rf"\s{{0,2}}(?:[(\[{{<]?@[)\]}}>]?|{_BRACKETED}|{_SAID})\s{{0,2}}")
_MAILBOX: Final = re.compile(r"[\w.+\"-]\Z")
_DOT: Final = r"(?:\s?[.,]\s?|\s?[(\[{<]?\b(?:dot|punktum|punkt|prik)\b[)\]}>]?\s?)"
_ENDS: Final = r"(?:dk|com|net|org|eu|se|no|de|nu|info|io|uk|me|fi|pl|tr|fr|es|it)\b"
_DOMAIN: Final = re.compile(rf"[\w-]{{1,63}}(?:(?:\.[\w-]{{1,63}}){{1,8}}|(?:{_DOT}[\w-]{{1,63}}){{0,4}}{_DOT}{_ENDS})")
# A name of a page, not of a person's mail: it follows such a word, and nothing parts it from its sign.
_FOLLOWED: Final = re.compile(
    r"\b(?:på|hos|via|følg|til|fra|ved|se|insta|instagram|facebook|tiktok|twitter)[: ]{1,3}\Z"
)
# Without its end: the sign stands between two words, as nowhere else.
_CUT_SHORT: Final = re.compile(r"(?<=[\w.-])@[a-zæøå][\w-]{2,62}")
# The word alone is a word of the language, so only one that goes on with a spelt dot is a sign.
_SPELT: Final = re.compile(
    rf"\w[ ]at[ ][\w.-]{{1,63}}(?: (?:dot|punktum|punkt|prik) [\w-]{{1,63}}){{0,4}} (?:dot|punktum|punkt|prik) {_ENDS}"
)


def holds_email_address(text: str) -> bool:
    """Tell whether a plain text holds an e-mail address."""
    for number, found in enumerate(_AT.finditer(text)):
        if number == MOST_SIGNS:
            # Nobody writes so many who means no address.
            return True
        if (
            found[0].strip() == "@"
            and found[0][-1] == "@"
            and _FOLLOWED.search(text[max(0, found.end() - 20) : found.end() - 1])
        ):
            continue
        is_after_one = _MAILBOX.search(text[max(0, found.start() - 1) : found.start()])
        if is_after_one and _DOMAIN.match(text, found.end()):
            return True
    return bool(_CUT_SHORT.search(text) or _SPELT.search(text))
