"""Brings the databases of the services to their newest revision, by their owners. Owns no revision."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shared import logs, migrations
from shared.settings import OwnerSettings

SERVICES: Final = ("registry", "funding", "reporting")


def migrate_all(data: Path) -> Iterator[str]:
    """Migrate one database after the other, and say of each at which revision it is.

    Each by its owner where the settings name one, else by whoever runs everything.
    """
    logs.configure("WARNING")
    owners = OwnerSettings()
    with contextlib.ExitStack() as stack:
        everybody: str | None = None
        for service in SERVICES:
            url = owners.url_of(service)
            if url is None:
                if everybody is None:
                    # Imported here alone: who has owners needs no embedded server.
                    from services import embedded_system  # noqa: PLC0415

                    everybody = stack.enter_context(embedded_system.database_url(data))
                url = everybody
            folder = Path(__file__).parent / service / "migrations"
            asyncio.run(migrations.migrate(url, service, folder))
            yield f"{service}: revision {migrations.newest_revision(folder)}"
