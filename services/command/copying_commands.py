"""`helhedsnet backup` and `helhedsnet restore`: the data of an embedded system in one file. Owns no rule.

As in `cli.py`, what a command needs is loaded when it runs.
"""

from pathlib import Path
from typing import Annotated

import typer

from services.command.options import DATA, Data
from services.command.terminal import Terminal

out = Terminal()


def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The file to write; there must be none yet.")],
    *,
    data: Data = DATA,
) -> None:
    """Write the data of a system that does not run into one file, the key of its tokens with it."""
    from services.embedded import copies  # noqa: PLC0415  see the module's docstring

    copies.write_copy(data, file)
    out.print(f"wrote {file}")


def restore(
    file: Annotated[Path, typer.Argument(dir_okay=False, exists=True, help="A file that `backup` wrote.")],
    *,
    data: Data = DATA,
    withdrawn: Annotated[
        Path | None,
        typer.Option(dir_okay=False, exists=True, help="The list of withdrawals, anchors/registry-withdrawn.jsonl."),
    ] = None,
) -> None:
    """Make the data of a system from such a file: all of it or, where the file is no good, nothing.

    With the list of withdrawals of the folder that was in use, whoever withdrew since is erased at the start.
    """
    from services.embedded import copies  # noqa: PLC0415  see the module's docstring

    copies.put_back(file, data, withdrawn)
    out.print(f"restored {data}; `helhedsnet up --data {data}` goes on from there")
