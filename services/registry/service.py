"""The registry's use cases: load → decide → save. It never commits."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from services.registry import domain
from services.registry.store import activities, erasure, network, people, plans, sharing
from services.registry.store.shape import Shape, insert, load, upsert
from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.events import registry as events_of
from shared.events.envelope import CloudEvent, EventData
from shared.events.naming import named

Events = Sequence[CloudEvent[Any]]

# What is there once: where two transactions add the same at once, one of them loses, and is decided again.
ONCE: Final[tuple[Shape[Any], ...]] = (
    activities.ACTIVITIES,
    activities.COURSES,
    activities.BUSINESSES,
    people.INSTRUMENTS,
    people.MEASUREMENTS,
    sharing.STORIES,
)
# What is replaced when it is said again. Parents come before children.
REPLACED: Final[tuple[Shape[Any], ...]] = (
    network.ORGANISATIONS,
    plans.GOALS,
    plans.ASSESSMENTS,
    plans.MILESTONES,
    activities.ANCHORINGS,
    sharing.PRACTICES,
)


class RegistryUseCases:
    """What the registry does with posted events."""

    async def load(self, connection: Connection, events: Events) -> WorkingSet:
        """Load what the events name: plans and activities locked in the order of their keys, then what is theirs."""
        state = WorkingSet()
        if _of(events, events_of.PracticeAdopted):
            await sharing.lock_adoptions(connection)
        await _load_plans(connection, state, events)
        await _load_activities(connection, state, events)
        await _load_network(connection, state, events)
        await _load_people(connection, state, events)
        await _load_sharing(connection, state, events)
        return state

    def decide(self, state: WorkingSet, event: CloudEvent[Any]) -> Decision:
        """Apply the event's rule; pure."""
        return domain.RULES[type(event.data)](state, event)

    async def save(self, connection: Connection, state: WorkingSet) -> None:
        """Save what changed, parents before children."""
        for withdrawal in state.changed(domain.Withdrawal):
            await erasure.forget_person(connection, withdrawal)
        await network.save_pools(connection, state.changed(domain.Pool))
        await network.save_areas(connection, state.changed(domain.Area))
        await plans.insert_plans(connection, state.added(domain.Plan))
        await plans.update_plans(connection, state.updated(domain.Plan))
        for shape in ONCE:
            await insert(connection, shape, state.added(shape.row))
            await upsert(connection, shape, state.updated(shape.row))
        for shape in REPLACED:
            await upsert(connection, shape, state.changed(shape.row))
        await people.save_enrolments(connection, state.changed(domain.Enrolment))
        for spans, kind in (
            (plans.PARTNERSHIPS, domain.Partnership),
            (activities.MENTORINGS, domain.Mentoring),
            (people.VOLUNTEERINGS, domain.Volunteering),
        ):
            changed: list[Any] = state.changed(kind)
            await spans.save(connection, [(row.key, row.spans) for row in changed])
        await sharing.save_lineages(connection, state.changed(domain.Lineage))

    async def save_entries(self, connection: Connection, entries: Sequence[tuple[int, Any]]) -> None:
        """Insert what was recorded of sessions; then erase what was withdrawn, these sessions and the log included."""
        await people.insert_attendance(connection, erasure.of_kind(entries, domain.Attendance))
        for sequence, withdrawal in erasure.of_kind(entries, domain.Withdrawal):
            await erasure.erase_person(connection, sequence, withdrawal)
        for sequence, story in erasure.of_kind(entries, domain.Story):
            await erasure.erase_story(connection, sequence, story)


async def _load_plans(connection: Connection, state: WorkingSet, events: Events) -> None:
    state.add(*await plans.lock_plans(connection, named(events, "plan")))
    closing = named(_of(events, events_of.PlanClosed), "plan")
    state.add(*await plans.statements(connection, closing))
    partners = _of(events, events_of.PartnerJoined, events_of.PartnerLeft)
    for key, spans in await plans.PARTNERSHIPS.load(
        connection, plans.PARTNERSHIPS.key, _keys(partners, "plan", "organisation", "role")
    ):
        plan, organisation, role = key
        state.add(domain.Partnership(plan, organisation, role, spans))
    goals = _keys(_of(events, events_of.GoalAssessed), "plan", "goal")
    state.add(*await load(connection, plans.GOALS, ("plan", "goal"), goals))
    milestones = _keys(_of(events, events_of.MilestonePlanned, events_of.MilestoneReached), "plan", "milestone")
    state.add(*await load(connection, plans.MILESTONES, ("plan", "milestone"), milestones))


