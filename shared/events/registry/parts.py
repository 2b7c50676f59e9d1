"""The shapes that several of the registry's events are made of, and the checks they share."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from shared.events.fields import Day, Line, Pseudonym, Reference, Slug

MAX_NAMED = 500

AgeBand = Literal["0-5", "6-9", "10-12", "13-14", "15-17", "18-24", "25-29", "30-49", "50-66", "67+"]
BELOW_15: frozenset[str] = frozenset({"0-5", "6-9", "10-12", "13-14"})
# Why somebody did not come, in words that tell nothing of health; without one, nobody knows.
AbsenceReason = Literal["sent_word", "school", "job", "holiday", "other"]
Lens = Literal["self_perception", "others_perception", "personal_competence", "professional_competence"]


class Part(BaseModel):
    """A shape inside an event's data."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class EffortArea(Part):
    """One effort area of a pool."""

    effort_area: Slug
    name: Line


class Crossing(Part):
    """An effort area of this pool, and the one of another pool that carries the same effort."""

    effort_area: Slug
    other_pool: Slug
    other_effort_area: Slug


class Consent(Part):
    """Where the consent to process a person's data is filed, and whether a guardian gave it."""

    reference: Reference
    guardian: bool


class Absence(Part):
    """Somebody who did not come, with a reason where one was given."""

    participant: Pseudonym
    reason: AbsenceReason | None = None


def check_order(start: Day, end: Day) -> None:
    """Check that a span of days does not end before it starts."""
    if end < start:
        raise PydanticCustomError("dates_reversed", "the end is before the start")


def check_named_once(names: Sequence[str], what: str) -> None:
    """Check that no name stands twice in a list."""
    if len(set(names)) != len(names):
        raise PydanticCustomError("named_twice", "{what} is named twice", {"what": what})
