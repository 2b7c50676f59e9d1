"""The parts that a document is made of, as the template knows them: figures, tables, charts and text. Pure.

Every text is data: the template writes it as it is, and never reads it as markup.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from services.reporting.terms import Dimension
from services.reporting.web.writing import Code
from services.reporting.words import DIMENSIONS, HEADINGS

Block: TypeAlias = dict[str, Any]
# A column: its title, and whether it holds names, numbers, sentences, or something shorter beside them.
PrintColumn: TypeAlias = tuple[str, Literal["words", "numbers", "prose", "brief"]]

# A table of more rows than these may run over several pages; shorter ones are kept together.
ROWS_TOGETHER: Final = 14
# Sentences make rows high: what keeps a table together is then how many lines they fill, each of about so many letters,
# or less where several columns of sentences share the paper.
LINES_TOGETHER: Final = 20
# A few rows that are all high may part between them: no row is lost among others there.
HIGH_ROWS_TOGETHER: Final = 12
LETTERS_IN_A_LINE: Final = 45
LETTERS_ON_THE_PAPER: Final = 90
FINE_ROWS_TOGETHER: Final = 12
# Ten pages of a table, and the vouchers of any year that somebody would look up on paper.
MOST_ROWS: Final = 300
MOST_FINE_ROWS: Final = 5_000
MOST_ENTRIES: Final = 100


@dataclass(frozen=True, slots=True)
class Speech:
    """Says words in the language of a document."""

    language: Code

    def __call__(self, danish: str, english: str) -> str:
        """Give words in the language."""
        return danish if self.language == "da" else english

    def heading(self, name: str) -> str:
        """Name a column, a row or a section."""
        return self(*HEADINGS[name])

    def dimension(self, name: Dimension) -> str:
        """Name what a row is about."""
        return self(*DIMENSIONS[name])


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


def chart(name: str, title: str, description: str, about: str) -> Block:
    """Give the place of a chart; `about` stands under its title, and `description` is for who cannot see it."""
    return {"kind": "chart", "name": name, "title": title, "description": description, "about": about}


def table(
    caption: str,
    columns: Sequence[PrintColumn],
    rows: Iterable[Sequence[str]],
    *,
    has_total: bool = False,
    is_fine: bool = False,
) -> Block | None:
    """Give a table, or nothing where there is no row; with a total, the last row is set apart.

    A long list to look things up in is fine: set small and close. Of a list that nobody would read on paper only the
    beginning is set; `left_out` is how many rows are not.
    """
    cells = [list(row) for row in rows]
    if not cells:
        return None
    most = MOST_FINE_ROWS if is_fine else MOST_ROWS
    left_out = max(0, len(cells) - most)
    if left_out:
        cells = [*cells[: most - 1], cells[-1]] if has_total else cells[:most]
    return {
        "kind": "table",
        "caption": caption,
        "columns": [{"title": title, "kind": kind} for title, kind in columns],
        "rows": cells,
        "left_out": left_out,
        "has_total": has_total,
        # Rows further up that add up others, set in bold.
        "sums": [],
        "is_fine": is_fine,
        "together": _is_together(columns, cells, is_fine=is_fine),
    }


def _is_together(columns: Sequence[PrintColumn], cells: Sequence[Sequence[str]], *, is_fine: bool) -> bool:
    """Say whether a table is low enough to stay on one page without leaving much of the page before it empty."""
    if is_fine or len(cells) > ROWS_TOGETHER:
        return len(cells) <= (FINE_ROWS_TOGETHER if is_fine else ROWS_TOGETHER)
    prose = [place for place, (_, kind) in enumerate(columns) if kind == "prose"]
    longest = (max((len(row[place]) for place in prose), default=0) for row in cells)
    wide = min(LETTERS_IN_A_LINE, LETTERS_ON_THE_PAPER // max(1, len(prose)))
    lines = sum(max(1, -(-letters // wide)) for letters in longest)
    return lines <= (HIGH_ROWS_TOGETHER if lines > 2 * len(cells) else LINES_TOGETHER)


def entries(items: Iterable[tuple[str, str, str]]) -> Block | None:
    """Give a list of things that each have a name, a line about it and a text."""
    listed = [{"name": name, "about": about, "text": words} for name, about, words in items]
    if not listed:
        return None
    return {"kind": "entries", "items": listed[:MOST_ENTRIES], "left_out": max(0, len(listed) - MOST_ENTRIES)}
