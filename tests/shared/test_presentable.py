"""What no reader sees and a program may take for something else is not passed on."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.presentable import SUBSTITUTE, UNPRESENTABLE, presentable, presentable_in


def test_every_code_point_is_passed_on_or_is_one_that_shall_not_be() -> None:
    """Over all planes: letters, marks, numbers, emoji and what joins them stay; controls and their like do not."""
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        shown = presentable(sign)
        is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
        if sign in "\t\n":
            assert shown == sign
        elif sign in "\r\v\f\x85\u2028\u2029":
            assert shown == "\n"
        elif sign == "\ufeff" or unicodedata.bidirectional(sign) in {
            *("LRE", "RLE", "LRO", "RLO", "PDF"),
            *("LRI", "RLI", "FSI", "PDI"),
        }:
            assert shown == ""
        elif is_noncharacter or unicodedata.category(sign) in {"Cc", "Cs"}:
            assert shown == SUBSTITUTE, hex(code)
        else:
            assert shown == sign, hex(code)


@given(st.text(st.characters(codec=None)))
def test_what_is_presentable_can_be_written_and_stays_so(text: str) -> None:
    """As UTF-8, with nothing in it that is not passed on, and the same when it is asked about once more."""
    shown = presentable(text)
    shown.encode()
    assert not UNPRESENTABLE.search(shown)
    assert presentable(shown) == shown


@pytest.mark.parametrize("text", ["Søndergård", "👨‍👩‍👧", "🇩🇰", "שָׁלוֹם", "\u200fسلم", "e\u0301", "a\u00adb"])
def test_ordinary_texts_are_left_alone(text: str) -> None:
    """Letters of every script, marks of direction, and emoji that are joined from several."""
    assert presentable(text) == text


def test_a_document_keeps_its_shape() -> None:
    """Texts change wherever they stand, names of fields and other values do not."""
    document = {"a\x9b": ["\x9b", 1, None, {"b": ("\u202e", 2.5)}]}
    assert presentable_in(document) == {"a\x9b": [SUBSTITUTE, 1, None, {"b": ["", 2.5]}]}
