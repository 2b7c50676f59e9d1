"""What others have measured of the areas, as reports tell it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.reporting.terms import Json, number


def context_told(rows: Iterable[Mapping[str, Any]]) -> list[Json]:
    """Tell of each area and indicator the newest figure, and the one from a year before where there is one."""
    return [
        {
            "area": row["area"],
            "indicator": row["indicator"],
            "date": row["measured_on"].isoformat(),
            "value": number(row["value"]),
            "source": row["source"],
            "before": (
                {"date": row["earlier_on"].isoformat(), "value": number(row["earlier_value"])}
                if row["earlier_on"]
                else None
            ),
        }
        for row in rows
    ]
