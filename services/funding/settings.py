"""What funding is told from outside."""

from typing import Annotated

from pydantic import Field

from shared.settings import Settings


class FundingSettings(Settings):
    """Funding's settings, beyond those that every service has."""

    instalment_months: Annotated[
        int, Field(ge=1, le=12, description="How many months lie between two instalments of a commitment.")
    ] = 3
    instalment_grace_days: Annotated[
        int, Field(ge=0, le=366, description="How many days after its day an instalment is overdue.")
    ] = 30
