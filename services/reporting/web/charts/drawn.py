"""Every chart by its name, drawn with Altair. Loaded when the first chart is wanted, not before."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import altair as alt

from services.reporting.terms import Json
from services.reporting.web.charts import chosen, money, over_time, people, plans, staying, traits
from services.reporting.web.charts.appearance import configuration
from services.reporting.web.charts.setting import Drawn, Setting

Draw: TypeAlias = Callable[[Json, Setting], Drawn]

DRAWN: Final[Mapping[str, Draw]] = {
    "attendance": over_time.attendance,
    "sessions": over_time.sessions,
    "participants": over_time.participants,
    "spending": money.spending,
    "co_funding": money.co_funding,
    "funders": money.funders,
    "change": people.change,
    "effort_areas": people.effort_areas,
    "age_bands": traits.age_bands,
    "retention": staying.retention,
    "milestones": plans.milestones,
    "budget": plans.budget,
}


def specification(name: str, report: Json, setting: Setting, description: str) -> dict[str, Any]:
    """Give a chart's Vega-Lite specification, as wide as its container; Altair checks it against the schema."""
    return _finished(DRAWN[name](report, setting), setting, description)


def of_figures(indicator: str, time: str | None, report: Json, setting: Setting, description: str) -> dict[str, Any]:
    """Give the specification of the chart of figures of one's own choice."""
    return _finished(chosen.figures(report, setting, indicator, time), setting, description)


def _finished(chart: Drawn, setting: Setting, description: str) -> dict[str, Any]:
    drawn = chart.properties(
        width="container",
        description=description,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        config=alt.Config(**configuration(setting.theme, setting.language)),
    )
    made: dict[str, Any] = drawn.to_dict()
    return made
