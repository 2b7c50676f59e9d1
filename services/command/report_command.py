"""`helhedsnet report`: a report as tables on the terminal, or as its JSON. Owns no figure.

As in `cli.py`, what a command needs is loaded when it runs.
"""

import re
import sys
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

import typer

from services.command.options import DATA, URL, Data, Url
from services.command.terminal import Terminal, locale_language

SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

out = Terminal(width=None if sys.stdout.isatty() else 110)

Token = Annotated[
    str | None,
    typer.Option(envvar="HELHEDSNET_TOKEN", help="A bearer token; without one, made with the local folder's key."),
]
First = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The first day."),
]
Last = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day."),
]


class ReportName(StrEnum):
    """Which report."""

    NETWORK = "network"
    AREA = "area"
    PLAN = "plan"


class LanguageName(StrEnum):
    """In which language a report is printed."""

    DANISH = "da"
    ENGLISH = "en"


def report(  # noqa: PLR0913  each is an option
    name: Annotated[ReportName, typer.Argument(help="Which report.")],
    which: Annotated[
        str | None, typer.Argument(help="The area or the plan, for its report.", metavar="AREA|PLAN")
    ] = None,
    *,
    first_day: First = None,
    last_day: Last = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report's JSON as it came.")] = False,
    language: Annotated[
        LanguageName | None, typer.Option(help="Danish or English; else that of this machine's locale.")
    ] = None,
    url: Url = URL,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Print a report: `report network`, `report area AREA`, or `report plan PLAN`."""
    if (name is ReportName.NETWORK) != (which is None) or (which is not None and not SLUG.fullmatch(which)):
        raise typer.BadParameter(
            "say `report network`, `report area AREA`, or `report plan PLAN`", param_hint="AREA|PLAN"
        )
    from services.command import access, report_table  # noqa: PLC0415  see the module's docstring

    path = "network" if which is None else f"{name.value}s/{which}"
    period = {"from": _day(first_day), "to": _day(last_day)}
    document = access.fetch_report(url, path, access.token_for(url, token, data, "lead"), period)
    if as_json:
        out.print_document(document)
    else:
        report_table.draw(out, document, language.value if language else locale_language())


def _day(moment: datetime | None) -> str | None:
    return None if moment is None else moment.date().isoformat()
