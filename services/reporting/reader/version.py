"""The version by which files are told apart that a different program wrote: its release, and a digest of all it is."""

import functools
import hashlib
from importlib import metadata
from pathlib import Path
from typing import Final

import shared

# What decides how a file is written: our own sources with their words, templates and settings, and these libraries.
SOURCES: Final = (Path(__file__).parents[1], *map(Path, shared.__path__))
SUFFIXES: Final = frozenset({".json", ".po", ".py", ".sql", ".toml", ".typ"})
LIBRARIES: Final = ("altair", "babel", "typst", "vl-convert-python", "xlsxwriter")
DIGITS: Final = 12


@functools.cache
def version() -> str:
    """Give the version of the program that runs, such as 0.1.0+3f2a9c81d0e4; any change to it gives a different one."""
    found = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted(each for each in folder.rglob("*") if each.suffix in SUFFIXES):
            found.update(f"{path.relative_to(folder.parent).as_posix()}\n".encode())
            found.update(path.read_bytes())
    for library in LIBRARIES:
        found.update(f"{library} {metadata.version(library)}\n".encode())
    return f"{metadata.version('helhedsnet')}+{found.hexdigest()[:DIGITS]}"
