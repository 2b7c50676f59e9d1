"""How the shapes of a theme are saved: each theme's store names its own."""

from dataclasses import dataclass
from typing import Any

from services.registry.store.spans import SpanShape
from shared.shape import Shape


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of a theme; parents come before children.

    Rows of `once` are there once: where two transactions add the same at once, one of them loses, and is decided again.
    Those of `replaced` are replaced when they are said again. Of `spans`, only the open one of a row ends.
    """

    once: tuple[Shape[Any], ...] = ()
    replaced: tuple[Shape[Any], ...] = ()
    spans: tuple[SpanShape[Any], ...] = ()
