"""Values at and beyond every bound: days, times, names, numbers, sources. Owns which there are, and no rule of them."""

import copy
import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from shared.events.fields import MAX_AMOUNT_ORE
from tests.fuzz import texts

# A token of JSON that no value of Python stands for: it is written into the text as it is.
RAW: Final = "@raw@"
RAW_PATTERN: Final = re.compile(f'"{RAW}(.*?){RAW}"', re.DOTALL)
DEEP: Final = (3, 100, 600, 20_000)

DAYS: Final[tuple[Any, ...]] = (
    *("2000-01-01", "1999-12-31", "2100-12-31", "2101-01-01", "0000-00-00", "9999-12-31", "0001-01-01"),
    *("2024-02-29", "2023-02-29", "2023-02-30", "2025-13-01", "2025-00-10", "2025-06-31"),
    *("2025-W01-1", "2025W011", "20250101", "2025-001", "2025-1-1", "01-01-2025", "1/2/2025", "25-01-01"),
    *("２０２５-０１-０１", "٢٠٢٥-٠١-٠١", "2025‑01‑01", "2025–01–01", " 2025-01-01", "2025-01-01 ", "2025-01-01\n"),
    *("2025-01-01T00:00:00", "2025-01-01T00:00:00Z", "2025-01-01T12:30:00+02:00", "-2025-01-01", "+2025-01-01"),
    *("", "today", "now", "i morgen", 0, -1, 1_735_689_600, 1_735_689_600_000, 20_250_101, "1735689600", 2025.5),
)
TIMES: Final[tuple[Any, ...]] = (
    *("2025-08-01T08:00:00Z", "2025-08-01t08:00:00z", "2025-08-01T08:00:00.123456789Z", "2025-08-01T08:00:00,5Z"),
    *(
        "2025-08-01T08:00:00+23:59",
        "2025-08-01T08:00:00-23:59",
        "2025-08-01T08:00:00+15:59",
        "2025-08-01T08:00:00+16:00",
    ),
    *(
        "2025-08-01T08:00:00+24:00",
        "2025-08-01T08:00:00+14:00",
        "2025-08-01T08:00:00-00:00",
        "2025-08-01T08:00:00+0200",
    ),
    *("2025-08-01T08:00:00+02", "2025-08-01T08:00:00", "2025-08-01 08:00:00Z", "2025-08-01_08:00:00Z", "2025-08-01"),
    *(
        "2025-08-01T08:00Z",
        "2025-08-01T24:00:00Z",
        "2025-08-01T23:59:60Z",
        "2016-12-31T23:59:60Z",
        "2025-08-01T08:60:00Z",
    ),
    *(
        "1754035200",
        1_754_035_200,
        1_754_035_200_000,
        1_754_035_200.5,
        -1,
        0,
        "1754035200.5",
        "1e9",
        "٢٠٢٥-٠٨-٠١T08:00:00Z",
    ),
    *("2000-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2000-01-01T00:00:00+14:00", "2100-12-31T00:00:00Z"),
    *("2100-12-31T23:59:59-12:00", "2101-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
    *("", " 2025-08-01T08:00:00Z", "2025-08-01T08:00:00Z ", "2025-W31-5T08:00:00Z", "2024-02-29T00:00:00Z", "now"),
)
NAMES: Final[tuple[Any, ...]] = (
    *(
        "a",
        "ab",
        "x1",
        "0",
        "a" * 63,
        "a" * 64,
        "-a",
        "a-",
        "a--b",
        "A",
        "æ",
        "a.b",
        "a b",
        "..",
        ".",
        "/",
        "a/b",
        "a\n",
    ),
    *(
        "network",
        "null",
        "true",
        "undefined",
        "__proto__",
        "constructor",
        "admin",
        "urbanplanen",
        "%00",
        "a%2fb",
        "a?b",
    ),
    *(
        "",
        " ",
        "ａ",
        "а",
        "a\u200b",
        "a\u0000",
        "01-01-90-1234",
        "cpr0101901234",
        "22334455",
        "mohammed-al-hassan",
        7,
        None,
    ),
    *("nan", "con", "e\u0301", "1e9", "0x0"),
)
SOURCES: Final[tuple[Any, ...]] = (
    *("/network", "/areas/", "/areas/../network", "//network", "/network/", "network", "", "/areas/UPPER", "/areas/æ"),
    *(
        f"/areas/{'a' * 63}",
        f"/areas/{'a' * 64}",
        "/network\n",
        " /network",
        "/areas/a/b",
        "/areas/*",
        "/areas/network",
    ),
    *("https://example.org/network", "/areas/a%2f", "/NETWORK", 7, None, ["/network"], "/areas/urbanplanen"),
)
IDENTIFIERS: Final[tuple[Any, ...]] = (
    *(
        "",
        " ",
        "x" * 200,
        "x" * 201,
        "⚽",
        "a\u202eb",
        "a/b",
        "../..",
        "null",
        "a\nb",
        "a\u0000b",
        "22334455",
        7,
        None,
        "%ff",
    ),
    *("'", '"', "<b>", "=1+1", "\ufffe", "\ud800", "010190-1234"),
)
NUMBERS: Final[tuple[Any, ...]] = (
    *(
        0,
        1,
        -1,
        MAX_AMOUNT_ORE,
        MAX_AMOUNT_ORE + 1,
        -MAX_AMOUNT_ORE,
        2**31,
        2**53,
        2**53 + 1,
        2**63 - 1,
        2**63,
        10**400,
    ),
    *(
        0.5,
        1.0,
        -0.0,
        1e2,
        99.99,
        100,
        100.0001,
        101,
        10_001,
        10_000,
        -0.5,
        24,
        24.01,
        0.001,
        1e-7,
        120,
        121,
        1_000_000_000,
    ),
    *("1", "1.5", "01", "1e3", "½", "١٢", "NaN", "Infinity", "-0", True, None, [], {}, [1], float("nan"), float("inf")),
    *(
        f"{RAW}{token}{RAW}"
        for token in ("1e999", "-1e999", "1e-999", "-0", "01", "0x10", "1_0", "1.", ".5", "+1", "1E400")
    ),
    *(f"{RAW}{'9' * length}{RAW}" for length in (40, 5_000)),
)
WRONG: Final[tuple[Any, ...]] = (None, True, False, 0, 1.5, "", "x", [], {}, [[]], {"x": {}}, ["x"], [None])
TYPES: Final[tuple[Any, ...]] = (
    *("", "dk.helhedsnet.area.registered.v2", "area.registered", "dk.helhedsnet.event.erased.v1", "x" * 300, 7, None),
    *(
        "dk.helhedsnet.plan.approved.v1 ",
        "DK.HELHEDSNET.PLAN.APPROVED.V1",
        "dk.helhedsnet..v1",
        "⚽",
        "com.example.thing",
    ),
)


def wrong(dice: random.Random) -> Any:  # noqa: ANN401  of any type
    """Give a value that is of the wrong type nearly everywhere; its own each time, for it may be changed further."""
    return copy.deepcopy(dice.choice(WRONG))


def day(dice: random.Random) -> Any:  # noqa: ANN401  right or wrong
    """Give a day, mostly a strange one."""
    if dice.random() < 0.3:
        return (_today() + timedelta(days=dice.choice((-1, 0, 1, 2, 3, 30, 400, 10_000)))).isoformat()
    return dice.choice(DAYS)


def moment(dice: random.Random) -> Any:  # noqa: ANN401  right or wrong
    """Give a time, mostly a strange one."""
    if dice.random() < 0.2:
        ahead = timedelta(seconds=dice.choice((-60, 60, 600, 90_000, 200_000, 10**8)))
        return (datetime.now(UTC) + ahead).isoformat()
    if dice.random() < 0.2:
        return f"2025-08-01T08:00:00{dice.choice('+-')}{dice.randrange(25):02}:{dice.choice((0, 1, 30, 59, 60)):02}"
    return dice.choice(TIMES)


def number(dice: random.Random) -> Any:  # noqa: ANN401  right or wrong
    """Give a number, or what looks like one."""
    return dice.choice(NUMBERS)


def name(dice: random.Random) -> Any:  # noqa: ANN401  right or wrong
    """Give what may stand for a slug."""
    return dice.choice(NAMES)


def nested(dice: random.Random) -> str:
    """Give lists or objects in one another, as raw JSON."""
    depth = dice.choice(DEEP)
    return f"{RAW}{'[' * depth}{']' * depth}{RAW}" if dice.random() < 0.5 else _objects(depth)


def _objects(depth: int) -> str:
    return RAW + '{"a":' * depth + "1" + "}" * depth + RAW


def _today() -> date:
    return datetime.now(UTC).date()


# By the field's name: what is put in its place.
BY_FIELD: Final[dict[str, Callable[[random.Random], Any]]] = {
    "time": moment,
    **dict.fromkeys(("date", "start", "end", "due", "from", "incurred_on"), day),
    "source": lambda dice: dice.choice(SOURCES),
    "id": lambda dice: dice.choice(IDENTIFIERS),
    "type": lambda dice: dice.choice(TYPES),
    **dict.fromkeys(
        ("name", "title", "text", "reason", "comment", "evidence", "summary", "what_works", "adaptation", "voucher"),
        texts.text,
    ),
}
