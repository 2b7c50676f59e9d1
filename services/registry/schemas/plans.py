"""The HTTP shapes of plans."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, Field

from services.registry.domain import rows
from shared.goals import baseline_counts_nobody, counts_nobody


class Plan(BaseModel):
    """A helhedsplan."""

    plan: str
    name: str
    pool: str
    areas: list[str]
    invited: list[str] = Field(description="Areas that the plan was approved for and that have not consented to it.")
    start: date
    end: date
    approval_reference: str
    closed: date | None

    @classmethod
    def of(cls, row: rows.Plan) -> "Plan":
        """Make the shape from the row."""
        return cls(
            plan=row.plan,
            name=row.name,
            pool=row.pool,
            areas=list(row.areas),
            invited=list(row.invited),
            start=row.start_on,
            end=row.end_on,
            approval_reference=row.approval_reference,
            closed=row.closed_on,
        )


class Plans(BaseModel):
    """A page of plans; `next` is the cursor of the page after it, null on the last."""

    plans: list[Plan]
    next: str | None


class Assessment(BaseModel):
    """How far a goal was reached in a year."""

    year: int
    attainment: str
    value: Decimal | None
    comment: str | None


class Goal(BaseModel):
    """What a plan wants to reach in an effort area."""

    goal: str
    effort_area: str
    title: str
    indicator: str | None
    figure: str | None
    baseline: Decimal | None
    target: Decimal | None
    assessments: list[Assessment]

    @classmethod
    def of(cls, row: rows.Goal, assessed: Iterable[rows.Assessment], *, is_inside: bool) -> "Goal":
        """Make the shape from the row and its assessments, for a reader inside the plan's areas, or from outside."""
        is_told = is_inside or counts_nobody(row.indicator)
        is_baseline_told = is_inside or baseline_counts_nobody(row.indicator, row.figure)
        return cls(
            goal=row.goal,
            effort_area=row.effort_area,
            title=row.title,
            indicator=row.indicator,
            figure=row.figure,
            baseline=row.baseline if is_baseline_told else None,
            target=row.target,
            assessments=[
                Assessment(
                    year=item.year,
                    attainment=item.attainment,
                    value=item.value if is_told else None,
                    comment=item.comment,
                )
                for item in assessed
            ],
        )


class Partner(BaseModel):
    """An organisation in a role of a plan."""

    organisation: str
    role: str
    joined: date
    left: date | None


class PlanInFull(Plan):
    """A helhedsplan with its partners and goals."""

    partners: list[Partner]
    goals: list[Goal]


class Milestone(BaseModel):
    """Something that a plan will have done by a day."""

    plan: str
    milestone: str
    title: str
    due: date
    effort_area: str | None
    reached: date | None
    evidence: str | None

    @classmethod
    def of(cls, row: rows.Milestone) -> "Milestone":
        """Make the shape from the row."""
        return cls(
            plan=row.plan,
            milestone=row.milestone,
            title=row.title,
            due=row.due_on,
            effort_area=row.effort_area,
            reached=row.reached_on,
            evidence=row.evidence,
        )


class Milestones(BaseModel):
    """A page of milestones; `next` is the cursor of the page after it, null on the last."""

    milestones: list[Milestone]
    next: str | None
