"""Says how a practice is taken home: the event to post, ready but for what only the adopter knows. Pure."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import orjson

from shared.events.registry.activities import PracticeAdopted

# What the adopter puts its own words in the place of.
OWN_AREA: Final = "jeres-omraade"
OWN_ACTIVITY: Final = "jeres-aktivitet"
OWN_WORDS: Final = "Hvad I har lavet om, så det passer hos jer."


def event(practice: str, areas: Collection[str], now: datetime) -> str:
    """Write the event with which an area adopts a practice; a coordinator of one area finds it filled in."""
    area = next(iter(areas)) if len(areas) == 1 else OWN_AREA
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": f"{area}-{practice}-{now:%Y%m%d}",
            "source": f"/areas/{area}",
            "type": PracticeAdopted.type_name(),
            "time": now.isoformat(timespec="seconds"),
            "data": {"activity": OWN_ACTIVITY, "source_activity": practice, "adaptation": OWN_WORDS},
        },
        option=orjson.OPT_INDENT_2,
    ).decode()
