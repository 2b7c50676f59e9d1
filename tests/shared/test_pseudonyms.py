"""Pseudonyms: how they are made and written, held to the vectors that a browser is held to as well."""

import re
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events import contact_data, personal_data
from shared.events.fields import SLUG_PATTERN
from shared.pseudonyms import LETTERS, PATTERN, PREFIX, NoPerson, is_pseudonym, of_name, of_personal_number, written

VECTORS: Final[dict[str, Any]] = orjson.loads(
    (Path(__file__).parents[1] / "oracles" / "pseudonym_vectors.json").read_bytes()
)
KEY: Final = bytes.fromhex(VECTORS["key"])
TAGS: Final = st.binary(min_size=10, max_size=10)


def _made(vector: dict[str, str]) -> str:
    if "number" in vector:
        return of_personal_number(KEY, vector["number"])
    return of_name(KEY, vector["name"], vector["born"])


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=str)
def test_each_vector_is_met(vector: dict[str, str]) -> None:
    """The same person has the same pseudonym however it is typed; what is no person has a code."""
    if "code" in vector:
        with pytest.raises(NoPerson) as refused:
            _made(vector)
        assert refused.value.code == vector["code"]
    else:
        assert _made(vector) == vector["pseudonym"]


def test_a_pseudonym_is_what_openssl_makes_of_it() -> None:
    """The tag of the first vector, by `openssl dgst -sha256 -mac HMAC`."""
    assert written(bytes.fromhex("54a4f25a6aed99ce56dc")) == VECTORS["vectors"][0]["pseudonym"]


def test_a_different_key_makes_a_different_pseudonym() -> None:
    """Whoever lacks the key learns nothing by trying all numbers."""
    assert of_personal_number(bytes(32), "010203-1234") != of_personal_number(KEY, "010203-1234")


@given(TAGS)
def test_every_pseudonym_is_a_slug_that_tells_nothing(tag: bytes) -> None:
    """It fits where pseudonyms stand, and the guard sees nobody's number in it."""
    made = written(tag)
    assert is_pseudonym(made)
    assert re.fullmatch(PATTERN, made)
    assert re.fullmatch(SLUG_PATTERN, made)
    assert not personal_data.holds_personal_number(made)
    assert contact_data.in_identifier(made, is_pseudonym=True) is None


@given(TAGS, st.integers(len(PREFIX), len(PREFIX) + 21), st.sampled_from(LETTERS))
def test_a_wrong_letter_is_found(tag: bytes, place: int, letter: str) -> None:
    """Wherever it stands."""
    made = written(tag)
    wrong = made[:place] + letter + made[place + 1 :]
    assert is_pseudonym(wrong) is (wrong == made)


@given(TAGS, st.integers(len(PREFIX), len(PREFIX) + 20))
def test_two_letters_that_changed_places_are_found(tag: bytes, place: int) -> None:
    """As a hand that types does it."""
    made = written(tag)
    wrong = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
    assert is_pseudonym(wrong) is (wrong == made)


@pytest.mark.parametrize(
    "text", ["", "p-", "amina-hassan", "8c1fa02b4de97a63", "P-HGPGVDHPJPTSNNRTHJSRSJ", "p-" + "b" * 23]
)
def test_nothing_else_is_one(text: str) -> None:
    """Nor one in capitals, too short or too long."""
    assert not is_pseudonym(text)
