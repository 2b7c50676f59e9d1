"""The HTTP shapes of what areas share: stories and practices."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from services.registry.domain import rows


class Story(BaseModel):
    """A story of an area; where its consent is filed is no part of it."""

    story: str
    area: str
    title: str | None
    text: str | None
    activity: str | None
    lenses: list[str]
    published_in: str | None
    published: datetime

    @classmethod
    def of(cls, row: rows.Story) -> "Story":
        """Make the shape from the row."""
        return cls(
            story=row.story,
            area=row.area,
            title=row.title,
            text=row.text,
            activity=row.activity,
            lenses=list(row.lenses),
            published_in=row.published_in,
            published=row.published,
        )


class Stories(BaseModel):
    """A page of stories; `next` is the cursor of the page after it, null on the last."""

    stories: list[Story]
    next: str | None


class Relative(BaseModel):
    """An activity at the other end of an adoption, and how the practice was adapted there."""

    activity: str
    area: str
    adaptation: str | None


class Practice(BaseModel):
    """A practice of an activity: what it shares, whom it took it home from, and who took it home."""

    activity: str
    area: str
    name: str
    effort_area: str
    is_shared: bool
    summary: str | None
    what_works: str | None
    sources: list[Relative]
    adopters: list[Relative]

    @classmethod
    def of(cls, row: rows.SharedPractice) -> "Practice":
        """Make the shape from the row."""
        return cls(
            activity=row.activity,
            area=row.area,
            name=row.name,
            effort_area=row.effort_area,
            is_shared=row.summary is not None,
            summary=row.summary,
            what_works=row.what_works,
            sources=_relatives(row.sources),
            adopters=_relatives(row.adopters),
        )


def _relatives(rows: Sequence[tuple[str, str, str | None]]) -> list[Relative]:
    return [Relative(activity=activity, area=area, adaptation=adaptation) for activity, area, adaptation in rows]


class Practices(BaseModel):
    """A page of practices; `next` is the cursor of the page after it, null on the last."""

    practices: list[Practice]
    next: str | None
