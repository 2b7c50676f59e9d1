"""What reporting is told from outside."""

from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from shared.settings import Settings

SMTP_SCHEMES: Final = ("smtp", "smtp+starttls", "smtps")


class ReportingSettings(Settings):
    """Reporting's settings."""

    at_least_wait_ms: Annotated[
        int, Field(ge=0, description="How long a report waits for the cursor that it was asked for.")
    ] = 5_000
    access_url: Annotated[str, Field(description="Where access answers, which knows who is signed in.")] = (
        "http://127.0.0.1:8000/access"
    )
    reporting_url: Annotated[str, Field(description="Where reporting answers itself, for what its pages post.")] = (
        "http://127.0.0.1:8000/reporting"
    )
    public_url: Annotated[
        str | None,
        Field(
            description="Where people reach the pages; with https, their cookies are never sent in the clear. The"
            " embedded system answers to this name too."
        ),
    ] = None
    smtp_url: Annotated[
        SecretStr | None,
        Field(
            description="The SMTP server that mail is handed to: `smtp://`, `smtp+starttls://` or `smtps://`, with name"
            " and password; none: no mail is sent. With it there have to be `public_url` and `mail_from`."
        ),
    ] = None
    mail_from: Annotated[str | None, Field(description="The address that mail comes from.")] = None
    mail_every_ms: Annotated[int, Field(ge=50, description="How often it is looked whether mail is due.")] = 60_000
    rejections_every_ms: Annotated[
        int, Field(ge=50, description="How often the other services are asked what they refused.")
    ] = 10_000
    compare_every_ms: Annotated[
        int, Field(ge=50, description="How often the reports' money is compared with the ledger.")
    ] = 60_000
    release_after_days: Annotated[
        int, Field(ge=1, le=28, description="How many days after a month's end its figures of people are released.")
    ] = 10
    release_copies_folder: Annotated[
        Path | None,
        Field(
            description="The folder that keeps releases outside of the database, for after a restore; none: nowhere."
        ),
    ] = None
    release_every_ms: Annotated[int, Field(ge=50, description="How often it is looked whether a release is due.")] = (
        60_000
    )
    backups_file: Annotated[
        Path | None,
        Field(description="The file in which those who take backups tell of them; none: nobody does here."),
    ] = None
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

    @model_validator(mode="after")
    def _mail_can_be_written(self) -> Self:
        if self.smtp_url is None:
            return self
        if urlsplit(self.smtp_url.get_secret_value()).scheme not in SMTP_SCHEMES:
            raise ValueError(f"HELHEDSNET_SMTP_URL begins with one of {', '.join(SMTP_SCHEMES)}")
        if not self.public_url or not self.mail_from:
            raise ValueError("HELHEDSNET_SMTP_URL needs HELHEDSNET_PUBLIC_URL and HELHEDSNET_MAIL_FROM")
        return self

    def url_of(self, owner: str) -> str:
        """Give where an owner of a log answers, reporting itself included."""
        return self.reporting_url if owner == "reporting" else super().url_of(owner)
