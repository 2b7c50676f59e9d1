"""What reporting is told from outside."""

from typing import Annotated

from pydantic import Field

from shared.settings import Settings


class ReportingSettings(Settings):
    """Reporting's settings."""

    at_least_wait_ms: Annotated[
        int, Field(ge=0, description="How long a report waits for the cursor that it was asked for.")
    ] = 5_000
    public_url: Annotated[
        str | None,
        Field(description="Where people reach the pages; with https, their cookies are never sent in the clear."),
    ] = None
    disclosure_threshold: Annotated[
        int, Field(ge=1, description="The smallest count of people above 0 that is published.")
    ] = 5
