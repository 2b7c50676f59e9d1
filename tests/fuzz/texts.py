"""Hostile texts over all of Unicode. Owns which kinds of text there are; whether one may be taken is not its matter."""

import random
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

LONGEST: Final = 4_000
LINE: Final = 200
PLANES: Final = tuple(range(17))
SURROGATES: Final = range(0xD800, 0xE000)
MARKUP: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "#set page(width: 1pt)",
    '#eval("1") $ x^2 $ *fed* _skrå_ `kode` @ref <mærke>',
    "[link=https://example.org]klik[/link] [/red][bold",
    "'; DROP TABLE event_log; --",
    "\\u0000 \\N{BULLET} %s %d {0} ${jndi:ldap://x}",
    "../../etc/passwd",
    "javascript:alert(1)",
    "a\r\nX-Injected: 1",
    "]]></x><!--",
    '2026-01-01 open Assets:X "DKK" ; option',
    "\x1b[31mrød\x1b[0m \x9b31m",
)
FORMULAS: Final = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "foo;=1+1",
    "foo,=1+1",
    '";=HYPERLINK("x")',
    '=cmd|" /C calc"!A0',
    "\t=1+1",
    "\uff1d1+1",
    "a\n=1+1",
)
EMOJI: Final = (
    "⚽",
    "🇩🇰",
    "1️⃣",
    "👨‍👩‍👧‍👦",
    "🏳️‍🌈",
    "👍🏿",
    "❤️",
    "☺︎",
    "🫠",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
)
SCRIPTS: Final = (
    "社区中心",
    "コミュニティ",
    "한국어",
    "مركز المجتمع",
    "מרכז קהילתי",
    "ไทย",
    "தமிழ்",
    "አማርኛ",
    "ქართული",
    "Việt Nam",
    "Ελληνικά",
    "ʻŌlelo",
    "ꙮ",
    "𓀀",
    "𝔉𝔯𝔞𝔨𝔱𝔲𝔯",
)
INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\u2064\u3164\ufe0f\ufeff\uffa0"
)
BIDI: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NON_CHARACTERS: Final = "\ufffe\uffff\ufdd0\ufdef\U0001fffe\U0010ffff"
BLANKS: Final = (" ", "\u00a0", "\u2003", "\u3000", "\t", "\n", "\u200b", "\u2800", "\u3164")
# What makes a pattern that is not linear walk for ever.
RUNS: Final = (
    "a",
    "0",
    "bilag",
    "22334455 kr,",
    "1 ",
    "a.",
    "a@",
    "aa-",
    "cpr ",
    "+45 ",
    "12.",
    "ring til ",
    "! ",
    "ß",
    "é",
    "\u0301",
    "01",
    "-",
    " ",
)
PERSONAL: Final = ("22 33 44 55", "navn@example.org", "født 3. maj 2001", "ring 22334455")


def text(dice: random.Random, longest: int = LONGEST) -> str:
    """Give a hostile text of one kind, or of several beside one another."""
    pieces = [KINDS[dice.choice(NAMES)](dice) for _ in range(dice.choice((1, 1, 1, 2, 3)))]
    made = dice.choice(("", " ")).join(pieces)
    return made[: dice.choice((longest, longest, longest, LINE, longest + 1))]


def run(dice: random.Random, length: int) -> str:
    """Give a text of about a length that is hard for a pattern."""
    one, other = dice.choice(RUNS), dice.choice(RUNS)
    shape = dice.randrange(4)
    if shape == 0:
        return one * (length // len(one))
    if shape == 1:
        return one * (length // len(one)) + dice.choice((" 11", "! ", "@", "\n", "x"))
    half = length // 2
    between = dice.choice(("", "! ", "\n", " 22334455 "))
    return one * (half // len(one)) + between + other * (half // len(other))


def _of_a_plane(dice: random.Random) -> str:
    plane = dice.choice(PLANES)
    points = (plane * 0x10000 + dice.randrange(0x10000) for _ in range(dice.randint(1, 12)))
    return "".join(chr(point) for point in points if point not in SURROGATES) or "x"


def _assigned(dice: random.Random) -> str:
    """Give letters and signs that somebody could type, of any script."""
    found: list[str] = []
    while len(found) < 6:
        sign = chr(dice.randrange(0x20, 0x20000))
        if unicodedata.category(sign)[0] in "LNPS":
            found.append(sign)
    return "".join(found)


def _around(word: str, hidden: str) -> Callable[[random.Random], str]:
    def make(dice: random.Random) -> str:
        sign = dice.choice(hidden)
        return dice.choice((f"{sign}{word}", f"{word}{sign}", f"{word[:2]}{sign}{word[2:]}", sign, sign * 3))

    return make


def _chosen(options: tuple[str, ...]) -> Callable[[random.Random], str]:
    return lambda dice: dice.choice(options)


def _control(dice: random.Random) -> str:
    return f"Tekst{chr(dice.choice((*range(0x20), 0x7F, *range(0x80, 0xA0))))}her"


def _surrogate(dice: random.Random) -> str:
    return f"Tekst{chr(dice.choice((0xD800, 0xDBFF, 0xDC00, 0xDFFF)))}"


def _pile(dice: random.Random) -> str:
    return "Z" + "".join(chr(dice.randrange(0x300, 0x370)) for _ in range(dice.choice((5, 60))))


def _blank(dice: random.Random) -> str:
    return dice.choice(BLANKS) * dice.choice((1, 1, 2, 30))


def _ordinary(dice: random.Random) -> str:
    return dice.choice(("Fodbold og fællesskab", "Lektiehjælp på Åvej", "Sommerfest", "Kaffe & kage", 'Hun sagde "ja"'))


def _long(dice: random.Random) -> str:
    return dice.choice(("x", "æøå ", "字", "⚽", "ord ")) * dice.choice((199, 200, 201, 900))


def _short_run(dice: random.Random) -> str:
    return run(dice, dice.choice((40, 200, 1_000, LONGEST)))


KINDS: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "plane": _of_a_plane,
    "assigned": _assigned,
    "emoji": _chosen(EMOJI),
    "script": _chosen(SCRIPTS),
    "markup": _chosen(MARKUP),
    "formula": _chosen(FORMULAS),
    "invisible": _around("Tekst", INVISIBLE),
    "bidi": _around("Tekst", BIDI),
    "non-character": _around("Tekst", NON_CHARACTERS),
    "control": _control,
    "surrogate": _surrogate,
    "pile": _pile,
    "blank": _blank,
    "ordinary": _ordinary,
    "long": _long,
    "run": _short_run,
    "personal": _chosen(PERSONAL),
}
NAMES: Final = tuple(KINDS)
