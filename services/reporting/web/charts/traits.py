"""The chart of who takes part: a bar for each age band, the youngest first."""

from typing import Final

import altair as alt

from services.reporting.terms import Json, Row
from services.reporting.web.charts.setting import BAR_HEIGHT, WITHHELD_TIP, Drawn, Setting, chart
from services.reporting.web.writing import WITHHELD, hidden, number
from services.reporting.words import AGE_BANDS, Word, word

YEARS: Final[Word] = ("Alder (år)", "Age (years)")
LINE_HEIGHT: Final = 24


def age_bands(report: Json, setting: Setting) -> Drawn:
    """Draw the participants of each age band; a hidden number is a mark, never a bar."""
    rows = [_row(item, setting) for item in report["age_bands"]]
    bands = [row["band"] for row in rows]
    axis = alt.Axis(title=setting.say(YEARS), grid=False)
    y = alt.Y("band", type="nominal", sort=bands, axis=axis, scale=alt.Scale(domain=bands))
    x = alt.X("value", type="quantitative", axis=None)
    shown = chart([row for row in rows if "value" in row]).encode(x=x, y=y, tooltip="tip:N")
    bars = shown.mark_bar(height=BAR_HEIGHT, cornerRadiusEnd=2, color=setting.theme.strong)
    labels = shown.mark_text(align="left", dx=5, fontSize=12).encode(text="label:N")
    marks = (
        chart([row for row in rows if "value" not in row])
        .mark_text(align="left", fontSize=setting.theme.font_size + 7, color=setting.theme.text)
        .encode(x=alt.value(2), y=y, text="mark:N", tooltip="tip:N")
    )
    return alt.layer(bars, labels, marks).properties(height=LINE_HEIGHT * len(rows))


def _row(item: Json, setting: Setting) -> Row:
    """Give the row of an age band; one whose count is hidden has no value at all."""
    people, name = item["participants"], setting.say(word(AGE_BANDS, item["age_band"]))
    if people["suppressed"]:
        told = hidden(people, setting.language) or setting.say(WITHHELD_TIP)
        return {"band": item["age_band"], "mark": WITHHELD, "tip": f"{name}: {told}"}
    written = number(people["value"], setting.language)
    return {"band": item["age_band"], "value": people["value"], "label": written, "tip": f"{name}: {written}"}
