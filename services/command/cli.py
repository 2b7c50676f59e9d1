"""The `helhedsnet` command: reads what is asked for and says how it went. Owns no rule.

What a command needs is loaded when it runs: `--help` and `token` shall not wait for what only `up` needs.
"""

import asyncio
import contextlib
import dataclasses
import re
import shlex
import sys
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.text import Text

from services.command import (
    access_commands,
    copying_commands,
    drill_commands,
    log_command,
    operating_commands,
    person_commands,
    posting_commands,
    pseudonym_commands,
    recovering_commands,
    release_commands,
    report_command,
    retention_commands,
)
from services.command.helping import in_plain_words
from services.command.options import DATA, Data
from services.command.terminal import Terminal, one_line, tolerate_narrow_encodings

if TYPE_CHECKING:
    from services.embedded.system import Meanwhile, Place

DEMO_DATA: Final = Path("data/demo")
LINK_MINUTES: Final = 60
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

application = typer.Typer(
    help="Helhedsnet: events, a ledger and one report for Danish boligsociale helhedsplaner.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ledger = typer.Typer(help="The funding ledger.", no_args_is_help=True)
application.add_typer(ledger, name="ledger")
application.command()(operating_commands.status)
application.command()(log_command.log)
application.command()(drill_commands.drill)
for command in (
    *(copying_commands.backup, copying_commands.restore),
    *(recovering_commands.rebuild, recovering_commands.recover, recovering_commands.verify),
):
    application.command()(command)
application.add_typer(operating_commands.letters, name="dead-letters")
for called, group in access_commands.GROUPS.items():
    application.add_typer(group, name=called)
application.add_typer(person_commands.person, name="person")
application.add_typer(pseudonym_commands.pseudonym, name="pseudonym")
application.add_typer(release_commands.releases, name="release")
application.add_typer(retention_commands.retention, name="retention")
out = Terminal(width=None if sys.stdout.isatty() else 110)
complaints = Terminal(stderr=True, soft_wrap=True)

Port = Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")]
Token = Annotated[
    str | None,
    typer.Option(envvar="HELHEDSNET_TOKEN", help="A bearer token; without one, made with the local folder's key."),
]


class LogLevel(StrEnum):
    """How much the services say on the terminal."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


Level = Annotated[LogLevel, typer.Option(help="The lowest level that the services log.", case_sensitive=False)]


class RoleName(StrEnum):
    """What a token's holder may do."""

    COORDINATOR = "coordinator"
    LEAD = "lead"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SERVICE = "service"


def _version_asked(is_asked: bool) -> None:  # noqa: FBT001  as the option calls it
    """Print which version this is, and end."""
    if is_asked:
        typer.echo(f"helhedsnet {metadata.version('helhedsnet')}")
        raise typer.Exit


@application.callback()
def helhedsnet(
    *,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version_asked, help="Say which version this is.")
    ] = False,
) -> None:
    """Events, a ledger and one report for Danish boligsociale helhedsplaner."""


def main() -> None:
    """Run the command; what is expected to go wrong ends with 1 and a sentence."""
    tolerate_narrow_encodings()
    with _said_plainly():
        in_plain_words(typer.main.get_command(application))()


@application.command()
def up(
    *,
    port: Port = 8000,
    data: Data = DATA,
    demo: Annotated[bool, typer.Option("--demo", help="Post the demo events first.")] = False,
    log_level: Level = LogLevel.WARNING,
) -> None:
    """Run the whole system on this machine until Ctrl-C; what is posted stays in the data folder."""
    place = _place(data, port, log_level, is_demo=demo)

    async def meanwhile(stopping: asyncio.Event) -> int:
        right = await _present(place) if demo else True
        _say_ready(place)
        if demo:
            await _say_link(place)
        await stopping.wait()
        return 0 if right else 1

    _run(place, meanwhile)


