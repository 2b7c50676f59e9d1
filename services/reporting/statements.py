"""The SQL that stands in files of its own: one statement each, in the folder `sql/` of its subject.

What several statements must mean alike stands once, in `definitions/`: an expression that a statement takes by its name
in double braces.
"""

import functools
import re
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
TAKEN: Final = re.compile(r"\{\{(\w+)\}\}")


@functools.cache
def statement(subject: str, name: str) -> str:
    """Give the text of a statement by its subject and name."""
    text = (FOLDER / subject / "sql" / f"{name}.sql").read_text()
    return TAKEN.sub(lambda taken: definition(taken[1]), text)


@functools.cache
def definition(name: str) -> str:
    """Give the expression of a definition, without its explanation."""
    lines = (FOLDER / "definitions" / f"{name}.sql").read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))
