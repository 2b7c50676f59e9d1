"""The catalogue of indicators: complete, true to the events, and the page written from it."""

from pathlib import Path

import httpx

from services.reporting.domain import AMOUNTS, COUNTS, NUMBERS
from services.reporting.indicators import INDICATORS, as_json, as_markdown
from services.reporting.store import folding
from tests.conftest import Bearer

PAGE = Path(__file__).parents[2] / "docs" / "indicators.md"


def test_every_figure_of_a_report_is_explained() -> None:
    """A figure without an entry, or an entry without a figure, is a defect."""
    names = [indicator.name for indicator in INDICATORS]
    assert sorted(names) == sorted([*NUMBERS, *COUNTS, *AMOUNTS, "change", "local_share_pct"])


def test_every_source_event_is_folded() -> None:
    """An indicator cannot come from an event that nothing reads."""
    assert {event for indicator in INDICATORS for event in indicator.events} <= folding.FOLDS.keys()


def test_counts_of_people_and_nothing_else_pass_disclosure_control() -> None:
    """The catalogue says of each figure what really happens to it."""
    assert {indicator.name for indicator in INDICATORS if indicator.disclosure == "people"} == set(COUNTS)


def test_the_page_is_current() -> None:
    """`python -m services.reporting.indicators > docs/indicators.md` writes what stands there."""
    assert PAGE.read_text(encoding="utf-8") == as_markdown()


async def test_the_catalogue_is_told_over_http(system: httpx.AsyncClient, bearer: Bearer) -> None:
    """Whoever may read reports may read what their figures mean."""
    answer = await system.get("/reporting/indicators", headers=bearer("coordinator", "urbanplanen"))
    assert answer.json() == {"indicators": [{**as_json(each), "events": list(each.events)} for each in INDICATORS]}
    assert (await system.get("/reporting/indicators")).status_code == httpx.codes.UNAUTHORIZED
