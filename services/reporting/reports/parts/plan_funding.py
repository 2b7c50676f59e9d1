"""How the money of a plan stands: its commitments, and whether the local funders carry their part."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.reports.facts import PlanSource
from services.reporting.reports.parts.declaring import AnyNumber, FileTable, ReportPart, columns, key, of_row, value
from services.reporting.reports.parts.figures import (
    COMMITMENT,
    Funding,
    MoneyAmounts,
    funders,
    funding,
    regulation_accounts,
)
from services.reporting.terms import Row, Standing, number
from services.reporting.words import FIGURE_NAMES, FUNDER_KINDS, HEADINGS, STAGES
from shared import money
from shared.events.funding import FunderKind
from shared.law import CEILING_PERCENT, FLOOR_PERCENT, LANDSBYGGEFONDEN, LOCAL_KINDS


class _Promised(TypedDict):
    commitment: Annotated[str, COMMITMENT]
    funder: Annotated[str, value(HEADINGS["funder"])]
    funder_name: Annotated[str | None, value(HEADINGS["funder_name"])]
    funder_kind: Annotated[FunderKind, value(HEADINGS["funder_kind"], words=FUNDER_KINDS)]
    in_kind: Annotated[bool, value(("Ydet i arbejde", "In kind"))]
    reference: Annotated[str, value(HEADINGS["reference"])]
    date: Annotated[str, value(HEADINGS["date"], "day")]
    confirmed_on: Annotated[str | None, value(HEADINGS["confirmed_on"], "day")]


class CommitmentRow(_Promised, MoneyAmounts):
    """One commitment, and whether its funder holds it back."""

    regulation_account_ore: Annotated[int, value(HEADINGS["regulation_account"], "kroner")]
    withheld_on: Annotated[str | None, value(("Tilbageholdt", "Withheld on"), "day")]
    withheld_reason: Annotated[str | None, value(("Begrundelse", "Reason"))]
    resumed_on: Annotated[str | None, value(("Genoptaget", "Resumed"), "day")]


class CoFundingStage(TypedDict):
    """Who carries how much of the money that has come so far."""

    whole_ore: Annotated[int, value(HEADINGS["total"], "kroner")]
    landsbyggefonden_ore: Annotated[int, value(("Landsbyggefonden", "Landsbyggefonden"), "kroner")]
    local_ore: Annotated[int, value(("Lokalt", "Local"), "kroner")]
    landsbyggefonden_pct: Annotated[
        AnyNumber | None, value(("Landsbyggefondens andel", "Landsbyggefonden's share"), "percent")
    ]
    local_pct: Annotated[AnyNumber | None, value(FIGURE_NAMES["local_share_pct"], "percent")]
    within_ceiling: Annotated[bool, value(("Under loftet", "Within the ceiling"))]
    above_floor: Annotated[bool, value(("Opfylder kravet", "Meets the minimum"))]


class CoFunding(TypedDict):
    """Whether the local funders carry their part, at each stage that money comes through."""

    floor_pct: Annotated[int, value(("Krav om lokal medfinansiering", "Local minimum"), "percent")]
    ceiling_pct: Annotated[int, value(("Landsbyggefondens loft", "Landsbyggefonden's ceiling"), "percent")]
    committed: CoFundingStage
    released: CoFundingStage
    received: CoFundingStage
    spent: CoFundingStage


class PlanFunding(Funding):
    """How the money of the plan stands."""

    commitments: list[CommitmentRow]
    co_funding: CoFunding


def plan_funding(source: PlanSource) -> PlanFunding:
    """Tell how the money of the plan stands at the period's end."""
    standings = source.standings
    return {
        **funding(standings),
        "commitments": list(_commitments(standings, source.own.commitments)),
        "co_funding": co_funding(standings),
    }


def co_funding(standings: Iterable[Standing]) -> CoFunding:
    """Tell whether the local funders carry their part, of what is committed, released, received and spent.

    Landsbyggefonden's part is of all money; the local part of what it and the local funders carry together, since the
    money of foundations lies on top.
    """
    standings = list(standings)
    return {
        "floor_pct": FLOOR_PERCENT,
        "ceiling_pct": CEILING_PERCENT,
        "committed": _stage([(item.funder_kind, item.committed_ore) for item in standings]),
        "released": _stage([(item.funder_kind, item.released_ore) for item in standings]),
        "received": _stage([(item.funder_kind, item.received_ore) for item in standings]),
        "spent": _stage([(item.funder_kind, item.spent_ore) for item in standings]),
    }


def local_share_pct(amounts: Iterable[tuple[str, int]]) -> AnyNumber | None:
    """Give what the local funders carry of what they and Landsbyggefonden carry, in per cent."""
    local_ore = fund_ore = 0
    for kind, amount_ore in amounts:
        local_ore += amount_ore if kind in LOCAL_KINDS else 0
        fund_ore += amount_ore if kind == LANDSBYGGEFONDEN else 0
    return money.percent(local_ore, local_ore + fund_ore)


def _stage(amounts: Sequence[tuple[str, int]]) -> CoFundingStage:
    whole_ore = sum(amount_ore for _, amount_ore in amounts)
    fund_ore = sum(amount_ore for kind, amount_ore in amounts if kind == LANDSBYGGEFONDEN)
    local_ore = sum(amount_ore for kind, amount_ore in amounts if kind in LOCAL_KINDS)
    return {
        "whole_ore": whole_ore,
        "landsbyggefonden_ore": fund_ore,
        "local_ore": local_ore,
        "landsbyggefonden_pct": number(money.percent(fund_ore, whole_ore)),
        "local_pct": number(local_share_pct(amounts)),
        "within_ceiling": fund_ore * 100 <= whole_ore * CEILING_PERCENT,
        "above_floor": local_ore * 100 >= (local_ore + fund_ore) * FLOOR_PERCENT,
    }


def _commitments(standings: Iterable[Standing], rows: Iterable[Row]) -> Iterator[CommitmentRow]:
    stands = {item.commitment: item for item in standings}
    for row in rows:
        # One that comes after the period has no standing in it.
        item = stands.get(row["commitment"])
        if item is not None:
            yield of_row(
                CommitmentRow,
                {**row, "date": row["committed_on"]},
                committed_ore=item.committed_ore,
                released_ore=item.released_ore,
                received_ore=item.received_ore,
                spent_ore=item.spent_ore,
                regulation_account_ore=item.received_ore - item.spent_ore,
            )


PLAN_FUNDING: Final = ReportPart(
    "funding",
    plan_funding,
    (
        FileTable(
            "funding",
            HEADINGS["funding"],
            ("funding",),
            columns(Funding),
            upright=True,
        ),
        funders("funding_by_kind", ("Planens finansieringskilder", "The plan's funders"), ("funding",)),
        regulation_accounts(
            "funding_regulation_accounts", ("Reguleringskonti i alt", "Regulation accounts, total"), ("funding",)
        ),
        FileTable("commitments", HEADINGS["commitments"], ("funding", "commitments", "*"), columns(CommitmentRow)),
        FileTable(
            "co_funding_limits",
            ("Grænser for medfinansiering", "Limits of co-funding"),
            ("funding", "co_funding"),
            tuple(each for each in columns(CoFunding) if len(each.path) == 1),
            upright=True,
        ),
        FileTable(
            "co_funding",
            ("Medfinansiering", "Co-funding"),
            ("funding", "co_funding", "{stage}"),
            (key(("Trin", "Stage"), words=STAGES).at("stage"), *columns(CoFundingStage)),
        ),
    ),
)
