"""The sections that only a plan's report has: its time and partners, its goals, its budget and its statements."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from services.reporting.terms import Json
from services.reporting.web import goal_words
from services.reporting.web.print import blocks
from services.reporting.web.print.attention import attention
from services.reporting.web.print.blocks import Block, PrintColumn, Speech
from services.reporting.web.print.sections import (
    PLACE_FIGURES,
    charts_of,
    key_figures,
    label,
    money_in_short,
    people_note,
    promiser,
    statement_status,
    unconfirmed,
)
from services.reporting.web.writing import NOTHING, count, day, number, percent, plain_amount, said, short_day
from services.reporting.words import (
    ACTIVITY_STATUSES,
    ATTAINMENTS,
    COST_TYPES,
    MILESTONE_STATUSES,
    PARTNER_ROLES,
    inside,
)


def overview(report: Json, say: Speech) -> Block:
    """Give where the plan stands, the figures that matter, and what needs attention."""
    plan = report["plan"]
    closed = f" {say('Lukket', 'Closed')} {day(plan['closed_on'], say.language)}." if plan["closed_on"] else ""
    stands = say(
        f"Planen løber fra {day(plan['start'], 'da')} til {day(plan['end'], 'da')}. Ved periodens slutning er"
        f" {percent(plan['elapsed_pct'], 'da')} af tiden gået og {percent(plan['spent_pct'], 'da')} af pengene brugt;"
        f" {number(plan['days_left'], 'da')} {'dag' if plan['days_left'] == 1 else 'dage'} er tilbage.",
        f"The plan runs from {day(plan['start'], 'en')} to {day(plan['end'], 'en')}. At the period's end"
        f" {percent(plan['elapsed_pct'], 'en')} of the time is gone and {percent(plan['spent_pct'], 'en')} of the money"
        f" is spent; {number(plan['days_left'], 'en')} {'day is' if plan['days_left'] == 1 else 'days are'} left.",
    )
    return blocks.section(
        say("Overblik", "Overview"),
        blocks.text(stands + closed),
        key_figures(report["totals"], say),
        money_in_short(report["funding"], say),
        attention(report, say),
        people_note(report, say),
        new_page=True,
    )


def goals(report: Json, say: Speech) -> Block:
    """Give the goals with how they were met, and the milestones in time."""
    names, fills = effort_area_names(report), goal_words.fills_itself(report)
    computed: list[PrintColumn] = [(say(*goal_words.VALUE), "prose")] if fills else []
    return blocks.section(
        say("Mål og milepæle", "Goals and milestones"),
        blocks.table(
            say.heading("goals"),
            [
                (say.heading("goal"), "prose"),
                (say.dimension("effort_area"), "prose" if fills else "brief"),
                (say.heading("target"), "numbers"),
                *computed,
                (say.heading("attainment"), "prose"),
            ],
            (
                (
                    goal["title"],
                    names.get(goal["effort_area"], goal["effort_area"]),
                    number(goal["target"], say.language),
                    *([_computed(goal, report, say)] if fills else []),
                    _assessed(goal["assessments"], say),
                )
                for goal in report["goals"]
            ),
        ),
        blocks.note(goal_words.where_from(report, say.language)) if fills else None,
        _milestones(report, say),
        *charts_of(report, ("milestones",), say),
    )


def _milestones(report: Json, say: Speech) -> Block | None:
    return blocks.table(
        say.heading("milestones"),
        [
            (say.heading("milestone"), "prose"),
            (say.heading("due"), "words"),
            (say(*MILESTONE_STATUSES["reached"]), "words"),
        ],
        ((item["title"], short_day(item["due"], say.language), _reached(item, say)) for item in report["milestones"]),
    )


def activities(report: Json, say: Speech) -> Block:
    """Give the plan's activities, what state each is in, and who carries it on."""
    columns: list[PrintColumn] = [
        (say.dimension("activity"), "prose"),
        (say.heading("status"), "words"),
        *((label(name, say), "numbers") for name in PLACE_FIGURES[1:]),
    ]
    return blocks.section(
        say.heading("activities"),
        blocks.table(
            say("Planens aktiviteter", "The plan's activities"),
            columns,
            (
                (
                    row["name"],
                    said(ACTIVITY_STATUSES[row["status"]], say.language),
                    *(count(row[name], say.language) for name in PLACE_FIGURES[1:]),
                )
                for row in report["activities"]
            ),
        ),
        people_note(report, say),
        blocks.table(
            say("Forankring: hvem viderefører", "Anchoring: who carries on"),
            [
                (say.dimension("activity"), "words"),
                (say.heading("organisation"), "words"),
                (say.heading("from"), "words"),
            ],
            (
                (row["name"], row["organisation_name"] or row["organisation"], short_day(row["from"], say.language))
                for row in report["anchoring"]
            ),
        ),
        _partners(report["partners"], say),
    )


def money(report: Json, say: Speech) -> Block:
    """Give the commitments, the budget with its deviations, and what was spent on what."""
    names = effort_area_names(report)
    budget = report["budget"]
    return blocks.section(
        say.heading("money"),
        *charts_of(report, ("spending", "co_funding"), say),
        unconfirmed(report["funding"], say),
        _commitments(report["funding"], say),
        *charts_of(report, ("funders", "budget"), say),
        budget_lines(budget, names, say),
        expenses(report["expenses"], "spent_ore", names, say, budget["spent_ore"]),
    )


