"""What is wrong with a form, at its fields and in the reader's language, each with its code. Pure."""

from collections.abc import Iterable, Sequence

from services.reporting.entry.posting import Refusal
from services.reporting.entry.shapes import FormField
from services.reporting.web.entry.filled import path_of
from services.reporting.web.writing import Code, said
from shared.codes import MESSAGES

# What concerns the form as a whole.
WHOLE = ""
# What a sender may confirm.
CONFIRMED = frozenset({"person_named", "home_address"})


def message(code: str, language: Code) -> str:
    """Say why something was refused, with the code by which others know it."""
    meaning = MESSAGES.get(code)
    return f"{said(meaning, language)} ({code})" if meaning else code


def wrong_by_path(refusals: Iterable[Refusal], fields: Sequence[FormField], language: Code) -> dict[str, list[str]]:
    """Give what is wrong, by the path of the field; what is about no field stands under `WHOLE`."""
    wrong: dict[str, list[str]] = {}
    for refusal in refusals:
        said_here = wrong.setdefault(path_of(refusal.pointer, fields), [])
        if (text := message(refusal.code, language)) not in said_here:
            said_here.append(text)
    return wrong


def has_to_be_confirmed(refusals: Iterable[Refusal]) -> bool:
    """Tell whether something is refused that its sender may confirm."""
    return any(refusal.code in CONFIRMED for refusal in refusals)
