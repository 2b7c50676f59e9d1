"""The events that funding owns. Nothing here needs state: rules that do are in funding's domain."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.events.envelope import EventData
from shared.events.fields import MAX_AMOUNT_ORE, AmountOre, BegunYear, Day, Reference, Remark, Slug, Text, Year

MAX_LINES = 1_000

FunderKind = Literal["landsbyggefonden", "municipality", "housing_organisation", "foundation", "other"]
CostType = Literal["wages", "activities", "administration", "evaluation", "other"]
RevisionKind = Literal["reallocation", "carry_forward"]
ChangeOre = Annotated[int, Field(ge=-MAX_AMOUNT_ORE, le=MAX_AMOUNT_ORE)]


def _named_once(names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise PydanticCustomError("named_twice", "a line is named twice")


class FundingCommitted(
    EventData,
    name="funding.committed",
    owner="funding",
    label_da="Tilsagn givet",
    label_en="Funding committed",
    said_by="plan",
    example={
        "commitment": "amager-lbf",
        "plan": "amagerplanen",
        "funder": "landsbyggefonden",
        "funder_kind": "landsbyggefonden",
        "amount_ore": 2_100_000_000,
        "in_kind": False,
        "reference": "LBF 2025-1",
        "date": "2025-06-01",
    },
):
    """A funder commits an amount to a plan."""

    commitment: Slug
    plan: Slug
    funder: Slug
    funder_kind: FunderKind
    amount_ore: AmountOre
    in_kind: bool | None = None
    reference: Reference
    date: Day


class FundingConfirmed(
    EventData,
    name="funding.confirmed",
    owner="funding",
    label_da="Tilsagn bekræftet",
    label_en="Commitment confirmed",
    said_by="network",
    example={
        "commitment": "amager-lbf",
        "amount_ore": 2_100_000_000,
        "date": "2025-06-20",
        "reference": "Tilsagnsbrev LBF 2025-1",
    },
):
    """The network confirms, for itself or by its funder's word, a commitment that an area has stated."""

    commitment: Slug
    amount_ore: AmountOre
    date: Day
    reference: Reference | None = None


class FundingReleased(
    EventData,
    name="funding.released",
    owner="funding",
    label_da="Tilsagn frigivet",
    label_en="Funding released",
    said_by="plan",
    example={
        "commitment": "amager-lbf",
        "amount_ore": 525_000_000,
        "date": "2025-08-01",
        "reference": "Frigivelse 1",
    },
):
    """A part of a commitment may be drawn."""

    commitment: Slug
    amount_ore: AmountOre
    date: Day
    reference: Reference | None = None


class FundingReceived(
    EventData,
    name="funding.received",
    owner="funding",
    label_da="Rate modtaget",
    label_en="Instalment received",
    said_by="plan",
    example={
        "commitment": "amager-lbf",
        "receipt": "amager-lbf-1",
        "amount_ore": 131_250_000,
        "date": "2025-08-15",
        "reference": "Rate 1",
    },
):
    """An instalment of a commitment has reached the plan's bank account."""

    commitment: Slug
    receipt: Slug
    amount_ore: AmountOre
    date: Day
    reference: Reference | None = None


class FundingWithheld(
    EventData,
    name="funding.withheld",
    owner="funding",
    label_da="Udbetaling tilbageholdt",
    label_en="Payout withheld",
    said_by="plan",
    example={
        "commitment": "amager-lbf",
        "date": "2026-07-01",
        "reason": "Årsopgørelsen mangler",
    },
):
    """A funder holds back what it still owes of a commitment."""

    commitment: Slug
    date: Day
    reason: Remark | None = None


class FundingResumed(
    EventData,
    name="funding.resumed",
    owner="funding",
    label_da="Udbetaling genoptaget",
    label_en="Payout resumed",
    said_by="plan",
    example={
        "commitment": "amager-lbf",
        "date": "2026-08-15",
        "reason": "Årsopgørelsen er modtaget",
    },
):
    """A funder pays again what it had held back."""

    commitment: Slug
    date: Day
    reason: Remark | None = None


class BudgetLine(BaseModel):
    """One line of a budget: what may be spent on one kind of cost, in one effort area, in one year."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    line: Slug
    effort_area: Slug
    cost_type: CostType
    year: Year
    amount_ore: AmountOre


class BudgetApproved(
    EventData,
    name="budget.approved",
    owner="funding",
    label_da="Budget godkendt",
    label_en="Budget approved",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "lines": [
            {
                "line": "loen",
                "effort_area": "beskaeftigelse",
                "cost_type": "wages",
                "year": 2025,
                "amount_ore": 2_800_000_000,
            }
        ],
        "approval_reference": "Bestyrelsen 2025-3",
    },
):
    """A plan's budget is approved; a later approval replaces it, as when a funder has joined."""

    plan: Slug
    lines: Annotated[list[BudgetLine], Field(min_length=1, max_length=MAX_LINES)]
    approval_reference: Reference

    @model_validator(mode="after")
    def _names_each_line_once(self) -> Self:
        _named_once([item.line for item in self.lines])
        return self


