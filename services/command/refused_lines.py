"""What is said of a line that was refused, in the language of whoever posts it. Owns no rule.

A service never repeats what was sent, since others read its answers and its logs. Whoever posts a file has it at hand:
here a field that there is not is named, as it stands in the line.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import orjson
from pydantic import BaseModel

from shared.codes import MESSAGES
from shared.events.envelope import CloudEvent
from shared.events.every_event import EVENTS

DATA: Final = {event.type_name(): event for event in EVENTS}
LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Faulty:
    """One thing that is wrong with the event of one line.

    `detail` is English; `danish` says the same where it says more than the meaning of the code.
    """

    line: int | None
    pointer: str
    code: str
    detail: str
    danish: str = ""

    def told(self, language: Literal["da", "en"]) -> str:
        """Say it on one line: where, by which code, and what."""
        named = " ".join(filter(None, (self._where(language), self.pointer, self.code)))
        return f"{named}: {self._what(language)}"

    def sentence(self, language: Literal["da", "en"]) -> str:
        """Say it to whoever needs no code."""
        return f"{self._where(language)}: {self._what(language)}"

    def _where(self, language: Literal["da", "en"]) -> str:
        if self.line is None:
            return "the request" if language == "en" else "anmodningen"
        return f"line {self.line}" if language == "en" else f"linje {self.line}"

    def _what(self, language: Literal["da", "en"]) -> str:
        if language == "en":
            return self.detail
        meaning, _ = MESSAGES.get(self.code, ("", ""))
        return self.danish or (f"{meaning} ({self.detail})" if meaning else self.detail)


def unknown_field(line: int | None, pointer: str, sent: bytes) -> Faulty | None:
    """Name the first field at a place of a line that its event does not have; None where there is none."""
    event = orjson.loads(sent)
    known = set(_fields(CloudEvent))
    steps = pointer.split("/")[1:]
    models: Iterable[type[BaseModel]] = (DATA[event["type"]],)
    place: Any = event
    for number, step in enumerate(steps):
        place = place[int(step) if isinstance(place, list) else step]
        if number and not step.isdigit():
            models = [inner for model in models for inner in _inner(model, step)]
        known = {name for model in models for name in _fields(model)}
    name = next((str(name) for name in place if name not in known), None)
    if name is None:
        return None
    (meant,) = difflib.get_close_matches(name, known, n=1) or ("",)
    shown = name[:LONGEST_NAME]
    return Faulty(
        line,
        pointer,
        "unknown_field",
        f"there is no field {shown!r}" + (f"; did you mean {meant!r}?" if meant else ""),
        f"Feltet {shown!r} findes ikke." + (f" Mente du {meant!r}?" if meant else ""),
    )


def _fields(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _inner(model: type[BaseModel], name: str) -> list[type[BaseModel]]:
    """Give the models that a field of a model may hold, in a list or not."""
    found = [field for called, field in model.model_fields.items() if (field.alias or called) == name]
    return [inner for field in found for inner in _models_in(field.annotation)]


def _models_in(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401  any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]
