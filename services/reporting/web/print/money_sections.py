"""The section of money in the network's report and an area's: who gives, what is left, and the local floor."""

from collections.abc import Iterable
from typing import Any

from services.reporting.terms import Json
from services.reporting.web.co_funding import floor_share_pct
from services.reporting.web.print import blocks
from services.reporting.web.print.blocks import Block, PrintColumn, Speech
from services.reporting.web.print.sections import AMOUNTS, charts_of, in_all, label, unconfirmed
from services.reporting.web.writing import amount, called, percent, plain_amount, said
from services.reporting.words import FUNDER_KINDS


def money(report: Json, say: Speech) -> Block:
    """Give the financing: by kind of funder, by plan, and how the regulation accounts stand."""
    funding = report["totals"]["funding"]
    kinds = [(said(FUNDER_KINDS[kind], say.language), sums) for kind, sums in funding["by_funder_kind"].items()]
    plans = [(plan["name"], plan["funding"]) for plan in report["plans"]]
    return blocks.section(
        say.heading("money"),
        local_share(funding, say),
        unconfirmed(funding, say),
        *charts_of(report, ("spending", "co_funding"), say),
        _amounts(
            say("Finansiering pr. helhedsplan, kr.", "Financing by plan, DKK"),
            say.dimension("plan"),
            [*plans, (in_all(say), funding)] if len(plans) > 1 else plans,
            say,
            has_total=len(plans) > 1,
        ),
        *charts_of(report, ("funders",), say),
        _amounts(
            say("Finansiering fordelt på finansieringskilde, kr.", "Financing by funder, DKK"),
            say.heading("funder"),
            [*kinds, (in_all(say), funding)] if kinds else (),
            say,
        ),
        regulation_accounts(report, say),
    )


def local_share(funding: Json, say: Speech) -> Block | None:
    """Say what share of the financing the local partners carry."""
    if funding["local_share_pct"] is None:
        return None
    share, of_floor = (percent(each, say.language) for each in (funding["local_share_pct"], floor_share_pct(funding)))
    return blocks.text(
        say(
            f"Kommune og boligorganisation finansierer {of_floor} (ekskl. fondsmidler); kravet er 25 %. Af alle"
            f" tilsagn, også fondenes, er {share} lokale.",
            f"Municipality and housing organisation finance {of_floor} (without the money of foundations); the minimum"
            f" is 25%. Of all commitments, those of foundations too, {share} are local.",
        )
    )


def regulation_accounts(report: Json, say: Speech) -> Block | None:
    """Give what is left of each commitment's payments; below zero is money spent before it came."""
    names = report.get("names", {})
    return blocks.table(
        say("Reguleringskonti ved periodens slutning", "Regulation accounts at the period's end"),
        [
            (say.dimension("plan"), "words"),
            (say.heading("funder"), "words"),
            (say.heading("balance"), "numbers"),
        ],
        (
            (plan["name"], called(names, "funders", item["commitment"]), amount(item["balance_ore"], say.language))
            for plan in report["plans"]
            for item in plan["funding"]["regulation_accounts"]
        ),
    )


def _amounts(
    caption: str, first: str, rows: Iterable[tuple[str, Any]], say: Speech, *, has_total: bool = True
) -> Block | None:
    columns: list[PrintColumn] = [(first, "words"), *((label(name, say), "numbers") for name in AMOUNTS)]
    cells = ([name, *(plain_amount(sums[key], say.language) for key in AMOUNTS)] for name, sums in rows)
    return blocks.table(caption, columns, cells, has_total=has_total)
