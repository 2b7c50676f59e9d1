"""Draws a report in the terminal, in Danish or English. Owns how figures are written; computes none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.command.terminal import Terminal, one_line
from services.reporting.terms import AMOUNTS, ActivityStatus
from services.reporting.words import (
    ACTIVITY_STATUSES,
    FIGURE_NAMES,
    FUNDER_KINDS,
    HEADINGS,
    SHORT,
    Word,
    inside,
    least_of,
    word,
)
from shared.law import SMALLEST_TOLD

WITHHELD: Final = "•"
WIDE: Final = 100
Row = Mapping[str, Any]
Money = Callable[[int], str]

# The columns that every row of figures has.
FIGURES: Final = ("activities", "sessions", "attendances", "participant_hours", "participants", "new_participants")
STATUSES: Final[tuple[ActivityStatus, ...]] = ("running", "planned", "ended")


Language = Literal["da", "en"]


def draw(console: Terminal, report: Row, language: Language = "da") -> None:
    """Print a report of the network, an area or a plan."""
    # A narrow terminal has no room for the unit in every cell.
    money = amount if console.width >= WIDE else _amount_alone
    for part in _Drawing(language, money).parts(report):
        console.print(part)


def amount(amount_ore: int) -> str:
    """Write an amount the Danish way: 1.234.567,89 kr."""
    kroner, ore = divmod(abs(amount_ore), 100)
    sign = "-" if amount_ore < 0 else ""
    return f"{sign}{kroner:,}".replace(",", ".") + f",{ore:02d} kr."


def _amount_alone(amount_ore: int) -> str:
    return amount(amount_ore).removesuffix(" kr.")


def number(value: float | None) -> str:
    """Write a number the Danish way: 1.234,5; a dash where there is none."""
    if value is None:
        return "-"
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return text.translate(str.maketrans(",.", ".,"))


def hidden(count: Row) -> str:
    """Write what is told of a figure of people that is hidden, or a mark."""
    if count.get("hidden") == "small":
        return f"<{SMALLEST_TOLD}"
    least = least_of(count)
    return WITHHELD if least is None else f"≥{number(least)}"


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Draws the parts of a report in a language; `money` writes an amount."""

    language: Language
    money: Money

    def parts(self, report: Row) -> list[RenderableType]:
        """Give a report's parts, one under the other."""
        parts: list[RenderableType] = [self._heading(report)]
        if report["areas"]:
            areas = [(one_line(row["name"]), row) for row in report["areas"]]
            parts.append(self._figures(self._say(HEADINGS["areas"]), areas, report["totals"]))
            fundings = [(name, row["funding"]) for name, row in areas]
            whole = report["totals"]["funding"]
            parts.append(self._funding(self._in_kroner(HEADINGS["money"]), fundings, whole))
            funders = [(self._say(word(FUNDER_KINDS, kind)), row) for kind, row in whole["by_funder_kind"].items()]
            parts.append(self._funding(self._in_kroner(HEADINGS["funders"]), funders, None))
            parts.append(self._plans(report["plans"]))
            effort_areas = [(one_line(row["name"]), row) for row in report["effort_areas"]]
            parts.append(self._figures(self._say(HEADINGS["effort_areas"]), effort_areas, None))
            months = [(row["month"], row) for row in report["months"]]
            parts.append(self._figures(self._say(HEADINGS["months"]), months, None))
        else:
            parts.append(Text(self._say(("Ingen områder endnu.\n", "No area has posted yet.\n"))))
        parts.append(self._footnotes(report))
        return parts

    def _say(self, words: Word) -> str:
        return words[0] if self.language == "da" else words[1]

    def _in_kroner(self, words: Word) -> str:
        return f"{self._say(words)}, {self._say(('kr.', 'DKK'))}"

    def _heading(self, report: Row) -> RenderableType:
        title = self._say(("Netværksrapport", "Network report"))
        if "area" in report:
            kind = self._say(("Områderapport", "Area report"))
            title = f"{report['area']['name']}, {report['area']['municipality']} · {kind}"
        elif "plan" in report:
            title = f"{report['plan']['name']} · {self._say(('Planrapport', 'Plan report'))}"
        period, as_of = report["period"], report["as_of"]
        span = f"{period['from'] or '-'} / {period['to'] or '-'}"
        cursor = " ".join(f"{owner}:{as_of[owner]}" for owner in ("registry", "funding") if owner in as_of)
        told = {"period": span, "cursor": cursor, "digest": str(report["digest"])[:32] + "…"}
        labels = {name: self._say(HEADINGS[name]) for name in told}
        width = max(map(len, labels.values()))
        lines = [Text.assemble((f"{labels[name]:{width}}  ", "dim"), value) for name, value in told.items()]
        body = Text("\n").join(lines)
        return Panel(body, title=Text(one_line(title)), title_align="left", box=box.ROUNDED, expand=False)

    def _column(self, name: str) -> str:
        """Name a column, as short as a terminal asks; a footnote says which three numbers activities are."""
        label = self._say(SHORT.get(name) or FIGURE_NAMES.get(name) or HEADINGS[name])
        return f"{label}¹" if name == "activities" else label

    def _table(self, title: str, columns: Sequence[str]) -> Table:
        table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("")
        for column in columns:
            table.add_column(self._column(column), justify="right", no_wrap=True)
        return table

    def _figures(self, title: str, rows: Sequence[tuple[str, Row]], totals: Row | None) -> Table:
        table = self._table(title, FIGURES)
        for name, row in rows:
            table.add_row(name, *(_figure(row, key) for key in FIGURES))
        if totals is not None and len(rows) > 1:
            table.add_section()
            table.add_row(self._say(HEADINGS["total"]), *(_figure(totals, key) for key in FIGURES), style="bold")
        return table

    def _funding(self, title: str, rows: Sequence[tuple[str, Row]], totals: Row | None) -> Table:
        table = self._table(title, AMOUNTS)
        for name, row in rows:
            table.add_row(name, *(self.money(row[key]) for key in AMOUNTS))
        if totals is not None and len(rows) > 1:
            table.add_section()
            table.add_row(self._say(HEADINGS["total"]), *(self.money(totals[key]) for key in AMOUNTS), style="bold")
        return table

    def _plans(self, plans: Sequence[Row]) -> Table:
        shares = ("elapsed_pct", "spent_pct", "local_share_pct")
        table = self._table(self._say(HEADINGS["plans"]), (*shares, "account_below_zero"))
        for plan in plans:
            below = [item for item in plan["funding"]["regulation_accounts"] if item["balance_ore"] < 0]
            told = (plan["elapsed_pct"], plan["spent_pct"], plan["funding"]["local_share_pct"])
            # A regulation account below zero means that a funder's money has been spent before it came.
            lines = [f"{item['commitment']}\n{self.money(item['balance_ore'])}" for item in below]
            behind = Text("\n".join(lines), "yellow")
            table.add_row(one_line(plan["name"]), *(f"{number(share)} %" for share in told), behind)
        return table

    def _footnotes(self, report: Row) -> RenderableType:
        statuses = " / ".join(self._say(inside(ACTIVITY_STATUSES[status])) for status in STATUSES)
        lines: list[RenderableType] = [Text(f"¹ {statuses}", "dim")]
        if _withholds(report):
            said = self._say(("tallet er skjult eller ikke udgivet", "hidden or not released"))
            lines.append(Text(f"{WITHHELD} {said}", "dim"))
        lines += [Text(note[f"text_{self.language}"], "dim") for note in report["notes"]]
        return Group(*lines)


def _figure(row: Row, key: str) -> str:
    if key == "activities":
        return " / ".join(str(row[f"activities_{state}"]) for state in STATUSES)
    value = row[key]
    if isinstance(value, Mapping):
        return hidden(value) if value["suppressed"] else number(value["value"])
    return number(value)


def _withholds(value: object) -> bool:
    """Tell whether anything in a report is withheld."""
    if isinstance(value, Mapping):
        return bool(value.get("suppressed")) or any(map(_withholds, value.values()))
    return isinstance(value, list) and any(map(_withholds, value))
