"""What every chart is drawn with: its language and theme, and the layers that several charts share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import altair as alt

from services.reporting.terms import Row
from services.reporting.web.charts.appearance import Theme
from services.reporting.web.writing import WITHHELD, Code, said
from services.reporting.words import Word

Drawn: TypeAlias = alt.LayerChart | alt.FacetChart

# Numbers above the bars are left out where there is no room for them; the table behind the chart has them all.
ROOM_FOR_LABELS: Final = alt.ExprRef(expr="width > 460 ? 1 : 0")
# A text that is longer would make the whole chart narrower on a phone.
AS_WIDE_AS_THE_CHART: Final = alt.ExprRef(expr="width")
WIDTH_OF_A_PHONE: Final = 320
LABELLED_MONTHS: Final = 14
WITHHELD_TIP: Final = ("tallet er skjult eller ikke udgivet", "the number is hidden or not released")
ROW_HEIGHT: Final = 62
# What a person still looks through, and a browser and the press draw in a moment.
MOST_ROWS: Final = 100
BAR_HEIGHT: Final = 14


@dataclass(frozen=True, slots=True)
class Setting:
    """The language and the theme of one chart."""

    language: Code
    theme: Theme

    def say(self, words: Word) -> str:
        """Give words in the chart's language."""
        return said(words, self.language)


def chart(rows: Sequence[Row]) -> alt.Chart:
    """Begin a chart on rows of its own; of those that each have a line of the chart, the first `MOST_ROWS`."""
    return _on([row for row in rows if row.get("row", 0) < MOST_ROWS])


def _on(rows: Sequence[Row]) -> alt.Chart:
    made: alt.Chart = alt.Chart(alt.InlineData(values=list(rows)))
    return made


def month_axis() -> alt.X:
    """Give the axis of months: a band each, the year under the first month and under each January."""
    named = "[timeFormat(datum.value, '%b'), datum.index === 0 || month(datum.value) === 0 ? year(datum.value) : '']"
    # Where there are too many to name each, the halves of years are; the first one too, where there is room for it.
    halves = "month(datum.value) % 6 === 0 || (width > 460 && datum.index === 0 && month(datum.value) % 6 < 4)"
    label = f"length(domain('x')) <= {LABELLED_MONTHS} || {halves} ? {named} : ''"
    axis = alt.Axis(labelAngle=0, labelExpr=label, labelOverlap="greedy", grid=False, title=None)
    return alt.X("month", type="ordinal", timeUnit="yearmonth", axis=axis)


def start_of(month: str) -> str:
    """Give the moment at which a month begins, on the reader's own clock."""
    return f"{month}-01T00:00:00"


def colours(setting: Setting, names: Sequence[Word], values: Sequence[str]) -> alt.Color:
    """Give the legend of several series, in this order."""
    scale = alt.Scale(domain=[setting.say(name) for name in names], range=list(values))
    return alt.Color("series", type="nominal", scale=scale, title=None)


def withheld_marks(rows: Sequence[Row], setting: Setting, colour: str) -> alt.Chart:
    """Mark the months whose number is withheld: at the foot of the chart, where no number is told."""
    made: alt.Chart = (
        chart([{**row, "mark": WITHHELD} for row in rows])
        .mark_text(baseline="bottom", dy=-4, fontSize=setting.theme.font_size + 7, color=colour)
        .encode(x=month_axis(), y=alt.value(setting.theme.height), text="mark:N", tooltip="tip:N")
    )
    return made


def in_rows(rows: Sequence[Row], setting: Setting, *layers: alt.Chart) -> Drawn:
    """Lay out rows that each have a `name` above their bar and `figures` in words under it.

    Where there are more than are drawn, a last line says so; the table behind the chart has them all.
    """
    told = [*rows[:MOST_ROWS]]
    if (others := len(rows) - MOST_ROWS) > 0:
        told.append({"row": MOST_ROWS, "name": setting.say((f"… og {others} flere", f"… and {others} more"))})
    names = (
        _on(told)
        .mark_text(
            align="left",
            baseline="middle",
            dy=-21,
            fontWeight="bold",
            fontSize=_row_size(setting),
            limit=AS_WIDE_AS_THE_CHART,
        )
        .encode(y=row_axis(), x=alt.value(0), text="name:N")
    )
    figures = (
        _on(told)
        .mark_text(
            align="left",
            baseline="middle",
            dy=20,
            color=setting.theme.muted,
            fontSize=_row_size(setting),
            limit=AS_WIDE_AS_THE_CHART,
        )
        .encode(y=row_axis(), x=alt.value(0), text="figures:N")
    )
    return alt.layer(*layers, names, figures).properties(height=ROW_HEIGHT * max(len(told), 1))


def _row_size(setting: Setting) -> alt.ExprRef:
    """Give the size of the words of a row: on a phone a little less, so that they are not cut off."""
    size = setting.theme.font_size
    return alt.ExprRef(expr=f"width < {WIDTH_OF_A_PHONE} ? {size - 1} : {size}")


def row_axis() -> alt.Y:
    """Give the axis of rows, in the order in which they come, without labels."""
    return alt.Y("row", type="ordinal", sort=None, axis=None)
