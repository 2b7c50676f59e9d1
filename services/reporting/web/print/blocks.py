"""The parts that a document is made of, as the template knows them: figures, tables, charts and text. Pure.

Every text is data: the template writes it as it is, and never reads it as markup.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from services.reporting.web.writing import Code

Block: TypeAlias = dict[str, Any]
Json: TypeAlias = Mapping[str, Any]
# A column: its title, and whether it holds names, numbers, sentences, or something shorter beside them.
Column: TypeAlias = tuple[str, Literal["words", "numbers", "prose", "brief"]]

# A table of more rows than these may run over several pages; shorter ones are kept together.
ROWS_TOGETHER: Final = 14
FINE_ROWS_TOGETHER: Final = 30


@dataclass(frozen=True, slots=True)
class Speech:
    """Says words in the language of a document."""

    language: Code

    def __call__(self, danish: str, english: str) -> str:
        """Give words in the language."""
        return danish if self.language == "da" else english


def section(title: str, *blocks: Block | None, new_page: bool = False) -> Block:
    """Give a part of the document under a heading of its own; what is None is left out."""
    return {"title": title, "blocks": [block for block in blocks if block is not None], "new_page": new_page}


def text(words: str) -> Block:
    """Give a paragraph."""
    return {"kind": "text", "text": words}


def note(words: str) -> Block:
    """Give a remark in small type."""
    return {"kind": "note", "text": words}


def heading(words: str) -> Block:
    """Give a heading inside a section."""
    return {"kind": "heading", "text": words}


def figures(items: Iterable[tuple[str, str]]) -> Block:
    """Give key figures, each large with its label under it."""
    return {"kind": "figures", "items": [{"label": label, "value": value} for label, value in items]}


def chart(name: str, title: str, description: str) -> Block:
    """Give the place of a chart; `description` is for who cannot see it."""
    return {"kind": "chart", "name": name, "title": title, "description": description}


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    has_total: bool = False,
    is_fine: bool = False,
) -> Block | None:
    """Give a table, or nothing where there is no row; with a total, the last row is set apart.

    A long list to look things up in is fine: set small and close.
    """
    cells = [list(row) for row in rows]
    if not cells:
        return None
    return {
        "kind": "table",
        "caption": caption,
        "columns": [{"title": title, "kind": kind} for title, kind in columns],
        "rows": cells,
        "has_total": has_total,
        "is_fine": is_fine,
        "together": len(cells) <= (FINE_ROWS_TOGETHER if is_fine else ROWS_TOGETHER),
    }


def entries(items: Iterable[tuple[str, str, str]]) -> Block | None:
    """Give a list of things that each have a name, a line about it and a text."""
    listed = [{"name": name, "about": about, "text": words} for name, about, words in items]
    return {"kind": "entries", "items": listed} if listed else None
