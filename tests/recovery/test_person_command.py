"""`helhedsnet person`: what is held is printed, what is wrong is corrected, and whoever asks to be forgotten is."""

import asyncio
from datetime import date
from typing import Final

import pytest

from services.command.access import CommandFailed
from services.command.person_record import drawn, erased, fetch, say
from services.command.terminal import Terminal
from shared import pseudonyms
from tests.support import builders as b
from tests.support.installation import Installation

KEY: Final = b"k" * pseudonyms.KEY_BYTES
PERSON: Final = pseudonyms.of_name(KEY, "Kanarie Ost", "2012-03-01")


async def test_what_is_held_is_told_and_erased(installation: Installation) -> None:
    """In the name of a coordinator of the area; afterwards nobody is known by that pseudonym."""
    async with installation.running() as system:
        await system.post("registry", b.an_enrolment(PERSON, b.ACTIVITY))
        token = system.bearer("coordinator", b.AREA)["Authorization"].removeprefix("Bearer ")
        record = await asyncio.to_thread(fetch, system.url, token, PERSON, "access_request")
        out = Terminal(width=110)
        with out.capture() as printed:
            for shown in drawn(record, "da"):
                out.print(shown)
        assert "Deltager indskrevet" in printed.get()
        assert "Personen bad om indsigt" in printed.get()
        right = {"participant": PERSON, "age_band": "18-24", "gender": "other"}
        await asyncio.to_thread(say, system.url, token, b.AREA, "participant.corrected", right)
        await system.settled()
        (row,) = (await asyncio.to_thread(fetch, system.url, token, PERSON, "correction"))["rows"]["enrolment"]
        assert (row["age_band"], row["gender"]) == ("18-24", "other")
        record = await asyncio.to_thread(fetch, system.url, token, PERSON, "erasure")
        await asyncio.to_thread(say, system.url, token, b.AREA, "consent.withdrawn", {"participant": PERSON})
        said = list(erased(record, date(2026, 1, 31)))
        assert said[0] == "erased: 2 events, 3 rows of reporting, 6 look-ups"
        assert said[-1].startswith("until 2026-02-28: backups")
        assert PERSON not in str(said)
        with pytest.raises(CommandFailed, match="not_found"):
            await asyncio.to_thread(fetch, system.url, token, PERSON, "access_request")
