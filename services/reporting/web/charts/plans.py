"""Charts of one plan: its milestones in time, and its spending against its budget."""

from typing import Final

import altair as alt

from services.reporting.terms import Json, Row
from services.reporting.web.charts.money import percent_axis
from services.reporting.web.charts.setting import BAR_HEIGHT, MOST_ROWS, Drawn, Setting, chart, in_rows, row_axis
from services.reporting.web.writing import short_amount, short_day
from services.reporting.words import MILESTONE_STATUSES, inside

REACHED: Final = inside(MILESTONE_STATUSES["reached"])
OVERDUE: Final = inside(MILESTONE_STATUSES["overdue"])
PLANNED: Final = inside(MILESTONE_STATUSES["planned"])


def milestones(report: Json, setting: Setting) -> Drawn:
    """Draw each milestone at its due day: reached ones filled, overdue ones a triangle, those to come hollow."""
    listed = report["milestones"]
    if len(listed) > MOST_ROWS:
        # Not all are drawn: those that are still to be reached come first.
        listed = sorted(listed, key=lambda item: item["reached_on"] is not None)
    rows = [_milestone(row, item, setting) for row, item in enumerate(listed)]
    theme = setting.theme
    states = [setting.say(state) for state in (REACHED, OVERDUE, PLANNED)]
    # Room for the marks at both ends.
    x = alt.X(
        "due",
        type="temporal",
        scale=alt.Scale(padding=12),
        axis=alt.Axis(title=None, format="%b %Y", labelOverlap="parity", grid=False),
    )
    colour = alt.Color(
        "state",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=states, range=[theme.strong, theme.warn, theme.muted]),
    )
    shape = alt.Shape(
        "state",
        type="nominal",
        title=None,
        scale=alt.Scale(domain=states, range=["circle", "triangle-up", "diamond"]),
    )
    lines = chart(rows).mark_rule(color=theme.grid).encode(y=row_axis())
    points = (
        chart(rows)
        .mark_point(filled=True, size=140, opacity=1)
        .encode(y=row_axis(), x=x, color=colour, shape=shape, tooltip="figures:N")
    )
    return in_rows(rows, setting, lines, points)


def budget(report: Json, setting: Setting) -> Drawn:
    """Draw how much of each effort area's budget is spent."""
    names = {item["effort_area"]: item["name"] for item in report["effort_areas"]}
    rows: list[Row] = []
    for item in report["budget"]["effort_areas"]:
        if item["budget_ore"] <= 0:
            continue
        spent, planned = (short_amount(item[key], setting.language) for key in ("spent_ore", "budget_ore"))
        rows.append(
            {
                "row": len(rows),
                "name": names.get(item["effort_area"], item["effort_area"]),
                "spent": round(item["spent_ore"] * 100 / item["budget_ore"], 1),
                "whole": 100,
                "over": item["spent_ore"] > item["budget_ore"],
                "figures": setting.say((f"forbrug {spent} af {planned}", f"{spent} spent of {planned}")),
            }
        )
    most = max([100, *(row["spent"] for row in rows)])
    theme = setting.theme
    ground = chart(rows).mark_bar(height=BAR_HEIGHT, color=theme.grid)
    bars = (
        chart(rows)
        .mark_bar(height=BAR_HEIGHT)
        .encode(
            y=row_axis(),
            x=percent_axis("spent", most, setting),
            color=alt.condition("datum.over", alt.value(theme.warn), alt.value(theme.strong)),
            tooltip="figures:N",
        )
    )
    return in_rows(rows, setting, ground.encode(y=row_axis(), x=percent_axis("whole", most, setting)), bars)


def _milestone(row: int, item: Json, setting: Setting) -> Row:
    due = short_day(item["due"], setting.language)
    if item["reached_on"] and not item["overdue"]:
        state, told = REACHED, f"{setting.say(REACHED)} {short_day(item['reached_on'], setting.language)}"
    else:
        state = OVERDUE if item["overdue"] else PLANNED
        told = setting.say(state)
    figures = setting.say((f"frist {due} · {told}", f"due {due} · {told}"))
    return {
        "row": row,
        "name": item["title"],
        "due": f"{item['due']}T00:00:00",
        "state": setting.say(state),
        "figures": figures,
    }
