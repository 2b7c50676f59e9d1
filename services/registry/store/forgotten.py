"""Which withdrawals that are kept outside of the database it has forgotten, and whom it may hold of these."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from services.registry.domain.people_rows import withdrawn_digest
from services.registry.withdrawals import Noted
from shared.database import Connection, columns

# A unit of work that is tried again takes no longer than this.
TRIED_AGAIN: Final = timedelta(minutes=1)
PEOPLE: Final = (
    "SELECT participant AS person, activity FROM enrolment UNION SELECT volunteer, activity FROM volunteering"
    " UNION SELECT participant, activity FROM measurement"
    " UNION SELECT unnest(participants), activity FROM attendance UNION SELECT unnest(members), activity FROM business"
)


class Done(NamedTuple):
    """A pseudonym, by its digest, that the database knows to be withdrawn in an area, and since when."""

    area: str
    salt: bytes
    digest: str
    recorded: datetime

    def covers(self, noted: Noted, name: str) -> bool:
        """Tell whether what was listed of somebody is done by this, so that whoever consented anew stays."""
        is_later = self.area == noted.area and self.recorded >= noted.at - TRIED_AGAIN
        return is_later and withdrawn_digest(self.salt, name) == self.digest


async def not_withdrawn(connection: Connection, listed: Sequence[Noted]) -> list[Noted]:
    """Give those withdrawals of which the database knows nothing, in their order."""
    rows = await connection.fetch(
        "SELECT DISTINCT area, salt FROM withdrawn WHERE salt = ANY($1)", [noted.salt for noted in listed]
    )
    known = {(row["area"], row["salt"]) for row in rows}
    return [noted for noted in listed if (noted.area, noted.salt) not in known]


async def people_of(connection: Connection, areas: Collection[str]) -> dict[str, list[str]]:
    """Give every pseudonym that some areas hold anything of, by area; of those merged, all."""
    rows = await connection.fetch(
        f"SELECT area, person FROM ({PEOPLE}) AS held JOIN activity USING (activity) WHERE area = ANY($1)"  # noqa: S608  constants
        " UNION SELECT area, participant FROM merging WHERE area = ANY($1) ORDER BY area, person",
        list(areas),
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["area"], []).append(row["person"])
    return found


async def withdrawn_in(connection: Connection, areas: Collection[str]) -> list[Done]:
    """Give the withdrawals that the database knows of some areas, with when they were recorded."""
    rows = await connection.fetch(
        "SELECT area, salt, withdrawn.digest, recorded FROM withdrawn JOIN event_log USING (sequence)"
        " WHERE area = ANY($1) ORDER BY sequence, withdrawn.digest",
        list(areas),
    )
    return [Done(**row) for row in rows]


async def note_withdrawn(connection: Connection, withdrawals: Sequence[Noted]) -> None:
    """Keep that these are done, so that whoever consents anew is not taken for them; 0 is no line of the log."""
    rows = [(noted.area, digest, noted.salt) for noted in withdrawals for digest in noted.digests]
    await connection.execute(
        "INSERT INTO withdrawn (area, digest, salt, sequence)"
        " SELECT area, digest, salt, 0 FROM unnest($1::text[], $2::text[], $3::bytea[]) AS noted(area, digest, salt)"
        " ON CONFLICT DO NOTHING",
        *columns(rows, 3),
    )
