"""Brings the databases of the services to their newest revision, by their owners. Owns no revision."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import asyncpg

from shared import logs, migrations
from shared.errors import CannotServe
from shared.settings import OwnerSettings

SERVICES: Final = ("registry", "funding", "reporting", "access")


def migrate_all(data: Path) -> Iterator[str]:
    """Migrate one database after the other, and say of each at which revision it is.

    Each by its owner where the settings name one, else by whoever runs everything.

    Raises:
        CannotServe: a database is not for this role (`not_the_owner`), or as `migrations.migrate`.
        NotMigrated: a database is another role's, which has to bring it on.
    """
    logs.configure("WARNING")
    owners = OwnerSettings()
    with contextlib.ExitStack() as stack:
        everybody: str | None = None
        for service in SERVICES:
            url = owners.url_of(service)
            if url is None:
                if everybody is None:
                    from services.embedded import system  # noqa: PLC0415  who has owners needs no embedded server

                    everybody = stack.enter_context(system.database_url(data))
                url = everybody
            folder = Path(__file__).parents[1] / service / "migrations"
            try:
                asyncio.run(migrations.migrate(url, service, folder))
            except asyncpg.InsufficientPrivilegeError:
                raise CannotServe(
                    "not_the_owner",
                    f"this role has no way into {migrations.running_role(service)}: migrate as the owners of the tables"
                    " do, in the container `migrate`",
                ) from None
            yield f"{service}: revision {migrations.newest_revision(folder)}"
