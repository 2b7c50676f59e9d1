"""Draws a report in the terminal, Danish first. Owns how figures are written; computes none."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.command.terminal import Terminal, one_line
from services.reporting.terms import AMOUNTS, ActivityStatus
from services.reporting.words import ACTIVITY_STATUSES, FIGURE_NAMES, FUNDER_KINDS, HEADINGS, SHORT, Word, inside, word

WITHHELD: Final = "•"
WIDE: Final = 100
Row = Mapping[str, Any]
Money = Callable[[int], str]

# The columns that every row of figures has.
FIGURES: Final = ("activities", "sessions", "attendances", "participant_hours", "participants", "new_participants")
STATUSES: Final[tuple[ActivityStatus, ...]] = ("running", "planned", "ended")


def draw(console: Terminal, report: Row) -> None:
    """Print a network report or an area's."""
    # A narrow terminal has no room for the unit in every cell.
    money = amount if console.width >= WIDE else _amount_alone
    for part in _parts(report, money):
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


def _parts(report: Row, money: Money) -> list[RenderableType]:
    parts: list[RenderableType] = [_heading(report)]
    if report["areas"]:
        areas = [(one_line(row["name"]), row) for row in report["areas"]]
        parts.append(_figures(_beside(HEADINGS["areas"]), areas, report["totals"]))
        fundings = [(name, row["funding"]) for name, row in areas]
        parts.append(_funding(_beside(HEADINGS["money"], "kr."), fundings, report["totals"]["funding"], money))
        kinds = report["totals"]["funding"]["by_funder_kind"].items()
        funders = [(_stacked(word(FUNDER_KINDS, kind)), row) for kind, row in kinds]
        parts.append(_funding(_beside(HEADINGS["funders"], "kr."), funders, None, money))
        parts.append(_plans(report["plans"], money))
        effort_areas = [(one_line(row["name"]), row) for row in report["effort_areas"]]
        parts.append(_figures(_beside(HEADINGS["effort_areas"]), effort_areas, None))
        months = [(row["month"], row) for row in report["months"]]
        parts.append(_figures(_beside(HEADINGS["months"]), months, None))
    else:
        parts.append(Text("Ingen områder endnu. No area has posted yet.\n"))
    parts.append(_footnotes(report))
    return parts


def _heading(report: Row) -> RenderableType:
    title = "Netværksrapport · Network report"
    if "area" in report:
        title = f"{report['area']['name']}, {report['area']['municipality']} · Områderapport · Area report"
    period, as_of = report["period"], report["as_of"]
    span = f"{period['from'] or '-'} / {period['to'] or '-'}"
    cursor = " ".join(f"{owner}:{as_of[owner]}" for owner in ("registry", "funding") if owner in as_of)
    told = {"period": span, "cursor": cursor, "digest": str(report["digest"])[:32] + "…"}
    labels = {name: _beside(HEADINGS[name]) for name in told}
    width = max(map(len, labels.values()))
    lines = [Text.assemble((f"{labels[name]:{width}}  ", "dim"), value) for name, value in told.items()]
    body = Text("\n").join(lines)
    return Panel(body, title=Text(one_line(title)), title_align="left", box=box.ROUNDED, expand=False)


def _stacked(words: Word) -> str:
    """Give both words, one above the other; a name that both languages share is given once."""
    return "\n".join(dict.fromkeys(words))


def _beside(words: Word, unit: str = "") -> str:
    """Give both words on one line, and a unit where there is one."""
    danish, english = words
    return f"{danish}, {unit} · {english}" if unit else f"{danish} · {english}"


def _column(name: str) -> str:
    """Name a column, as short as a terminal asks."""
    danish, english = SHORT.get(name) or FIGURE_NAMES.get(name) or HEADINGS[name]
    # A footnote says which three numbers these are.
    return _stacked((f"{danish}¹" if name == "activities" else danish, english))


def _table(title: str, first: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _figures(title: str, rows: Sequence[tuple[str, Row]], totals: Row | None) -> Table:
    table = _table(title, "", [_column(name) for name in FIGURES])
    for name, row in rows:
        table.add_row(name, *(_figure(row, key) for key in FIGURES))
    if totals is not None and len(rows) > 1:
        table.add_section()
        table.add_row(_beside(HEADINGS["total"]), *(_figure(totals, key) for key in FIGURES), style="bold")
    return table


def _figure(row: Row, key: str) -> str:
    if key == "activities":
        return " / ".join(str(row[f"activities_{state}"]) for state in STATUSES)
    value = row[key]
    if isinstance(value, Mapping):
        return WITHHELD if value["suppressed"] else number(value["value"])
    return number(value)


def _funding(title: str, rows: Sequence[tuple[str, Row]], totals: Row | None, money: Money) -> Table:
    table = _table(title, "", [_column(name) for name in AMOUNTS])
    for name, row in rows:
        table.add_row(name, *(money(row[key]) for key in AMOUNTS))
    if totals is not None and len(rows) > 1:
        table.add_section()
        table.add_row(_beside(HEADINGS["total"]), *(money(totals[key]) for key in AMOUNTS), style="bold")
    return table


def _plans(plans: Sequence[Row], money: Money) -> Table:
    columns = [_column(name) for name in ("elapsed_pct", "spent_pct", "local_share_pct", "account_below_zero")]
    table = _table(_beside(HEADINGS["plans"]), "", columns)
    for plan in plans:
        below = [item for item in plan["funding"]["regulation_accounts"] if item["balance_ore"] < 0]
        shares = (plan["elapsed_pct"], plan["spent_pct"], plan["funding"]["local_share_pct"])
        # A regulation account below zero means that a funder's money has been spent before it came.
        behind = Text("\n".join(f"{item['commitment']}\n{money(item['balance_ore'])}" for item in below), "yellow")
        table.add_row(one_line(plan["name"]), *(f"{number(share)} %" for share in shares), behind)
    return table


def _footnotes(report: Row) -> RenderableType:
    statuses = [inside(ACTIVITY_STATUSES[status]) for status in STATUSES]
    of_statuses = " · ".join(" / ".join(names) for names in zip(*statuses, strict=True))
    lines: list[RenderableType] = [Text(f"¹ {of_statuses}", "dim")]
    if _withholds(report):
        said = f"{WITHHELD} tallet er udeladt for ikke at pege på enkeltpersoner"
        lines.append(Text(f"{said} · withheld, so that it points at nobody", "dim"))
    lines += [Text(f"{note['text_da']} {note['text_en']}", "dim") for note in report["notes"]]
    return Group(*lines)


def _withholds(value: object) -> bool:
    """Tell whether anything in a report is withheld."""
    if isinstance(value, Mapping):
        return bool(value.get("suppressed")) or any(map(_withholds, value.values()))
    return isinstance(value, list) and any(map(_withholds, value))
