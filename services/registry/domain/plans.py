"""The rules about plans: their life, partners, goals and milestones."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from services.registry.domain.checks import (
    closed,
    effort_area_of,
    in_order,
    inside_plan,
    known_area,
    known_organisation,
    known_plan,
    known_pool,
    not_closed,
    opened,
    unknown,
)
from services.registry.domain.rows import Activity, Assessment, Goal, Milestone, Partnership, Plan, Statements
from shared.backbone.decisions import Decision, Rule
from shared.backbone.working_set import WorkingSet
from shared.clock import months_between
from shared.errors import NotYetKnown, Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.registry.plans import (
    GoalAssessed,
    GoalSet,
    MilestonePlanned,
    MilestoneReached,
    PartnerJoined,
    PartnerLeft,
    PlanApproved,
    PlanClosed,
    PlanConsented,
    PlanExtended,
)

MAX_PLAN_MONTHS: Final = 48


def approve_plan(state: WorkingSet, event: CloudEvent[PlanApproved]) -> Decision:
    """A new plan lasts at most 48 months, in known areas, under a known pool; an area consents for itself alone."""
    data = event.data
    if state.get(Plan, data.plan):
        raise Refused("plan_exists", f"the plan '{data.plan}' is approved already", pointer="/data/plan")
    known_pool(state, data.pool)
    for place, area in enumerate(data.areas):
        known_area(state, area, pointer=f"/data/areas/{place}")
    if months_between(data.start, data.end) > MAX_PLAN_MONTHS:
        raise Refused("plan_too_long", f"a plan lasts at most {MAX_PLAN_MONTHS} months", pointer="/data/end")
    invited = tuple(area for area in data.areas if event.area not in (None, area))
    state.put(
        Plan(
            data.plan,
            data.name,
            data.pool,
            tuple(area for area in data.areas if area not in invited),
            data.start,
            data.end,
            data.approval_reference,
            invited=invited,
        )
    )
    return Decision(outcome={"invited": list(invited)} if invited else None)


def consent_to_plan(state: WorkingSet, event: CloudEvent[PlanConsented]) -> Decision:
    """An area consents once, to a plan that goes on and was approved for it."""
    data = event.data
    plan = known_plan(state, data.plan)
    not_closed(plan)
    if data.area in plan.areas:
        raise Refused("consented_already", "the plan belongs to this area already", pointer="/data/area")
    if data.area not in plan.invited:
        raise Refused("area_not_in_plan", f"the plan was not approved for '{data.area}'", pointer="/data/area")
    invited = tuple(area for area in plan.invited if area != data.area)
    state.put(replace(plan, areas=(*plan.areas, data.area), invited=invited))
    return Decision()


def extend_plan(state: WorkingSet, event: CloudEvent[PlanExtended]) -> Decision:
    """A plan that goes on gets a later end, past 48 months too."""
    data = event.data
    plan = known_plan(state, data.plan)
    not_closed(plan)
    if data.end <= plan.end_on:
        raise Refused("not_later", f"the plan ends on {plan.end_on} already", pointer="/data/end")
    state.put(replace(plan, end_on=data.end, approval_reference=data.approval_reference))
    return Decision()


def close_plan(state: WorkingSet, event: CloudEvent[PlanClosed]) -> Decision:
    """A plan closes once, when nothing runs and funding has accepted the statement of every year up to then."""
    day = event.data.date
    plan = known_plan(state, event.data.plan)
    not_closed(plan)
    in_order(plan.start_on, day)
    for activity in state.rows(Activity):
        if activity.plan == plan.plan and activity.runs_after(day):
            detail = f"'{activity.activity}' still runs on {day}"
            raise Refused("activity_running", detail, pointer="/data/date")
    statements = state.get(Statements, plan.plan)
    for year in range(plan.start_on.year, min(day, plan.end_on).year + 1):
        if statements is None or year not in statements.years:
            raise NotYetKnown("accepted statement", f"{plan.plan} {year}", pointer="/data/date")
    state.put(replace(plan, closed_on=day))
    return Decision()


def join_partner(state: WorkingSet, event: CloudEvent[PartnerJoined]) -> Decision:
    """An organisation has one open role of a kind in a plan, from a day inside it."""
    data = event.data
    plan = known_plan(state, data.plan)
    known_organisation(state, data.organisation)
    inside_plan(plan, data.date, pointer="/data/date")
    partnership = state.get(Partnership, (data.plan, data.organisation, data.role))
    spans = opened(partnership.spans if partnership else (), data.date)
    if spans is None:
        raise Refused("role_taken", f"the organisation is {data.role} of this plan already", pointer="/data/role")
    state.put(Partnership(data.plan, data.organisation, data.role, spans))
    return Decision()


def leave_partner(state: WorkingSet, event: CloudEvent[PartnerLeft]) -> Decision:
    """Only a role that is open ends, inside the plan and not before it began."""
    data = event.data
    plan = known_plan(state, data.plan)
    known_organisation(state, data.organisation)
    inside_plan(plan, data.date, pointer="/data/date")
    partnership = state.get(Partnership, (data.plan, data.organisation, data.role))
    spans = closed(partnership.spans if partnership else (), data.date)
    if spans is None:
        raise Refused("no_such_role", f"the organisation is no {data.role} of this plan", pointer="/data/role")
    state.put(Partnership(data.plan, data.organisation, data.role, spans))
    return Decision()


def set_goal(state: WorkingSet, event: CloudEvent[GoalSet]) -> Decision:
    """A goal lies in an effort area of the plan's pool; said again, it is an update.

    What it is measured of is of the plan too; an activity may be planned later, and has no value until then.
    """
    data = event.data
    plan = known_plan(state, data.plan)
    effort_area_of(state, plan, data.effort_area)
    if (measure := data.measure) is not None:
        if measure.effort_area is not None:
            effort_area_of(state, plan, measure.effort_area, pointer="/data/measure/effort_area")
        if measure.area is not None and measure.area not in plan.areas:
            detail = f"'{measure.area}' is no area of the plan"
            raise Refused("area_not_in_plan", detail, pointer="/data/measure/area")
    figure = data.measure.figure if data.measure else None
    told = data.effort_area, data.title, data.indicator, data.baseline, data.target, figure
    state.put(Goal(data.plan, data.goal, *told))
    return Decision()


def assess_goal(state: WorkingSet, event: CloudEvent[GoalAssessed]) -> Decision:
    """A known goal is assessed for a year that the plan touches; said again, it replaces."""
    data = event.data
    plan = known_plan(state, data.plan)
    if state.get(Goal, (data.plan, data.goal)) is None:
        raise unknown("goal", data.goal)
    if not plan.start_on.year <= data.year <= plan.end_on.year:
        detail = f"the plan runs from {plan.start_on} to {plan.end_on}"
        raise Refused("outside_plan", detail, pointer="/data/year")
    state.put(Assessment(data.plan, data.goal, data.year, data.attainment, data.value, data.comment))
    return Decision()


def plan_milestone(state: WorkingSet, event: CloudEvent[MilestonePlanned]) -> Decision:
    """A milestone is due inside the plan; until it is reached, it may be planned anew."""
    data = event.data
    plan = known_plan(state, data.plan)
    inside_plan(plan, data.due, pointer="/data/due")
    if data.effort_area is not None:
        effort_area_of(state, plan, data.effort_area)
    _not_reached(state.get(Milestone, (data.plan, data.milestone)))
    state.put(Milestone(data.plan, data.milestone, data.title, data.due, data.effort_area))
    return Decision()


def reach_milestone(state: WorkingSet, event: CloudEvent[MilestoneReached]) -> Decision:
    """A planned milestone is reached once, not before the plan begins."""
    data = event.data
    plan = known_plan(state, data.plan)
    milestone = state.get(Milestone, (data.plan, data.milestone))
    if milestone is None:
        raise unknown("milestone", data.milestone)
    _not_reached(milestone)
    in_order(plan.start_on, data.date)
    state.put(replace(milestone, reached_on=data.date, evidence=data.evidence))
    return Decision()


def _not_reached(milestone: Milestone | None) -> None:
    if milestone is not None and milestone.reached_on is not None:
        detail = f"it was reached on {milestone.reached_on}"
        raise Refused("milestone_already_reached", detail, pointer="/data/milestone")


RULES: Final[Mapping[type[EventData], Rule]] = {
    PlanApproved: approve_plan,
    PlanConsented: consent_to_plan,
    PlanExtended: extend_plan,
    PlanClosed: close_plan,
    PartnerJoined: join_partner,
    PartnerLeft: leave_partner,
    GoalSet: set_goal,
    GoalAssessed: assess_goal,
    MilestonePlanned: plan_milestone,
    MilestoneReached: reach_milestone,
}
