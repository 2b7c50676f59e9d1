"""The queries of corrections: which pseudonyms are one person, whose rows become whose, and who withdrew."""

import secrets
from collections.abc import Collection, Sequence
from typing import Final

from services.registry.domain.people_rows import (
    Correction,
    Merger,
    Merging,
    Salt,
    Withdrawal,
    Withdrawn,
    withdrawn_digest,
)
from shared.backbone.working_set import WorkingSet
from shared.database import Connection, columns
from shared.events.naming import Naming
from shared.events.registry.corrections import ParticipantCorrected, ParticipantMerged
from shared.events.registry.people import ConsentWithdrawn, ParticipantEnrolled, VolunteerEngaged

# What changes who somebody was, or what was said of them.
REVISING: Final = (ConsentWithdrawn, ParticipantCorrected, ParticipantMerged)
SALT_BYTES: Final = 32
MERGINGS: Final = "SELECT area, participant, merged_into FROM merging"
# From any pseudonym of a person to all of them; UNION ends where nothing new is found.
LINKED: Final = f"""
WITH RECURSIVE linked AS (
    {MERGINGS} WHERE participant = ANY($1) OR merged_into = ANY($1)
    UNION
    SELECT other.area, other.participant, other.merged_into
    FROM merging AS other JOIN linked ON other.area = linked.area
        AND (other.participant = linked.merged_into OR other.merged_into IN (linked.participant, linked.merged_into))
)
SELECT area, participant, merged_into FROM linked ORDER BY area, participant
"""  # noqa: S608  constants


async def load_rows(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    """Load which pseudonyms are one person, before anything else of people; consents are locked already."""
    joining = naming.of(ParticipantEnrolled, VolunteerEngaged).named("participant", "volunteer")
    revised = naming.of(*REVISING).named("participant", "into")
    rows = await connection.fetch(LINKED, list(revised)) if revised else []
    if joining:
        rows += await connection.fetch(f"{MERGINGS} WHERE participant = ANY($1)", list(joining))
    state.add(*(Merging(row["area"], row["participant"], row["merged_into"]) for row in rows))
    if revised:
        state.add(Salt(secrets.token_bytes(SALT_BYTES)))
        known = await connection.fetch("SELECT area, salt, digest FROM withdrawn ORDER BY area, digest")
        digests = {(row["salt"], withdrawn_digest(row["salt"], name)): name for row in known for name in revised}
        found = {(row["area"], digests.get((row["salt"], row["digest"]))) for row in known}
        state.add(*(Withdrawn(area, name) for area, name in found if name is not None))


async def names_of(connection: Connection, person: str, areas: Collection[str]) -> list[str]:
    """Give every pseudonym that these areas had for a person, whichever is named, in their order."""
    rows = [row for row in await connection.fetch(LINKED, [person]) if row["area"] in areas]
    return sorted({person, *(row["participant"] for row in rows), *(row["merged_into"] for row in rows)})


def people_revised(state: WorkingSet, naming: Naming) -> set[str]:
    """Give every pseudonym of those whom corrections and withdrawals name, as far as mergings are loaded."""
    revised = naming.of(*REVISING).named("participant", "into")
    if not revised:
        return revised
    return revised | {name for row in state.all(Merging) for name in (row.participant, row.into)}


async def release_names(connection: Connection, merger: Merger) -> None:
    """Delete the rows of a pseudonym that becomes a different one, and those that are saved anew, before they are."""
    both, activities = [merger.pseudonym, merger.into], list(merger.activities)
    await connection.execute(
        "DELETE FROM enrolment WHERE participant = ANY($1) AND activity = ANY($2)", both, activities
    )
    await connection.execute(
        "DELETE FROM volunteering WHERE volunteer = ANY($1) AND activity = ANY($2)", both, activities
    )
    await connection.execute(
        "DELETE FROM measurement WHERE participant = $1 AND activity = ANY($2)", merger.pseudonym, activities
    )
    await connection.execute(
        "UPDATE business SET members = ARRAY(SELECT DISTINCT unnest(array_replace(members, $1, $2)) ORDER BY 1)"
        " WHERE activity = ANY($3) AND $1 = ANY(members)",
        merger.pseudonym,
        merger.into,
        activities,
    )


async def save_mergings(connection: Connection, rows: Sequence[Merging]) -> None:
    """Add which pseudonyms are one person."""
    if rows:
        await connection.execute(
            "INSERT INTO merging (area, participant, merged_into)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::text[])",
            *columns(((row.area, row.participant, row.into) for row in rows), 3),
        )


async def rename_in_lists(connection: Connection, sequence: int, merger: Merger) -> None:
    """Let the lists of sessions up to a sequence name the pseudonym of now, once."""
    await connection.execute(
        "UPDATE attendance SET participants ="
        " ARRAY(SELECT DISTINCT unnest(array_replace(participants, $1, $2)) ORDER BY 1)"
        " WHERE activity = ANY($3) AND sequence <= $4 AND $1 = ANY(participants)",
        merger.pseudonym,
        merger.into,
        list(merger.activities),
        sequence,
    )


async def correct(connection: Connection, correction: Correction) -> None:
    """Let every stay of a participant say what is right."""
    await connection.execute(
        "UPDATE enrolment SET age_band = coalesce($2, age_band), gender = coalesce($3, gender)"
        " WHERE participant = $1 AND activity = ANY($4)",
        correction.pseudonym,
        correction.age_band,
        correction.gender,
        list(correction.activities),
    )


async def note_withdrawal(connection: Connection, sequence: int, withdrawal: Withdrawal) -> None:
    """Keep that somebody withdrew, in a form that names nobody, and that their pseudonyms were one person no more."""
    await connection.execute(
        "DELETE FROM merging WHERE area = $1 AND (participant = ANY($2) OR merged_into = ANY($2))",
        withdrawal.area,
        list(withdrawal.pseudonyms),
    )
    await connection.execute(
        "INSERT INTO withdrawn (area, digest, salt, sequence)"
        " SELECT $1, digest, $3, $4 FROM unnest($2::text[]) AS digest",
        withdrawal.area,
        withdrawal.digests,
        withdrawal.salt,
        sequence,
    )
