"""The style sheet, scripts and drawings of the pages, at addresses that carry the hash of their content."""

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Response

from shared.errors import NotFound
from shared.http.browsers import FOR_GOOD

FOLDER: Final = Path(__file__).parent / "static"
KINDS: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}

router: Final = APIRouter()


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    body: bytes
    kind: str


@functools.cache
def _assets() -> Mapping[str, Asset]:
    """Give every file by its address' last part, such as `pages.0123456789ab.css`."""
    found: dict[str, Asset] = {}
    for path in sorted(FOLDER.iterdir()):
        body = path.read_bytes()
        found[f"{path.stem}.{hashlib.sha256(body).hexdigest()[:12]}{path.suffix}"] = Asset(body, KINDS[path.suffix])
    return found


@functools.cache
def address(name: str) -> str:
    """Give the address of a file by its plain name, such as `pages.css`."""
    stem, _, suffix = name.rpartition(".")
    return next(f"/static/{key}" for key in _assets() if key.startswith(f"{stem}.") and key.endswith(f".{suffix}"))


@router.get("/static/{name}")
async def get_asset(name: str) -> Response:
    """Give a file, to be kept for good."""
    asset = _assets().get(name)
    if asset is None:
        raise NotFound("there is no such file")
    return Response(asset.body, headers={"Cache-Control": FOR_GOOD}, media_type=asset.kind)
