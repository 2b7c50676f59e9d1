"""The sections of the answers of a day on paper: money and deadlines, then what goes on. They compute no figure."""

from collections.abc import Mapping
from typing import Final

from services.reporting.terms import Json
from services.reporting.web.print import blocks
from services.reporting.web.print.attention import attention
from services.reporting.web.print.blocks import Block, PrintColumn, Speech
from services.reporting.web.print.sections import label, statement_status
from services.reporting.web.writing import NOTHING, called, count, number, plain_amount, short_day

INSTALMENT_AMOUNTS: Final = ("planned_ore", "received_ore", "behind_ore")


def urgent(report: Json, say: Speech) -> Block:
    """Give what is stopped or late, and all that needs attention."""
    return blocks.section(
        say("Det haster", "Urgent"),
        _withheld(report, say),
        _statements(report, say),
        attention(report, say),
        new_page=True,
    )


def money(report: Json, say: Speech) -> Block:
    """Give what will be left, what has come of what the budget asks, and what an hour costs."""
    return blocks.section(
        say.heading("money"),
        _plan_ends(report, say),
        blocks.note(
            say(
                "Tilbage til sidst, hvis forbruget fortsætter som i de seneste tolv måneder, med 95 %-intervallet, hvis"
                " månederne svinger som hidtil. Et negativt beløb mangler.",
                "Left at the end if spending goes on as in the last twelve months, with the 95% interval if months vary"
                " as before. A negative amount is missing.",
            )
        )
        if report["plan_ends"]
        else None,
        _hour_costs(report, say),
        _instalments(report, say),
        blocks.note(
            say(
                "Mangler i alt er raterne efter budgettet minus det modtagne, lagt sammen fra planens begyndelse til"
                " årets udgang. Et negativt beløb er modtaget før tid.",
                "Behind in all is the instalments by the budget less what was received, added up from the plan's"
                " beginning to the year's end. A negative amount was received ahead of time.",
            )
        )
        if report["instalments"]
        else None,
    )


def work(report: Json, say: Speech) -> Block:
    """Give the mentor companies, the sessions that were cancelled, and who carries on after plans that end soon."""
    names, areas = report["names"], _names(report, "areas", "area")
    activity: PrintColumn = (say.dimension("activity"), "words")
    return blocks.section(
        say.heading("activities"),
        _mentors(report, areas, say),
        blocks.table(
            say("Aflyste mødegange i de seneste 13 uger", "Sessions cancelled in the last 13 weeks"),
            [
                (say.heading("date"), "words"),
                activity,
                (say.dimension("area"), "words"),
                (say("Begrundelse", "Reason"), "prose"),
            ],
            (
                (
                    short_day(row["date"], say.language),
                    called(names, "activities", row["activity"]),
                    areas.get(row["area"], row["area"]),
                    row["reason"] or NOTHING,
                )
                for row in report["cancelled"]
            ),
        ),
        _endings(report, areas, say),
    )


def _mentors(report: Json, areas: Mapping[str, str], say: Speech) -> Block | None:
    return blocks.table(
        say("Dækning med mentorvirksomheder", "Mentor coverage"),
        [
            (say.dimension("activity"), "words"),
            (say.dimension("area"), "words"),
            (label("micro_businesses", say), "numbers"),
            (label("mentor_companies", say), "prose"),
        ],
        (
            (
                called(report["names"], "activities", row["activity"]),
                areas.get(row["area"], row["area"]),
                number(row["micro_businesses"], say.language),
                ", ".join(row["mentors"]) or _left(row["last_left_on"], say),
            )
            for row in report["mentors"]
        ),
    )


def _withheld(report: Json, say: Speech) -> Block | None:
    plans = _names(report, "plans", "plan")
    return blocks.table(
        say("Tilbageholdte udbetalinger, kr.", "Payouts withheld, DKK"),
        [
            (say.heading("funder"), "words"),
            (say.dimension("plan"), "words"),
            (say.heading("since"), "words"),
            (say("Begrundelse", "Reason"), "prose"),
            (say("Ikke udbetalt", "Not paid"), "numbers"),
        ],
        (
            (
                called(report["names"], "funders", row["commitment"]),
                plans.get(row["plan"], row["plan"]),
                short_day(row["since"], say.language),
                row["reason"] or NOTHING,
                plain_amount(row["outstanding_ore"], say.language),
            )
            for row in report["withheld"]
        ),
    )


