"""What access is told from outside."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from shared.settings import Settings


class AccessSettings(Settings):
    """The settings of access."""

    issuer_file: Annotated[
        Path,
        Field(description="The file of the private keys that sign tokens; the set of public ones is kept beside it."),
    ] = Path("data/keys/issuer.json")
    providers_file: Annotated[
        Path | None,
        Field(description="The TOML file of the providers of identities; none: people are invited."),
    ] = None
    public_url: Annotated[
        str | None, Field(description="Where people reach the pages, and come back to from a provider.")
    ] = None
