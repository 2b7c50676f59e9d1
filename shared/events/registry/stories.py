"""The events about stories: what went well in an area, told with consent."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.events.envelope import EventData
from shared.events.fields import Line, Remark, Slug, Text
from shared.events.registry.parts import Consent, Lens, check_named_once


class StoryPublished(
    EventData,
    name="story.published",
    owner="registry",
    label_da="Historie udgivet",
    label_en="Story published",
    said_by="area",
    example={
        "story": "trykkeri-i-kaelderen",
        "area": "urbanplanen",
        "title": "Et trykkeri i kælderen",
        "text": "Fire drenge trykker nu skilte for butikkerne på torvet.",
        "activity": "mind-your-own-business",
        "lenses": ["self_perception", "others_perception"],
        "consent": {"reference": "Samtykke 17", "guardian": True},
        "published_in": "Beboerbladet, nr. 3",
    },
):
    """A positive story of an area, told with the consent of whoever is in it."""

    story: Slug
    area: Slug
    title: Remark
    text: Text
    activity: Slug | None = None
    lenses: Annotated[list[Lens], Field(min_length=1, max_length=4)] | None = None
    consent: Consent
    published_in: Line | None = None

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        check_named_once(self.lenses or [], "a lens")
        return self


class StoryWithdrawn(
    EventData,
    name="story.withdrawn",
    owner="registry",
    label_da="Historie trukket tilbage",
    label_en="Story withdrawn",
    said_by="area",
    erases=True,
    example={
        "story": "trykkeri-i-kaelderen",
    },
):
    """A story is taken back and removed everywhere."""

    story: Slug
