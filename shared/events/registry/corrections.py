"""The events that correct what was said of people: their age and gender, and that two pseudonyms were one person."""

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from shared.events.envelope import EventData
from shared.events.fields import KnownPseudonym, Pseudonym
from shared.events.registry.parts import AgeBand


class ParticipantCorrected(
    EventData,
    name="participant.corrected",
    owner="registry",
    label_da="Deltager rettet",
    label_en="Participant corrected",
    said_by="area",
    revises=True,
    example={
        "participant": "p-djdbdskgbfhvvmqhvpcvhc",
        "age_band": "15-17",
        "gender": "male",
    },
):
    """What was said of a participant in the area's activities was wrong; it counts as if this had always been said."""

    participant: KnownPseudonym
    age_band: AgeBand | None = None
    gender: Literal["female", "male", "other"] | None = None

    @model_validator(mode="after")
    def _corrects_something(self) -> Self:
        if self.age_band is None and self.gender is None:
            raise PydanticCustomError("correction_of_nothing", "say an age band, a gender, or both")
        return self


class ParticipantMerged(
    EventData,
    name="participant.merged",
    owner="registry",
    label_da="Deltager slået sammen",
    label_en="Participant merged",
    said_by="area",
    revises=True,
    example={
        "participant": "p-dvbkkgddvgvbmrggcjmbbp",
        "into": "p-djdbdskgbfhvvmqhvpcvhc",
    },
):
    """Two pseudonyms were one person, a participant or a volunteer, who is known under the second from now on."""

    participant: KnownPseudonym
    into: Pseudonym
