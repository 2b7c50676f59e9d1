"""The sections of a plan's annual statement: what came, what was spent on what, and every voucher."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from services.reporting.reports.statement_sums import CARRIED_IN, CARRIED_OUT
from services.reporting.terms import Json
from services.reporting.web.print import blocks
from services.reporting.web.print.blocks import Block, Speech
from services.reporting.web.print.plan_sections import expenses
from services.reporting.web.print.sections import label, promiser
from services.reporting.web.writing import NOTHING, amount, called, day, percent, plain_amount, short_day
from services.reporting.words import COST_TYPES, FUNDER_KINDS, REVISIONS, STATEMENT_STATUSES, Word, inside, word

STEPS: Final = ("opening_ore", "received_ore", "carried_ore", "closing_ore")
AMOUNT: Final = ("amount_ore",)
WHOLE_STEPS: Final = ("opening_bank_ore", "received_ore", "spent_ore", "closing_bank_ore")


def overview(statement: Json, say: Speech) -> Block:
    """Give the balance from the year's beginning to its end, and where the statement stands."""
    titles = (
        say.heading("opening_bank"),
        label("received_ore", say),
        label("spent_ore", say),
        say.heading("closing_bank"),
    )
    sums = [(title, amount(statement[name], say.language)) for title, name in zip(titles, WHOLE_STEPS, strict=True)]
    return blocks.section(
        say("Årets regnskab", "The year's account"),
        blocks.text(_standing(statement, say)),
        blocks.text(f"{say.heading('remarks')}: {statement['remarks']}") if statement["remarks"] else None,
        blocks.figures(sums),
        blocks.text(local_share(statement, say)),
        _financing(statement, say),
        _by_kind(statement, say),
        new_page=True,
    )


def local_share(statement: Json, say: Speech) -> str:
    """Say what the local partners covered; of a year without expenses there is no share."""
    year, to_date = (percent(statement[name], say.language) for name in ("local_share_pct", "local_share_to_date_pct"))
    if statement["local_share_to_date_pct"] is None:
        return say("Der er endnu ingen udgifter.", "There are no expenses yet.")
    if statement["local_share_pct"] is None:
        return say(
            f"Der er ingen udgifter i året. Til og med året dækkede de lokale parter {to_date} (ekskl. fondsmidler).",
            f"There are no expenses in the year. To date the local partners covered {to_date} (without foundations).",
        )
    return say(
        f"De lokale parter dækkede {year} af årets udgifter (ekskl. fondsmidler), og {to_date} til og med året.",
        f"The local partners covered {year} of the year's expenses (without foundations), and {to_date} to date.",
    )


def spending(statement: Json, say: Speech) -> Block:
    """Give what was spent on what, and how each budget line came out."""
    return blocks.section(
        say("Udgifter og budget", "Expenses and budget"),
        expenses(
            statement["costs"],
            "amount_ore",
            statement["names"]["effort_areas"],
            say,
            statement["sums"]["costs"]["amount_ore"],
        ),
        _deviations(statement, say),
        blocks.entries(
            (_line(row["line"], statement, say), str(row["year"]), row["explanation"])
            for row in statement["deviations"]
            if row["explanation"]
        ),
        _revisions(_in_kroner(REVISIONS["reallocation"], say), "reallocations", statement, say),
        _carried(CARRIED_IN, "carried_in", statement, say),
        _carried(CARRIED_OUT, "carried_out", statement, say),
    )


def instalments(statement: Json, say: Speech) -> Block:
    """Give what was received, receipt by receipt."""
    return blocks.section(
        say("Modtagne rater", "Instalments received"),
        blocks.table(
            say("Rater i året, kr.", "Instalments in the year, DKK"),
            [
                (say.heading("date"), "words"),
                (say.heading("funder"), "words"),
                (say.heading("reference"), "prose"),
                (say.heading("amount"), "numbers"),
            ],
            [
                *(
                    [
                        short_day(row["received_on"], say.language),
                        called(statement["names"], "funders", row["commitment"]),
                        row["reference"] or NOTHING,
                        plain_amount(row["amount_ore"], say.language),
                    ]
                    for row in statement["instalments"]
                ),
                _total(statement["sums"]["instalments"], AMOUNT, 3, say),
            ]
            if statement["instalments"]
            else (),
            has_total=True,
        ),
    )