def _statements(report: Json, say: Speech) -> Block | None:
    plans = _names(report, "plans", "plan")
    days = ("due_on", "submitted_on", "decided_on")
    return blocks.table(
        say.heading("statements"),
        [
            (say.dimension("plan"), "words"),
            (say.dimension("year"), "words"),
            (say.heading("status"), "prose"),
            *((say.heading(name), "words") for name in ("due", "submitted_on", "decided_on")),
        ],
        (
            (
                plans.get(row["plan"], row["plan"]),
                str(row["year"]),
                statement_status(row, say),
                *(short_day(row[name], say.language) for name in days),
            )
            for row in report["statements"]
        ),
    )


def _plan_ends(report: Json, say: Speech) -> Block | None:
    plans = _names(report, "plans", "plan")
    return blocks.table(
        say("Ved planens slutning, kr.", "At the plan's end, DKK"),
        [
            (say.dimension("plan"), "words"),
            (say("Slutter", "End"), "words"),
            (label("spent_ore", say), "numbers"),
            (say("Pr. måned", "A month"), "numbers"),
            (say("Tilbage", "Left"), "numbers"),
            (say("Mindst", "At least"), "numbers"),
            (say("Højst", "At most"), "numbers"),
        ],
        (
            (
                plans.get(row["plan"], row["plan"]),
                short_day(row["end"], say.language),
                *(
                    number(row[name] / 100, say.language, 0) if row[name] is not None else NOTHING
                    for name in ("spent_ore", "pace_ore", "left_ore", "low_ore", "high_ore")
                ),
            )
            for row in report["plan_ends"]
        ),
    )


def _hour_costs(report: Json, say: Speech) -> Block | None:
    plans = _names(report, "plans", "plan")
    return blocks.table(
        say("Pris pr. deltagertime, kr.", "Cost per participant hour, DKK"),
        [
            (say.dimension("plan"), "words"),
            (say.heading("period"), "words"),
            (label("spent_ore", say), "numbers"),
            (label("participant_hours", say), "numbers"),
            (say("Pr. time", "An hour"), "numbers"),
        ],
        (
            (
                plans.get(row["plan"], row["plan"]),
                _days(row["period"], say),
                number(row["spent_ore"] / 100, say.language, 0),
                count(row["participant_hours"], say.language),
                plain_amount(row["cost_ore"], say.language),
            )
            for row in report["hour_costs"]
        ),
    )


def _instalments(report: Json, say: Speech) -> Block | None:
    plans = _names(report, "plans", "plan")
    return blocks.table(
        say("Rater efter budgettet og modtaget, kr.", "Instalments by the budget, and received, DKK"),
        [
            (say.dimension("plan"), "words"),
            (say.heading("funder"), "words"),
            (say.dimension("year"), "words"),
            (say("Efter budgettet", "By the budget"), "numbers"),
            (label("received_ore", say), "numbers"),
            (say("Mangler i alt", "Behind in all"), "numbers"),
        ],
        (
            (
                plans.get(row["plan"], row["plan"]),
                called(report["names"], "funders", row["commitment"]),
                str(row["year"]),
                *(number(row[name] / 100, say.language, 0) for name in INSTALMENT_AMOUNTS),
            )
            for row in report["instalments"]
        ),
    )


def _endings(report: Json, areas: Mapping[str, str], say: Speech) -> Block | None:
    plans = _names(report, "plans", "plan")
    return blocks.table(
        say(
            "Planer, der slutter inden for 18 måneder: hvem viderefører",
            "Plans that end within 18 months: who carries on",
        ),
        [
            (say.dimension("activity"), "words"),
            (say.dimension("area"), "words"),
            (say.dimension("plan"), "words"),
            (say("Videreføres af", "Carried on by"), "prose"),
        ],
        (
            (
                called(report["names"], "activities", row["activity"]),
                areas.get(row["area"], row["area"]),
                f"{plans.get(row['plan'], row['plan'])}, {short_day(row['end'], say.language)}",
                row["organisation"] or say("ingen endnu", "nobody yet"),
            )
            for row in report["endings"]
        ),
    )


def _left(day: str | None, say: Speech) -> str:
    if day is None:
        return say("ingen", "none")
    told = short_day(day, say.language)
    return say(f"ingen, den seneste stoppede {told}", f"none, the last one left on {told}")


def _days(period: Json, say: Speech) -> str:
    first_day, last_day = (short_day(period[name], say.language) for name in ("from", "to"))
    return f"{first_day} {NOTHING} {last_day}"


def _names(report: Json, part: str, code: str) -> dict[str, str]:
    return {row[code]: row["name"] for row in report[part]}
