"""What several statements must mean alike stands once."""

import re
from typing import Final

import pytest

from services.reporting.statements import FOLDER, TAKEN, definition, statement

STATEMENTS: Final = sorted(FOLDER.glob("*/sql/*.sql"))
DEFINITIONS: Final = sorted(path.stem for path in (FOLDER / "definitions").glob("*.sql"))


def _words(text: str) -> str:
    return " ".join(re.sub(r"--.*", "", text).split())


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_is_taken_by_several_statements_and_written_in_none(name: str) -> None:
    """A copy of it would go on saying what the definition said before it was changed."""
    texts = {path: path.read_text() for path in STATEMENTS}
    assert len([path for path, text in texts.items() if name in TAKEN.findall(text)]) > 1
    assert [path.name for path, text in texts.items() if _words(definition(name)) in _words(text)] == []


def test_every_statement_has_what_it_takes() -> None:
    """One that names a definition that is not there would fail at its first reader."""
    for path in STATEMENTS:
        text = statement(path.parts[-3], path.stem)
        assert not TAKEN.findall(text)
        assert _words(text)
