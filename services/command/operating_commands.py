"""`helhedsnet status` and `helhedsnet dead-letters`: what is said, and how it went. Owns no rule.

As in `cli.py`, what a command needs is loaded when it runs.
"""

from typing import Annotated

import typer

from services.command.options import DATA, URL, AsJson, Data, Url
from services.command.terminal import Terminal, one_line

letters = typer.Typer(help="Events that a service could not apply.", no_args_is_help=True)
out = Terminal()
complaints = Terminal(stderr=True, soft_wrap=True)

Token = Annotated[
    str | None,
    typer.Option(envvar="HELHEDSNET_TOKEN", help="An administrator's token; without one, made with the folder's key."),
]
Service = Annotated[str, typer.Argument(help="The service that could not apply it.")]
Owner = Annotated[str, typer.Argument(help="Whose event it is.")]
Sequence = Annotated[int, typer.Argument(min=1, help="Its place in the owner's log.")]


def status(
    *,
    once: Annotated[bool, typer.Option("--once", help="Print it once and exit; 1 when something needs you.")] = False,
    as_json: AsJson = False,
    url: Url = URL,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Show how each service stands: its log, who is how far behind, and what is dead. Live, until Ctrl-C."""
    from services.command import access, operating  # noqa: PLC0415  see the module's docstring

    bearer = access.token_for(url, token, data, "admin")
    if not once and not as_json:
        operating.watch(out, url, bearer)
        return
    found = operating.statuses(url, bearer)
    if as_json:
        out.print_document({"well": operating.well(found), "services": found})
    else:
        out.print(operating.drawn(found))
    if not operating.well(found):
        raise typer.Exit(1)


@letters.command(name="list")
def list_letters(*, as_json: AsJson = False, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """List them, the oldest first of each service."""
    from services.command import access, operating  # noqa: PLC0415  see the module's docstring

    found, away = operating.dead_letters(url, access.token_for(url, token, data, "admin"))
    if as_json:
        out.print_document(found)
    elif found:
        out.print(operating.drawn_letters(found))
    else:
        out.print("no dead letters")
    for service, why in away.items():
        complaints.print(one_line(f"{service} could not be asked: {why}"))
    if away:
        raise typer.Exit(1)


@letters.command()
def show(  # noqa: PLR0913  each is an argument or option
    service: Service, owner: Owner, sequence: Sequence, *, url: Url = URL, token: Token = None, data: Data = DATA
) -> None:
    """Print one of them as it came, as JSON."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    path = f"{service}/dead-letters/{owner}/{sequence}"
    out.print_document(access.fetch(url, path, access.token_for(url, token, data, "admin"), {}))


@letters.command()
def retry(  # noqa: PLR0913  each is an argument or option
    service: Service, owner: Owner, sequence: Sequence, *, url: Url = URL, token: Token = None, data: Data = DATA
) -> None:
    """Try one again, as its owner's log tells it today; ends with 1 when it stays dead."""
    from services.command import access, operating  # noqa: PLC0415  see the module's docstring

    bearer = access.token_for(url, token, data, "admin")
    said = operating.act_on(url, bearer, "POST", f"{service}/dead-letters/{owner}/{sequence}/retry")
    if said["status"] != "applied":
        raise access.CommandFailed(f"it is still dead: {said['reason']}")
    out.print(f"applied {owner} {sequence} in {service}")


@letters.command()
def drop(  # noqa: PLR0913  each is an argument or option
    service: Service, owner: Owner, sequence: Sequence, *, url: Url = URL, token: Token = None, data: Data = DATA
) -> None:
    """Give one up: it will never be applied there. Its owner's log keeps it."""
    from services.command import access, operating  # noqa: PLC0415  see the module's docstring

    bearer = access.token_for(url, token, data, "admin")
    operating.act_on(url, bearer, "DELETE", f"{service}/dead-letters/{owner}/{sequence}")
    out.print(f"dropped {owner} {sequence} in {service}")
