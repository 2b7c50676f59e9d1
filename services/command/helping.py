"""What `--help` calls the values of options and arguments: words of a reader, not types of a program."""

import re
from collections.abc import Callable
from typing import Any, Final

# What Typer calls a type, and what a reader does; a choice between words is written as it is.
CALLED: Final = {
    "str": "TEXT",
    "int": "NUMBER",
    "int range": "NUMBER",
    "float": "NUMBER",
    "float range": "NUMBER",
    "dir": "FOLDER",
    "file": "FILE",
    "path": "PATH",
    "Path": "PATH",
    "bool": "",
}
LIST: Final = re.compile(r"list\[(.+)\]")


def in_plain_words(command: Any) -> Any:  # noqa: ANN401  Typer keeps the types of what it makes to itself
    """Call the values of a command, and of all those in it, by words; what is only there or not has no value."""
    # That of --help is made when it is first asked for, and kept.
    helping = command.get_help_option(command.context_class(command))
    for parameter in (*command.params, *([helping] if helping else [])):
        if parameter.metavar is None:
            # Typer has no setting for it that arguments heed.
            vars(parameter)["display_type_rich"] = _plain(parameter.display_type)
        else:
            vars(parameter)["display_type_rich"] = _always(parameter.metavar)
    for inner in getattr(command, "commands", {}).values():
        in_plain_words(inner)
    return command


def _plain(displayed: Callable[[Any], str]) -> Callable[[Any], str]:
    def told(ctx: Any) -> str:  # noqa: ANN401  as above
        label = displayed(ctx).strip("<>")
        listed = LIST.fullmatch(label)
        label = listed[1] if listed else label
        return CALLED.get(label, label)

    return told


def _always(metavar: str) -> Callable[[Any], str]:
    return lambda ctx: metavar  # noqa: ARG005  Typer names what it gives
