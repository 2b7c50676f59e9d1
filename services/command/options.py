"""The options that commands share: where the system answers, the folder of one that runs here, JSON. Owns no rule.

As in `cli.py`, what a command needs is loaded when it runs.
"""

from pathlib import Path
from typing import Annotated, Final

import typer

DATA: Final = Path("data")
# Nothing said: the system of the folder is asked.
URL: Final = ""

# Read before the address, which depends on it.
Data = Annotated[Path, typer.Option(file_okay=False, is_eager=True, help="The folder of an embedded system.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _of_folder(context: typer.Context, url: str) -> str:
    """Give where the system answers: as said, else where that of the folder runs."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    return url or access.address_of(Path(context.params["data"]))


Url = Annotated[
    str,
    typer.Option(
        callback=_of_folder,
        show_default="that of the folder's system",
        help="Where the system answers.",
    ),
]
