"""Who takes part, as pages and paper lay it out: which age bands or genders have a row, which school years a column."""

from collections.abc import Sequence

from services.reporting.terms import Json


def years_of(rows: Sequence[Json]) -> list[tuple[int, str]]:
    """Give the place and the name of each school year of which something is told or hidden; none of a single one."""
    years = rows[0]["years"]
    if len(years) == 1:
        return []
    places = enumerate(year["school_year"] for year in years)
    return [(place, name) for place, name in places if any(_is_there(row["years"][place]) for row in rows)]


def rows_of(rows: Sequence[Json]) -> list[int]:
    """Give the places of the rows in which somebody may be; none where nothing is told or hidden of any."""
    if not any(_is_there(row) for row in rows):
        return []
    return [place for place, row in enumerate(rows) if any(_may_have_people(each) for each in (row, *row["years"]))]


def _is_there(row: Json) -> bool:
    count: Json = row["participants"]
    return count.get("hidden") != "not_released"


def _may_have_people(row: Json) -> bool:
    return _is_there(row) and row["participants"]["value"] != 0
