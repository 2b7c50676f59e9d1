"""Where the statements stand, one file each: those that fold in `folds/`, those that ask in `queries/`."""

import functools
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent.parent


@functools.cache
def statement(folder: str, name: str) -> str:
    """Give the text of a statement by the folder and name of its file."""
    return (FOLDER / folder / f"{name}.sql").read_text()
