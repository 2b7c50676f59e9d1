"""Pseudonyms: how they are made and written, held to the vectors that a browser is held to as well."""

import re
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.events import contact_data, personal_data
from shared.events.fields import KNOWN_PSEUDONYMS, SLUG_PATTERN, Pseudonym
from shared.pseudonyms import LETTERS, PATTERN, PREFIX, NoPerson, is_pseudonym, of_name, of_personal_number, written

VECTORS: Final[dict[str, Any]] = orjson.loads(
    (Path(__file__).parents[1] / "oracles" / "pseudonym_vectors.json").read_bytes()
)
KEY: Final = bytes.fromhex(VECTORS["key"])
TAGS: Final = st.binary(min_size=10, max_size=10)
READER: Final = TypeAdapter(list[Pseudonym])


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


@given(st.lists(TAGS, min_size=1, max_size=8), st.data())
def test_a_list_is_read_as_each_of_its_names_would_be(tags: list[bytes], data: st.DataObject) -> None:
    """However often each was read before: what is none is said at its place, and those that are some are taken."""
    texts = st.sampled_from([written(tag) for tag in tags])
    places = st.integers(0, len(PREFIX) + 21)
    spoilt = st.builds(
        lambda text, place, sign: text[:place] + sign + text[place + 1 :], texts, places, st.sampled_from("bqv7-BÆ")
    )
    others = st.one_of(texts.map(str.upper), texts.map("{}\n".format), texts.map(lambda text: text[1:]), st.text())
    names = data.draw(st.lists(st.one_of(texts, spoilt, others), max_size=30))
    wrong = [place for place, name in enumerate(names) if not _is_written_by_us(name)]
    for _ in range(2):
        assert _wrong_in(names) == wrong


def test_more_names_than_are_kept_are_read_alike() -> None:
    """Of a network with more people than that, the last one's wrong letter is found like the first one's."""
    names = [written(number.to_bytes(10, "big")) for number in range(KNOWN_PSEUDONYMS + 10)]
    assert _wrong_in(names * 2) == []
    for place in (0, len(names) - 1):
        spoilt = list(names)
        spoilt[place] = names[place][:-1] + next(letter for letter in LETTERS if letter != names[place][-1])
        assert _wrong_in(spoilt) == [place]


def _is_written_by_us(text: str) -> bool:
    """Read the tag letter by letter, and write it once more."""
    if not re.fullmatch(PATTERN, text) or text.endswith("\n"):
        return False
    values = [LETTERS.index(letter) for letter in text.removeprefix(PREFIX)]
    return text == written(bytes(16 * first + second for first, second in zip(values[::2], values[1::2], strict=True)))


def _wrong_in(names: list[str]) -> list[int]:
    """Give the places in a list of what is refused as no pseudonym."""
    try:
        assert READER.validate_json(orjson.dumps(names)) == names
    except ValidationError as error:
        found = error.errors(include_url=False)
        assert {each["type"] for each in found} == {"not_a_pseudonym"}
        return [int(each["loc"][0]) for each in found]
    return []
