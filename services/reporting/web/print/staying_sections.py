"""The section of who stays. It computes no figure."""

from services.reporting.terms import Json
from services.reporting.web.print import blocks, sections
from services.reporting.web.print.blocks import Block, PrintColumn, Speech
from services.reporting.web.writing import count, number, percent, said
from services.reporting.words import FOLLOW_UPS


def staying(report: Json, say: Speech) -> Block:
    """Give who of each cohort came again, and where former participants are."""
    return blocks.section(
        say.heading("retention"),
        *sections.charts_of(report, ("retention",), say),
        _cohorts(report, say),
        _former(report, say),
        sections.people_note(report, say),
    )


def _cohorts(report: Json, say: Speech) -> Block | None:
    later = max((len(row["years"]) for row in report["retention"]), default=0)
    columns: list[PrintColumn] = [
        (say.heading("cohort"), "words"),
        (sections.label("new_participants", say), "numbers"),
        (say.heading("seen_again"), "numbers"),
        *((_years_later(years, say), "numbers") for years in range(1, later + 1)),
    ]
    rows = (
        [
            row["cohort"],
            count(row["new_participants"], say.language),
            count(row["seen_again"], say.language) if row["seen_again"] else "",
            *(_with_share(each["seen"], each["share_pct"], say) for each in row["years"]),
            *[""] * (later - len(row["years"])),
        ]
        for row in report["retention"]
    )
    return blocks.table(
        say("Hvor mange af hver årgang der kom igen", "How many of each cohort came again"), columns, rows
    )


def _former(report: Json, say: Speech) -> Block | None:
    columns: list[PrintColumn] = [
        (say.heading("months_after"), "words"),
        (say.heading("followed_up"), "numbers"),
        *((said(words, say.language), "numbers") for words in FOLLOW_UPS.values()),
    ]
    rows = (
        [
            number(row["months_after"], say.language),
            count(row["followed_up"], say.language),
            *(_with_share(each["people"], each["share_pct"], say) for each in row["statuses"]),
        ]
        for row in report["alumni"]["months"]
    )
    return blocks.table(say("Hvor tidligere deltagere er", "Where former participants are"), columns, rows)


def _years_later(years: int, say: Speech) -> str:
    return say(f"{years} år efter", f"{years} year later" if years == 1 else f"{years} years later")


def _with_share(people: Json, share: float | None, say: Speech) -> str:
    told = count(people, say.language)
    return told if share is None else f"{told} ({percent(share, say.language)})"
