"""Which figures about areas there are is data: a table in a file, which the event, forms and words follow."""

from typing import Final

import pytest

from services.reporting.entry.shapes import form_of
from services.reporting.words import CONTEXT
from shared.context_figures import CONTEXT_FIGURES, TABLE, read
from shared.events.reporting import ContextImported

LINES: Final = '[new_pct]\nda = "Ny"\nen = "New"\nunit = "per cent"\nleast = 0\nmost = 100\n'
# What logs hold: never taken away.
FROM_THE_START: Final = {"outside_work_or_education_pct", "convicted_pct", "only_primary_school_pct", "income_pct"}


def test_one_more_is_one_more_table_of_the_file() -> None:
    """It is read with its names, unit and bounds."""
    more = read(TABLE.read_text(encoding="utf-8") + LINES)
    assert [*more] == [*CONTEXT_FIGURES, "new_pct"]
    assert (more["new_pct"].da, more["new_pct"].most) == ("Ny", 100)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (LINES.replace("per cent", "kroner"), ValueError),
        (LINES.replace("least = 0", "least = 101"), ValueError),
        (LINES.replace('en = "New"\n', ""), TypeError),
        (LINES + "colour = 1\n", TypeError),
    ],
)
def test_a_table_that_is_wrong_is_not_read(wrong: str, error: type[Exception]) -> None:
    """A unit that is none, reversed bounds, a name too few, a word too many."""
    with pytest.raises(error):
        read(wrong)


def test_event_form_and_words_follow_the_table() -> None:
    """The codes of the schema, the choices of the form and the words are those of the table."""
    assert CONTEXT_FIGURES.keys() >= FROM_THE_START
    (choice,) = (field for field in form_of(ContextImported) if field.name == "indicator")
    schema = ContextImported.model_json_schema()["properties"]["indicator"]["enum"]
    assert list(choice.codes) == schema == list(CONTEXT) == list(CONTEXT_FIGURES)
