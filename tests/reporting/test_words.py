"""The table of words: every code that reports show has one word in each language, and nowhere else is a second one."""

import ast
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from babel.messages.pofile import read_po

from services.registry.store.erasure import ERASED_TYPE
from services.reporting import terms, words
from services.reporting.figures import pivot
from services.reporting.indicators import INDICATORS
from services.reporting.web import refusals
from services.reporting.web.charts.catalogue import CHARTS
from services.reporting.web.language import languages
from services.reporting.web.wording import Wording
from shared.codes import LookupReason
from shared.events.envelope import Owner
from shared.events.every_event import EVENTS
from shared.events.funding import CostType, FunderKind, RevisionKind
from shared.events.registry.network import OrganisationKind
from shared.events.registry.parts import AgeBand, Lens
from shared.events.registry.people import FollowUpStatus, Gender, Respondent, Wave
from shared.events.registry.plans import Attainment, PartnerRole
from shared.events.reporting import ContextIndicator
from shared.tokens import Role
from tests.support.running import ROOT

OF_CODES: Final[Mapping[str, tuple[Any, Mapping[Any, words.Word]]]] = {
    "AgeBand": (AgeBand, words.AGE_BANDS),
    "ActivityStatus": (terms.ActivityStatus, words.ACTIVITY_STATUSES),
    "Attainment": (Attainment, words.ATTAINMENTS),
    "AttentionCode": (terms.AttentionCode, words.ATTENTION),
    "BudgetVersionKind": (terms.BudgetVersionKind, words.REVISIONS),
    "ContextIndicator": (ContextIndicator, words.CONTEXT),
    "CostType": (CostType, words.COST_TYPES),
    "Dimension": (terms.Dimension, words.DIMENSIONS),
    "FollowUpStatus": (FollowUpStatus, words.FOLLOW_UPS),
    "FunderKind": (FunderKind, words.FUNDER_KINDS),
    "Gender": (Gender, words.GENDERS),
    "Lens": (Lens, words.LENSES),
    "MilestoneStatus": (terms.MilestoneStatus, words.MILESTONE_STATUSES),
    "OrganisationKind": (OrganisationKind, words.ORGANISATION_KINDS),
    "Owner": (Owner, words.SERVICES),
    "LookupReason": (LookupReason, words.LOOKUP_REASONS),
    "PartnerRole": (PartnerRole, words.PARTNER_ROLES),
    "Respondent": (Respondent, words.RESPONDENTS),
    "Role": (Role, words.ROLES),
    "Severity": (terms.Severity, words.SEVERITIES),
    "Stage": (terms.Stage, words.STAGES),
    "StatementStatus": (terms.StatementStatus, words.STATEMENT_STATUSES),
    "Wave": (Wave, words.WAVES),
}
IN_DANISH: Final = {
    danish for table in (words.HEADINGS, words.DIMENSIONS, words.FIGURE_NAMES) for danish, _ in table.values()
}
# What shows reports to people.
SHOWING: Final = ("services/reporting/web", "services/reporting/exports", "services/command/report_table.py")


@pytest.mark.parametrize("name", OF_CODES)
def test_every_code_has_a_word_in_both_languages(name: str) -> None:
    """The codes of a kind are those that have a word: none is missing, and none is left over."""
    codes, of_codes = OF_CODES[name]
    assert set(of_codes) == set(get_args(codes))
    assert all(danish and english for danish, english in of_codes.values())


def test_every_table_of_codes_is_held_to_its_codes() -> None:
    """A table of words is named above, or holds no codes of a kind."""
    tables = {name for name, value in vars(words).items() if name.isupper() and isinstance(value, dict)}
    held = {name for name in tables for _, of_codes in OF_CODES.values() if vars(words)[name] is of_codes}
    others = {"ACCESS_CHANGES", "ACCESS_KINDS", "EVENT_FIELDS", "FIGURE_NAMES", "HEADINGS", "SHORT"}
    others |= {"TABLES_OF_PEOPLE", "TRAITS"}
    assert tables - held == others


