"""`helhedsnet log`: who sent what to a service, or changed whose access, with the names that access has. Owns no rule.

As in `cli.py`, what a command needs is loaded when it runs.
"""

from enum import StrEnum
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from services.command.options import DATA, URL, AsJson, Data, Url
from services.command.terminal import Terminal

COLUMNS: Final[tuple[str, ...]] = ("sequence", "recorded", "type", "source", "who")
DONE: Final[tuple[str, ...]] = ("number", "done_at", "action", "about", "who")
CHANGED: Final[tuple[str, ...]] = ("number", "changed_at", "what", "kind", "name", "role", "who")
FARTHEST: Final = 2**63 - 1

out = Terminal()


class Service(StrEnum):
    """Whose log."""

    REGISTRY = "registry"
    FUNDING = "funding"
    REPORTING = "reporting"
    ACCESS = "access"


def log(  # noqa: PLR0913  each is an option
    service: Annotated[Service, typer.Argument(help="Whose log.")] = Service.REGISTRY,
    *,
    deeds: Annotated[bool, typer.Option("--deeds", help="What operators did that no event says.")] = False,
    before: Annotated[int, typer.Option(min=1, help="Go back from this sequence.")] = FARTHEST,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many lines.")] = 20,
    as_json: AsJson = False,
    url: Url = URL,
    token: Annotated[
        str | None,
        typer.Option(envvar="HELHEDSNET_TOKEN", help="An administrator's or auditor's token; else as `status`."),
    ] = None,
    data: Data = DATA,
) -> None:
    """Show who sent the events of a service's log, or changed whose access, the newest first; never what they say."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    bearer = access.token_for(url, token, data, "admin")
    asked = {"before": str(before), "limit": str(limit)}
    if service is Service.ACCESS:
        columns, author = CHANGED, "changed_by"
        lines = access.fetch(access.access_address(url), "changes", bearer, asked)["items"]
    elif deeds:
        columns, author = DONE, "authid"
        lines = access.fetch(url, f"{service.value}/log/deeds", bearer, asked)["deeds"]
    else:
        columns, author = COLUMNS, "authid"
        lines = access.fetch(url, f"{service.value}/log/authors", bearer, asked)["authors"]
    known = _names(url, bearer)
    lines = [{**line, "who": known.get(line[author]) or line[author] or "not noted"} for line in lines]
    if as_json:
        out.print_document(lines)
        return
    table = Table(*columns)
    for line in lines:
        table.add_row(*(str(line[column]) for column in columns))
    out.print(table)


def _names(url: str, bearer: str) -> dict[Any, str]:
    """Give the names of those whom access knows, where the token may ask for them."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    known = {}
    for what, named in (("people", "subject"), ("keys", "key")):
        try:
            listed = access.fetch(access.access_address(url), what, bearer, {})["items"]
        except access.CommandFailed:
            return {}
        known.update({item[named]: f"{item['name']} ({item[named]})" for item in listed})
    return known
