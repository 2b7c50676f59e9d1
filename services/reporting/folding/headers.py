"""What the file of a fold says of itself, in comments of the shape `-- name: value`. Pure.

`-- shared: story.published` says which of its events areas share with one another; `feed.sql` says which of their
fields.
"""

import re
from typing import Final

# One word and a colon make a header: an explanation has a word or more before its first colon.
LINE: Final = re.compile(r"^--\s*(\w+)\s*:(.*)$", re.MULTILINE)


def shared_by(fold: str, text: str) -> frozenset[str]:
    """Read from the header of a fold, whose name joins its events by a plus, which of them are shared.

    Raises:
        ValueError: a header is unknown, or said twice, or an event is not folded here.
    """
    said: dict[str, str] = {}
    for name, value in LINE.findall(text):
        if name in said:
            raise ValueError(f"{fold}.sql says '{name}' twice")
        said[name] = value.strip()
    if unknown := said.keys() - {"shared"}:
        raise ValueError(f"{fold}.sql has an unknown header: {sorted(unknown)}")
    shared = frozenset(name.strip() for name in said["shared"].split(",")) if "shared" in said else frozenset()
    if foreign := shared - set(fold.split("+")):
        raise ValueError(f"{fold}.sql shares what it does not fold: {sorted(foreign)}")
    return shared
