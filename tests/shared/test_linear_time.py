"""Whatever a body holds, it is looked through in time that grows with its length, and no faster."""

import time
from collections.abc import Callable

import orjson
import pytest

from shared import clock
from shared.errors import HelhedsnetError, TooLarge
from shared.events import contact_data, personal_data
from shared.events.catalogue import CATALOGUES, MAX_FAULTS
from tests.support.builders import an_event, body
from tests.support.extent import long_but_for

# What made a pattern without bounds take quadratic or cubic time, and its like.
HOSTILE = {
    "one letter": "a",
    "one digit": "0",
    "a number at the end of a word": "aaaaaaaa 11 ",
    "what numbers are called": "bilag" * 10 + "! 22334455 kr,",
    "signs of addresses": "@",
    "halves of addresses": "a@a.",
    "blanks": " ",
    "what is before a telephone number": "telefon ",
    "what is before a birth date": "fødsels",
    "digits and hyphens": "1-",
    "halves of personal numbers": "01 01 90 ",
    "pairs of digits": "22 33 44 5 ",
    "months": "1. januar 20",
    "hashes": "0101901234abcdef",
    "brackets": "(",
    "combining marks": "a\u0301\u0316",
    "wide digits": "\uff10\uff11",
    "no word at all": "\u200b",
    "digits spelt out": "to en ",
    "births": "født ",
    "signs by their number": "&#45",
    "numbers of vouchers": "bilag 22 33 44 55 ",
    "letters for digits": "1o",
    "signs of addresses of pages": "%31%2",
    "digits spelt out with dashes": "to streg ",
    "days and words before a serial": "110365 og de sidste fire ",
    "days in words": "født den anden i ",
    "births in Roman months": "født 2/x ",
    "numbers of other countries": "00 4 ",
    "digits and one letter": "1a1",
    "days and commas": "25. 05. 68 , ",
    "days of long ago": "12.05.1990 og ",
    "names in small letters beside them": "amina 12.05.1990 og ",
    "numerals without blanks": "tretres",
    "pairs and commas": "22,33,",
    "days and what leads to a serial": "120590 og de ",
    "days and many signs": "120590 ______",
    "a word of the language before a dot": "a at b.",
    "classes of years": "hun årgang ",
    "days and the country of a number": "45 22 33 44 5 ",
    "years in words": "to tusind og ",
    "ordinals of days and months": "den første i ",
    "days behind months": "maj den 1. ",
    "what is said of a number, and days": "01.09.98 sidste fire ",
    "what is said of a number, and four digits": "cpr 3412 ",
    "days and numbers": "f. 01.09.98 nr. ",
    "ages and days to come": "bliver 18 til næste uge ",
    "persons and years": "hun er fra 98 af ",
    "what people are wished": "tillykke med 18 år ",
    "underscores": "a_ _",
    "powers of ten": "1,123456e",
}
IN_SHORT = ("a number at the end of a word", "halves of personal numbers")
LENGTH = 80_000
ROUNDS = 3


def _look(text: str) -> None:
    personal_data.holds_personal_number(text)
    contact_data.identifying(text, 2026)
    contact_data.in_identifier(text, is_pseudonym=True)


def _seconds(look: Callable[[str], None], text: str) -> float:
    """Give the least processor time of a few rounds: of this thread alone, whatever else runs."""
    took = []
    for _ in range(ROUNDS):
        started = time.thread_time()
        look(text)
        took.append(time.thread_time() - started)
    return min(took)


@pytest.mark.parametrize("kind", long_but_for(HOSTILE, IN_SHORT))
def test_twice_the_text_takes_twice_the_time(kind: str) -> None:
    """The ratio of four times the length is far below what a quadratic pattern would need, which is sixteen."""
    piece = HOSTILE[kind]
    text = (piece * (4 * LENGTH // len(piece) + 1))[: 4 * LENGTH]
    short = max(_seconds(_look, text[:LENGTH]), 0.001)
    assert _seconds(_look, text) / short < 8


@pytest.mark.parametrize("kind", long_but_for(HOSTILE, IN_SHORT))
def test_the_longest_text_of_a_body_takes_a_bounded_time(kind: str) -> None:
    """Five megabytes in one field are refused before anybody looks at what they say.

    It is for their length, or still earlier for their commas, which might part as many values.
    """
    piece = HOSTILE[kind]
    name = piece * (5_000_000 // len(piece.encode()))
    told = an_event("area.registered", {"area": "a", "name": name, "municipality": "b"})
    started = time.thread_time()
    try:
        _, faults = CATALOGUES["registry"].read(body(told), clock.now())
        refused = [(fault.pointer, fault.code) for fault in faults]
    except TooLarge:
        refused = [("", "too_many_values")]
    allowed = [[("/data/name", "invalid_value")], [("", "too_many_values")]]
    assert refused in (allowed if "," in name else allowed[:1])
    assert time.thread_time() - started < 2


CROWDED = {
    "numbers": b"[" + b"1," * 2_000_000 + b"1]",
    "lists": b"[" + b"[]," * 1_000_000 + b"[]]",
    "objects": b"[" + b"{}," * 1_000_000 + b"{}]",
    "an object of many fields": b'{"data":{' + b",".join(b'"k%d":1' % n for n in range(300_000)) + b"}}",
    "events of many fields": b"["
    + b",".join([b'{"data":{' + b",".join(b'"k%d":1' % n for n in range(80)) + b"}}"] * 5_000)
    + b"]",
    "depth": b"[" * 2_000_000,
    "one list inside another": b'{"data":{"participants":' + b"[" * 900 + b"]" * 900 + b"}}",
}


@pytest.mark.parametrize("content", CROWDED.values(), ids=CROWDED)
def test_a_crowded_body_is_refused_in_a_bounded_time_and_with_a_bounded_answer(content: bytes) -> None:
    """Nobody makes half a million faults, nor reads on once a hundred are found."""
    started = time.thread_time()
    codes = _refused_with(content)
    assert time.thread_time() - started < 2
    assert 0 < len(codes) < 2 * MAX_FAULTS


def _refused_with(content: bytes) -> list[str]:
    """Give the codes of a body that is refused."""
    try:
        posted, faults = CATALOGUES["registry"].read(content, clock.now())
    except HelhedsnetError as refused:
        return [refused.code]
    assert not posted
    return [fault.code for fault in faults]


def test_a_value_too_many_is_one_plain_fault() -> None:
    """An event with more fields than any has is not looked into."""
    content = orjson.dumps({"data": {f"field-{number}": 1 for number in range(1_000)}})
    _, faults = CATALOGUES["registry"].read(content, clock.now())
    assert [fault.code for fault in faults] == ["too_many_values"]
