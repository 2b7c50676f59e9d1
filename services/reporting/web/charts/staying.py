"""The chart of who stays: a field for each cohort and school year, the stronger the more of the cohort came again."""

import json
from typing import Final

import altair as alt

from services.reporting.terms import Json, Row
from services.reporting.web.charts.setting import Drawn, Setting, chart
from services.reporting.web.writing import WITHHELD, hidden, number, percent
from services.reporting.words import HEADINGS

LINE: Final = "\n"
# A field as narrow as on a small phone has room for the number of people alone; the table behind the chart has shares.
FIELD_WITH_SHARE_WIDTH: Final = 58
# Text stands on the field: the strongest must leave it readable.
STRONGEST: Final = 0.35


def retention(report: Json, setting: Setting) -> Drawn:
    """Draw each cohort as a row, from its first school year on. What is withheld is a mark on an empty field."""
    rows = [field for cohort in report["retention"] for field in _fields(cohort, setting)]
    columns = list(dict.fromkeys(field["column"] for field in sorted(rows, key=lambda field: int(field["years"]))))
    # On a phone there is room for "1 år", not for "1 år efter". The words are our own.
    short = {_column(field["years"], setting): _short_column(field["years"], setting) for field in rows}
    heading = f"width > 360 ? datum.label : {json.dumps(short)}[datum.label]"
    axis = alt.Axis(title=None, labelAngle=0, orient="top", grid=False, labelExpr=heading)
    x = alt.X("column", type="nominal", sort=columns, axis=axis)
    y = alt.Y("cohort", type="nominal", sort=None, axis=alt.Axis(title=setting.say(HEADINGS["cohort"])))
    base = chart(rows).encode(x=x, y=y, tooltip="tip:N")
    fields = base.mark_rect(stroke=setting.theme.muted, fill=setting.theme.strong, cornerRadius=3).encode(
        fillOpacity=alt.FillOpacity("strength", type="quantitative", scale=None)
    )
    has_room = f"width >= {FIELD_WITH_SHARE_WIDTH * max(len(columns), 1)}"
    # A text of two lines hangs from the middle of its first.
    rise = alt.ExprRef(expr=f"indexof(datum.text, '\\n') < 0 || !({has_room}) ? 0 : -8")
    text = alt.ExprRef(expr=f"{has_room} ? datum.text : datum.people")
    texts = base.mark_text(fontWeight="bold", lineBreak=LINE, dy=rise, text=text)
    return alt.layer(fields, texts).properties(height=setting.theme.field_height * max(len(report["retention"]), 1))


def _fields(cohort: Json, setting: Setting) -> list[Row]:
    """Give the fields of a cohort: its size, and those seen again so many school years later."""
    told: list[tuple[int, str, Json, float | None]] = [
        (0, cohort["cohort"], cohort["new_participants"], 100 if cohort["new_participants"]["value"] else None),
        *((each["years_later"], each["school_year"], each["seen"], each["share_pct"]) for each in cohort["years"]),
    ]
    return [
        {
            "cohort": cohort["cohort"],
            "years": years,
            "column": _column(years, setting),
            "strength": STRONGEST * (share or 0) / 100,
            **_text(year, seen, share if years else None, setting),
        }
        for years, year, seen, share in told
    ]


def _column(years: int, setting: Setting) -> str:
    if years == 0:
        return setting.say(("Nye", "New"))
    return setting.say((f"{years} år efter", f"{years} year{'s' if years > 1 else ''} later"))


def _short_column(years: int, setting: Setting) -> str:
    return setting.say((f"{years} år", f"{years} y.")) if years else _column(years, setting)


def _text(year: str, seen: Json, share: float | None, setting: Setting) -> Row:
    if seen["suppressed"]:
        said = hidden(seen, setting.language) or setting.say(("skjult", "hidden"))
        return {"text": WITHHELD, "people": WITHHELD, "tip": f"{year}: {said}"}
    people = number(seen["value"], setting.language)
    told = [people] if share is None else [people, percent(share, setting.language)]
    return {"text": LINE.join(told), "people": people, "tip": f"{year}: {' · '.join(told)}"}