class LineChange(BaseModel):
    """What a revision adds to a line of the budget, or takes from it when below zero."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    line: Slug
    amount_ore: ChangeOre

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.amount_ore == 0:
            raise PydanticCustomError("change_of_nothing", "a change of 0 øre changes nothing")
        return self


class BudgetRevised(
    EventData,
    name="budget.revised",
    owner="funding",
    label_da="Budget ændret",
    label_en="Budget revised",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "kind": "reallocation",
        "changes": [{"line": "loen", "amount_ore": -5_000_000}, {"line": "aktiviteter", "amount_ore": 5_000_000}],
        "approval_reference": "Bestyrelsen 2026-1",
    },
):
    """Money of the budget moves between lines, or unspent money of earlier years into later ones."""

    plan: Slug
    kind: RevisionKind
    changes: Annotated[list[LineChange], Field(min_length=1, max_length=MAX_LINES)]
    approval_reference: Reference

    @model_validator(mode="after")
    def _names_each_line_once(self) -> Self:
        _named_once([item.line for item in self.changes])
        return self


class ExpenseBooked(
    EventData,
    name="expense.booked",
    owner="funding",
    label_da="Udgift bogført",
    label_en="Expense booked",
    said_by="area",
    example={
        "expense": "amager-2025-09-loen",
        "plan": "amagerplanen",
        "area": "urbanplanen",
        "line": "loen",
        "amount_ore": 10_000_001,
        "incurred_on": "2025-09-30",
        "voucher": "B-1001",
        "text": "Løn september",
        "activity": "mind-your-own-business",
        "shares": {"amager-lbf": 7_500_001, "amager-kommune": 2_500_000},
    },
):
    """An expense of a plan, shared over its commitments."""

    expense: Slug
    plan: Slug
    area: Slug
    line: Slug
    amount_ore: AmountOre
    incurred_on: Day
    voucher: Reference
    text: Remark
    activity: Slug | None = None
    shares: Annotated[dict[Slug, AmountOre], Field(min_length=1, max_length=50)] | None = None

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        if self.shares is not None and sum(self.shares.values()) != self.amount_ore:
            raise PydanticCustomError("shares_mismatch", "the shares do not add up to the amount")
        return self


class ExpenseReversed(
    EventData,
    name="expense.reversed",
    owner="funding",
    label_da="Udgift tilbageført",
    label_en="Expense reversed",
    said_by="area",
    example={
        "expense": "amager-2025-09-loen",
        "reversal": "amager-2025-09-loen-retur",
        "date": "2025-10-02",
        "reason": "Bogført på den forkerte linje",
    },
):
    """An expense was wrong and is taken back whole; what is right is booked as a new one."""

    expense: Slug
    reversal: Slug
    date: Day
    reason: Remark


class Explanation(BaseModel):
    """Why a line of the budget came out as it did."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    line: Slug
    text: Text


class StatementSubmitted(
    EventData,
    name="statement.submitted",
    owner="funding",
    label_da="Årsopgørelse indsendt",
    label_en="Annual statement submitted",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "year": 2025,
        "auditor_reference": "Revisor 2026-14",
        "remarks": "Ingen bemærkninger.",
        "explanations": [{"line": "loen", "text": "En stilling var ledig i tre måneder."}],
    },
):
    """A plan's annual statement is handed in, which locks the year."""

    plan: Slug
    year: BegunYear
    auditor_reference: Reference | None = None
    remarks: Text | None = None
    explanations: Annotated[list[Explanation], Field(min_length=1, max_length=MAX_LINES)] | None = None

    @model_validator(mode="after")
    def _explains_each_line_once(self) -> Self:
        _named_once([item.line for item in self.explanations or ()])
        return self


class StatementReturned(
    EventData,
    name="statement.returned",
    owner="funding",
    label_da="Årsopgørelse returneret",
    label_en="Annual statement returned",
    said_by="network",
    example={
        "plan": "amagerplanen",
        "year": 2025,
        "auditor_reference": "Revisor 2026-14",
        "remarks": "Forklaring til linjen løn mangler.",
    },
):
    """The network sends a statement back, which opens the year again."""

    plan: Slug
    year: BegunYear
    auditor_reference: Reference | None = None
    remarks: Text | None = None


class StatementAccepted(
    EventData,
    name="statement.accepted",
    owner="funding",
    label_da="Årsopgørelse godkendt",
    label_en="Annual statement accepted",
    said_by="network",
    example={
        "plan": "amagerplanen",
        "year": 2025,
        "auditor_reference": "Revisor 2026-15",
        "remarks": "Godkendt.",
    },
):
    """The network accepts a statement, which closes the year for good."""

    plan: Slug
    year: BegunYear
    auditor_reference: Reference | None = None
    remarks: Text | None = None
