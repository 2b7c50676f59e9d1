"""The registry's HTTP shapes."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

from services.registry import domain

Status = Literal["planned", "started", "ended"]


class Area(BaseModel):
    """A housing area."""

    area: str
    name: str
    municipality: str
    residents: int | None
    departments: list[str]

    @classmethod
    def of(cls, row: domain.Area) -> "Area":
        """Make the shape from the row."""
        return cls(
            area=row.area,
            name=row.name,
            municipality=row.municipality,
            residents=row.residents,
            departments=list(row.departments),
        )


class Plan(BaseModel):
    """A helhedsplan."""

    plan: str
    name: str
    pool: str
    areas: list[str]
    start: date
    end: date
    approval_reference: str

    @classmethod
    def of(cls, row: domain.Plan) -> "Plan":
        """Make the shape from the row."""
        return cls(
            plan=row.plan,
            name=row.name,
            pool=row.pool,
            areas=list(row.areas),
            start=row.start_on,
            end=row.end_on,
            approval_reference=row.approval_reference,
        )


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
    def of(cls, row: domain.Activity) -> "Activity":
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


class Areas(BaseModel):
    """A page of areas; `next` is the cursor of the page after it, null on the last."""

    areas: list[Area]
    next: str | None


class Plans(BaseModel):
    """A page of plans; `next` is the cursor of the page after it, null on the last."""

    plans: list[Plan]
    next: str | None


class Activities(BaseModel):
    """A page of activities; `next` is the cursor of the page after it, null on the last."""

    activities: list[Activity]
    next: str | None
