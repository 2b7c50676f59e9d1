"""Which rule stands behind a figure that no list of events adds up to, or that its reader has from a release. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.reporting import periods
from services.reporting.ground.made_of import MADE
from services.reporting.ground.rules import ALL_NAMES, FIGURES, OF_PEOPLE, SCOPES
from services.reporting.terms import Json
from services.reporting.web.ground_questions import AskedOfGround

# By where a figure stands in its report; of all others the name is that of the figure.
BY_PLACE: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), figure)
    for pattern, figure in (
        (r"plan_ends\.\d+\.\w+", "forecast_ore"),
        (r"instalments\.\d+\.(planned|behind)_ore", "instalment_ore"),
        (r"(sums\.)?deviations\..*", "deviation_ore"),
        (r"instalments\.\d+\.amount_ore", "receipt_ore"),
        (r"vouchers\.\d+\.amount_ore", "voucher_ore"),
        (r"sums\.carried_(in|out)\.amount_ore", "carried_ore"),
        (r"local_share(_to_date)?_pct", "carried_share_pct"),
        (r"(.*\.)?milestones\.\w+", "milestones"),
        (r"plans\.\d+\.anchored", "activities_anchored"),
        (r"plan\.days_left", "elapsed_pct"),
        (r"(.*\.)?goals\.\d+\..*", "goal_value"),
        (r"(.*\.)?context\..*", "context"),
        (r"retention\.\d+\.(seen_again|years\.\d+\.seen)", "cohort"),
        (r"(.*\.)?(age_bands|genders|traits)\..*participants", "trait"),
        (r"(retention|alumni|.*age_bands|.*genders|.*traits)\..*share_pct", "share_of_people"),
        (r"alumni\.months\.\d+\.(followed_up|statuses\.\d+\.people)", "followed_up"),
        (r"change\.\d+\.\w+", "mean_change"),
        (r"(.*\.)?(changes|versions)\..*", "budget_change_ore"),
    )
)
# Of these the days begin with the period; of all other amounts they only end.
OF_DAYS: Final = frozenset({"cost_ore", "cohort", "mean_change", "trait", "share_of_people"})
# What was held is no figure about people, and is told live.
HELD: Final = frozenset({"sessions", "cancelled_sessions"})
COUNTED: Final = frozenset({"cohort", "mean_change", "trait", "share_of_people", "change"})


def of_rule(path: str, report: Json) -> AskedOfGround | None:
    """Give what is asked for behind a figure by its path in a report's JSON; None where there is no rule of it."""
    figure = next((figure for pattern, figure in BY_PLACE if pattern.fullmatch(path)), path.rpartition(".")[2])
    if figure not in MADE and figure not in FIGURES:
        return None
    days = _days(path, report)
    if figure not in OF_DAYS:
        days.pop("from", None)
    people = report.get("people", {})
    is_of_people = figure in COUNTED or (figure in FIGURES and FIGURES[figure][0] in OF_PEOPLE and figure not in HELD)
    how: AskedOfGround = {}
    if is_of_people and people.get("told_from") == "release":
        how = {"release": str(people["release"])}
    elif figure in FIGURES:
        # The visitor does not read its events here, or they come to something else.
        how = {"events": "false"}
    return {"figure": figure, **days, **named_in(path, report, "rule"), **how}


def named_in(path: str, report: Json, figure: str) -> AskedOfGround:
    """Give of what a figure is, by the rows in which it stands, as far as it can be asked so; of a cohort, its days."""
    names = SCOPES[FIGURES[figure][0]] if figure in FIGURES else ALL_NAMES
    of: AskedOfGround = {}
    for row in _rows(path, report):
        of.update({name: str(row[name]) for name in names if isinstance(row.get(name), str | int)})
        if "cohort" in row and (year := periods.named(row["cohort"])) is not None:
            of.update({"from": year.first_day.isoformat(), "to": year.last_day.isoformat()})
    return of


def _rows(path: str, report: Json) -> Iterator[Mapping[str, Any]]:
    """Give what the figure is of, from the report itself to its row."""
    for name in ("area", "plan"):
        if isinstance(report.get(name), Mapping):
            yield report[name]
    found: Any = report
    for step in path.split(".")[:-1]:
        found = found[int(step)] if isinstance(found, list) else found[step]
        if isinstance(found, Mapping):
            yield found


def _days(path: str, report: Json) -> dict[str, str]:
    """Give the days that a figure is of: those of its row, or of the report."""
    if "year" in report:
        return {"to": f"{report['year']}-12-31"}
    days: Mapping[str, Any] = report.get("period") or {}
    for row in _rows(path, report):
        if isinstance(row.get("period"), Mapping):
            days = row["period"]
        if isinstance(row.get("until"), str):
            days = {"to": row["until"]}
    return {name: days[name] for name in ("from", "to") if days.get(name)}
