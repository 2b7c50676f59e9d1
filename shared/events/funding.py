"""The events that funding owns. Nothing here needs state: rules that do are in funding's domain."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.events.envelope import EventData
from shared.events.fields import AmountOre, Day, Line, Slug

FunderKind = Literal["landsbyggefonden", "municipality", "housing_organisation", "foundation", "other"]


class FundingCommitted(
    EventData, name="funding.committed", owner="funding", label_da="Tilsagn givet", label_en="Funding committed"
):
    """A funder commits an amount to a plan."""

    commitment: Slug
    plan: Slug
    funder: Slug
    funder_kind: FunderKind
    amount_ore: AmountOre
    in_kind: bool | None = None
    reference: Line
    date: Day


class FundingReleased(
    EventData, name="funding.released", owner="funding", label_da="Tilsagn frigivet", label_en="Funding released"
):
    """A part of a commitment may be drawn."""

    commitment: Slug
    amount_ore: AmountOre
    date: Day
    reference: Line | None = None


class FundingReceived(
    EventData, name="funding.received", owner="funding", label_da="Rate modtaget", label_en="Instalment received"
):
    """An instalment of a commitment has reached the plan's bank account."""

    commitment: Slug
    receipt: Slug
    amount_ore: AmountOre
    date: Day
    reference: Line | None = None


class ExpenseBooked(
    EventData, name="expense.booked", owner="funding", label_da="Udgift bogført", label_en="Expense booked"
):
    """An expense of a plan, shared over its commitments."""

    expense: Slug
    plan: Slug
    area: Slug
    line: Slug
    amount_ore: AmountOre
    incurred_on: Day
    voucher: Line
    text: Line
    activity: Slug | None = None
    shares: Annotated[dict[Slug, AmountOre], Field(min_length=1, max_length=50)] | None = None

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        if self.shares is not None and sum(self.shares.values()) != self.amount_ore:
            raise PydanticCustomError("shares_mismatch", "the shares do not add up to the amount")
        return self
