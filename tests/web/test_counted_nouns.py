"""What is counted is named in the singular where it is one, and in the plural where it is more; by what pages show."""

import re
from typing import Final

import pytest

from services.reporting.web.language import languages
from services.reporting.web.wording import Wording
from services.reporting.web.writing import Code
from tests.support import builders as b
from tests.support.browsing import in_language
from tests.support.registering import Visitors

# A day before the plan's last.
LAST_DAY: Final = "2026-06-29"
ONE_OF_EACH: Final[dict[Code, dict[str, tuple[str, ...]]]] = {
    "da": {
        "/": ("1 mentorvirksomhed",),
        f"/areas/{b.AREA}": ("1 time", "heraf 1 ny"),
        f"/plans/{b.PLAN}": ("1 dag tilbage", "heraf 1 ny"),
        f"/activities/{b.ACTIVITY}": ("1 time", "heraf 1 ny"),
    },
    "en": {
        "/": ("1 mentor company",),
        f"/areas/{b.AREA}": ("1 hour",),
        f"/plans/{b.PLAN}": ("1 day left",),
        f"/activities/{b.ACTIVITY}": ("1 hour",),
    },
}


def _of_activity(name: str, **data: object) -> b.Json:
    return b.an_event(name, {"activity": b.ACTIVITY, **data}, source=f"/areas/{b.AREA}")


async def test_one_of_a_thing_is_named_in_the_singular_on_each_page(visitors: Visitors) -> None:
    """A mentor company, an hour, somebody new, a day that is left; the plan's own coordinator reads the pages."""
    cursor = await visitors.post(
        b.an_area(),
        b.a_plan(end="2026-06-30"),
        b.an_activity(),
        b.a_start(),
        b.an_organisation("tryk", kind="company"),
        b.an_enrolment("p-1"),
        _of_activity("mentor.engaged", organisation="tryk", date="2025-10-01"),
        _of_activity("volunteer.engaged", volunteer="v-1", role="volunteer", date="2025-10-01"),
        _of_activity("volunteer.hours", volunteer="v-1", hours=1, date="2025-10-02"),
        b.an_attendance(participants=["p-1"], headcount=None, hours=1, date=LAST_DAY),
    )
    await visitors.figures(cursor)
    own = await visitors.sign_in("coordinator", b.AREA)
    for language, pages in ONE_OF_EACH.items():
        for path, told in pages.items():
            page = await visitors.get(in_language(path, language), own)
            shown = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.split("<main")[1]))
            for words in told:
                assert re.search(rf"(?<!\d){words}\b", shown), (path, words)


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("da", "1 registrering venter på, at en operatør ser på den.", "2 registreringer venter på"),
        ("en", "1 event waits for an operator to look at it.", "2 events wait for an operator"),
    ],
)
def test_one_event_that_waits_is_named_in_the_singular(language: Code, one: str, many: str) -> None:
    """As the Monday list says it of what could not be processed."""
    words = Wording(languages()[language])
    for count, told in ((1, one), (2, many)):
        item = {"code": "dead_letters", "values": {"events": count}, "detail": "", "since": None}
        assert words.detail(item).startswith(told)


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("da", "Det samme gælder 1 anden plan.", "Det samme gælder 2 andre planer."),
        ("en", "The same holds for 1 other plan.", "The same holds for 2 other plans."),
    ],
)
def test_one_plan_more_is_named_in_the_singular(language: Code, one: str, many: str) -> None:
    """Where more plans differ from the ledger than are named."""
    words = Wording(languages()[language])
    for count, told in ((1, one), (2, many)):
        item = {"code": "ledger_differs", "values": {"plans": ["a"], "others": count}, "detail": "", "since": None}
        assert told in words.detail(item)
