"""How a good event is spoilt, or made strange and still good. Owns the ways of doing so; knows no rule."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, Final

from shared.events.findings import TYPES
from tests.fuzz import texts, values
from tests.support.builders import Json

Place = tuple[Any, Any]
LINE_FIELDS: Final = frozenset(
    (
        *("name", "title", "text", "reason", "comment", "evidence", "summary", "what_works", "adaptation", "voucher"),
        *(
            "approval_reference",
            "reference",
            "municipality",
            "funding_note",
            "remarks",
            "auditor_reference",
            "indicator",
        ),
    )
)
MOST_CHANGES: Final = 3
NAMED_TOO_OFTEN: Final = 501
STRANGE_TEXTS: Final = 0.7
SAID_SHARE: Final = 0.25


def spoilt(event: Json, dice: random.Random) -> Json:
    """Give an event with some of it changed at random."""
    changed = copy.deepcopy(event)
    for _ in range(dice.choice((1, 1, 1, 2, MOST_CHANGES))):
        places = list(_places(changed))
        holder, key = dice.choice(places)
        dice.choices(CHANGES, WEIGHTS)[0](changed, holder, key, dice)
    return changed


def strange(event: Json, dice: random.Random) -> Json:
    """Give an event whose free texts are hostile, and nothing else of it is changed."""
    changed = copy.deepcopy(event)
    for holder, key in list(_places(changed["data"])):
        if key in LINE_FIELDS and isinstance(holder[key], str) and dice.random() < STRANGE_TEXTS:
            longest = texts.LINE if dice.random() < 0.7 else texts.LONGEST
            holder[key] = texts.text(dice, longest)[:longest]
    return changed


def as_bytes(document: object, dice: random.Random) -> bytes:
    """Write JSON as some sender might: escaped or not, with spaces or without, with raw tokens where they are named."""
    separators = dice.choice(((",", ":"), (", ", ": "), (" ,\n", " : ")))
    text = json.dumps(document, ensure_ascii=dice.random() < 0.3, separators=separators)
    text = values.RAW_PATTERN.sub(lambda found: found.group(1).replace('\\"', '"'), text)
    # A lone surrogate becomes bytes that are no UTF-8.
    return text.encode("utf-8", "surrogatepass")


def _places(value: Any) -> Iterator[Place]:  # noqa: ANN401  any JSON
    """Give every place in a document as what holds it and under which key."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield value, key
            yield from _places(part)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield value, index
            yield from _places(part)


def _fitting(_: Json, holder: Any, key: Any, dice: random.Random) -> None:  # noqa: ANN401  any JSON
    """Put a strange value of the field's own kind in its place."""
    value = holder[key]
    if make := values.BY_FIELD.get(key):
        holder[key] = make(dice)
    elif isinstance(value, bool | int | float):
        holder[key] = values.number(dice)
    elif isinstance(value, str) and (key in LINE_FIELDS or " " in value):
        holder[key] = texts.text(dice)
    elif isinstance(value, str):
        holder[key] = values.name(dice)
    elif isinstance(value, list):
        _lengthen(_, holder, key, dice)
    else:
        holder[key] = values.wrong(dice)


def _lengthen(_: Json, holder: Any, key: Any, dice: random.Random) -> None:  # noqa: ANN401  any JSON
    value = holder[key]
    if isinstance(value, list):
        longer = [[], value * 2, [*value, None], value * NAMED_TOO_OFTEN, [value], value[:1] * 2]
        holder[key] = copy.deepcopy(dice.choice(longer))
    elif isinstance(value, str):
        holder[key] = value * dice.choice((0, 2, 70, 300, 5_000))
    else:
        holder[key] = [value]


def _drop(_: Json, holder: Any, key: Any, __: random.Random) -> None:  # noqa: ANN401  any JSON
    del holder[key]


def _wrong_type(_: Json, holder: Any, key: Any, dice: random.Random) -> None:  # noqa: ANN401  any JSON
    holder[key] = values.wrong(dice)


def _text(_: Json, holder: Any, key: Any, dice: random.Random) -> None:  # noqa: ANN401  any JSON
    holder[key] = texts.text(dice)


def _deep(_: Json, holder: Any, key: Any, dice: random.Random) -> None:  # noqa: ANN401  any JSON
    holder[key] = values.nested(dice)


def _add(event: Json, holder: Any, _: Any, dice: random.Random) -> None:  # noqa: ANN401  any JSON
    into = holder if isinstance(holder, dict) else event
    known = ("subject", "dataschema", "traceparent", "tracestate", "datacontenttype", "data_base64", "specversion")
    names = (*known, "reason", "hours", "course", "activity", "__proto__", "", "⚽", "a" * 300, "22334455")
    said = ("application/json", "text/xml", texts.text(dice), "1.0")
    into[dice.choice(names)] = dice.choice(said) if dice.random() < SAID_SHARE else values.wrong(dice)


def _other_type(event: Json, *_: Any) -> None:
    dice: random.Random = _[-1]
    event["type"] = dice.choice(sorted(TYPES))


def _swap(event: Json, holder: Any, key: Any, dice: random.Random) -> None:  # noqa: ANN401  any JSON
    """Let two values of the document change places."""
    other, place = dice.choice(list(_places(event)))
    if (
        other is not holder
        and isinstance(other[place], str | int | float)
        and isinstance(holder[key], str | int | float)
    ):
        holder[key], other[place] = other[place], holder[key]


Change = Callable[[Json, Any, Any, random.Random], None]
CHANGES: Final[tuple[Change, ...]] = (_fitting, _drop, _wrong_type, _text, _lengthen, _deep, _add, _other_type, _swap)
WEIGHTS: Final = (50, 8, 6, 8, 8, 1, 8, 2, 3)
