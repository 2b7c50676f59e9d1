"""The terminal that every command prints on. Owns that nothing which others wrote is obeyed there.

A text is printed as it is: never read as markup, as the code of an emoji or as a link. Controls, by which a terminal
can be made to hide, forge or run something, are substituted. What we ourselves emphasise is a `Text` with a style.
"""

import io
import json
import os
import sys
from collections.abc import Iterable
from typing import Any, Literal

from rich.console import Console, ConsoleOptions, JustifyMethod, OverflowMethod, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from shared.presentable import UNPRESENTABLE, presentable


def locale_language() -> Literal["da", "en"]:
    """Give the language of this machine's locale: English where it says so, else Danish."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "en" if said.lower().startswith("en") else "da"


class Terminal(Console):
    """A console that interprets nothing. Whatever is printed, in a table or a progress bar too, comes past here."""

    def __init__(self, *, stderr: bool = False, soft_wrap: bool = False, width: int | None = None) -> None:
        super().__init__(stderr=stderr, soft_wrap=soft_wrap, width=width, markup=False, emoji=False, highlight=False)

    def render_str(  # noqa: PLR0913  as the class has it
        self,
        text: str,
        *,
        style: str | Style = "",
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        emoji: bool | None = None,  # noqa: ARG002  never
        markup: bool | None = None,  # noqa: ARG002  never
        highlight: bool | None = None,
        highlighter: Any = None,  # noqa: ANN401  as the class has it
    ) -> Text:
        """Make a text of a string, so that its width is that of what will be shown."""
        return super().render_str(
            presentable(text),
            style=style,
            justify=justify,
            overflow=overflow,
            emoji=False,
            markup=False,
            highlight=highlight,
            highlighter=highlighter,
        )

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Give what is written to the terminal; only the console's own control signs remain in it."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(presentable(segment.text), segment.style)

    def print_document(self, document: object) -> None:
        """Print a document as JSON, whole: what is not presentable in it is escaped, as JSON can."""
        written = json.dumps(document, indent=2, ensure_ascii=False)
        self.file.write(UNPRESENTABLE.sub(lambda found: json.dumps(found[0])[1:-1], written) + "\n")


def one_line(text: str) -> str:
    """Give a text on one line, so that it cannot pass for lines of ours."""
    return " ".join(presentable(text).split())


def tolerate_narrow_encodings() -> None:
    """Let standard output and standard error write what their encoding lacks as escapes, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
