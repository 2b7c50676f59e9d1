"""Finds e-mail addresses in plain text, in the ways in which people write them. Pure; every pattern has bounds."""

import re
from typing import Final

from shared.events.plain_text import holds_any

MOST_SIGNS: Final = 100
_SIGN: Final = r"(?:at|at-tegn|snabel[- ]?a|krølle-?a|alfa(?:-?tegn)?)"
_BRACKETED: Final = (
    rf"(?:[(\[{{<*/_#'\"|~=«-]{{1,2}} ?{_SIGN} ?[)\]}}>*/_#'\"|~=»-]{{1,2}}"
    rf"|[(\[{{<«]{{1,2}} ?(?:a|ved) ?[)\]}}>»]{{1,2}})"
)
_SAID: Final = r"\b(?:snabel[- ]?a|krølle-?(?:a|alfa)|alfakrølle|krøllet? a|alfa-?tegn|at-tegn)\b"
_AT: Final = re.compile(rf"[\s,]{{0,2}}(?:[(\[{{<]? ?@{{1,2}} ?[)\]}}>]?|{_BRACKETED}|{_SAID})[\s,]{{0,2}}")
_MAILBOX: Final = re.compile(r"[\w.+\"-]\Z")
_WORD: Final = r"(?<![^\W_])(?:dot|punktum|punkt|prik)(?![^\W_])"
_DOT: Final = rf"(?:\s?[(\[]?[.,]{{1,2}}[)\]]?\s?|[\s,(\[{{<_.*/-]{{0,3}}{_WORD}[\s,)\]}}>_.*/-]{{0,3}})"
_ENDS: Final = r"(?:dk|com|net|org|eu|se|no|de|nu|info|io|uk|me|fi|pl|tr|fr|es|it)\b"
_DOMAIN: Final = re.compile(
    rf"[\w-]{{1,63}}(?:(?:\.[\w-]{{1,63}}){{1,8}}|(?:{_DOT}[\w-]{{1,63}}?){{0,4}}{_DOT}{_ENDS})"
    rf"|[\w-]{{1,63}}?{_DOT}{_ENDS}|[\w-]{{2,63}} (?:dk|com|net|org)\b"
)
# Where people have their mail.
_HOST: Final = r"(?:gmail|hotmail|outlook|live|yahoo|icloud|protonmail|msn)"
# A name of a page, not of a person's mail: it follows such a word, and nothing parts it from its sign.
_FOLLOWED: Final = re.compile(
    r"\b(?:på|hos|via|følg|til|fra|ved|se|insta|instagram|facebook|tiktok|twitter)[: ]{1,3}\Z"
)
# Without its end: the sign stands between two words, as nowhere else.
_CUT_SHORT: Final = re.compile(
    rf"(?<=[\w.-])@[a-zæøå][\w-]{{2,62}}|(?<=\w) ?@ ?{_HOST}\b|\b\w @ \w \w\b"
    # Some other sign for it, or none, before where people have their mail.
    rf"|(?<=[\w.-]{{3}}) ?(?:[#¤%&§*]|\(|, det er ) ?{_HOST}\.(?:dk|com|net)\b|\b(?:{_HOST}"
    rf"|mail): ?[\w.-]{{3,40}}@(?![\w])"
)
# The word alone is a word of the language, so it is a sign where it goes on with a spelt dot or where people have mail.
_SPELT: Final = re.compile(
    rf"\w[ ](?:at|alfa)[ ][\w.-]{{1,63}}(?: (?:dot|punktum|punkt|prik) [\w-]{{1,63}}){{0,4}}"
    rf" (?:dot|punktum|punkt|prik) {_ENDS}"
    rf"|\w[ ](?:at|på|hos|ved)[ ]{_HOST}(?: ?\. ?| (?:dot|punktum|punkt|prik) )(?:dk|com)\b"
    r"|(?:mail(?:en|s|adresse|adressen)?|skriv(?: til)?)\b[^!?\n]{0,30}"
    rf"\b(?:at|hos|ved) [\w-]{{2,63}} ?\. ?(?:dk|com|net|org)\b"
    rf"|\A[\w.-]{{2,40}} at [\w-]{{2,63}} ?\. ?(?:dk|com|net|org)\b"
    rf"|[\w-]{{1,40}}\.at\.[\w-]{{1,40}}\.dot\.{_ENDS}"
)
# Each address holds one of these: to look for them costs a tenth of any pattern.
_IN_ADDRESSES: Final = (
    *("@", "at", "alfa", "snabel", "krølle", "mail", "skriv", "outlook", "live", "yahoo", "icloud", "msn"),
    *("(", "[", "{", "<", "«"),
)


def holds_email_address(text: str) -> bool:
    """Tell whether a plain text holds an e-mail address."""
    return holds_any(text, _IN_ADDRESSES) and _holds_one(text)


def _holds_one(text: str) -> bool:
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
