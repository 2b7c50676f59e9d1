"""Charts of money: spending against time, the local share against its floor, and where each funder's money stands."""

import json
import math
from typing import Final

import altair as alt

from services.reporting.terms import AMOUNTS, Json, Row
from services.reporting.web.charts.setting import (
    AS_WIDE_AS_THE_CHART,
    BAR_HEIGHT,
    Drawn,
    Setting,
    chart,
    in_rows,
    row_axis,
)
from services.reporting.web.co_funding import floor_share_pct, is_above_floor
from services.reporting.web.writing import percent, short_amount
from services.reporting.words import FIGURE_NAMES, FUNDER_KINDS, word
from shared.law import FLOOR_PERCENT

WHOLE_PERCENT: Final = 100
GAUGE_PERCENT: Final = 50
# How many pixels lie between two bars of one funder at least.
GAP: Final = 4
# The longest bar leaves so many pixels to the right of it for its amount.
ROOM_FOR_AMOUNTS: Final = 100
# How wide a sign of a wide face is on average, in sizes of the face.
EMS: Final = 0.62


def spending(report: Json, setting: Setting) -> Drawn:
    """Draw what each plan has spent of its financing, with a mark where its time has come to."""
    rows: list[Row] = [
        {
            "row": row,
            "name": plan["name"],
            "spent": plan["spent_pct"] or 0,
            "elapsed": plan["elapsed_pct"] or 0,
            "whole": WHOLE_PERCENT,
            "figures": _spending_in_words(plan, setting),
        }
        for row, plan in enumerate(report["plans"])
    ]
    most = max([WHOLE_PERCENT, *(row["spent"] for row in rows)])
    x = percent_axis("spent", most, setting)
    theme = setting.theme
    ground = (
        chart(rows)
        .mark_bar(height=BAR_HEIGHT, color=theme.grid)
        .encode(y=row_axis(), x=percent_axis("whole", most, setting))
    )
    bars = chart(rows).mark_bar(height=BAR_HEIGHT, color=theme.strong).encode(y=row_axis(), x=x, tooltip="figures:N")
    ticks = (
        chart(rows)
        .mark_tick(thickness=3, size=BAR_HEIGHT + 6, color=theme.text)
        .encode(y=row_axis(), x=percent_axis("elapsed", most, setting), tooltip="figures:N")
    )
    return in_rows(rows, setting, ground, bars, ticks)


def co_funding(report: Json, setting: Setting) -> Drawn:
    """Draw what the local funders carry of each plan, beside Landsbyggefonden, against the floor of 25 %."""
    rows: list[Row] = []
    for plan in report["plans"]:
        share = floor_share_pct(plan["funding"])
        if share is None:
            continue
        below = not is_above_floor(plan["funding"])
        verdict = (
            ("under kravet om 25 %", "below the minimum of 25%")
            if below
            else ("kravet om 25 % er opfyldt", "meets the minimum of 25%")
        )
        rows.append(
            {
                "row": len(rows),
                "name": plan["name"],
                "share": share,
                "below": below,
                "figures": f"{percent(share, setting.language)} · {setting.say(verdict)}",
            }
        )
    most = max([GAUGE_PERCENT, *(row["share"] for row in rows)])
    theme = setting.theme
    bars = (
        chart(rows)
        .mark_bar(height=BAR_HEIGHT)
        .encode(
            y=row_axis(),
            x=percent_axis("share", most, setting),
            color=alt.condition("datum.below", alt.value(theme.warn), alt.value(theme.strong)),
            tooltip="figures:N",
        )
    )
    floor = (
        chart([{**row, "floor": FLOOR_PERCENT} for row in rows])
        .mark_tick(thickness=3, size=BAR_HEIGHT + 6, color=theme.text)
        .encode(y=row_axis(), x=percent_axis("floor", most, setting))
    )
    return in_rows(rows, setting, bars, floor)


