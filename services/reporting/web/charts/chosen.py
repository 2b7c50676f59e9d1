"""The chart of figures of one's own choice: one indicator, over time or side by side."""

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from services.reporting.terms import Json, Row
from services.reporting.web.charts.setting import (
    BAR_HEIGHT,
    Drawn,
    Setting,
    chart,
    in_rows,
    month_axis,
    row_axis,
    start_of,
)
from services.reporting.web.writing import NOTHING, Code, count, month, percent, short_amount

# Each series has a colour, a shape and a dash of its own.
SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
DASHES: Final = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 2], [1, 3])


def figures(report: Json, setting: Setting, indicator: str, time: str | None) -> Drawn:
    """Draw an indicator of an answer: its rows as bars, and over time as bars or as lines of several series."""
    rows = _rows(report, setting, indicator, time)
    told = [row for row in rows if "value" in row]
    if time is None:
        return _side_by_side(rows, setting)
    series = list(dict.fromkeys(row["series"] for row in rows))
    if len(series) <= 1:
        bars = chart(told).mark_bar().encode(x=_time_axis(time), y=_values(), tooltip="tip:N")
        return alt.layer(bars).properties(height=setting.theme.height)
    return _lines(told, series, setting, time)


def _lines(told: Sequence[Row], series: Sequence[str], setting: Setting, time: str) -> Drawn:
    theme = setting.theme
    colours = (theme.strong, theme.third, theme.fourth, theme.muted, theme.warn, theme.second)

    def scale(values: Sequence[Any]) -> alt.Scale:
        return alt.Scale(domain=list(series), range=list(values[: len(series)]))

    base = chart(told).encode(
        x=_time_axis(time),
        y=_values(),
        # The symbol of a series is its shape; its outline would be dashed as its line is.
        color=alt.Color(
            "series", type="nominal", title=None, scale=scale(colours), legend=alt.Legend(symbolStrokeWidth=0)
        ),
        tooltip="tip:N",
    )
    lines = base.mark_line(strokeWidth=2).encode(
        strokeDash=alt.StrokeDash("series", type="nominal", title=None, scale=scale(DASHES))
    )
    points = base.mark_point(filled=True, size=45, opacity=1).encode(
        shape=alt.Shape("series", type="nominal", title=None, scale=scale(SHAPES))
    )
    return alt.layer(lines, points).properties(height=theme.height)


def _side_by_side(rows: Sequence[Row], setting: Setting) -> Drawn:
    told = [row for row in rows if "value" in row]
    most = max([1, *(row["value"] for row in told)])
    x = alt.X("value", type="quantitative", axis=None, scale=alt.Scale(domain=[0, most]))
    bars = (
        chart(told).mark_bar(height=BAR_HEIGHT, color=setting.theme.strong).encode(y=row_axis(), x=x, tooltip="tip:N")
    )
    return in_rows(rows, setting, bars)


def _rows(report: Json, setting: Setting, indicator: str, time: str | None) -> list[Json]:
    """Give a row for each of the answer's; one whose count is withheld has no value."""
    things = [name for name in report["by"] if name != time]
    rows: list[Json] = []
    for place, item in enumerate(report["rows"]):
        name = " · ".join(_called(report, thing, item) for thing in things)
        value = item[indicator]
        written = _written(indicator, value, setting.language)
        number = value["value"] if isinstance(value, dict) else value
        about = [name] if name else []
        row: Json = {"row": place, "name": name, "series": name, "figures": written}
        if time is not None:
            row["time"] = _span(item[time], time, setting)
            row["month"] = start_of(item[time]) if time == "month" else None
            about.append(month(item[time], setting.language) if time == "month" else row["time"])
        row["tip"] = f"{', '.join(about)}: {written}" if about else written
        if number is not None:
            row["value"] = number / 100 if indicator.endswith("_ore") else number
        rows.append(row)
    return rows


def _span(name: str, time: str, setting: Setting) -> str:
    """Name a span of time as short as an axis asks: 3. kv. 2026."""
    if time != "quarter":
        return name
    year, _, quarter = name.partition("-Q")
    return setting.say((f"{quarter}. kv. {year}", f"Q{quarter} {year}"))


def _called(report: Json, thing: str, item: Json) -> str:
    """Name what a row is about; an effort area is known by its pool too."""
    code = f"{item['pool']}/{item[thing]}" if thing == "effort_area" else item[thing]
    return str(report["names"].get(thing, {}).get(code, item[thing] or NOTHING))


def _written(indicator: str, value: Any, language: Code) -> str:  # noqa: ANN401  a number, or a count of people
    if indicator.endswith("_ore"):
        return short_amount(value, language)
    return percent(value, language) if indicator.endswith("_pct") else count(value, language)


def _time_axis(time: str) -> alt.X:
    if time == "month":
        return month_axis()
    axis = alt.Axis(title=None, labelAngle=0, labelOverlap="greedy", labelSeparation=8, grid=False)
    return alt.X("time", type="ordinal", sort=None, axis=axis)


def _values() -> alt.Y:
    return alt.Y("value", type="quantitative", axis=alt.Axis(title=None), scale=alt.Scale(zero=True))
