"""The number of the rules that reports are made by: the next one wherever the demo's digests differ, described."""

import json
from typing import Final

import httpx
import pytest

from docs import rules_page
from docs.rules_page import Rules, Unexplained
from services.reporting import digest
from services.reporting.terms import Json
from tests.conftest import Bearer

REPORT: Final[Json] = {"totals": {"sessions": 2}, "areas": [{"area": "urbanplanen", "sessions": 2}], "rules": 1}
DIGESTS: Final = {"report": digest.digest(REPORT)}
FIRST: Final = Rules("the first", ("sessions",), DIGESTS)
# The same report with a figure that the first rules do not know.
FULLER: Final[Json] = {"totals": {"sessions": 2, "courses": 0}, "areas": [{**REPORT["areas"][0], "courses": 0}]}
FIGURES: Final = ("courses", "sessions")


async def test_the_rules_of_a_number_give_the_demo_its_digests(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Whoever changes what figures say, or adds one, has the rules take the next number: `make docs`."""
    last = rules_page.known()[-1]
    found = {}
    for path in rules_page.DOCUMENTS:
        answer = await demo.get(f"/reporting/{path}", headers=bearer("lead"))
        assert answer.status_code == httpx.codes.OK, answer.text
        assert answer.json()["rules"] == digest.RULES == len(rules_page.known())
        assert digest.digest(answer.json()) == answer.json()["digest"]
        found[path] = answer.json()["digest"]
    assert last.digests == found, "the demo has different digests: `make docs`, which gives the rules their next number"
    assert last.figures == rules_page.FIGURES, "the catalogue has different figures: `make docs`"


def test_each_number_is_described() -> None:
    """`make docs` wrote the page of figures, which says what each number changed."""
    rules = rules_page.known()
    text = rules_page.PAGE.read_text(encoding="utf-8")
    assert rules_page.page(text, rules) == text
    assert f"\n| {len(rules)} | {rules[-1].changed} |\n\n" in text
    assert all(each.changed for each in rules)
    assert digest.HISTORY.read_text(encoding="utf-8") == rules_page.written(rules)


def test_the_same_digests_keep_their_number() -> None:
    """Neither a figure that no document shows nor a further document changes what those of before say."""
    (kept,) = rules_page.following([FIRST], {"report": REPORT}, FIGURES, "a word too many")
    assert kept == Rules("the first", FIGURES, DIGESTS)
    (kept,) = rules_page.following([FIRST], {"report": REPORT, "new": {}}, FIRST.figures)
    assert kept.digests == {**DIGESTS, "new": digest.digest({})}


def test_a_new_figure_takes_the_next_number_and_explains_itself() -> None:
    """Without it every document is what it was."""
    assert rules_page.following([FIRST], {"report": FULLER}, FIGURES) == [
        FIRST,
        Rules("new: `courses`", FIGURES, {"report": digest.digest(FULLER)}),
    ]


@pytest.mark.parametrize("figures", [FIGURES, FIRST.figures], ids=["beside a new one", "alone"])
def test_what_no_new_figure_explains_takes_words(figures: tuple[str, ...]) -> None:
    """A figure that changed unseen would otherwise hide behind one that is new."""
    changed = json.loads(json.dumps(FULLER).replace('"sessions": 2', '"sessions": 3'))
    with pytest.raises(Unexplained):
        rules_page.following([FIRST], {"report": changed}, figures)
    first, second = rules_page.following([FIRST], {"report": changed}, figures, "sessions count twice")
    assert first == FIRST
    new = "new: `courses`; " if figures == FIGURES else ""
    assert second.changed == f"{new}sessions count twice"