def funders(report: Json, setting: Setting) -> Drawn:
    """Draw what each kind of funder has committed, released and paid, and what of it is spent.

    The kinds stand over their bars, not beside them: on a phone they would take all the width that bars are long in.
    """
    rows, labels, headings = _funder_rows(report, setting)
    most = max((row["amount_ore"] for row in rows), default=1)
    theme = setting.theme
    longest = max((len(label) for label in labels.values()), default=0)
    # The words are our own; nothing that came with an event is ever part of an expression.
    axis = alt.Axis(
        title=None,
        grid=False,
        # A reader's own face is wider than the one in which the server measures: the longest label has its room.
        minExtent=math.ceil(longest * theme.font_size * EMS),
        labelExpr=f"{json.dumps(labels)}[datum.value] || ''",
    )
    lines = len(labels) + len(headings)
    y = alt.Y("row", type="ordinal", scale=alt.Scale(domain=list(range(lines))), axis=axis)
    room = alt.ExprRef(expr=f"width - {ROOM_FOR_AMOUNTS}")
    x = alt.X("amount_ore", type="quantitative", scale=alt.Scale(domain=[0, most], range=[0, room]), axis=None)
    shades = alt.Scale(domain=list(AMOUNTS), range=[theme.muted, theme.second, theme.strong, theme.third])
    bars = (
        chart(rows)
        .mark_bar(height=min(BAR_HEIGHT, theme.line_height - GAP))
        .encode(y=y, x=x, color=alt.Color("measure", type="nominal", scale=shades, legend=None), tooltip="tip:N")
    )
    texts = chart(rows).mark_text(align="left", dx=6).encode(y=y, x=x, text="label:N")
    names = (
        chart(headings)
        .mark_text(align="left", fontWeight="bold", limit=AS_WIDE_AS_THE_CHART)
        .encode(y=y, x=alt.value(0), text="name:N")
    )
    return alt.layer(bars, texts, names).properties(height=theme.line_height * max(lines, 1))


def _funder_rows(report: Json, setting: Setting) -> tuple[list[Row], dict[int, str], list[Row]]:
    """Give a row for each measure of each kind of funder, the label of its line, and the headings over them."""
    rows: list[Row] = []
    labels: dict[int, str] = {}
    headings: list[Row] = []
    for kind, sums in _by_kind(report).items():
        headings.append({"row": len(labels) + len(headings), "name": setting.say(word(FUNDER_KINDS, kind))})
        for key in AMOUNTS:
            measure, line = setting.say(FIGURE_NAMES[key]), len(labels) + len(headings)
            written = short_amount(sums[key], setting.language)
            rows.append(
                {
                    "row": line,
                    "amount_ore": sums[key],
                    "measure": key,
                    "label": written,
                    "tip": f"{measure}: {written}",
                }
            )
            labels[line] = measure
    return rows, labels, headings


def _by_kind(report: Json) -> Json:
    """Give the financing by kind of funder, of a network, an area or a plan."""
    found: Json = (report.get("funding") or report["totals"]["funding"])["by_funder_kind"]
    return found


def _spending_in_words(plan: Json, setting: Setting) -> str:
    spent, elapsed = (percent(plan[key], setting.language) for key in ("spent_pct", "elapsed_pct"))
    return setting.say((f"forbrug {spent} · tid {elapsed} (streg)", f"spent {spent} · time {elapsed} (line)"))


def percent_axis(name: str, most: float, setting: Setting) -> alt.X:
    """Give the axis of shares, from nothing to the most that there is."""
    sign = setting.say(("\N{NO-BREAK SPACE}%", "%"))
    written = f"datum.label + {json.dumps(sign)}"
    # Each label stands under its own share: pushed inwards, the last would stand beside the one before it.
    axis = alt.Axis(title=None, grid=False, labelExpr=written, tickCount=5, labelFlush=False)
    return alt.X(name, type="quantitative", scale=alt.Scale(domain=[0, most]), axis=axis)
