"""The script that draws charts in the browser: Vega, Vega-Lite, Vega-Embed and our own part of it, in one file.

The libraries come with a Python package, so nothing is fetched from elsewhere. Nothing of the package is loaded here:
what the script will hold follows from its release, which is enough to name it by.
"""

import functools
import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any, Final

OURS: Final = Path(__file__).with_name("drawing.js")
LIBRARIES: Final = "vl-convert-python"
HASH_LENGTH: Final = 12


@functools.cache
def name() -> str:
    """Name the script by what it holds, so that it can be kept for good."""
    content = f"{LIBRARIES} {metadata.version(LIBRARIES)}\n{OURS.read_text(encoding='utf-8')}"
    return f"drawing.{hashlib.sha256(content.encode()).hexdigest()[:HASH_LENGTH]}.js"


async def order() -> dict[str, Any]:
    """Give what the press makes it from."""
    return {"kind": "bundle", "script": OURS.read_text(encoding="utf-8")}
