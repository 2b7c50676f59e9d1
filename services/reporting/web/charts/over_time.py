"""Charts of a report's months: who came, and what was held."""

from typing import Final

import altair as alt

from services.reporting.terms import Json, Row
from services.reporting.web.charts.setting import (
    LABELLED_MONTHS,
    ROOM_FOR_LABELS,
    WITHHELD_TIP,
    Drawn,
    Setting,
    chart,
    colours,
    month_axis,
    start_of,
    withheld_marks,
)
from services.reporting.web.writing import hidden, month, number
from services.reporting.words import FIGURE_NAMES

HELD: Final = ("Afholdt", "Held")
CANCELLED: Final = ("Aflyst", "Cancelled")
PARTICIPANTS: Final = FIGURE_NAMES["participants"]
NEWCOMERS: Final = ("Heraf nye", "Of them new")
SERIES: Final = {
    "participants": PARTICIPANTS,
    "new_participants": NEWCOMERS,
    "attendances": FIGURE_NAMES["attendances"],
}


def attendance(report: Json, setting: Setting) -> Drawn:
    """Draw attendances month by month; a hidden number is a mark at the foot, never a bar."""
    rows = _people(report, setting, "attendances")
    shown = [row for row in rows if "value" in row]
    bars = (
        chart(shown)
        .mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2)
        .encode(x=month_axis(), y=_amounts(), tooltip="tip:N")
    )
    marks = withheld_marks([row for row in rows if "value" not in row], setting, setting.theme.text)
    return alt.layer(*([bars] if shown else []), *_labels(shown), marks).properties(height=setting.theme.height)


def sessions(report: Json, setting: Setting) -> Drawn:
    """Draw the sessions held and cancelled month by month; the cancelled are an outline."""
    rows: list[Row] = []
    for item in report["months"]:
        for order, (key, series) in enumerate((("sessions", HELD), ("cancelled_sessions", CANCELLED))):
            value = number(item[key], setting.language)
            rows.append(
                {
                    "month": start_of(item["month"]),
                    "value": item[key],
                    "order": order,
                    "series": setting.say(series),
                    "tip": f"{month(item['month'], setting.language)}, {setting.say(series).lower()}: {value}",
                }
            )
    held = alt.datum.series == setting.say(HELD)
    bars = (
        chart(rows)
        .mark_bar(strokeWidth=1.5, stroke=setting.theme.strong)
        .encode(
            x=month_axis(),
            y=_amounts(),
            order="order:O",
            color=colours(setting, (HELD, CANCELLED), (setting.theme.strong, setting.theme.background)),
            strokeDash=alt.condition(held, alt.value([1, 0]), alt.value([4, 3])),
            tooltip="tip:N",
        )
    )
    return alt.layer(bars).properties(height=setting.theme.height)


def participants(report: Json, setting: Setting) -> Drawn:
    """Draw participants and newcomers month by month; a withheld number is a mark at the foot, never a bar.

    Newcomers of no month are told outside the area: they have no marks then, and there is no legend.
    """
    everyone = _people(report, setting, "participants")
    newcomers = _people(report, setting, "new_participants")
    shown = [row for row in everyone if "value" in row]
    theme = setting.theme
    y = _amounts()
    shown_new = [row for row in newcomers if "value" in row]
    # One series alone is named by the chart's title.
    both = (
        colours(setting, (PARTICIPANTS, NEWCOMERS), (theme.second, theme.strong))
        if shown_new
        else alt.value(theme.second)
    )
    wide = chart(shown).mark_bar().encode(x=month_axis(), y=y, color=both, tooltip="tip:N")
    narrow = (
        chart(shown_new)
        .mark_bar(width=alt.RelativeBandSize(band=0.4), stroke=theme.background, strokeWidth=1)
        .encode(x=month_axis(), y=y, color=both, tooltip="tip:N")
    )
    hidden = [row for row in everyone if "value" not in row]
    # Where everybody is withheld, the newcomers are as well: one mark says both.
    months_hidden = {row["month"] for row in hidden}
    only_new = [row for row in newcomers if shown_new and "value" not in row and row["month"] not in months_hidden]
    marks = [withheld_marks(hidden, setting, theme.text), withheld_marks(only_new, setting, theme.background)]
    # A layer of nothing has no extent to draw, and is read aloud as a picture without a name.
    bars = [layer for layer, rows in ((wide, shown), (narrow, shown_new)) if rows]
    return alt.layer(*bars, *_labels(shown), *marks).properties(height=setting.theme.height)


def _people(report: Json, setting: Setting, key: str) -> list[Row]:
    """Give a row per month; one whose count is withheld has no value at all."""
    series = SERIES[key]
    rows: list[Row] = []
    for item in report["months"]:
        place = f"{month(item['month'], setting.language)}, {setting.say(series).lower()}"
        row: Row = {"month": start_of(item["month"]), "series": setting.say(series)}
        if item[key]["suppressed"]:
            tip = hidden(item[key], setting.language) or setting.say(WITHHELD_TIP)
            rows.append({**row, "tip": f"{place}: {tip}"})
        else:
            written = number(item[key]["value"], setting.language)
            rows.append({**row, "value": item[key]["value"], "label": written, "tip": f"{place}: {written}"})
    return rows


def _amounts() -> alt.Y:
    # What is counted stands in the chart's title, and where there are several series in the legend.
    return alt.Y("value", type="quantitative", axis=alt.Axis(title=None, tickMinStep=1))


def _labels(rows: list[Row]) -> list[alt.Chart]:
    """Write each number above its bar, while they are few enough to be read."""
    if not 0 < len(rows) <= LABELLED_MONTHS:
        return []
    text = chart(rows).mark_text(baseline="bottom", dy=-3, opacity=ROOM_FOR_LABELS, fontSize=12)
    return [text.encode(x=month_axis(), y=alt.Y("value", type="quantitative"), text="label:N")]
