"""Says in words what a published report tells otherwise now: where, which figure, what it was and is. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting import words as catalogue
from services.reporting.terms import Json
from services.reporting.web.language import marked
from services.reporting.web.wording import Names, Wording
from services.reporting.web.writing import NOTHING
from shared.context_figures import CONTEXT_FIGURES

OF_PERSONS: Final = frozenset(item.code for item in CONTEXT_FIGURES.values() if item.unit == "persons")
# The heading of where a figure stands, for the parts of a report that are not lists of named things.
PARTS: Final = {"totals": "total", "alumni": "alumni", "previous": "previous"}
# Parts that tell the same figures again, or none: what is withheld, and the texts of the notes.
TOLD_ELSEWHERE: Final = frozenset({"notes", "disclosure", "people", "crosswalk", "period", "practices"})
# Steps on the way to a figure that say nothing to a reader.
SILENT: Final = frozenset(
    {"value", "totals", "funding", "by_funder_kind", "people", "seen", "statuses", "months", "assessments", "figures"}
)
# Steps that are neither a figure nor a code, each with the heading that names it.
HEADING_OF: Final = {
    "balance_ore": "balance",
    "baseline": "baseline",
    "before": "year_before",
    "ci_high": "ci_high",
    "ci_low": "ci_low",
    "elapsed_pct": "elapsed_pct",
    "followed_up": "followed_up",
    "left": "left",
    "mean_after": "mean_after",
    "mean_before": "mean_before",
    "mean_change": "mean_change",
    "milestones": "milestones",
    "pairs": "pairs",
    "regulation_accounts": "regulation_account",
    "seen_again": "seen_again",
    "share_pct": "share",
    "spent_pct": "spent_pct",
    "target": "target",
    "years": "years_later",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that has changed: where it stands, its name, and both values as they are written."""

    place: str
    figure: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different: figures, those of single months apart, and sentences about practices."""

    figures: Sequence[Change]
    months: Sequence[Change]
    sentences: Sequence[str]


def changes(changed: Sequence[Json], report: Json, areas: Names, words: Wording) -> Changes:
    """Say what has changed; `report` is the present one, which names what the figures are about."""
    names = _names(report, areas, words)
    withheld = {
        row["figure"].removesuffix("/suppressed"): row for row in changed if row["figure"].endswith("/suppressed")
    }
    figures: list[Change] = []
    months: list[Change] = []
    for row in changed:
        part, *steps = row["figure"].strip("/").split("/")
        if part in TOLD_ELSEWHERE or not _is_figure(row):
            continue
        place = words.heading(PARTS[part]) if part in PARTS else names.get(part, {}).get(steps[0], steps[0])
        rest = steps if part in PARTS else steps[1:]
        hidden = withheld.get(row["figure"].removesuffix("/value"), {})
        then, now = (_written(row, when, hidden, part, words) for when in ("then", "now"))
        told = Change(place, _figure(rest, part, names, words), then, now)
        (months if part == "months" else figures).append(told)
    # The whole first, then its parts as they come.
    figures.sort(key=lambda change: change.place != words.heading(PARTS["totals"]))
    return Changes(figures, months, list(_practices(changed, report, words)))


def _is_figure(row: Json) -> bool:
    values = (row["then"], row["now"])
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    return len(numbers) + values.count(None) == len(values) and bool(numbers)


def _written(row: Json, when: str, hidden: Json, part: str, words: Wording) -> str:
    if hidden.get(when):
        return words.heading("withheld").lower()
    name = row["figure"].removesuffix("/value").rpartition("/")[2]
    # What others measured of areas are shares, but for counts of persons.
    is_share = part == "context" and not OF_PERSONS.intersection(row["figure"].replace("/", " ").split())
    return words.written("share_pct" if is_share else name, row[when])


def _figure(steps: Sequence[str], part: str, names: Mapping[str, Names], words: Wording) -> str:
    told = [_step(step, names, words) for step in steps if step not in SILENT]
    return " · ".join(told) or (words.say(marked("Tallet")) if part == "context" else NOTHING)


def _step(step: str, names: Mapping[str, Names], words: Wording) -> str:
    # A plan counts its anchored activities under a name of its own.
    indicator = "activities_anchored" if step == "anchored" else step
    if words.has_indicator(indicator):
        return words.indicator(indicator)
    if step in HEADING_OF:
        return words.heading(HEADING_OF[step])
    if step in catalogue.MILESTONE_STATUSES:
        return words.milestone(step)
    if step in catalogue.FUNDER_KINDS:
        return words.funder(step)
    if step in catalogue.FOLLOW_UPS:
        return words.follow_up(step)
    return names["funders"].get(step, step)


def _names(report: Json, areas: Names, words: Wording) -> Mapping[str, Names]:
    """Name the rows of a report's lists as the ways to their figures do."""
    goals = {f"{row['effort_area']} {row['plan']} {row['goal']}": row["title"] for row in report.get("goals", ())}
    return {
        "areas": areas,
        "plans": {row["plan"]: row["name"] for row in report["plans"]},
        "effort_areas": {f"{row['pool']} {row['effort_area']}": row["name"] for row in report["effort_areas"]},
        "months": {row["month"]: words.month(row["month"]) for row in report["months"]},
        "goals": goals,
        "change": {
            f"{lens} {who}": f"{words.lens(lens)}, {words.respondent(who)}"
            for lens in catalogue.LENSES
            for who in catalogue.RESPONDENTS
        },
        "context": {
            f"{area} {indicator}": f"{name}, {words.context(indicator)}"
            for area, name in areas.items()
            for indicator in catalogue.CONTEXT
        },
        "funders": report.get("names", {}).get("funders", {}),
    }


def _practices(changed: Sequence[Json], report: Json, words: Wording) -> Iterator[str]:
    """Say which practices came, went or are told otherwise, each once."""
    names = {f"{row['area']} {row['activity']}": row["name"] or row["activity"] for row in report["practices"]}
    rows: dict[str, list[Json]] = {}
    for row in changed:
        part, *steps = row["figure"].strip("/").split("/")
        if part == "practices":
            rows.setdefault(steps[0], []).append(row)
    for key, found in rows.items():
        name = names.get(key, key.partition(" ")[2])
        of_activity = next((row for row in found if row["figure"].endswith("/activity")), None)
        if of_activity is None:
            yield words.say(marked("Praksissen „%(name)s“ er fortalt anderledes eller overtaget af flere."), name=name)
        elif of_activity["then"] is None:
            yield words.say(marked("Praksissen „%(name)s“ er kommet til."), name=name)
        else:
            yield words.say(marked("Praksissen „%(name)s“ er faldet bort."), name=name)
