"""The HTTP shapes of activities, and of who is in them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.registry.domain import people_rows, rows

Status = Literal["planned", "started", "ended"]


class Activity(BaseModel):
    """An activity of a plan; how many are enrolled is no part of it, since that could point at a person."""

    activity: str
    plan: str
    area: str
    name: str
    kind: str
    effort_area: str
    start: date
    end: date
    fixed: bool
    capacity: int | None
    target_group: str | None
    status: Status
    started: date | None
    ended: date | None

    @classmethod
    def of(cls, row: rows.Activity) -> "Activity":
        """Make the shape from the row."""
        return cls(
            activity=row.activity,
            plan=row.plan,
            area=row.area,
            name=row.name,
            kind=row.kind,
            effort_area=row.effort_area,
            start=row.start_on,
            end=row.end_on,
            fixed=row.fixed,
            capacity=row.capacity,
            target_group=row.target_group,
            status="ended" if row.ended_on else "started" if row.started_on else "planned",
            started=row.started_on,
            ended=row.ended_on,
        )


class Activities(BaseModel):
    """A page of activities; `next` is the cursor of the page after it, null on the last."""

    activities: list[Activity]
    next: str | None


class Anchoring(BaseModel):
    """Who carries an activity on after the plan, and from when."""

    organisation: str
    from_day: Annotated[date, Field(serialization_alias="from")]
    funding_note: str | None

    @classmethod
    def of(cls, row: rows.Anchoring) -> "Anchoring":
        """Make the shape from the row."""
        return cls(organisation=row.organisation, from_day=row.from_on, funding_note=row.funding_note)


class ActivityInFull(Activity):
    """An activity with who carries it on, if anybody does."""

    anchored: Anchoring | None


class Stay(BaseModel):
    """A participant's time in an activity, or in a course of it."""

    course: str | None
    enrolled: date
    left: date | None


class Participant(BaseModel):
    """A participant of an activity, known only by the area's pseudonym."""

    participant: str
    age_band: str
    gender: str | None
    stays: list[Stay]

    @classmethod
    def of(cls, row: people_rows.Enrolment) -> "Participant":
        """Make the shape from the row."""
        return cls(
            participant=row.participant,
            age_band=row.age_band,
            gender=row.gender,
            stays=[
                Stay(course=course or None, enrolled=span.start_on, left=span.end_on)
                for course, spans in sorted(row.stays.items())
                for span in spans
            ],
        )


class Participants(BaseModel):
    """A page of participants; `next` is the cursor of the page after it, null on the last."""

    participants: list[Participant]
    next: str | None
