"""Which signs of a text are passed on to readers, whatever an event holds. Owns what stands for the others.

Intake refuses such signs, but a log may be older than that rule. Every way out asks here: pages, print, files, the
terminal. An answer as JSON gives a text as it was posted.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

# What stands where a sign cannot be shown.
SUBSTITUTE: Final = "\N{REPLACEMENT CHARACTER}"
_OTHER_LINE_ENDS: Final = "\r\v\f\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
# Bidirectional embeddings, overrides and isolates, and the byte order mark: they only change how others are read.
_WITHOUT_FORM: Final = "\ufeff\u202a-\u202e\u2066-\u2069"
_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
_NEVER_SHOWN: Final = f"\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}"
# Any sign that is not passed on as it is.
UNPRESENTABLE: Final = re.compile(f"[{_OTHER_LINE_ENDS}{_WITHOUT_FORM}{_NEVER_SHOWN}]")
_LINE_END: Final = re.compile(f"\r\n|[{_OTHER_LINE_ENDS}]")
_DROPPED: Final = re.compile(f"[{_WITHOUT_FORM}]")


def presentable(text: str) -> str:
    """Give a text without what no reader can see and a program may take for something else.

    Every line ends with a line feed. What only changes the direction of other signs is left out; controls,
    noncharacters and halves of surrogate pairs are substituted.
    """
    # Most texts have none of it.
    if text.isascii() and text.isprintable():
        return text
    return UNPRESENTABLE.sub(SUBSTITUTE, _DROPPED.sub("", _LINE_END.sub("\n", text)))


def presentable_in(value: Any) -> Any:  # noqa: ANN401  any JSON
    """Give a document of JSON whose texts are all presentable; the names of its fields stay as they are."""
    if isinstance(value, str):
        return presentable(value)
    if isinstance(value, Mapping):
        return {name: presentable_in(part) for name, part in value.items()}
    return [presentable_in(part) for part in value] if isinstance(value, list | tuple) else value