@application.command(name="demo")
def show_demo(
    *,
    leave: Annotated[bool, typer.Option("--exit", help="End after the report.")] = False,
    port: Port = 8000,
    data: Data = DEMO_DATA,
    log_level: Level = LogLevel.WARNING,
) -> None:
    """Run the system, post three and a half synthetic years of two areas, print the network report, and stay up."""
    place = _place(data, port, log_level, is_demo=True)

    async def meanwhile(stopping: asyncio.Event) -> int:
        right = await _present(place)
        if not leave:
            _say_ready(place)
            await _say_link(place)
            await stopping.wait()
        return 0 if right else 1

    _run(place, meanwhile)


@application.command()
def migrate(*, data: Data = DATA) -> None:
    """Bring the databases of the services to their newest revision."""
    from services.command import migrating  # noqa: PLC0415  see the module's docstring

    for line in migrating.migrate_all(data):
        out.print(line)


@application.command()
def token(
    *,
    role: Annotated[RoleName, typer.Option(help="What the holder may do.")],
    area: Annotated[list[str] | None, typer.Option(help="An area that a coordinator speaks for; repeat it.")] = None,
    minutes: Annotated[int, typer.Option(min=1, max=60, help="How long it is good for.")] = 60,
    data: Data = DATA,
) -> None:
    """Print a bearer token for an hour at most, signed with the key of the data folder; programs have keys instead."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    areas = _areas(role, area)
    if access.has_no_key(data):
        complaints.print(
            f"no system has run in {data} yet, and no other one knows its key: start one there with"
            f" `helhedsnet up{_folder_of(data)}`, or name the folder of the one that runs with --data"
        )
    typer.echo(access.issue_token(data, role.value, areas, timedelta(minutes=minutes)))


@application.command()
def invite(  # noqa: PLR0913  each is an option
    *,
    role: Annotated[RoleName, typer.Option(help="What the guest may see.")],
    name: Annotated[str, typer.Option(help="Who the guest is, for those who look after access.")] = "invited",
    area: Annotated[list[str] | None, typer.Option(help="An area that a coordinator speaks for; repeat it.")] = None,
    minutes: Annotated[int, typer.Option(min=1, max=1440, help="How long the invitation is good for.")] = 60,
    url: Annotated[
        str | None,
        typer.Option(help="Where the system answers; else HELHEDSNET_PUBLIC_URL, else where that of the folder runs."),
    ] = None,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Print a link that signs its holder in to the pages: once, and only for a short time."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    if role.value == "service":
        raise typer.BadParameter("a service looks at no pages; `helhedsnet token` makes its token", param_hint="--role")
    areas = sorted(_areas(role, area))
    asked = {"name": name, "role": role.value, "areas": areas, "minutes": minutes}
    address = access.public_address(url, data)
    typer.echo(access.invitation(address, access.token_for(address, token, data, "admin"), asked))


application.command()(posting_commands.post)


application.command()(report_command.report)


@ledger.command()
def verify(
    *,
    url: Annotated[str | None, typer.Option(help="Ask the system that runs there, not the data folder.")] = None,
    token: Token = None,
    data: Data = DATA,
) -> None:
    """Read the whole journal again and compare it with every balance; ends with 1 when anything does not fit."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    if url is None:
        document = _verified_in(data)
    else:
        bearer = access.token_for(url, token, data, "auditor")
        document = access.fetch(url, "funding/verification", bearer, {})
    for finding in document["findings"]:
        where = " ".join(str(finding[part]) for part in ("plan", "sequence") if finding[part] is not None)
        complaints.print("  " + one_line(f"{finding['code']} {where}: {finding['detail']}"))
    out.print(
        f"{document['plans']} plans · {document['events']} events · {document['entries']} entries"
        f" · {len(document['findings'])} findings"
    )
    if document["findings"]:
        raise typer.Exit(1)


