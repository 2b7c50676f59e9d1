"""`helhedsnet person`: a person's rights, exercised by a coordinator of its area. Owns what is said, and no rule.

A pseudonym is asked for or read from standard input, never from the command's line, which shells keep. As in `cli.py`,
what a command needs is loaded when it runs.
"""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from services.command.options import DATA, URL, AsJson, Data, Url
from services.command.terminal import Terminal

person = typer.Typer(help="A person's rights: what is held, and to have it erased.", no_args_is_help=True)
out = Terminal(width=None if sys.stdout.isatty() else 110)
complaints = Terminal(stderr=True, soft_wrap=True)

Area = Annotated[str, typer.Option(help="The person's area, whose coordinator asks.")]
Token = Annotated[
    str | None,
    typer.Option(envvar="HELHEDSNET_TOKEN", help="A coordinator's token; without one, made with the folder's key."),
]


class Why(StrEnum):
    """Why somebody is looked up."""

    ACCESS_REQUEST = "access_request"
    CORRECTION = "correction"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    SUPERVISION = "supervision"


@person.command()
def export(  # noqa: PLR0913  each is an option
    *,
    area: Area,
    reason: Annotated[Why, typer.Option(help="Why; it is noted with the look-up.")] = Why.ACCESS_REQUEST,
    english: Annotated[bool, typer.Option("--english", help="In English; else Danish.")] = False,
    as_json: AsJson = False,
    url: Url = URL,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Print all that is held of a person, and everybody who looked the person up."""
    from services.command import access, person_record  # noqa: PLC0415  see the module's docstring

    bearer = access.token_for(url, token, data, "coordinator", frozenset({area}))
    record = person_record.fetch(url, bearer, _pseudonym(), reason.value)
    if as_json:
        out.print_document(record)
        return
    for shown in person_record.drawn(record, "en" if english else "da"):
        out.print(shown)


@person.command()
def correct(  # noqa: PLR0913  each is an option
    *,
    area: Area,
    age_band: Annotated[str | None, typer.Option(help="The right age band, such as 13-14.")] = None,
    gender: Annotated[str | None, typer.Option(help="The right gender: female, male or other.")] = None,
    url: Url = URL,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Correct a participant's age band or gender, as if it had always been so."""
    from services.command import access, person_record  # noqa: PLC0415  see the module's docstring

    right = {name: value for name, value in (("age_band", age_band), ("gender", gender)) if value}
    if not right:
        raise typer.BadParameter("say what is right: --age-band, --gender")
    bearer = access.token_for(url, token, data, "coordinator", frozenset({area}))
    person_record.say(url, bearer, area, "participant.corrected", {"participant": _pseudonym(), **right})
    out.print("corrected")


@person.command()
def erase(*, area: Area, url: Url = URL, token: Token = None, data: Data = DATA) -> None:
    """Withdraw a person's consent: all that names the person is erased, and nothing brings it back."""
    from services.command import access, person_record  # noqa: PLC0415  see the module's docstring
    from shared import clock  # noqa: PLC0415  as above

    bearer = access.token_for(url, token, data, "coordinator", frozenset({area}))
    pseudonym = _pseudonym()
    record = person_record.fetch(url, bearer, pseudonym, Why.ERASURE.value)
    person_record.say(url, bearer, area, "consent.withdrawn", {"participant": pseudonym})
    for line in person_record.erased(record, clock.today()):
        out.print(line)


def _pseudonym() -> str:
    """Ask for a pseudonym, or read it from standard input."""
    if sys.stdin.isatty():
        asked: str = typer.prompt("pseudonym", err=True)
        return asked.strip()
    return sys.stdin.readline().strip()
