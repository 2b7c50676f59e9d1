"""Says what was found of a file that was held against the logs, in the language of the terminal. Owns no rule."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.command.file_checking import MOST_DIFFERENCES, Checked, Verdict
from services.command.terminal import Terminal, locale_language, one_line

# Danish first.
SAID: Final[Mapping[Verdict, tuple[str, str]]] = {
    "as_made": (
        "Filen er, hvad loggene giver ved dens position.",
        "The file is what the logs give at its cursor.",
    ),
    "changed": (
        "Filen er ændret, efter at den blev lavet. Kontrolsummen er loggenes, indholdet er ikke.",
        "The file was changed after it was made. Its digest is that of the logs, its content is not.",
    ),
    "digest_differs": (
        "Loggene giver en anden rapport ved filens position: kontrolsummen er en anden.",
        "The logs give a different report at the file's cursor: the digest differs.",
    ),
    "different_version": (
        "En anden version af programmet skrev filen, og den kan ikke sammenlignes ordret. Dens kontrolsum er loggenes.",
        "A different version wrote the file: it cannot be compared word for word. Its digest is that of the logs.",
    ),
    "different_rules": (
        "Filen er lavet efter andre regler for tal end dem, der gælder nu, og kan ikke sammenlignes her.",
        "The file was made by other rules of figures than those of now, and cannot be compared here.",
    ),
    "different_reader": (
        "Filen er lavet for en anden læser. Brug --token med en læser, der ser det samme.",
        "The file was made for a different reader. Give --token of a reader who sees the same.",
    ),
    "no_origin": (
        "Filen siger ikke, hvilken rapport den er af. Den er ikke lavet her, eller den er gemt uden sine egenskaber.",
        "The file does not say of which report it is. It was not made here, or was saved without its properties.",
    ),
}
# Said after the verdict that a file was changed.
HONEST: Final = (
    "Kun listen over det, der kræver opfølgning, kan afvige ærligt: afviste registreringer står i ingen log.",
    "Only the list of what needs follow-up can differ honestly: rejected registrations stand in no log.",
)

# Said of a file of a different version: what of its numbers the logs do not give.
MORE_NUMBERS: Final = (
    "Disse tal står oftere i filen end i den, som loggene giver nu:",
    "These numbers stand more often in the file than in the one that the logs give now:",
)
NO_MORE_NUMBERS: Final = (
    "Alle filens tal står også i den, som loggene giver nu. Om de står det rigtige sted, er ikke prøvet.",
    "All its numbers stand in the one that the logs give now too. Whether they stand in their place was not tried.",
)


def show(checked: Checked, file: Path, out: Terminal, complaints: Terminal) -> None:
    """Print the verdict, what the file says of itself, and where it differs."""
    spoken = 0 if locale_language() == "da" else 1
    target = out if checked.verdict == "as_made" else complaints
    target.print(one_line(f"{file.name}: {SAID[checked.verdict][spoken]}"), soft_wrap=True)
    if checked.verdict == "changed":
        target.print(f"  {HONEST[spoken]}", soft_wrap=True)
    for name in ("report", "cursor", "digest", "rules", "reader", "day", "version"):
        if name in checked.origin:
            target.print(one_line(f"  {name}: {checked.origin[name]}"), soft_wrap=True)
    if checked.verdict == "different_version":
        target.print(one_line(f"  version now: {checked.version}"), soft_wrap=True)
        target.print(f"  {(MORE_NUMBERS if checked.differences else NO_MORE_NUMBERS)[spoken]}", soft_wrap=True)
    if checked.verdict == "digest_differs":
        target.print(one_line(f"  digest by the logs: {checked.digest}"), soft_wrap=True)
    for each in checked.differences[:MOST_DIFFERENCES]:
        target.print(one_line(f"  {each.place}: {each.found!r} → {each.made!r}"), soft_wrap=True)
    if (more := len(checked.differences) - MOST_DIFFERENCES) > 0:
        target.print(f"  … {more}")
