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
        Field(
            description="Where people reach the pages; with https, their cookies are never sent in the clear. The"
            " embedded system answers to this name too."
        ),
    ] = None
    rejections_every_ms: Annotated[
        int, Field(ge=50, description="How often the other services are asked what they refused.")
    ] = 10_000
    compare_every_ms: Annotated[
        int, Field(ge=50, description="How often the reports' money is compared with the ledger.")
    ] = 60_000
    feed_readers_limit: Annotated[
        int, Field(ge=1, description="How many may follow the feed at once before the next is told 503.")
    ] = 200
    feed_readers_each_limit: Annotated[
        int, Field(ge=1, description="How many of them may be one sender's before its next is told 429.")
    ] = 20
    press_orders_limit: Annotated[
        int, Field(ge=1, description="How many documents and drawings may be made or waited for; the next is told 503.")
    ] = 32
    press_orders_each_limit: Annotated[
        int, Field(ge=1, description="How many of them may be one sender's before its next is told 429.")
    ] = 8
    files_limit: Annotated[
        int,
        Field(ge=1, description="How many workbooks and CSV files may be made or waited for; then 503."),
    ] = 64
    files_each_limit: Annotated[
        int, Field(ge=1, description="How many of them may be one sender's before its next is told 429.")
    ] = 16
    feed_heartbeat_ms: Annotated[
        int, Field(ge=50, description="How long the stream of the feed is silent before it says that it is there.")
    ] = 15_000
