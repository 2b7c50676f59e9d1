"""`helhedsnet retention`: whose plans are over for so long that their people have to go. Owns no rule.

As in `cli.py`, what a command needs is loaded when it runs.
"""

import sys
from typing import Annotated, Final

import typer
from rich.table import Table

from services.command.options import DATA, URL, AsJson, Data, Url
from services.command.terminal import Terminal

# In steps of fifty people, more than any network has.
MOST_STEPS: Final = 10_000

retention = typer.Typer(help="How long people are kept, and when they are removed.", no_args_is_help=True)
out = Terminal(width=None if sys.stdout.isatty() else 110)

Token = Annotated[
    str | None,
    typer.Option(envvar="HELHEDSNET_TOKEN", help="An administrator's token; without one, made with the folder's key."),
]


@retention.command(name="list")
def list_plans(
    *,
    days: Annotated[int, typer.Option(min=0, max=3_650, help="So far ahead.")] = 60,
    as_json: AsJson = False,
    url: Url = URL,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """List the plans whose people are removed within so many days; nobody is named."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    bearer = access.token_for(url, token, data, "admin")
    found = access.fetch(url, "registry/retention", bearer, {"days": str(days)})
    if as_json:
        out.print_document(found)
    elif found["plans"]:
        table = Table("plan", "areas", "over since", "removed from")
        for plan in found["plans"]:
            table.add_row(plan["plan"], ", ".join(plan["areas"]), plan["over_on"], plan["removed_on"])
        out.print(table)
    else:
        out.print("nobody is due")


@retention.command()
def remove(*, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """Remove the people who are due. Said every night it does what is due and nothing else; there is no way back."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    has_removed = False
    for _ in range(MOST_STEPS):
        bearer = access.token_for(url, token, data, "admin")
        done = access.send(f"{url.rstrip('/')}/registry/retention/removal", bearer, {})
        has_removed = has_removed or done["removed"]
        if not done["more"]:
            break
    out.print("removed" if has_removed else "nobody is due")
