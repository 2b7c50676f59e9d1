"""`helhedsnet pseudonym`: makes pseudonyms with an area's key, on this machine alone. Owns what is said, and no rule.

What names a person is asked for or read from standard input, never from the command's line, which shells keep. As in
`cli.py`, what a command needs is loaded when it runs.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from services.command.terminal import Terminal
from shared.pseudonyms import NoPerson, of_name, of_personal_number

out = Terminal()
complaints = Terminal(stderr=True, soft_wrap=True)
pseudonym = typer.Typer(help="Pseudonyms of people, made with a key that stays in the area.", no_args_is_help=True)

KeyFile = Annotated[Path, typer.Option("--key", dir_okay=False, help="The file with the area's key.")]
Area = Annotated[str | None, typer.Option(help="The area whose key it has to be.")]
OfName = Annotated[bool, typer.Option("--name", help="Of a name and a day of birth, not of a personal number.")]


@pseudonym.command(name="key")
def make_key(
    area: Annotated[str, typer.Argument(help="The area.")],
    key: Annotated[Path, typer.Argument(dir_okay=False, help="The file to write it to, which is not there yet.")],
) -> None:
    """Draw an area's key. Print it with `paper` and keep that in a safe: without it nobody can be found again."""
    from services.command import key_files  # noqa: PLC0415  see the module's docstring

    key_files.create(area, key)
    complaints.print(f"{key} holds the key of {area}. Print it with: helhedsnet pseudonym paper --key {key}")


@pseudonym.command(name="make")
def make(*, key: KeyFile, area: Area = None, by_name: OfName = False) -> None:
    """Make pseudonyms: one that is asked for, or one for each line of standard input (with --name: name; born)."""
    from services.command import key_files  # noqa: PLC0415  see the module's docstring

    made_of = _maker(key_files.load(key, area).key, by_name=by_name)
    failed = False
    for number, cells in enumerate(_people(by_name=by_name), start=1):
        try:
            out.print(made_of(cells))
        except NoPerson as fault:
            failed = True
            complaints.print(f"{fault.code}: line {number}")
    if failed:
        raise typer.Exit(1)


@pseudonym.command(name="column")
def column(  # noqa: PLR0913  what a list needs
    source: Annotated[Path, typer.Argument(dir_okay=False, help="A CSV file or a workbook (.xlsx).")],
    target: Annotated[Path, typer.Argument(dir_okay=False, help="The list to write, which is not there yet.")],
    *,
    key: KeyFile,
    area: Area = None,
    number_in: Annotated[str | None, typer.Option(help="The column of personal numbers.")] = None,
    name_in: Annotated[str | None, typer.Option(help="The column of names.")] = None,
    born_in: Annotated[str | None, typer.Option(help="The column of days of birth.")] = None,
) -> None:
    """Put a pseudonym in place of the columns that name people; ends with 1 where a row has none."""
    from services.command import key_files, pseudonym_columns  # noqa: PLC0415  see the module's docstring

    columns = [name for name in ((number_in,) if number_in else (name_in, born_in)) if name]
    if len(columns) != (1 if number_in else 2) or (number_in and (name_in or born_in)):
        raise typer.BadParameter("name --number-in, or --name-in and --born-in")
    made_of = _maker(key_files.load(key, area).key, by_name=not number_in)
    count, faults = pseudonym_columns.replace(source, target, columns, made_of)
    complaints.print(f"{count} rows in {target}")
    for number, code in faults:
        complaints.print(f"{code}: row {number}")
    if faults:
        raise typer.Exit(1)


@pseudonym.command(name="paper")
def paper(*, key: KeyFile) -> None:
    """Print a key, to be kept on paper in a safe; `recover` reads it again."""
    from services.command import key_files  # noqa: PLC0415  see the module's docstring

    found = key_files.load(key)
    out.print(f"helhedsnet · {found.area}")
    for line in key_files.on_paper(found):
        out.print(line)


@pseudonym.command(name="recover")
def recover_key(
    area: Annotated[str, typer.Argument(help="The area.")],
    key: Annotated[Path, typer.Argument(dir_okay=False, help="The file to write it to, which is not there yet.")],
) -> None:
    """Write a key's file anew from its print, which is asked for or read from standard input."""
    from services.command import key_files  # noqa: PLC0415  see the module's docstring

    typed = typer.prompt("Key", hide_input=True) if sys.stdin.isatty() else sys.stdin.read(10_000)
    key_files.save(key_files.from_paper(area, typed), key)


@pseudonym.command(name="seal")
def seal(
    sealed: Annotated[Path, typer.Argument(dir_okay=False, help="The file to write, which is not there yet.")],
    *,
    key: KeyFile,
) -> None:
    """Seal a key with a passphrase, to hand it over: the file one way, the passphrase a different one."""
    from services.command import key_files  # noqa: PLC0415  see the module's docstring

    key_files.seal(key_files.load(key), sealed, _passphrase(is_new=True))


@pseudonym.command(name="unseal")
def unseal(
    sealed: Annotated[Path, typer.Argument(dir_okay=False, help="The sealed file.")],
    key: Annotated[Path, typer.Argument(dir_okay=False, help="The file to write, which is not there yet.")],
    *,
    area: Area = None,
) -> None:
    """Open a sealed key with its passphrase."""
    from services.command import key_files  # noqa: PLC0415  see the module's docstring

    key_files.save(key_files.unseal(sealed, _passphrase(is_new=False), area), key)


@pseudonym.command(name="vault")
def vault(
    sealed: Annotated[Path, typer.Argument(dir_okay=False, help="The vault's file, as the page hands it over.")],
    *,
    key: Annotated[
        Path | None, typer.Option("--key", dir_okay=False, help="Open it with the area's key; else a passphrase.")
    ] = None,
) -> None:
    """Print who is who in a vault: a pseudonym and a name on each line."""
    from services.command import key_files, vault_files  # noqa: PLC0415  see the module's docstring

    if key is not None:
        _, people = vault_files.unseal(sealed, key=key_files.load(key))
    else:
        _, people = vault_files.unseal(sealed, passphrase=_passphrase(is_new=False))
    for pseudonym_made, name in sorted(people.items()):
        out.print(f"{pseudonym_made};{name}")


def _maker(key: bytes, *, by_name: bool) -> Callable[[Sequence[str]], str]:
    def made_of(cells: Sequence[str]) -> str:
        if not by_name:
            return of_personal_number(key, cells[0])
        if len(cells) != 2:  # noqa: PLR2004  a name and a day
            raise NoPerson("no_birth_date")
        return of_name(key, cells[0], cells[1])

    return made_of


def _people(*, by_name: bool) -> "list[Sequence[str]]":
    """Give what was typed: one person, or a line for each."""
    if sys.stdin.isatty():
        if by_name:
            return [(typer.prompt("Name"), typer.prompt("Born"))]
        return [(typer.prompt("Personal number", hide_input=True),)]
    lines = [line.strip() for line in sys.stdin if line.strip()]
    return [tuple(line.split(";")) if by_name else (line,) for line in lines]


def _passphrase(*, is_new: bool) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new))
    return sys.stdin.readline(1_000).rstrip("\n")
