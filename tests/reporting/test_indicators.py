"""The catalogue of indicators: complete, true to the events, and the page written from it."""

from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from services.reporting.figures import store as figure_store
from services.reporting.folding import folds
from services.reporting.indicators import INDICATORS, as_json, as_markdown
from services.reporting.reports.store import NUMBER_THEMES
from services.reporting.statements import statement
from services.reporting.terms import COUNTS, DONE, NUMBERS, OF_PEOPLE, STANDING_AMOUNTS
from shared.database import Pool
from shared.events.every_event import EVENTS
from tests.conftest import Bearer

PAGE = Path(__file__).parents[2] / "docs" / "indicators.md"


def test_every_figure_of_a_report_is_explained() -> None:
    """A figure without an entry, or an entry without a figure, is a defect."""
    names = [indicator.name for indicator in INDICATORS]
    assert sorted(names) == sorted([*NUMBERS, *OF_PEOPLE, *STANDING_AMOUNTS, "change", "local_share_pct"])


def test_every_event_is_folded_or_named_as_not_folded() -> None:
    """An event that nothing reads would be silently left out of every figure."""
    assert folds.FOLDS.keys() | folds.NOT_FOLDED == {event.event_name for event in EVENTS}
    assert not folds.FOLDS.keys() & folds.NOT_FOLDED


@pytest.mark.parametrize(
    ("subject", "themes", "owed"),
    [
        ("reports", NUMBER_THEMES, (*NUMBERS, *DONE)),
        ("figures", figure_store.NUMBER_THEMES, (*NUMBERS, *DONE)),
        ("figures", figure_store.PEOPLE_THEMES, COUNTS),
        ("people", ("people", "volunteers"), COUNTS),
    ],
    ids=["report", "pivot", "people of the pivot", "people"],
)
async def test_every_figure_is_owed_by_one_statement(
    reporting_pool: Pool, subject: str, themes: Sequence[str], owed: Sequence[str]
) -> None:
    """A figure without a column would read 0 in every report."""
    found: list[str] = []
    async with reporting_pool.acquire() as connection:
        for theme in themes:
            prepared = await connection.prepare(statement(subject, theme))
            found += [column.name for column in prepared.get_attributes() if column.name in owed]
    assert sorted(found) == sorted(owed)


def test_every_thing_is_named_by_a_field_of_its_first_event() -> None:
    """What a figure over things counts is told apart by that field; other figures count no things."""
    fields = {event.event_name: event.model_fields for event in EVENTS}
    for item in INDICATORS:
        assert (item.theme == "things") == bool(item.thing), item.name
        assert not item.thing or item.thing in fields[item.events[0]], item.name


def test_every_source_event_is_folded() -> None:
    """An indicator cannot come from an event that nothing reads."""
    assert {event for indicator in INDICATORS for event in indicator.events} <= folds.FOLDS.keys()


def test_figures_of_people_and_nothing_else_are_told_from_releases() -> None:
    """The catalogue says of each figure what really happens to it."""
    assert {indicator.name for indicator in INDICATORS if indicator.disclosure == "people"} == set(OF_PEOPLE)


def test_the_page_is_current() -> None:
    """`make docs` was run after the last change of the catalogue."""
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), "it is out of date: `make docs`"


async def test_the_catalogue_is_told_over_http(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Whoever may read reports may read what their figures mean."""
    answer = await system.get("/reporting/indicators", headers=bearer("coordinator", "urbanplanen"))
    assert answer.json() == {"indicators": [{**as_json(each), "events": list(each.events)} for each in INDICATORS]}
    assert (await system.get("/reporting/indicators")).status_code == httpx.codes.UNAUTHORIZED
