"""`helhedsnet release`: what is said, and how it went. Owns no rule.

As in `cli.py`, what a command needs is loaded when it runs.
"""

from typing import Annotated, Final

import typer

from services.command.options import DATA, URL, AsJson, Data, Url
from services.command.terminal import Terminal

LISTED: Final = 500

releases = typer.Typer(help="What readers outside an area are told of people, month by month.", no_args_is_help=True)
out = Terminal()

Token = Annotated[
    str | None,
    typer.Option(envvar="HELHEDSNET_TOKEN", help="A bearer token; without one, made with the local folder's key."),
]


@releases.command()
def make(
    *,
    month: Annotated[
        str | None, typer.Option(help="Up to which month, such as 2026-10; else the newest that is closed.")
    ] = None,
    as_json: AsJson = False,
    url: Url = URL,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Make one now, without waiting for what the areas may still register of the month."""
    from services.command import access, releasing  # noqa: PLC0415  see the module's docstring

    made = releasing.make(url, access.token_for(url, token, data, "lead"), month)
    if as_json:
        out.print_document({"releases": made})
    else:
        out.print(releasing.drawn(made))


@releases.command(name="list")
def list_releases(*, as_json: AsJson = False, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """List them, the newest first."""
    from services.command import access, releasing  # noqa: PLC0415  see the module's docstring

    bearer = access.token_for(url, token, data, "lead")
    found = access.fetch(url, "reporting/releases", bearer, {"limit": str(LISTED)})
    if as_json:
        out.print_document(found)
    elif found["releases"]:
        out.print(releasing.drawn(found["releases"]))
    else:
        out.print("no releases")


@releases.command()
def show(
    number: Annotated[int, typer.Argument(min=1, help="Which one.")],
    *,
    area: Annotated[str | None, typer.Option(help="Print what it tells of an area too; `-` is the network.")] = None,
    url: Url = URL,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Print a release as JSON: its months, where it was made, and its digest."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    bearer = access.token_for(url, token, data, "lead")
    found = access.fetch(url, f"reporting/releases/{number}", bearer, {})
    if area is not None:
        found |= access.fetch(url, f"reporting/releases/{number}/cells", bearer, {"area": area.removeprefix("-")})
    out.print_document(found)