async def _load_activities(connection: Connection, state: WorkingSet, events: Events) -> None:
    names = named(events, "activity")
    names |= await activities.activities_of_courses(connection, named(_of(events, events_of.CourseClosed), "course"))
    names |= await people.activities_of_people(
        connection, named(_of(events, events_of.ConsentWithdrawn), "participant")
    )
    closing = named(_of(events, events_of.PlanClosed), "plan")
    locked = await activities.lock_activities(connection, names, closing)
    state.add(*locked)
    # Only after the activity is locked: whoever closes the plan holds that lock as well.
    starting = named(_of(events, events_of.ActivityStarted), "activity")
    unlocked = {row.plan for row in locked if row.activity in starting and state.get(domain.Plan, row.plan) is None}
    state.add(*await plans.plans(connection, unlocked))
    courses = _keys(events, "course")
    state.add(*await load(connection, activities.COURSES, ("course",), courses))
    mentors = _keys(_of(events, events_of.MentorEngaged, events_of.MentorReleased), "activity", "organisation")
    for key, spans in await activities.MENTORINGS.load(connection, activities.MENTORINGS.key, mentors):
        activity, organisation = key
        state.add(domain.Mentoring(activity, organisation, spans))
    businesses = _keys(events, "activity", "business")
    state.add(*await load(connection, activities.BUSINESSES, ("activity", "business"), businesses))


async def _load_network(connection: Connection, state: WorkingSet, events: Events) -> None:
    state.add(*await network.areas(connection, named(events, "area", "areas")))
    pools = {plan.pool for plan in state.rows(domain.Plan)} | named(events, "pool")
    state.add(*await network.pools(connection, pools))
    state.add(*await load(connection, network.ORGANISATIONS, ("organisation",), _keys(events, "organisation")))


async def _load_people(connection: Connection, state: WorkingSet, events: Events) -> None:
    state.add(*await people.enrolments(connection, _participations(events)))
    volunteers = _keys(events, "activity", "volunteer")
    withdrawn = _of(events, events_of.ConsentWithdrawn)
    roles = [
        *await people.VOLUNTEERINGS.load(connection, ("activity", "volunteer"), volunteers),
        *await people.VOLUNTEERINGS.load(connection, ("volunteer",), _keys(withdrawn, "participant")),
    ]
    for (activity, volunteer, role), spans in roles:
        state.add(domain.Volunteering(activity, volunteer, role, spans))
    state.add(*await people.enrolments_of(connection, named(withdrawn, "participant")))
    measured = _of(events, events_of.OutcomeMeasured)
    state.add(*await load(connection, people.INSTRUMENTS, ("instrument",), _keys(measured, "instrument")))
    pairs = _keys(measured, "activity", "participant")
    state.add(*await load(connection, people.MEASUREMENTS, ("activity", "participant"), pairs))


async def _load_sharing(connection: Connection, state: WorkingSet, events: Events) -> None:
    state.add(*await load(connection, sharing.STORIES, ("story",), _keys(events, "story")))
    adopted = _of(events, events_of.PracticeAdopted)
    state.add(*await load(connection, sharing.PRACTICES, ("activity",), _keys(adopted, "source_activity")))
    state.add(*await sharing.lineages(connection, named(adopted, "activity", "source_activity")))


def _of(events: Events, *kinds: type[EventData]) -> list[CloudEvent[Any]]:
    return [event for event in events if isinstance(event.data, kinds)]


def _keys(events: Iterable[CloudEvent[Any]], *fields: str) -> set[tuple[str, ...]]:
    """Collect what events name by several fields together, from those that have all of them."""
    keys: set[tuple[str, ...]] = set()
    for event in events:
        key = tuple(name for field in fields if (name := getattr(event.data, field, None)))
        if len(key) == len(fields):
            keys.add(key)
    return keys


def _participations(events: Events) -> set[tuple[str, str]]:
    """Collect who is named in which activity."""
    pairs: set[tuple[str, str]] = set()
    for event in events:
        activity: str = getattr(event.data, "activity", "")
        if participant := getattr(event.data, "participant", None):
            pairs.add((activity, participant))
        for field in ("participants", "members"):
            pairs.update((activity, name) for name in getattr(event.data, field, None) or ())
    return pairs