def test_codes_of_rules_are_those_that_have_words() -> None:
    """What reporting lists as its codes elsewhere is the same as what has words."""
    assert set(pivot.DIMENSIONS) | {"pool"} == set(words.DIMENSIONS)
    assert set(terms.MILESTONES) == set(words.MILESTONE_STATUSES)
    assert set(terms.FUNDER_KINDS) == set(words.FUNDER_KINDS)
    assert {f"{stage}_ore" for stage in words.STAGES} == set(terms.AMOUNTS)
    assert set(get_args(RevisionKind)) < set(words.REVISIONS)


def test_every_figure_and_every_refused_event_has_a_word() -> None:
    """Figures go by the names of their catalogue, events by those of theirs."""
    assert set(words.FIGURE_NAMES) == {item.name for item in INDICATORS}
    assert {event.type_name() for event in EVENTS} < set(refusals.REJECTED)


def test_what_a_log_notes_by_itself_has_a_word() -> None:
    """Nobody sends an erasure: the registry writes it, and the list of who did what shows it."""
    assert Wording(languages()["da"]).event(ERASED_TYPE) == "Oplysninger slettet"
    assert Wording(languages()["en"]).event(ERASED_TYPE) == "Information erased"


def test_short_words_are_parts_of_the_whole_ones() -> None:
    """What a terminal has no room for is left out, and no other word is taken."""
    for name, short in words.SHORT.items():
        for part, whole in zip(short, words.FIGURE_NAMES.get(name) or words.HEADINGS[name], strict=True):
            assert part.removesuffix(".").lower() in whole.lower()


def test_words_begin_with_a_capital() -> None:
    """A word stands as a heading does; inside a sentence it loses its capital."""
    of_codes = [*(of_codes for _, of_codes in OF_CODES.values()), words.HEADINGS]
    every = [text for table in of_codes for word in table.values() for text in word]
    assert [text for text in every if text[0] != text[0].upper()] == []
    assert words.inside(words.STATEMENT_STATUSES["open"]) == ("ikke indsendt", "not submitted")


def test_nobody_else_has_words_of_codes() -> None:
    """What shows reports takes the words of codes from the one table: a mapping from codes to words stands nowhere."""
    codes = {code for of_codes, _ in OF_CODES.values() for code in get_args(of_codes)} - {"change"}
    charts = set(CHARTS)
    found = [
        f"{path.relative_to(ROOT)}: {key}"
        for path in _files()
        for key, value in _entries(path)
        if key in codes and key not in charts and _is_word(value)
    ]
    assert found == []


def test_nobody_else_has_a_word_of_a_heading() -> None:
    """A pair of words that the table has is taken from it, and not written a second time."""
    found = [f"{path.relative_to(ROOT)}: {pair}" for path in _files() for pair in _pairs(path) if pair[0] in IN_DANISH]
    assert found == []


def test_pages_translate_sentences_only() -> None:
    """A template asks the table for a heading; what it has translated is a sentence, or said on that page alone."""
    catalogue = read_po(io.BytesIO((ROOT / "services/reporting/web/locale/en.po").read_bytes()))
    assert {message.id for message in catalogue} & IN_DANISH == set()


def _files() -> Iterator[Path]:
    for place in SHOWING:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def _entries(path: Path) -> Iterator[tuple[object, ast.expr]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield key.value, value


def _is_word(value: ast.expr) -> bool:
    """Tell whether a value is a word for people: two texts, or one that is marked for translation and no sentence."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "marked":
        return not (isinstance(text := value.args[0], ast.Constant) and str(text.value).endswith("."))
    return isinstance(value, ast.Tuple) and all(isinstance(each, ast.Constant) for each in value.elts)


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Give each pair of texts, whether it is a tuple or what a call is given."""
    for node in ast.walk(ast.parse(path.read_text())):
        given = node.elts if isinstance(node, ast.Tuple) else node.args if isinstance(node, ast.Call) else []
        texts = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if len(given) == len(texts) == 2:
            yield texts[0], texts[1]