def vouchers(statement: Json, say: Speech) -> Block:
    """Give every voucher of the year; a reversal is named by its own."""
    return blocks.section(
        say("Bilagsliste", "Vouchers"),
        blocks.table(
            say("Alle bilag, kr.", "All vouchers, DKK"),
            [
                (say.heading("date"), "words"),
                (say.heading("voucher"), "words"),
                (say.heading("text"), "prose"),
                (say.heading("line"), "prose"),
                (say.heading("amount"), "numbers"),
            ],
            [
                *(
                    [
                        short_day(row["booked_on"], say.language),
                        row["voucher"],
                        _voucher_text(row, say),
                        _line(row["line"], statement, say),
                        plain_amount(row["amount_ore"], say.language),
                    ]
                    for row in sorted(statement["vouchers"], key=_by_day_and_number)
                ),
                _total(statement["sums"]["vouchers"], AMOUNT, 4, say),
            ]
            if statement["vouchers"]
            else (),
            has_total=True,
            is_fine=True,
        ),
    )


def _by_day_and_number(voucher: Json) -> tuple[str, list[tuple[int, str]]]:
    """Order vouchers as people count: number 9 before number 10."""
    parts = re.split(r"([0-9]+)", voucher["voucher"])
    return voucher["booked_on"], [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def method(say: Speech) -> Block:
    """Say how the statement is made."""
    return blocks.section(
        say("Metode", "Method"),
        blocks.text(
            say(
                "Opgørelsen følger af det bogførte: modtagne rater, udgifter og tilbageførsler. En udgift fordeles på"
                " tilsagnene efter deres andel af den aftalte finansiering, så fordelingen stemmer på øren."
                " Reguleringskontoen er det modtagne minus tilsagnets andel af udgifterne; et negativt beløb betyder,"
                " at forbruget overstiger de modtagne midler.",
                "The statement follows from the events booked: instalments received, expenses and reversals. An expense"
                " is shared over the commitments by their part of the agreed financing, so that the øre add up. The"
                " regulation account is what was received less the commitment's share of the expenses; a negative"
                " amount says that spending exceeds the money received.",
            )
        ),
    )


def _standing(statement: Json, say: Speech) -> str:
    state = say(*inside(STATEMENT_STATUSES[statement["status"]]))
    if statement["decided_on"]:
        dated = f"{state} {day(statement['decided_on'], say.language)}"
        told = say(
            f"Opgørelsen er indsendt {day(statement['submitted_on'], 'da')}, {dated}.",
            f"The statement was submitted on {day(statement['submitted_on'], 'en')}, {dated}.",
        )
    elif statement["submitted_on"]:
        told = say(
            f"Opgørelsen er indsendt {day(statement['submitted_on'], 'da')}.",
            f"The statement was submitted on {day(statement['submitted_on'], 'en')}.",
        )
    else:
        told = say(
            f"Opgørelsen er {state}; frist {day(statement['due_on'], 'da')}.",
            f"The statement is {state}; due {day(statement['due_on'], 'en')}.",
        )
    if statement["auditor_reference"]:
        told += f" {say.heading('auditor_reference')}: {statement['auditor_reference']}."
    return told


def _step_titles(say: Speech) -> tuple[str, str, str, str]:
    return (
        say.heading("opening"),
        label("received_ore", say),
        say.heading("carried"),
        say.heading("closing"),
    )


def _financing(statement: Json, say: Speech) -> Block | None:
    rows = [
        [
            promiser(row, say),
            *(plain_amount(row[name], say.language) for name in STEPS),
        ]
        for row in statement["financing"]
    ]
    total = [say.heading("total"), *(plain_amount(statement[name], say.language) for name in WHOLE_STEPS)]
    return blocks.table(
        f"{say.heading('regulation_accounts')}, {say('kr.', 'DKK')}",
        [(say.heading("funder"), "words"), *((title, "numbers") for title in _step_titles(say))],
        [*rows, total] if rows else (),
        has_total=True,
    )


def _by_kind(statement: Json, say: Speech) -> Block | None:
    """Give what each kind of funder paid and carried; a year in which nothing moved has nothing to share out."""
    kinds = statement["financing_by_kind"]
    moved = any(sums["received_ore"] or sums["carried_ore"] for sums in kinds.values())
    return blocks.table(
        say("Finansiering fordelt på finansieringskilde, kr.", "Financing by funder, DKK"),
        [
            (say.heading("funder"), "words"),
            (label("received_ore", say), "numbers"),
            (say.heading("carried"), "numbers"),
        ],
        [
            *(
                [
                    say(*word(FUNDER_KINDS, kind)),
                    *(plain_amount(sums[name], say.language) for name in ("received_ore", "carried_ore")),
                ]
                for kind, sums in kinds.items()
            ),
            [say.heading("total"), *(plain_amount(statement[name], say.language) for name in WHOLE_STEPS[1:3])],
        ]
        if moved
        else (),
        has_total=True,
    )


def _line(code: str, statement: Json, say: Speech) -> str:
    """Name a budget line by its effort area and cost type, and its year where that is a different one."""
    for row in statement["deviations"]:
        if row["line"] == code:
            named = called(statement["names"], "effort_areas", row["effort_area"])
            year = "" if row["year"] == statement["year"] else f", {row['year']}"
            return f"{named}, {say(*inside(COST_TYPES[row['cost_type']]))}{year}"
    return code


def _deviations(statement: Json, say: Speech) -> Block | None:
    """Give each budget line against what was spent on it and carried forward, with the totals."""
    amounts = ("budget_ore", "spent_ore", "carried_forward_ore", "left_ore")
    titles = (
        say.heading("budget"),
        label("spent_ore", say),
        say.heading("carried_forward"),
        say.heading("deviation"),
    )
    return blocks.table(
        say("Budgetlinjer og afvigelser, kr.", "Budget lines and deviations, DKK"),
        [(say.heading("line"), "prose"), *((title, "numbers") for title in titles)],
        [
            *(
                [_line(row["line"], statement, say), *(plain_amount(row[name], say.language) for name in amounts)]
                for row in statement["deviations"]
            ),
            _total(statement["sums"]["deviations"], amounts, 1, say),
        ]
        if statement["deviations"]
        else (),
        has_total=True,
    )


def _total(sums: Json, names: Sequence[str], before: int, say: Speech) -> list[str]:
    """Give the row of totals, which has so many cells before its amounts."""
    return [
        say.heading("total"),
        *("" for _ in range(before - 1)),
        *(plain_amount(sums[name], say.language) for name in names),
    ]


def _in_kroner(called: Word, say: Speech) -> str:
    danish, english = called
    return say(f"{danish}, kr.", f"{english}, DKK")


def _carried(caption: Word, name: Literal["carried_in", "carried_out"], statement: Json, say: Speech) -> Block | None:
    """Give what was carried into the year's lines, or from them to the next year, and how much that is in all."""
    is_in = name == "carried_in"
    forwards = [
        {**revision, "changes": {line: ore for line, ore in revision["changes"].items() if (ore > 0) is is_in}}
        for revision in statement["carry_forwards"]
    ]
    total = _total(statement["sums"][name], AMOUNT, 3, say)
    return _revisions(_in_kroner(caption, say), "carry_forwards", {**statement, "carry_forwards": forwards}, say, total)


def _revisions(
    caption: str, kind: str, statement: Json, say: Speech, total: Sequence[str] | None = None
) -> Block | None:
    rows = [
        [
            short_day(revision["approved_on"], say.language),
            revision.get("approval_reference") or NOTHING,
            _line(line, statement, say),
            plain_amount(amount_ore, say.language),
        ]
        for revision in statement[kind]
        for line, amount_ore in revision["changes"].items()
    ]
    return blocks.table(
        caption,
        [
            (say.heading("approved_on"), "words"),
            (say.heading("reference"), "prose"),
            (say.heading("line"), "prose"),
            (say("Ændring", "Change"), "numbers"),
        ],
        [*rows, total] if rows and total else rows,
        has_total=total is not None,
    )


def _voucher_text(row: Json, say: Speech) -> str:
    return f"{row['text']} ({say('tilbageførsel', 'reversal')}: {row['reversal']})" if row["reversal"] else row["text"]
