"""The sections of a document that are beside the figures: milestones and anchoring, and stories. No figure."""

from collections.abc import Iterable, Mapping
from typing import Final

from services.reporting.reports.beside import BesideFigures
from services.reporting.terms import Json, Row
from services.reporting.web.print import blocks
from services.reporting.web.print.blocks import MOST_ROWS, Block, PrintColumn, Speech
from services.reporting.web.writing import NOTHING, day, number, short_day
from services.reporting.words import MILESTONE_STATUSES

COLUMNS_OF_ANCHORING: Final = ("organisation", "from")


def ahead(beside: BesideFigures, report: Json, say: Speech) -> Block | None:
    """Give the milestones of the plans, and who carries their activities on."""
    if not beside.milestones and not beside.anchoring:
        return None
    return blocks.section(
        say("Milepæle og forankring", "Milestones and anchoring"),
        *_milestones(beside, say),
        *_anchoring(beside, _area_names(report), say),
    )


def _milestones(beside: BesideFigures, say: Speech) -> Iterable[Block]:
    columns: list[PrintColumn] = [
        (say.heading("milestone"), "prose"),
        (say.dimension("plan"), "words"),
        (say.heading("due"), "words"),
        (say.heading("status"), "words"),
    ]
    rows: list[tuple[str, ...]] = [
        (
            row["title"],
            row["plan_name"] or row["plan"],
            short_day(row["due_on"].isoformat(), say.language),
            _status(row, say),
        )
        for row in beside.milestones
    ]
    title = say(
        "Milepæle: nået i perioden, overskredet eller med frist det kommende år",
        "Milestones: reached in the period, overdue, or due within a year",
    )
    return _listed(title, columns, rows, say)


def _anchoring(beside: BesideFigures, names: Mapping[str, str], say: Speech) -> Iterable[Block]:
    columns: list[PrintColumn] = [
        (say.dimension("activity"), "words"),
        (say.dimension("area"), "words"),
        *((say.heading(name), "words") for name in COLUMNS_OF_ANCHORING),
    ]
    rows: list[tuple[str, ...]] = [
        (
            row["name"] or row["activity"],
            names.get(row["area"], row["area"]),
            row["organisation"],
            short_day(row["anchored_from"].isoformat(), say.language) if row["anchored_from"] else NOTHING,
        )
        for row in beside.anchoring
    ]
    return _listed(say("Forankring: hvem viderefører", "Anchoring: who carries on"), columns, rows, say)


def stories(beside: BesideFigures, report: Json, say: Speech) -> Block | None:
    """Give the stories that were told in the period, with consent, the newest first."""
    if not beside.stories:
        return None
    names = _area_names(report)
    return blocks.section(
        say("Gode historier", "Good stories"),
        blocks.note(
            say(
                "Fortalt med samtykke i perioden. En historie, der trækkes tilbage, forsvinder: så må papiret ikke"
                " deles længere.",
                "Told with consent in the period. A story that is withdrawn disappears: then this paper must not be"
                " passed on any more.",
            )
        ),
        blocks.entries(
            (
                row["title"],
                _about(row, names, say),
                row["text"],
            )
            for row in beside.stories
        ),
        blocks.note(say("Siden Inspiration har de øvrige historier.", "The page Inspiration has the other stories."))
        if beside.has_more_stories
        else None,
    )


def _listed(caption: str, columns: list[PrintColumn], rows: list[tuple[str, ...]], say: Speech) -> Iterable[Block]:
    """Give a table of at most so many rows, and say how many there are beside them: no workbook has them."""
    table = blocks.table(caption, columns, rows[:MOST_ROWS])
    if table is not None:
        yield table
    if (more := len(rows) - MOST_ROWS) > 0:
        told = number(more, say.language)
        yield blocks.note(say(f"{told} flere står på planernes sider.", f"{told} more are on the pages of the plans."))


def _about(story: Row, names: Mapping[str, str], say: Speech) -> str:
    """Say where a story is from: its area and activity, its day, and where it was printed first."""
    source, activity = story["published_in"], story["activity_name"]
    told = [
        names.get(story["area"], story["area"]),
        *([activity] if activity else []),
        day(story["told_on"].isoformat(), say.language),
        *([say(f"Kilde: {source}", f"Source: {source}")] if source else []),
    ]
    return " · ".join(told)


def _status(row: Row, say: Speech) -> str:
    """Say when a milestone was reached, that it is overdue, or that it is to come."""
    if row["reached_on"]:
        told = say(*MILESTONE_STATUSES["reached"])
        return f"{told} {short_day(row['reached_on'].isoformat(), say.language)}"
    return say(*MILESTONE_STATUSES["overdue" if row["is_overdue"] else "planned"])


def _area_names(report: Json) -> dict[str, str]:
    return {area["area"]: area["name"] for area in report["areas"]}
