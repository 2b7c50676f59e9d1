"""What one client has been told is so: the model of its own areas, plans and activities. Owns no random choice.

It learns from the events that were accepted, and from nothing else, so that what it holds is what the services hold.
A client's world is its own: no other client says anything of it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shared.events import funding
from shared.events.envelope import NETWORK, EventData
from shared.events.every_event import EVENTS
from shared.events.registry import plans as plan_events
from shared.events.registry.activities import (
    ActivityEnded,
    ActivityPlanned,
    ActivityStarted,
    BusinessClosed,
    BusinessFounded,
    CourseClosed,
    CourseOpened,
    MentorEngaged,
    MentorReleased,
    PracticeAdopted,
    PracticeShared,
)
from shared.events.registry.corrections import ParticipantMerged
from shared.events.registry.network import AreaRegistered, OrganisationRegistered, PoolDefined
from shared.events.registry.people import (
    AttendanceRecorded,
    ConsentWithdrawn,
    OutcomeMeasured,
    ParticipantEnrolled,
    ParticipantLeft,
    VolunteerEngaged,
    VolunteerLeft,
)
from shared.events.registry.plans import (
    GoalSet,
    MilestonePlanned,
    MilestoneReached,
    PlanApproved,
    PlanClosed,
    PlanExtended,
)
from shared.events.registry.stories import StoryPublished, StoryWithdrawn
from tests.fuzz.plans import Activity, Commitment, Line, Plan

Json = dict[str, Any]
# What can be posted; what an owner says itself is taken from nobody.
KINDS: Final[Mapping[str, type[EventData]]] = {event.type_name(): event for event in EVENTS if event.said_by != "owner"}


@dataclass(slots=True)
class World:
    """All that one client knows; `own` is what its names begin with."""

    own: str
    areas: list[str] = field(default_factory=list)
    organisations: dict[str, str] = field(default_factory=dict)
    pools: dict[str, list[str]] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    stories: dict[str, bool] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    published: list[int] = field(default_factory=list)

    def learn(self, event: Json) -> None:
        """Take in an event that was accepted; one that is not well formed here, though it was there, is let be."""
        kind = KINDS.get(event.get("type", ""))
        if kind is None:
            return
        # As it went over the wire: what is no number in JSON, as NaN, is refused there too.
        data = kind.model_validate_json(json.dumps(event["data"]))
        if learn := LEARNT.get(kind):
            learn(self, data)
        elif plan := self.plans.get(getattr(data, "plan", "")):
            # Whatever else is said of a plan that waits is what it waited for.
            plan.is_agreed = True
        if isinstance(data, PlanApproved):
            self.plans[data.plan].is_agreed = len(data.areas) == 1 or event["source"] == NETWORK

    def activities_of(self, plan: str) -> list[Activity]:
        """Give the activities of a plan."""
        return [activity for activity in self.activities.values() if activity.plan == plan]

    def commitment(self, name: str) -> Commitment | None:
        """Find a commitment in any plan."""
        return next((plan.commitments[name] for plan in self.plans.values() if name in plan.commitments), None)


def _area(world: World, data: AreaRegistered) -> None:
    if data.area not in world.areas:
        world.areas.append(data.area)


def _pool(world: World, data: PoolDefined) -> None:
    world.pools[data.pool] = [item.effort_area for item in data.effort_areas]


def _organisation(world: World, data: OrganisationRegistered) -> None:
    world.organisations[data.organisation] = data.kind


def _plan(world: World, data: PlanApproved) -> None:
    world.plans[data.plan] = Plan(data.plan, list(data.areas), data.pool, data.start, data.end)


def _in_plan(change: Callable[[Plan, Any], None]) -> Callable[[World, Any], None]:
    def learn(world: World, data: Any) -> None:  # noqa: ANN401  of any kind
        if plan := world.plans.get(data.plan):
            change(plan, data)

    return learn


def _in_activity(change: Callable[[Activity, Any], None]) -> Callable[[World, Any], None]:
    def learn(world: World, data: Any) -> None:  # noqa: ANN401  of any kind
        if activity := world.activities.get(data.activity):
            change(activity, data)

    return learn


def _in_commitment(change: Callable[[Commitment, Any], None]) -> Callable[[World, Any], None]:
    def learn(world: World, data: Any) -> None:  # noqa: ANN401  of any kind
        if commitment := world.commitment(data.commitment):
            change(commitment, data)

    return learn


def _extended(plan: Plan, data: PlanExtended) -> None:
    plan.end = data.end


def _closed(plan: Plan, _: PlanClosed) -> None:
    plan.is_closed = True


def _joined(plan: Plan, data: plan_events.PartnerJoined) -> None:
    plan.partners[data.organisation, data.role] = data.date


def _left_plan(plan: Plan, data: plan_events.PartnerLeft) -> None:
    plan.partners[data.organisation, data.role] = None


def _goal(plan: Plan, data: GoalSet) -> None:
    plan.goals.add(data.goal)


def _milestone(plan: Plan, data: MilestonePlanned) -> None:
    plan.milestones.setdefault(data.milestone, False)


def _reached(plan: Plan, data: MilestoneReached) -> None:
    plan.milestones[data.milestone] = True


def _planned(world: World, data: ActivityPlanned) -> None:
    world.activities[data.activity] = Activity(data.activity, data.plan, data.area, data.start, data.end, data.capacity)


def _started(activity: Activity, data: ActivityStarted) -> None:
    activity.started = activity.started or data.date
    activity.ended = None


def _ended(activity: Activity, data: ActivityEnded) -> None:
    activity.ended = data.date


def _opened(activity: Activity, data: CourseOpened) -> None:
    activity.courses[data.course] = True


def _course_closed(world: World, data: CourseClosed) -> None:
    for activity in world.activities.values():
        if data.course in activity.courses:
            activity.courses[data.course] = False


def _enrolled(activity: Activity, data: ParticipantEnrolled) -> None:
    activity.stays[data.participant] = data.date
    activity.left.pop(data.participant, None)


def _left(activity: Activity, data: ParticipantLeft) -> None:
    activity.stays.pop(data.participant, None)
    activity.left[data.participant] = data.date


def _attended(activity: Activity, _: AttendanceRecorded) -> None:
    activity.sessions += 1


def _engaged(activity: Activity, data: VolunteerEngaged) -> None:
    activity.volunteers[data.volunteer, data.role] = data.date


def _released(activity: Activity, data: VolunteerLeft) -> None:
    activity.volunteers.pop((data.volunteer, data.role), None)


def _mentor(activity: Activity, data: MentorEngaged) -> None:
    activity.mentors[data.organisation] = data.date


def _mentor_released(activity: Activity, data: MentorReleased) -> None:
    activity.mentors.pop(data.organisation, None)


def _founded(activity: Activity, data: BusinessFounded) -> None:
    activity.businesses[data.business] = data.date


def _business_closed(activity: Activity, data: BusinessClosed) -> None:
    activity.businesses.pop(data.business, None)


def _measured(activity: Activity, data: OutcomeMeasured) -> None:
    activity.measured.add((data.participant, data.wave, data.lens, data.respondent))


def _shared(activity: Activity, _: PracticeShared) -> None:
    activity.shares = True


def _adopted(activity: Activity, _: PracticeAdopted) -> None:
    activity.took_home = True


def _story(world: World, data: StoryPublished) -> None:
    world.stories[data.story] = True


def _story_withdrawn(world: World, data: StoryWithdrawn) -> None:
    world.stories[data.story] = False


def _forgotten(world: World, data: ConsentWithdrawn) -> None:
    world.withdrawn.add(data.participant)
    for activity in world.activities.values():
        activity.stays.pop(data.participant, None)
        activity.left.pop(data.participant, None)
        for engaged in [each for each in activity.volunteers if each[0] == data.participant]:
            del activity.volunteers[engaged]


def _merged(world: World, data: ParticipantMerged) -> None:
    gone, into = data.participant, data.into
    for activity in world.activities.values():
        for days in (activity.stays, activity.left):
            if (day := days.pop(gone, None)) is not None:
                days[into] = max(day, days.get(into, day))
        if into in activity.stays:
            activity.left.pop(into, None)
        for who, role in [each for each in activity.volunteers if each[0] == gone]:
            day = activity.volunteers.pop((who, role))
            activity.volunteers[into, role] = max(day, activity.volunteers.get((into, role), day))
        activity.measured = {(into if who == gone else who, *of) for who, *of in activity.measured}


def _committed(plan: Plan, data: funding.FundingCommitted) -> None:
    plan.commitments[data.commitment] = Commitment(data.funder_kind, data.amount_ore, bool(data.in_kind))


def _released_money(commitment: Commitment, data: funding.FundingReleased) -> None:
    commitment.released_ore += data.amount_ore


def _received(commitment: Commitment, data: funding.FundingReceived) -> None:
    commitment.received_ore += data.amount_ore
    commitment.released_ore = max(commitment.released_ore, commitment.received_ore)


def _withheld(commitment: Commitment, _: funding.FundingWithheld) -> None:
    commitment.is_withheld = True


def _confirmed(commitment: Commitment, _: funding.FundingConfirmed) -> None:
    commitment.is_confirmed = True


def _resumed(commitment: Commitment, _: funding.FundingResumed) -> None:
    commitment.is_withheld = False


def _budget(plan: Plan, data: funding.BudgetApproved) -> None:
    plan.has_budget = True
    spent = {name: line.spent_ore for name, line in plan.lines.items()}
    for line in plan.lines.values():
        line.amount_ore = 0
    for item in data.lines:
        plan.lines[item.line] = Line(item.year, item.amount_ore, spent.get(item.line, 0), item.model_dump(mode="json"))


def _revised(plan: Plan, data: funding.BudgetRevised) -> None:
    for item in data.changes:
        if line := plan.lines.get(item.line):
            line.amount_ore += item.amount_ore


def _booked(plan: Plan, data: funding.ExpenseBooked) -> None:
    plan.expenses[data.expense] = (data.amount_ore, data.line)
    plan.used_lines.add(data.line)
    if line := plan.lines.get(data.line):
        line.spent_ore += data.amount_ore


def _reversed(world: World, data: funding.ExpenseReversed) -> None:
    for plan in world.plans.values():
        if (booked := plan.expenses.pop(data.expense, None)) and (line := plan.lines.get(booked[1])):
            line.spent_ore -= booked[0]


def _stated(word: str) -> Callable[[Plan, Any], None]:
    def change(plan: Plan, data: Any) -> None:  # noqa: ANN401  of any kind
        plan.statements[data.year] = word

    return change


LEARNT: Final[Mapping[type[EventData], Callable[[World, Any], None]]] = {
    AreaRegistered: _area,
    PoolDefined: _pool,
    OrganisationRegistered: _organisation,
    PlanApproved: _plan,
    PlanExtended: _in_plan(_extended),
    PlanClosed: _in_plan(_closed),
    plan_events.PartnerJoined: _in_plan(_joined),
    plan_events.PartnerLeft: _in_plan(_left_plan),
    GoalSet: _in_plan(_goal),
    MilestonePlanned: _in_plan(_milestone),
    MilestoneReached: _in_plan(_reached),
    ActivityPlanned: _planned,
    ActivityStarted: _in_activity(_started),
    ActivityEnded: _in_activity(_ended),
    CourseOpened: _in_activity(_opened),
    CourseClosed: _course_closed,
    ParticipantEnrolled: _in_activity(_enrolled),
    ParticipantLeft: _in_activity(_left),
    AttendanceRecorded: _in_activity(_attended),
    VolunteerEngaged: _in_activity(_engaged),
    VolunteerLeft: _in_activity(_released),
    MentorEngaged: _in_activity(_mentor),
    MentorReleased: _in_activity(_mentor_released),
    BusinessFounded: _in_activity(_founded),
    BusinessClosed: _in_activity(_business_closed),
    OutcomeMeasured: _in_activity(_measured),
    PracticeShared: _in_activity(_shared),
    PracticeAdopted: _in_activity(_adopted),
    StoryPublished: _story,
    StoryWithdrawn: _story_withdrawn,
    ConsentWithdrawn: _forgotten,
    ParticipantMerged: _merged,
    funding.FundingCommitted: _in_plan(_committed),
    funding.FundingReleased: _in_commitment(_released_money),
    funding.FundingReceived: _in_commitment(_received),
    funding.FundingConfirmed: _in_commitment(_confirmed),
    funding.FundingWithheld: _in_commitment(_withheld),
    funding.FundingResumed: _in_commitment(_resumed),
    funding.BudgetApproved: _in_plan(_budget),
    funding.BudgetRevised: _in_plan(_revised),
    funding.ExpenseBooked: _in_plan(_booked),
    funding.ExpenseReversed: _reversed,
    funding.StatementSubmitted: _in_plan(_stated("submitted")),
    funding.StatementReturned: _in_plan(_stated("returned")),
    funding.StatementAccepted: _in_plan(_stated("accepted")),
}