def statements(report: Json, say: Speech) -> Block:
    """Give where the annual statement of each year stands."""
    return blocks.section(
        say.heading("statements"),
        blocks.table(
            say("Status pr. år", "Status by year"),
            [
                (say.dimension("year"), "words"),
                (say.heading("status"), "prose"),
                (say.heading("due"), "words"),
                (say.heading("submitted_on"), "words"),
                (say.heading("decided_on"), "words"),
            ],
            (
                (
                    str(row["year"]),
                    statement_status(row, say),
                    *(short_day(row[name], say.language) for name in ("due_on", "submitted_on", "decided_on")),
                )
                for row in report["statements"]
            ),
        ),
    )


def expenses(
    rows: Iterable[Json], amount_name: str, names: Mapping[str, str], say: Speech, total_ore: int | None = None
) -> Block | None:
    """Give what was spent by effort area and cost type, and in all where that is told."""
    told = [
        (
            names.get(row["effort_area"], row["effort_area"]) if row["effort_area"] else _without_budget(say),
            said(COST_TYPES[row["cost_type"]], say.language) if row["cost_type"] else NOTHING,
            plain_amount(row[amount_name], say.language),
        )
        for row in rows
    ]
    if told and total_ore is not None:
        told.append((say.heading("total"), "", plain_amount(total_ore, say.language)))
    return blocks.table(
        say("Udgifter efter indsatsområde og udgiftsart, kr.", "Expenses by effort area and cost type, DKK"),
        [
            (say.dimension("effort_area"), "words"),
            (say.heading("cost_type"), "words"),
            (say.heading("amount"), "numbers"),
        ],
        told,
        has_total=total_ore is not None,
    )


def effort_area_names(report: Json) -> dict[str, str]:
    """Give the names of the effort areas that a report tells of."""
    return {item["effort_area"]: item["name"] for item in report.get("effort_areas", ())}


def _commitments(funding: Json, say: Speech) -> Block | None:
    """Give each commitment and their sums; the sums alone to readers of no accounts, whom a note tells why."""
    titles = ("committed_ore", "released_ore", "received_ore", "spent_ore")
    return blocks.table(
        say("Tilsagn, kr.", "Commitments, DKK"),
        [
            (say.heading("funder"), "words"),
            *((label(name, say), "numbers") for name in titles),
            (say.heading("regulation_account"), "numbers"),
        ],
        [
            *(
                [
                    promiser(row, say),
                    *(plain_amount(row[name], say.language) for name in (*titles, "regulation_account_ore")),
                ]
                for row in funding["commitments"]
            ),
            [say.heading("total"), *(plain_amount(funding[name], say.language) for name in titles), ""],
        ],
        has_total=True,
    )


def budget_lines(budget: Json, names: Json, say: Speech) -> Block | None:
    """Give each line of the budget, year by year, with the sums of each year and of all."""
    amounts = ("budget_ore", "spent_ore", "remaining_ore")
    rows: list[list[str]] = []
    sums = []
    for year, lines in groupby(sorted(budget["lines"], key=itemgetter("year")), key=itemgetter("year")):
        of_year = list(lines)
        for row in of_year:
            name, cost_type = names.get(row["effort_area"], row["effort_area"]), COST_TYPES[row["cost_type"]]
            rows.append([name, said(cost_type, say.language), str(year), *_amounts(row, amounts, say)])
        sums.append(len(rows))
        added = {amount: sum(row[amount] for row in of_year) for amount in amounts}
        rows.append([say.heading("total"), "", str(year), *_amounts(added, amounts, say)])
    if rows:
        rows.append([say.heading("total"), "", "", *_amounts(budget, amounts, say)])
    table = blocks.table(
        say("Budget og forbrug pr. linje, kr.", "Budget and spending by line, DKK"),
        [
            (say.dimension("effort_area"), "words"),
            (say.heading("cost_type"), "words"),
            (say.dimension("year"), "words"),
            (say.heading("budget"), "numbers"),
            (label("spent_ore", say), "numbers"),
            (say.heading("remaining"), "numbers"),
        ],
        rows,
        has_total=True,
    )
    return table and {**table, "sums": sums}


def _amounts(row: Json, names: Sequence[str], say: Speech) -> list[str]:
    return [plain_amount(row[name], say.language) for name in names]


def _partners(partners: Iterable[Json], say: Speech) -> Block | None:
    return blocks.table(
        say.heading("partners"),
        [
            (say.heading("organisation"), "words"),
            (say.heading("role"), "words"),
            (say.heading("from"), "words"),
            (say.heading("until"), "words"),
        ],
        (
            (
                row["name"] or row["organisation"],
                said(PARTNER_ROLES[row["role"]], say.language),
                short_day(row["from"], say.language),
                short_day(row["until"], say.language),
            )
            for row in partners
        ),
    )


def _assessed(assessments: Iterable[Any], say: Speech) -> str:
    return ", ".join(_assessment(row, say) for row in assessments) or NOTHING


def _assessment(row: Json, say: Speech) -> str:
    """Give a year's attainment, with its value and that it was typed, where told: 2025: nået, 41 (indtastet)."""
    attained = f"{row['year']}: {say(*inside(ATTAINMENTS[row['attainment']]))}"
    if row["value"] is None:
        return attained
    return f"{attained}, {number(row['value'], say.language)} ({goal_words.origin('typed', say.language)})"


def _computed(goal: Json, report: Json, say: Speech) -> str:
    """Give what a goal is measured by, and what the figures say of it."""
    if not goal["measure"]:
        return NOTHING
    values = ", ".join(goal_words.values(goal, say.language)) or NOTHING
    return f"{goal_words.measured_by(goal, report, say.language)}: {values}"


def _reached(milestone: Json, say: Speech) -> str:
    """Give the day on which a milestone was reached, or that it is overdue."""
    if milestone["overdue"]:
        return say(*inside(MILESTONE_STATUSES["overdue"]))
    return short_day(milestone["reached_on"], say.language)


def _without_budget(say: Speech) -> str:
    return say("Uden budgetlinje", "Without a budget line")
