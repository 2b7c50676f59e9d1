"""What the ledger comes to, all of it at one place of the log: for reporting, which compares it with its own."""

from pydantic import BaseModel, Field


class CommitmentSums(BaseModel):
    """What has moved on a commitment, in øre."""

    plan: str
    commitment: str
    committed_ore: int
    released_ore: int
    received_ore: int
    spent_ore: int


class PlanSums(BaseModel):
    """What a plan has spent, in øre."""

    plan: str
    spent_ore: int


class Sums(BaseModel):
    """The sums of every plan, as they stood when the log ended at `head`."""

    head: int = Field(description="The last sequence of the log that is in the sums.")
    commitments: list[CommitmentSums]
    plans: list[PlanSums]
