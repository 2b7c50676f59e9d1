"""The routes of the applications as they are, and what stands for the names in their paths."""

import re
from collections.abc import Iterator
from typing import Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.support import builders as b

HOLES: Final = {
    "area": b.AREA,
    "plan": "amagerplanen",
    "activity": "byhaver",
    "year": "2025",
    "owner": "registry",
    "sequence": "1",
    "number": "1",
    "name": "sessions",
    "script": "charts",
    "book": "ledger",
    "suffix": "csv",
    "document": "network",
    "form": "json",
}


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Give method and path of every route that an application has."""
    for context in iter_route_contexts(app.router.routes):
        for method in sorted(getattr(context, "methods", None) or ()):
            if method != "HEAD":
                yield method, str(getattr(context, "path", ""))


def line_of(method: str, path: str) -> str:
    """Give the line of a table for a route: the name of a file holds a digest, which is left out."""
    return f"{method} {re.sub(r'[.][0-9a-f]{12}[.]', '.', path)}"