@contextlib.contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what is expected to go wrong into a sentence on standard error and exit code 1."""
    try:
        yield
    except Exception as error:
        if (said := _expected(error)) is None:
            raise
        complaints.print(Text.assemble(("helhedsnet:", "red"), " ", one_line(said)))
        sys.exit(1)


def _expected(error: Exception) -> str | None:
    """Give what to say of an error that a user can run into; None for a bug of ours, which needs its traceback."""
    import httpx  # noqa: PLC0415  see the module's docstring

    from services import embedded  # noqa: PLC0415  as above
    from services.command import access  # noqa: PLC0415  as above
    from services.embedded import copies, system  # noqa: PLC0415  as above
    from shared import database, migrations  # noqa: PLC0415  as above
    from shared.errors import CannotServe  # noqa: PLC0415  as above

    if isinstance(error, httpx.TransportError | httpx.InvalidURL):
        return f"nothing answers there ({str(error) or type(error).__name__}); start a system with `helhedsnet up`"
    known = (
        CannotServe,
        copies.NoCopy,
        access.CommandFailed,
        system.CannotStart,
        embedded.EmbeddedUnavailable,
        migrations.NotMigrated,
        OSError,
        *database.UNAVAILABLE,
    )
    return str(error) or type(error).__name__ if isinstance(error, known) else None


def _areas(role: RoleName, area: list[str] | None) -> frozenset[str]:
    """Give the areas that were named, once each."""
    areas = frozenset(area or ())
    for name in areas:
        if not SLUG.fullmatch(name):
            raise typer.BadParameter(
                f"'{name}' is no area: lower-case letters, digits and hyphens", param_hint="--area"
            )
    if role is RoleName.COORDINATOR and not areas:
        raise typer.BadParameter("a coordinator speaks for at least one area", param_hint="--area")
    return areas


def _place(data: Path, port: int, log_level: LogLevel, *, is_demo: bool) -> "Place":
    from services.embedded.system import Place  # noqa: PLC0415  see the module's docstring

    return Place(data, port, log_level.value, is_demo)


def _run(place: "Place", meanwhile: "Meanwhile") -> None:
    from services.embedded import system  # noqa: PLC0415  see the module's docstring

    code = system.run(place, meanwhile)
    if code:
        raise typer.Exit(code)


async def _present(place: "Place") -> bool:
    from services.command import access, demo  # noqa: PLC0415  see the module's docstring

    bearer = access.issue_token(place.data, "admin", frozenset(), access.OWN_TOKEN_LIFE)

    def own_token(area: str) -> str:
        return access.issue_token(place.data, "coordinator", frozenset({area}), access.OWN_TOKEN_LIFE)

    return await demo.present(place.address, bearer, own_token, out)


def _verified_in(data: Path) -> dict[str, Any]:
    from services.command import access  # noqa: PLC0415  see the module's docstring
    from services.embedded import system  # noqa: PLC0415  see the module's docstring
    from services.funding.verification import verify_at  # noqa: PLC0415  as above

    with system.database_url(data) as server_url:
        try:
            return dataclasses.asdict(asyncio.run(verify_at(server_url)))
        except LookupError as error:
            raise access.CommandFailed(str(error)) from None


def _say_ready(place: "Place") -> None:
    out.print(Text.assemble("\n", (f"Helhedsnet answers at {place.address}", "bold"), "  (Ctrl-C ends it)"))
    out.print(f"  TOKEN=$(helhedsnet token --role lead{_folder_of(place.data)})", soft_wrap=True)
    out.print(f'  curl -H "Authorization: Bearer $TOKEN" {place.address}/reporting/reports/network', soft_wrap=True)


async def _say_link(place: "Place") -> None:
    """Print, last of all, the link that signs in: whoever merely reaches the port is not."""
    from services.command import access  # noqa: PLC0415  see the module's docstring

    # In a thread: this process answers itself.
    token = access.issue_token(place.data, "admin", frozenset(), timedelta(minutes=1))
    asked = {"name": "demo", "role": "lead", "minutes": LINK_MINUTES}
    link = await asyncio.to_thread(access.invitation, place.address, token, asked, place.public_address)
    url = "" if place.public_address == place.address else f" --url {shlex.quote(place.public_address)}"
    out.print(f"  helhedsnet invite --role lead{_folder_of(place.data)}{url}", soft_wrap=True)
    out.print(
        Text.assemble("\n", ("Open this", "bold"), ", once and within the hour (the line above makes a new one):")
    )
    out.print(link, soft_wrap=True)


def _folder_of(data: Path) -> str:
    """Give the option that names a system's folder, where a command would not find it by itself."""
    return "" if data == DATA else f" --data {shlex.quote(str(data))}"


if __name__ == "__main__":
    main()
