"""What the file of a fold says of itself, in comments of the shape `-- name: value`. Pure.

- `-- counts: nobody`: it writes no table that people are counted from.
- `-- counts: returned`: its statement returns whether it may have changed a count of people.
- `-- shared: story.published`: which of its events areas share with one another; `feed.sql` says which of their fields.

A fold that says nothing of counts may have changed one, and is taken to have.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

# What a fold may say of counts of people.
OfCounts: TypeAlias = Literal["nobody", "returned"]
OF_COUNTS: Final[tuple[OfCounts, ...]] = get_args(OfCounts)

# One word and a colon make a header: an explanation has a word or more before its first colon.
LINE: Final = re.compile(r"^--\s*(\w+)\s*:(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Header:
    """What a fold says of counts of people, and which of its events are shared."""

    counts: OfCounts | None = None
    shared: frozenset[str] = frozenset()


def header_of(fold: str, text: str) -> Header:
    """Read the header of a fold, whose name joins its events by a plus.

    Raises:
        ValueError: a header or its value is unknown, or said twice.
    """
    said: dict[str, str] = {}
    for name, value in LINE.findall(text):
        if name in said:
            raise ValueError(f"{fold}.sql says '{name}' twice")
        said[name] = value.strip()
    if unknown := said.keys() - {"counts", "shared"}:
        raise ValueError(f"{fold}.sql has an unknown header: {sorted(unknown)}")
    shared = frozenset(name.strip() for name in said["shared"].split(",")) if "shared" in said else frozenset()
    if foreign := shared - set(fold.split("+")):
        raise ValueError(f"{fold}.sql shares what it does not fold: {sorted(foreign)}")
    return Header(_counts(fold, said.get("counts")), shared)


def _counts(fold: str, said: str | None) -> OfCounts | None:
    if said is None:
        return None
    for known in OF_COUNTS:
        if said == known:
            return known
    raise ValueError(f"{fold}.sql counts '{said}', which is none of {', '.join(OF_COUNTS)}")
