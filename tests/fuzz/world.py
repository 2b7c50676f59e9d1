"""What one client has been told is so: the model of its own areas, plans and activities. Owns no random choice.

It learns from the events that were accepted, and from nothing else, so that what it holds is what the services hold.
A client's world is its own: no other client says anything of it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from shared.events import funding, registry
from shared.events.catalogue import EVENTS
from shared.events.envelope import NETWORK, EventData
from shared.events.registry import plans as plan_events

Json = dict[str, Any]
KINDS: Final[Mapping[str, type[EventData]]] = {event.type_name(): event for event in EVENTS}


@dataclass(slots=True)
class Line:
    """A line of a budget."""

    year: int
    amount_ore: int
    spent_ore: int = 0
    definition: Json = field(default_factory=dict)


@dataclass(slots=True)
class Commitment:
    """What a funder promised."""

    kind: str
    amount_ore: int
    is_in_kind: bool
    released_ore: int = 0
    received_ore: int = 0
    is_withheld: bool = False


@dataclass(slots=True)
class Plan:
    """A plan as it stands; one of several areas that a single one of them has approved is not yet agreed."""

    name: str
    areas: list[str]
    pool: str
    start: date
    end: date
    is_closed: bool = False
    is_agreed: bool = True
    goals: set[str] = field(default_factory=set)
    milestones: dict[str, bool] = field(default_factory=dict)
    partners: dict[tuple[str, str], date | None] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    has_budget: bool = False
    expenses: dict[str, tuple[int, str]] = field(default_factory=dict)
    # Lines that were ever spent on; a budget must name them.
    used_lines: set[str] = field(default_factory=set)
    statements: dict[int, str] = field(default_factory=dict)

    @property
    def agreed_ore(self) -> int:
        """Give what was promised in money."""
        return sum(item.amount_ore for item in self.commitments.values() if not item.is_in_kind)

    @property
    def spent_ore(self) -> int:
        """Give what was spent and not taken back."""
        return sum(amount_ore for amount_ore, _ in self.expenses.values())

    @property
    def years(self) -> range:
        """Give the years that it touches."""
        return range(self.start.year, self.end.year + 1)

    def is_open(self, year: int) -> bool:
        """Tell whether a year takes bookings."""
        return self.statements.get(year) not in {"submitted", "accepted"}


@dataclass(slots=True)
class Activity:
    """An activity as it stands. `stays` holds who came when, `left` who has left when."""

    name: str
    plan: str
    area: str
    start: date
    end: date
    capacity: int | None = None
    started: date | None = None
    ended: date | None = None
    courses: dict[str, bool] = field(default_factory=dict)
    stays: dict[str, date] = field(default_factory=dict)
    left: dict[str, date] = field(default_factory=dict)
    volunteers: dict[tuple[str, str], date] = field(default_factory=dict)
    mentors: dict[str, date] = field(default_factory=dict)
    businesses: dict[str, date] = field(default_factory=dict)
    measured: set[tuple[str, ...]] = field(default_factory=set)
    sessions: int = 0
    shares: bool = False
    took_home: bool = False

    @property
    def runs(self) -> bool:
        """Tell whether it has started and not ended."""
        return self.started is not None and self.ended is None


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
        if isinstance(data, registry.PlanApproved):
            self.plans[data.plan].is_agreed = len(data.areas) == 1 or event["source"] == NETWORK

    def activities_of(self, plan: str) -> list[Activity]:
        """Give the activities of a plan."""
        return [activity for activity in self.activities.values() if activity.plan == plan]

    def commitment(self, name: str) -> Commitment | None:
        """Find a commitment in any plan."""
        return next((plan.commitments[name] for plan in self.plans.values() if name in plan.commitments), None)


def _area(world: World, data: registry.AreaRegistered) -> None:
    if data.area not in world.areas:
        world.areas.append(data.area)


def _pool(world: World, data: registry.PoolDefined) -> None:
    world.pools[data.pool] = [item.effort_area for item in data.effort_areas]


def _organisation(world: World, data: registry.OrganisationRegistered) -> None:
    world.organisations[data.organisation] = data.kind


def _plan(world: World, data: registry.PlanApproved) -> None:
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


def _extended(plan: Plan, data: registry.PlanExtended) -> None:
    plan.end = data.end


def _closed(plan: Plan, _: registry.PlanClosed) -> None:
    plan.is_closed = True


def _joined(plan: Plan, data: plan_events.PartnerJoined) -> None:
    plan.partners[data.organisation, data.role] = data.date


def _left_plan(plan: Plan, data: plan_events.PartnerLeft) -> None:
    plan.partners[data.organisation, data.role] = None


def _goal(plan: Plan, data: registry.GoalSet) -> None:
    plan.goals.add(data.goal)


def _milestone(plan: Plan, data: registry.MilestonePlanned) -> None:
    plan.milestones.setdefault(data.milestone, False)


def _reached(plan: Plan, data: registry.MilestoneReached) -> None:
    plan.milestones[data.milestone] = True


def _planned(world: World, data: registry.ActivityPlanned) -> None:
    world.activities[data.activity] = Activity(data.activity, data.plan, data.area, data.start, data.end, data.capacity)


def _started(activity: Activity, data: registry.ActivityStarted) -> None:
    activity.started = activity.started or data.date
    activity.ended = None


def _ended(activity: Activity, data: registry.ActivityEnded) -> None:
    activity.ended = data.date


def _opened(activity: Activity, data: registry.CourseOpened) -> None:
    activity.courses[data.course] = True


def _course_closed(world: World, data: registry.CourseClosed) -> None:
    for activity in world.activities.values():
        if data.course in activity.courses:
            activity.courses[data.course] = False


def _enrolled(activity: Activity, data: registry.ParticipantEnrolled) -> None:
    activity.stays[data.participant] = data.date
    activity.left.pop(data.participant, None)


def _left(activity: Activity, data: registry.ParticipantLeft) -> None:
    activity.stays.pop(data.participant, None)
    activity.left[data.participant] = data.date


def _attended(activity: Activity, _: registry.AttendanceRecorded) -> None:
    activity.sessions += 1


def _engaged(activity: Activity, data: registry.VolunteerEngaged) -> None:
    activity.volunteers[data.volunteer, data.role] = data.date


def _released(activity: Activity, data: registry.VolunteerLeft) -> None:
    activity.volunteers.pop((data.volunteer, data.role), None)


def _mentor(activity: Activity, data: registry.MentorEngaged) -> None:
    activity.mentors[data.organisation] = data.date


def _mentor_released(activity: Activity, data: registry.MentorReleased) -> None:
    activity.mentors.pop(data.organisation, None)


def _founded(activity: Activity, data: registry.BusinessFounded) -> None:
    activity.businesses[data.business] = data.date


def _business_closed(activity: Activity, data: registry.BusinessClosed) -> None:
    activity.businesses.pop(data.business, None)


def _measured(activity: Activity, data: registry.OutcomeMeasured) -> None:
    activity.measured.add((data.participant, data.wave, data.lens, data.respondent))


def _shared(activity: Activity, _: registry.PracticeShared) -> None:
    activity.shares = True


def _adopted(activity: Activity, _: registry.PracticeAdopted) -> None:
    activity.took_home = True


def _story(world: World, data: registry.StoryPublished) -> None:
    world.stories[data.story] = True


def _story_withdrawn(world: World, data: registry.StoryWithdrawn) -> None:
    world.stories[data.story] = False


def _forgotten(world: World, data: registry.ConsentWithdrawn) -> None:
    world.withdrawn.add(data.participant)
    for activity in world.activities.values():
        activity.stays.pop(data.participant, None)
        activity.left.pop(data.participant, None)
        for engaged in [each for each in activity.volunteers if each[0] == data.participant]:
            del activity.volunteers[engaged]


def _committed(plan: Plan, data: funding.FundingCommitted) -> None:
    plan.commitments[data.commitment] = Commitment(data.funder_kind, data.amount_ore, bool(data.in_kind))


def _released_money(commitment: Commitment, data: funding.FundingReleased) -> None:
    commitment.released_ore += data.amount_ore


def _received(commitment: Commitment, data: funding.FundingReceived) -> None:
    commitment.received_ore += data.amount_ore
    commitment.released_ore = max(commitment.released_ore, commitment.received_ore)


def _withheld(commitment: Commitment, _: funding.FundingWithheld) -> None:
    commitment.is_withheld = True


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
    registry.AreaRegistered: _area,
    registry.PoolDefined: _pool,
    registry.OrganisationRegistered: _organisation,
    registry.PlanApproved: _plan,
    registry.PlanExtended: _in_plan(_extended),
    registry.PlanClosed: _in_plan(_closed),
    plan_events.PartnerJoined: _in_plan(_joined),
    plan_events.PartnerLeft: _in_plan(_left_plan),
    registry.GoalSet: _in_plan(_goal),
    registry.MilestonePlanned: _in_plan(_milestone),
    registry.MilestoneReached: _in_plan(_reached),
    registry.ActivityPlanned: _planned,
    registry.ActivityStarted: _in_activity(_started),
    registry.ActivityEnded: _in_activity(_ended),
    registry.CourseOpened: _in_activity(_opened),
    registry.CourseClosed: _course_closed,
    registry.ParticipantEnrolled: _in_activity(_enrolled),
    registry.ParticipantLeft: _in_activity(_left),
    registry.AttendanceRecorded: _in_activity(_attended),
    registry.VolunteerEngaged: _in_activity(_engaged),
    registry.VolunteerLeft: _in_activity(_released),
    registry.MentorEngaged: _in_activity(_mentor),
    registry.MentorReleased: _in_activity(_mentor_released),
    registry.BusinessFounded: _in_activity(_founded),
    registry.BusinessClosed: _in_activity(_business_closed),
    registry.OutcomeMeasured: _in_activity(_measured),
    registry.PracticeShared: _in_activity(_shared),
    registry.PracticeAdopted: _in_activity(_adopted),
    registry.StoryPublished: _story,
    registry.StoryWithdrawn: _story_withdrawn,
    registry.ConsentWithdrawn: _forgotten,
    funding.FundingCommitted: _in_plan(_committed),
    funding.FundingReleased: _in_commitment(_released_money),
    funding.FundingReceived: _in_commitment(_received),
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
