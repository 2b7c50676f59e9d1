"""The events about plans: their approval and end, their partners, goals and milestones."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.events.envelope import EventData
from shared.events.fields import BegunYear, Day, Figure, Line, PlannedDay, Reference, Slug, Text
from shared.events.registry.parts import Part, check_named_once, check_order
from shared.goals import GoalFigure

PartnerRole = Literal["applicant", "municipality", "funder", "mentor_company", "collaborator"]
Attainment = Literal["reached", "partly", "not_reached"]
MeasuredPer = Literal["year", "school_year"]


class Measure(Part):
    """The figure that a goal's value is read from: one of its plan, for each year or in all, of a part of it alone."""

    figure: GoalFigure
    per: MeasuredPer | None = None
    area: Slug | None = None
    effort_area: Slug | None = None
    activity: Slug | None = None
    kind: Slug | None = None


class PlanApproved(
    EventData,
    name="plan.approved",
    owner="registry",
    label_da="Helhedsplan godkendt",
    label_en="Plan approved",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "name": "Amagerplanen",
        "pool": "2019-26",
        "areas": ["urbanplanen"],
        "start": "2025-08-01",
        "end": "2029-07-31",
        "approval_reference": "LBF 2025-1",
    },
):
    """A helhedsplan is approved for one or more areas."""

    plan: Slug
    name: Line
    pool: Slug
    areas: Annotated[list[Slug], Field(min_length=1, max_length=50)]
    start: PlannedDay
    end: PlannedDay
    approval_reference: Reference

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        check_order(self.start, self.end)
        check_named_once(self.areas, "an area")
        return self


class PlanConsented(
    EventData,
    name="plan.consented",
    owner="registry",
    label_da="Helhedsplan tiltrådt",
    label_en="Plan consented to",
    said_by="area",
    example={
        "plan": "amagerplanen",
        "area": "gellerupparken",
    },
):
    """An area takes part in a plan that another area had approved for it; from then on the plan belongs to it too."""

    plan: Slug
    area: Slug


class PlanExtended(
    EventData,
    name="plan.extended",
    owner="registry",
    label_da="Helhedsplan forlænget",
    label_en="Plan extended",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "end": "2030-07-31",
        "approval_reference": "LBF 2029-7",
    },
):
    """A plan gets more time; the only way past 48 months."""

    plan: Slug
    end: PlannedDay
    approval_reference: Reference


class PlanClosed(
    EventData,
    name="plan.closed",
    owner="registry",
    label_da="Helhedsplan afsluttet",
    label_en="Plan closed",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "date": "2026-10-31",
    },
):
    """A plan is over: nothing runs any more, and every year's annual statement is accepted."""

    plan: Slug
    date: Day


class PartnerJoined(
    EventData,
    name="partner.joined",
    owner="registry",
    label_da="Partner tilsluttet",
    label_en="Partner joined",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "organisation": "boligforening",
        "role": "applicant",
        "date": "2025-08-01",
    },
):
    """An organisation takes a role in a plan."""

    plan: Slug
    organisation: Slug
    role: PartnerRole
    date: Day


class PartnerLeft(
    EventData,
    name="partner.left",
    owner="registry",
    label_da="Partner udtrådt",
    label_en="Partner left",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "organisation": "boligforening",
        "role": "applicant",
        "date": "2026-07-31",
    },
):
    """An organisation gives up a role that it had in a plan."""

    plan: Slug
    organisation: Slug
    role: PartnerRole
    date: Day


class GoalSet(
    EventData,
    name="goal.set",
    owner="registry",
    label_da="Succeskriterium fastsat",
    label_en="Goal set",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "goal": "flere-i-fritidsjob",
        "effort_area": "beskaeftigelse",
        "title": "Vejledningen om fritidsjob er åben oftere",
        "indicator": "Eftermiddage med vejledning på et skoleår",
        "baseline": 18.5,
        "target": 25,
        "measure": {"figure": "sessions", "per": "school_year", "activity": "fritidsjobvejledning"},
    },
):
    """What a plan wants to reach in one effort area; said again, it updates the goal.

    One that says by which figure it is measured fills itself: reports read its value from the figures.
    """

    plan: Slug
    goal: Slug
    effort_area: Slug
    title: Line
    indicator: Line | None = None
    baseline: Figure | None = None
    target: Figure | None = None
    measure: Measure | None = None


class GoalAssessed(
    EventData,
    name="goal.assessed",
    owner="registry",
    label_da="Målopfyldelse vurderet",
    label_en="Goal assessed",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "goal": "flere-i-fritidsjob",
        "year": 2026,
        "attainment": "partly",
        "value": 21.25,
        "comment": "På vej; flest drenge er kommet i job.",
    },
):
    """How far a goal was reached in one year; a later assessment of that year replaces it."""

    plan: Slug
    goal: Slug
    year: BegunYear
    attainment: Attainment
    value: Figure | None = None
    comment: Text | None = None


class MilestonePlanned(
    EventData,
    name="milestone.planned",
    owner="registry",
    label_da="Milepæl planlagt",
    label_en="Milestone planned",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "milestone": "jobmesse",
        "title": "Den første jobmesse er holdt",
        "due": "2026-03-31",
        "effort_area": "beskaeftigelse",
    },
):
    """Something that a plan will have done by a day; said again before it is reached, it moves the milestone."""

    plan: Slug
    milestone: Slug
    title: Line
    due: PlannedDay
    effort_area: Slug | None = None


class MilestoneReached(
    EventData,
    name="milestone.reached",
    owner="registry",
    label_da="Milepæl nået",
    label_en="Milestone reached",
    said_by="plan",
    example={
        "plan": "amagerplanen",
        "milestone": "jobmesse",
        "date": "2026-03-14",
        "evidence": "19 virksomheder og 140 beboere kom.",
    },
):
    """A milestone is reached, once."""

    plan: Slug
    milestone: Slug
    date: Day
    evidence: Text | None = None
