"""Charts of people: the change of individuals, and what goes on in each effort area."""

from collections.abc import Sequence
from typing import Final

import altair as alt

from services.reporting.terms import Json, Row
from services.reporting.web.charts.setting import BAR_HEIGHT, Drawn, Setting, chart, in_rows, row_axis
from services.reporting.web.writing import count, number
from services.reporting.words import LENSES, RESPONDENTS, WAVES

# A slope goes from one to the other.
ENDS: Final = (WAVES["before"], WAVES["after"])
SLOPES_MORE: Final = 40
# How many points of the scale a line of text is high.
LABEL_POINTS: Final = 7


def change(report: Json, setting: Setting) -> Drawn:
    """Draw each lens from before to after, with the 95 % interval of the change around the end.

    A row whose means are withheld, or that has too few pairs for one, is not drawn.
    """
    told = [item for item in report["change"] if item["mean_change"] is not None]
    ends = _apart([end for item in told for end in _ends(item, setting)])
    lenses = [setting.say(words) for lens, words in LENSES.items() if any(item["lens"] == lens for item in told)]
    x = alt.X(
        "lens",
        type="nominal",
        sort=lenses,
        axis=alt.Axis(title=None, labelAngle=0, grid=False, labelExpr="split(datum.label, ' ')"),
        scale=alt.Scale(paddingInner=0.4, paddingOuter=0.3),
    )
    offset = alt.XOffset(
        "wave", type="nominal", sort=[setting.say(wave) for wave in ENDS], scale=alt.Scale(paddingOuter=0)
    )
    y = alt.Y(
        "score",
        type="quantitative",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(title=setting.say(("Score, 0-100", "Score, 0-100")), values=[0, 25, 50, 75, 100]),
    )
    colour, shape, dash = _by_respondent(ends, setting)
    base = chart(ends).encode(x=x, xOffset=offset, tooltip="tip:N")
    lines = base.mark_line(strokeWidth=2.5).encode(y=y, color=colour, strokeDash=dash, detail="key:N")
    points = base.mark_point(filled=True, size=90, opacity=1).encode(y=y, color=colour, shape=shape)
    after = chart([end for end in ends if "low" in end]).encode(x=x, xOffset=offset)
    intervals = after.mark_rule(strokeWidth=1.5).encode(
        y=alt.Y("low", type="quantitative"), y2="high", color=alt.value(setting.theme.text)
    )
    gains = after.mark_text(align="left", dx=9, fontWeight="bold").encode(
        y=alt.Y("gain_at", type="quantitative"), text="gain:N"
    )
    return alt.layer(lines, intervals, points, gains).properties(height=setting.theme.height + SLOPES_MORE)


def _by_respondent(ends: Sequence[Row], setting: Setting) -> tuple[alt.Color, alt.Shape, alt.StrokeDash]:
    """Give what tells the kinds of respondents apart: colour, shape and dashes, so that colour alone says nothing."""
    theme = setting.theme
    who = [setting.say(words) for words in RESPONDENTS.values()]
    asked = sorted({end["series"] for end in ends}, key=who.index)
    scale = alt.Scale(domain=asked, range=[theme.strong if name == who[0] else theme.third for name in asked])
    # The symbol of a series is its shape; its outline would be dashed as its line is.
    colour = alt.Color("series", type="nominal", scale=scale, title=None, legend=alt.Legend(symbolStrokeWidth=0))
    shape = alt.Shape(
        "series",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=asked, range=["circle" if name == who[0] else "square" for name in asked]),
    )
    dash = alt.StrokeDash(
        "series",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=asked, range=[[1, 0] if name == who[0] else [5, 3] for name in asked]),
    )
    return colour, shape, dash


def effort_areas(report: Json, setting: Setting) -> Drawn:
    """Draw the sessions of each effort area; who came stands in words, where it may be told."""
    rows: list[Row] = [
        {"row": row, "name": item["name"], "value": item["sessions"], "figures": _came(item, setting)}
        for row, item in enumerate(report["effort_areas"])
    ]
    x = alt.X("value", type="quantitative", axis=None)
    bars = (
        chart(rows)
        .mark_bar(height=BAR_HEIGHT, color=setting.theme.strong)
        .encode(y=row_axis(), x=x, tooltip="figures:N")
    )
    return in_rows(rows, setting, bars)


def _came(item: Json, setting: Setting) -> str:
    sessions, people = (count(item[key], setting.language) for key in ("sessions", "participants"))
    return setting.say((f"{sessions} mødegange · {people} deltagere", f"{sessions} sessions · {people} participants"))


def _apart(ends: list[Json]) -> list[Json]:
    """Say where each gain is written: beside its end, and clear of the next one of the same lens."""
    lowest: dict[str, float] = {}
    for end in sorted((end for end in ends if "gain" in end), key=lambda end: float(end["score"])):
        at = max(end["score"], lowest.get(end["lens"], 0))
        end["gain_at"] = at
        lowest[end["lens"]] = at + LABEL_POINTS
    return ends


def change_in_words(item: Json, setting: Setting) -> str:
    """Write a mean change with its interval and its pairs."""
    gain, low, high = (number(item[key], setting.language) for key in ("mean_change", "ci_low", "ci_high"))
    sign = "+" if item["mean_change"] > 0 else ""
    pairs = setting.say((f"{item['pairs']} par", f"{item['pairs']} pairs"))
    to = setting.say(("til", "to"))
    return f"{sign}{gain} ({low} {to} {high}), {pairs}"


def _ends(item: Json, setting: Setting) -> list[Json]:
    """Give the two ends of a slope."""
    tip = f"{setting.say(LENSES[item['lens']])}: {change_in_words(item, setting)}"
    row: Json = {
        "lens": setting.say(LENSES[item["lens"]]),
        "series": setting.say(RESPONDENTS[item["respondent"]]),
        "key": f"{item['lens']} {item['respondent']}",
        "tip": tip,
    }
    gain = number(item["mean_change"], setting.language)
    return [
        {**row, "wave": setting.say(ENDS[0]), "score": item["mean_before"]},
        {
            **row,
            "wave": setting.say(ENDS[1]),
            "score": item["mean_after"],
            "low": item["mean_before"] + item["ci_low"],
            "high": item["mean_before"] + item["ci_high"],
            "gain": f"+{gain}" if item["mean_change"] > 0 else gain,
        },
    ]
