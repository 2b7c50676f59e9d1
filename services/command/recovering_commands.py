"""`helhedsnet rebuild`, `recover` and `verify`: what is said, and how it went. Owns no rule.

As in `cli.py`, what a command needs is loaded when it runs.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.command.options import DATA, URL, AsJson, Data, Url
from services.command.terminal import Terminal, one_line

out = Terminal()
complaints = Terminal(stderr=True, soft_wrap=True)

Token = Annotated[
    str | None,
    typer.Option(envvar="HELHEDSNET_TOKEN", help="A bearer token; without one, made with the local folder's key."),
]


class Rebuildable(StrEnum):
    """What can be made anew from the logs that it follows."""

    REGISTRY = "registry"
    FUNDING = "funding"
    REPORTING = "reporting"


def rebuild(
    what: Annotated[Rebuildable, typer.Argument(help="The service.")],
    *,
    url: Url = URL,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Make anew what a service holds of others' logs: reporting's figures, or what registry and funding have learnt.

    What is there stays readable until the new is there. Ends with 1 where something could not be learnt anew.
    """
    from services.command import access, rebuilding  # noqa: PLC0415  see the module's docstring

    progress = rebuilding.rebuild(url, access.token_for(url, token, data, "admin"), what.value)
    out.print(rebuilding.said(what.value, progress))
    for finding in progress["findings"]:
        complaints.print("  " + one_line(f"{finding['code']} {finding['owner']} {finding['kind']} {finding['name']}"))
    if progress["findings"]:
        raise typer.Exit(1)


def recover(*, as_json: AsJson = False, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """Bring a system whose databases were restored to agreement, and show that it is; ends with 1 where it is not.

    Said again it does no harm, and goes on where it was ended.
    """
    from services.command import access, recovering  # noqa: PLC0415  see the module's docstring

    bearer = access.token_for(url, token, data, "admin")
    recovery = recovering.recover(url, bearer, complaints.print if as_json else out.print)
    if as_json:
        out.print_document(recovery.as_json())
    else:
        recovering.show(recovery, out, complaints)
    if not recovery.agrees:
        raise typer.Exit(1)


def verify(
    file: Annotated[
        Path | None, typer.Argument(help="A PDF or a workbook, to hold against the logs.", exists=True, dir_okay=False)
    ] = None,
    *,
    as_json: AsJson = False,
    url: Url = URL,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Read all logs and the ledger again and tell what is not as it was accepted; ends with 1 when anything is not.

    With a FILE, tell whether a PDF or workbook is what the logs give at its cursor; ends with 1 when it is not.
    """
    from services.command import access, verifying  # noqa: PLC0415  see the module's docstring

    if file is not None:
        _verify_file(file, url, token, data, as_json=as_json)
        return
    verified = verifying.verify(url, access.token_for(url, token, data, "auditor"))
    if as_json:
        out.print_document(verified)
    else:
        verifying.show(verified, out, complaints)
    if not verified["whole"]:
        raise typer.Exit(1)


def _verify_file(file: Path, url: str, token: str | None, data: Path, *, as_json: bool) -> None:
    from services.command import access, file_checking, file_verdict  # noqa: PLC0415  see the module's docstring

    origin = file_checking.origin_of(file)
    areas = file_checking.reader_areas(origin or {})
    bearer = access.token_for(url, token, data, "coordinator" if areas else "auditor", areas)
    checked = file_checking.check(file, origin, url, bearer)
    if as_json:
        out.print_document(checked.as_json())
    else:
        file_verdict.show(checked, file, out, complaints)
    if checked.verdict != "as_made":
        raise typer.Exit(1)
