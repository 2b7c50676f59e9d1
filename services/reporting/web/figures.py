"""Writes one figure of a report where it stands on a page, so that it can be held against the report. Pure."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from markupsafe import Markup

from services.reporting.web.language import PageLanguage
from services.reporting.web.writing import decimals_of, hidden, number

MISSING: Final = Markup('<span class="none" data-figure="{path}">\N{EN DASH}</span>')
WITHHELD: Final = Markup('<span class="withheld" data-figure="{path}" title="{title}">{text}</span>')
ROUNDED: Final = Markup('<data value="{value}" data-figure="{path}" title="{exact}">{text}</data>')
SHOWN: Final = Markup('<data value="{value}" data-figure="{path}">{text}</data>')
# Gives the address to which a figure leads by its path, or None.
LeadsTo = Callable[[str], str | None]
LED: Final = Markup('<a class="ground" href="{address}">{figure}</a>')


def to_nothing(_path: str) -> None:
    """Lead from no figure anywhere."""


class WrittenFigures:
    """Gives the figures of one report by their path in its JSON, such as `areas.0.participants`."""

    def __init__(self, report: Mapping[str, Any], language: PageLanguage, leads_to: LeadsTo = to_nothing) -> None:
        self._report = report
        self._language = language
        self._leads_to = leads_to
        self._decimals: dict[tuple[str, str, int], int] = {}
        # An account is read to the øre, everything else in whole kroner.
        self._is_account = "vouchers" in report

    def __call__(self, path: str, decimals: int = 1, *, is_share: bool = False) -> Markup:
        """Write a figure; one that is withheld says so, and one that is not there is a dash.

        `is_share` says that it is in per cent where its name does not.
        """
        value = self.value(path)
        if isinstance(value, Mapping):
            if value["suppressed"]:
                return self.withheld(path, value)
            value = value["value"]
        if value is None:
            return MISSING.format(path=path)
        written = self._written(path, value, decimals, is_share)
        if _is_amount(path) and written != (exact := self._language.amount(int(value))):
            shown = ROUNDED.format(value=value, path=path, text=written, exact=exact)
        else:
            shown = SHOWN.format(value=value, path=path, text=written)
        # Of nothing there are no events.
        address = self._leads_to(path) if value else None
        return LED.format(address=address, figure=shown) if address else shown

    def value(self, path: str) -> Any:  # noqa: ANN401  whatever stands there
        """Give what stands at a path."""
        found: Any = self._report
        for step in path.split("."):
            found = found[int(step)] if isinstance(found, Sequence) else found[step]
        return found

    def plain(self, path: str) -> float | None:
        """Give the number that a figure shows, by which its noun is singular or plural; None where it shows none."""
        return _plain(self.value(path))

    def withheld(self, path: str, count: Mapping[str, Any] = MappingProxyType({})) -> Markup:
        """Say that a figure is hidden, what is told of it, and why it is."""
        gettext = self._language.gettext
        if count.get("hidden") == "not_released":
            return WITHHELD.format(path=path, title=gettext("Tallet er ikke udgivet"), text=gettext("ikke udgivet"))
        title = gettext("Tallet er skjult, så det ikke kan pege på enkeltpersoner")
        text = hidden(count, self._language.code) or gettext("skjult")
        return WITHHELD.format(path=path, title=title, text=text)

    def _written(self, path: str, value: float, decimals: int, is_share: bool) -> str:  # noqa: FBT001  handed on
        if _is_amount(path):
            write = self._language.amount if self._is_account else self._language.whole_amount
            return write(int(value))
        if is_share or path.endswith("_pct"):
            return self._language.percent(value, decimals)
        return number(value, self._language.code, decimals, self._column_decimals(path, decimals))

    def _column_decimals(self, path: str, most: int) -> int:
        """Give how many decimals the figures of a column have: those at the same place of each row of a list.

        60 stands as 60,0 beside 45,9, so that a column is read down its decimal point.
        """
        rows, place, name = path.rpartition(".")[0], "", path.rpartition(".")[2]
        rows, _, place = rows.rpartition(".")
        if not place.isdigit():
            return 0
        column = rows, name, most
        if column not in self._decimals:
            told = (_plain(row.get(name)) for row in self.value(rows) if isinstance(row, Mapping))
            self._decimals[column] = max((decimals_of(each, most) for each in told if each is not None), default=0)
        return self._decimals[column]


def _is_amount(path: str) -> bool:
    """Tell whether a figure is in øre: by its name, or as what a line of a budget was changed by."""
    return path.endswith("_ore") or ".changes." in path


def _plain(value: Any) -> float | None:  # noqa: ANN401  a figure, a count of people, or something else of a row
    """Give the number that a figure shows; None where it shows none."""
    if isinstance(value, Mapping):
        value = None if value.get("suppressed") else value.get("value")
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
