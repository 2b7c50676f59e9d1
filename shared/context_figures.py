"""Which figures about areas others measure: read from the one table of them, `context_figures.toml`. Owns no value."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

TABLE: Final = Path(__file__).with_suffix(".toml")
Unit = Literal["per cent", "persons"]


@dataclass(frozen=True, slots=True)
class ContextFigure:
    """A figure about areas: its names, its unit, and the bounds within which a value lies, both included."""

    code: str
    da: str
    en: str
    unit: Unit
    least: int
    most: int


def read(text: str) -> dict[str, ContextFigure]:
    """Read a table of figures, by code in its order.

    Raises:
        TypeError: a figure lacks something, or says more than it may.
        ValueError: a unit is none, or the bounds are reversed.
    """
    found = {code: ContextFigure(code, **said) for code, said in tomllib.loads(text).items()}
    for figure in found.values():
        if figure.unit not in {"per cent", "persons"} or figure.least > figure.most:
            raise ValueError(f"{figure.code} has no unit, or reversed bounds")
    return found


CONTEXT_FIGURES: Final[Mapping[str, ContextFigure]] = read(TABLE.read_text(encoding="utf-8"))
