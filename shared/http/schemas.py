"""The schemas of a document by their names, each of which means one thing. Owns no schema."""

from collections.abc import Mapping
from typing import Any

Schemas = dict[str, Any]


class NameTaken(Exception):
    """Two schemas of one document have the same name and say different things; one of the classes must be renamed."""


def add(schemas: Schemas, more: Mapping[str, Any]) -> None:
    """Add schemas to those of a document.

    Raises:
        NameTaken: one has the name of another that says something else.
    """
    for name, schema in more.items():
        if schemas.setdefault(name, schema) != schema:
            raise NameTaken(f"there are two schemas called {name}")
