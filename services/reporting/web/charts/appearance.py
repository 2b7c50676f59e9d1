"""How charts look: colours, lines and the language of their numbers. Owns no figure.

Nothing is told by colour alone: series differ by shape, outline or a label of their own as well. Every colour stands
out from its background by at least 3:1, and text by at least 4.5:1 (WCAG 2.2, 1.4.11 and 1.4.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from babel.dates import get_day_names, get_month_names

from services.reporting.web.writing import LOCALES, Code

ThemeName: TypeAlias = Literal["light", "dark", "print"]

SYSTEM_FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
# The face that the typesetter brings along: charts on paper are set in the same as the text around them.
PRINT_FONT: Final = "Libertinus Serif"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one ground. `strong` carries the main series, `second` and `third` the next, `warn` a breach.

    `height` is that of a chart which has no rows of its own, in pixels: on paper three of them share a page. Of charts
    with rows `line_height` is that of a bar with its words beside it, and `field_height` that of a field with two lines
    in it: on paper they are close, so that a page holds more than one such chart.
    """

    background: str
    text: str
    muted: str
    grid: str
    strong: str
    second: str
    third: str
    fourth: str
    warn: str
    font: str
    font_size: int
    height: int
    line_height: int
    field_height: int


THEMES: Final[Mapping[ThemeName, Theme]] = {
    "light": Theme(
        background="#ffffff",
        text="#1b1f24",
        muted="#4f5862",
        grid="#dfe3e8",
        strong="#004d71",
        second="#5b8399",
        third="#8a6100",
        fourth="#86607a",
        warn="#b3261e",
        font=SYSTEM_FONT,
        font_size=13,
        height=220,
        line_height=21,
        field_height=46,
    ),
    "dark": Theme(
        background="#1a2125",
        text="#eef1f4",
        muted="#b4bec8",
        grid="#333d47",
        strong="#7cc4e8",
        second="#6f95ab",
        third="#e0b04a",
        fourth="#c79abb",
        warn="#ff8a80",
        font=SYSTEM_FONT,
        font_size=13,
        height=220,
        line_height=21,
        field_height=46,
    ),
    "print": Theme(
        background="#ffffff",
        text="#1b1f24",
        muted="#4f5862",
        grid="#dfe3e8",
        strong="#004d71",
        second="#5b8399",
        third="#8a6100",
        fourth="#86607a",
        warn="#b3261e",
        font=PRINT_FONT,
        font_size=12,
        height=165,
        line_height=16,
        field_height=36,
    ),
}


def configuration(theme: Theme, language: Code) -> dict[str, Any]:
    """Give the Vega-Lite configuration of a theme: quiet axes, direct labels, numbers and months in the language."""
    text = {"labelColor": theme.text, "titleColor": theme.muted, "titleFontWeight": "normal"}
    size = theme.font_size
    return {
        "background": "transparent",
        "font": theme.font,
        "view": {"stroke": None},
        "axis": {
            **text,
            "labelFontSize": size,
            "titleFontSize": size,
            "domain": False,
            "ticks": False,
            "gridColor": theme.grid,
            "labelPadding": 6,
            "labelLimit": 260,
        },
        "legend": {
            **text,
            "labelFontSize": size,
            "titleFontSize": size,
            "orient": "top",
            "symbolSize": 120,
            "labelLimit": 320,
        },
        "text": {"color": theme.text, "fontSize": size},
        "bar": {"color": theme.strong},
        "locale": _locale(language),
    }


def _locale(language: Code) -> dict[str, Any]:
    """Say how D3 writes numbers and months in a language.

    Source: d3-format's and d3-time-format's locale definitions; the names are the Unicode CLDR's.
    """
    locale = LOCALES[language]
    danish = language == "da"
    return {
        "number": {
            "decimal": "," if danish else ".",
            "thousands": "." if danish else ",",
            "grouping": [3],
            "currency": ["", "\N{NO-BREAK SPACE}kr."] if danish else ["DKK\N{NO-BREAK SPACE}", ""],
            "minus": "\N{MINUS SIGN}",
        },
        "time": {
            "dateTime": "%e. %B %Y %H:%M" if danish else "%e %B %Y %H:%M",
            "date": "%d.%m.%Y" if danish else "%d/%m/%Y",
            "time": "%H:%M",
            "periods": ["AM", "PM"],
            "days": _days("wide", locale),
            "shortDays": _days("abbreviated", locale),
            "months": [get_month_names("wide", locale=locale)[month] for month in range(1, 13)],
            "shortMonths": [get_month_names("abbreviated", locale=locale)[month] for month in range(1, 13)],
        },
    }


def _days(width: Literal["wide", "abbreviated"], locale: str) -> list[str]:
    """Give the names of the days as D3 counts them, from Sunday; the CLDR counts from Monday."""
    names = get_day_names(width, locale=locale)
    return [names[(day - 1) % 7] for day in range(7)]
