"""`helhedsnet keys`, `people`, `sessions`, `invitations` and `issuer`: who may do what, and who no more. Owns no rule.

As in `cli.py`, what a command needs is loaded when it runs.
"""

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from services.command.options import DATA, URL, AsJson, Data, Url
from services.command.terminal import Terminal

out = Terminal()
keys = typer.Typer(help="Keys with which programs buy tokens.", no_args_is_help=True)
people = typer.Typer(help="People who may sign in.", no_args_is_help=True)
sessions = typer.Typer(help="Who is signed in.", no_args_is_help=True)
invitations = typer.Typer(help="Invitations that were made.", no_args_is_help=True)
issuer = typer.Typer(help="The keys that sign tokens.", no_args_is_help=True)
GROUPS: Final = {
    "keys": keys,
    "people": people,
    "sessions": sessions,
    "invitations": invitations,
    "issuer": issuer,
}

Token = Annotated[
    str | None,
    typer.Option(envvar="HELHEDSNET_TOKEN", help="An administrator's token; without one, made with the folder's key."),
]
Named = Annotated[str, typer.Argument(help="Its name in the list.")]
COLUMNS: Final = {
    "keys": ("key", "name", "role", "areas", "expires", "last_used", "ended"),
    "people": ("subject", "name", "role", "areas", "provider", "ended"),
    "sessions": ("session", "subject", "name", "role", "expires", "last_used", "ended"),
    "invitations": ("invitation", "name", "role", "areas", "expires", "taken", "ended"),
}


@keys.command()
def make(  # noqa: PLR0913  each is an option
    *,
    name: Annotated[str, typer.Option(help="Which program it is for.")],
    role: Annotated[str, typer.Option(help="What the program may do: coordinator, lead, auditor or admin.")],
    area: Annotated[list[str] | None, typer.Option(help="An area that a coordinator speaks for; repeat it.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is good for.")] = 90,
    url: Url = URL,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Print a key for a program, this once; set it as HELHEDSNET_KEY where the program runs."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    asked = {"name": name, "role": role, "areas": area or [], "days": days}
    made = access.send(f"{access.access_address(url)}/keys", access.token_for(url, token, data, "admin"), asked)
    typer.echo(f"{made['key']}.{made['secret']}")


@keys.command(name="list")
def list_keys(*, as_json: AsJson = False, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """List them, and when each was used last."""
    _list("keys", url, token, data, as_json=as_json)


@keys.command()
def revoke(key: Named, *, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """Revoke a key: within a minute no service takes what was bought with it."""
    _end("keys", key, url, token, data)


@people.command(name="list")
def list_people(*, as_json: AsJson = False, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """List them."""
    _list("people", url, token, data, as_json=as_json)


@people.command(name="end")
def end_person(person: Named, *, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """Let a person in no more: all sessions and invitations end, everywhere within a minute."""
    _end("people", person, url, token, data)


@sessions.command(name="list")
def list_sessions(*, as_json: AsJson = False, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """List them."""
    _list("sessions", url, token, data, as_json=as_json)


@sessions.command(name="end")
def end_session(session: Named, *, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """End a session, everywhere within a minute."""
    _end("sessions", session, url, token, data)


@invitations.command(name="list")
def list_invitations(*, as_json: AsJson = False, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """List them, and whether they were taken."""
    _list("invitations", url, token, data, as_json=as_json)


@invitations.command()
def withdraw(invitation: Named, *, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """Withdraw an invitation that nobody has taken."""
    _end("invitations", invitation, url, token, data)


@issuer.command()
def rotate(
    *,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Somebody has read the key: believe no other than the new one.")
    ] = False,
    data: Data = DATA,
) -> None:
    """Make a new key that signs tokens; the old one is believed until its last token has ended."""
    from services.access import signing  # noqa: PLC0415  see the module's docstring
    from services.embedded.system import issuer_file  # noqa: PLC0415  as above

    typer.echo(signing.rotate(issuer_file(data), at_once=at_once))


def _list(what: str, url: str, token: str | None, data: Path, *, as_json: bool) -> None:
    from services.command import access  # noqa: PLC0415  see the module's docstring

    bearer = access.token_for(url, token, data, "admin")
    items = access.fetch(access.access_address(url), what, bearer, {})["items"]
    if as_json:
        out.print_document(items)
    elif items:
        out.print(_drawn(what, items))
    else:
        out.print(f"no {what}")


def _drawn(what: str, items: list[dict[str, Any]]) -> Table:
    table = Table(*COLUMNS[what])
    for item in items:
        table.add_row(*(_shown(item[column]) for column in COLUMNS[what]))
    return table


def _shown(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _end(what: str, name: str, url: str, token: str | None, data: Path) -> None:
    from services.command import access  # noqa: PLC0415  see the module's docstring

    access.delete(f"{access.access_address(url)}/{what}/{name}", access.token_for(url, token, data, "admin"))
