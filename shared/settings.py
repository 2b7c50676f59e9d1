"""What every service is told from outside. Read once, in `app.py` or the command, and passed down."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL_DATABASE_URL = "postgresql://postgres@127.0.0.1:5432/postgres"
NO_TRACES = "off"
LOCAL_REDIS_URL = "redis://127.0.0.1:6379"


class Settings(BaseSettings):
    """Settings of one service; each is an environment variable `HELHEDSNET_…` or a file in `HELHEDSNET_SECRETS_DIR`.

    A file carries the variable's name in lower case and wins over nothing: the environment comes first.
    """

    model_config = SettingsConfigDict(
        env_prefix="HELHEDSNET_", extra="ignore", frozen=True, secrets_dir=os.environ.get("HELHEDSNET_SECRETS_DIR")
    )

    database_url: Annotated[
        SecretStr,
        Field(
            description="The PostgreSQL server, or several hosts of which one takes writes;"
            " each service uses the database `helhedsnet_<service>` on it."
        ),
    ] = SecretStr(LOCAL_DATABASE_URL)
    redis_url: Annotated[
        SecretStr,
        Field(description="The Redis server that carries the streams, or the Sentinels that know which one does."),
    ] = SecretStr(LOCAL_REDIS_URL)
    keys_folder: Annotated[
        Path,
        Field(description="The folder with the service's own private key, `<service>.pem`, and all public ones."),
    ] = Path("data/keys")
    issuer_keys: Annotated[
        str, Field(description="Where the public keys are that tokens are verified with: an address, or a file.")
    ] = "http://127.0.0.1:8000/access/jwks"
    anchor_folder: Annotated[
        Path | None,
        Field(description="The folder that keeps the end of the service's log outside of its database; none: nowhere."),
    ] = None
    registry_url: Annotated[str, Field(description="Where the registry answers, for its log.")] = (
        "http://127.0.0.1:8000/registry"
    )
    funding_url: Annotated[str, Field(description="Where funding answers, for its log.")] = (
        "http://127.0.0.1:8000/funding"
    )
    database_connections: Annotated[
        int, Field(ge=7, le=100, description="The largest number of PostgreSQL connections of one process.")
    ] = 10
    waiting_events_limit: Annotated[
        int, Field(ge=1, description="Events that may wait for their commit before intake answers 503.")
    ] = 20_000
    sender_events_limit: Annotated[
        int, Field(ge=1, description="Of these, the events of one sender before it is answered 429.")
    ] = 10_000
    bodies_limit_mb: Annotated[
        int, Field(ge=6, description="Megabytes of posted bodies held at once before intake answers 503.")
    ] = 64
    sender_bodies_limit_mb: Annotated[
        int, Field(ge=6, description="Of these, the megabytes of one sender before it is answered 429.")
    ] = 24
    stream_bytes_limit: Annotated[
        int, Field(ge=1_000_000, description="About how many bytes a Redis stream keeps; the log keeps all.")
    ] = 80_000_000
    tick_ms: Annotated[int, Field(ge=50, description="How often a consumer compares itself with the owner's log.")] = (
        1_000
    )
    pending_idle_ms: Annotated[
        int, Field(ge=100, description="How long a delivered event may stay unacknowledged.")
    ] = 10_000
    traces_url: Annotated[
        str, Field(pattern="^(off|https?://.+)$", description="Where traces are sent, as OTLP over HTTP.")
    ] = NO_TRACES
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="The lowest level logged.")] = (
        "INFO"
    )

    def url_of(self, owner: str) -> str:
        """Give where an owner of a log answers."""
        return {"registry": self.registry_url, "funding": self.funding_url}[owner]


class OwnerSettings(BaseSettings):
    """Where the owner of each service's tables reaches them, to migrate them; none where one role does everything."""

    model_config = SettingsConfigDict(
        env_prefix="HELHEDSNET_", extra="ignore", frozen=True, secrets_dir=os.environ.get("HELHEDSNET_SECRETS_DIR")
    )

    registry_owner_url: Annotated[
        SecretStr | None, Field(description="The PostgreSQL server, as the owner of the registry's tables.")
    ] = None
    funding_owner_url: Annotated[
        SecretStr | None, Field(description="The PostgreSQL server, as the owner of funding's tables.")
    ] = None
    reporting_owner_url: Annotated[
        SecretStr | None, Field(description="The PostgreSQL server, as the owner of reporting's tables.")
    ] = None

    access_owner_url: Annotated[
        SecretStr | None, Field(description="The PostgreSQL server, as the owner of access's tables.")
    ] = None

    def url_of(self, service: str) -> str | None:
        """Give the owner's address of a service's server."""
        url: SecretStr | None = getattr(self, f"{service}_owner_url")
        return None if url is None else url.get_secret_value()
