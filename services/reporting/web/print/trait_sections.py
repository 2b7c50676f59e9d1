"""The section of who takes part. It computes no figure."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.reporting.terms import Json
from services.reporting.web.print import blocks, sections
from services.reporting.web.print.blocks import Block, PrintColumn, Speech
from services.reporting.web.taking_part import rows_of, years_of
from services.reporting.web.writing import count, percent, said
from services.reporting.words import AGE_BANDS, GENDERS, Word, word


def taking_part(report: Json, say: Speech) -> Block | None:
    """Give participants by age and by gender; nothing where nothing is told of them."""
    if not rows_of(report["age_bands"]):
        return None
    return blocks.section(
        say("Hvem deltager?", "Who takes part?"),
        *sections.charts_of(report, ("age_bands",), say),
        _table(report["age_bands"], "age_band", AGE_BANDS, say),
        _table(report["genders"], "gender", GENDERS, say),
        sections.people_note(report, say),
    )


def _table(rows: Sequence[Json], trait: str, called: Mapping[Any, Word], say: Speech) -> Block | None:
    years = years_of(rows)
    columns: list[PrintColumn] = [
        (say.heading(trait), "words"),
        (sections.label("participants", say), "numbers"),
        (say.heading("share"), "numbers"),
        *((name, "numbers") for _, name in years),
    ]
    told = (
        [
            said(word(called, row[trait]), say.language),
            count(row["participants"], say.language),
            percent(row["share_pct"], say.language) if row["share_pct"] is not None else "",
            *(count(row["years"][at]["participants"], say.language) for at, _ in years),
        ]
        for row in (rows[place] for place in rows_of(rows))
    )
    return blocks.table(say.heading(f"{trait}s"), columns, told)
