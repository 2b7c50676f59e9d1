"""No spreadsheet takes a text for a formula, whichever sign it parts fields at; numbers stay numbers."""

import csv
import io
import time
from decimal import Decimal
from typing import Final, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.comma_separated import Field, Separator, csv_bytes, harmless

FORMULA_STARTS: Final = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
SEPARATORS: Final = (",", ";", "\t")
MALICIOUS: Final = st.text(st.sampled_from("=+-@;,|\t\r\n\"' a1\uff1d\x85\u2028\ufeff"), max_size=12)


def _read(content: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter))


@given(st.lists(st.lists(MALICIOUS | st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=4))
@example([["foo;=1+1"], ["foo,=1+1"], ['a";"=1+1'], ["a\n=1+1"], ["a\u2028=1+1"], ["\ufeff=1+1"]])
@example([["a", 'foo;"', "=1+1"]])
@example([["\t=1+1", " =1+1", "a;\t=1+1"]])
@example([["\tcafé", "a;\tcafé", 'a,"\tcafé', "\r"]])
def test_no_cell_begins_a_formula(rows: list[list[Field]]) -> None:
    """Read at the file's own separator, at the other one and at tabs."""
    for separator in get_args(Separator):
        content = csv_bytes(rows, separator)
        for delimiter in SEPARATORS:
            for cell in (cell for row in _read(content, delimiter) for cell in row):
                assert not cell.strip().lstrip('"').strip().startswith(FORMULA_STARTS), (delimiter, content)
                # Where quotes in a text are not paired, the end of a row may be in a cell of another sign's.
                assert not cell.removeprefix("\r\n").startswith(("\t", "\r")), (delimiter, content)


@given(st.lists(st.lists(st.text(), min_size=2, max_size=4), min_size=1))
def test_a_file_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    """Field by field, with no line and no field too many."""
    for separator in get_args(Separator):
        assert _read(csv_bytes(rows, separator), separator) == [[harmless(field) for field in row] for row in rows]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("\t=1+1", "'\t'=1+1"),
        (" =1+1", "' '=1+1"),
        ("tak; =1", "tak;' '=1"),
        ("=1", "'=1"),
        ("\tcafé", "'\tcafé"),
        ("tak;\tcafé", "tak;'\tcafé"),
        ("tak\tcafé", "tak\tcafé"),
    ],
)
def test_space_before_a_formula_hides_it_from_nobody(text: str, made: str) -> None:
    """Some programs take the space away, and some part fields at it; so no cell begins with a tab either."""
    assert harmless(text) == made


def test_twice_the_tabs_take_twice_the_time() -> None:
    """Each of them may begin a cell, and nothing else of the process runs while a pattern reads on."""
    started = time.thread_time()
    for sign, begins in (("\t", "'"), ("\n", ""), ('\t"', "'")):
        text = sign * 30_000 + "x"
        assert harmless(text) == begins + text
    assert time.thread_time() - started < 2


def test_every_field_is_quoted() -> None:
    """Numbers and nothing too."""
    assert csv_bytes([["a", 1, None]]) == b'"a","1",""\r\n'


def test_numbers_below_zero_stay_numbers() -> None:
    """A text that looks like one does not."""
    assert csv_bytes([["-1", -1, Decimal("-12.50"), -0.5]]) == b'"\'-1","-1","-12.50","-0.5"\r\n'
    assert csv_bytes([[Decimal("-12.50"), -0.5]], ";") == b'"-12,50";"-0,5"\r\n'


@pytest.mark.parametrize("text", ["5 - 3", "a=b", "bo@example", "Lektiecafé (mandag-torsdag)", "'tis", "a-b, c"])
def test_what_begins_no_formula_is_left_alone(text: str) -> None:
    """Signs in the middle of a text have no meaning to a spreadsheet."""
    assert harmless(text) == text
