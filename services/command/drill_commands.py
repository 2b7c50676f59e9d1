"""`helhedsnet drill`: the part of a drilled restore that knows what databases should say. Owns no rule.

As in `cli.py`, what a command needs is loaded when it runs.
"""

from pathlib import Path
from typing import Annotated, Final

import typer

FOLDER: Final = Path("/var/lib/helhedsnet/drill")
IN_USE: Final = Path("/run/postgresql")


def drill(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="The folder that drills are asked for in.")
    ] = FOLDER,
    *,
    in_use: Annotated[Path, typer.Option(file_okay=False, help="The folder with the socket of those in use.")] = IN_USE,
) -> None:
    """Look at each restore that `helhedsnet-backups` drills, and say whether it is whole; goes on until it is ended."""
    from services.command import drilling  # noqa: PLC0415  see the module's docstring

    drilling.answer_forever(folder, in_use)
