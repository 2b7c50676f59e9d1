"""The registry's use cases: load → decide → save. It never commits."""

from collections.abc import Sequence
from typing import Any, Final

from services.registry import domain
from services.registry.store import activities, erasure, network, people, plans, sharing
from services.registry.store.keeping import KeptEnrolments
from services.registry.store.shape import Shape, insert, load, upsert
from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.events import registry as events_of
from shared.events.catalogue import Posted
from shared.events.envelope import CloudEvent
from shared.events.naming import Naming

# What is there once: where two transactions add the same at once, one of them loses, and is decided again.
ONCE: Final[tuple[Shape[Any], ...]] = (
    network.ORGANISATIONS,
    activities.ACTIVITIES,
    activities.COURSES,
    activities.BUSINESSES,
    people.INSTRUMENTS,
    people.MEASUREMENTS,
    sharing.STORIES,
)
# What is replaced when it is said again. Parents come before children.
REPLACED: Final[tuple[Shape[Any], ...]] = (
    plans.GOALS,
    plans.ASSESSMENTS,
    plans.MILESTONES,
    activities.ANCHORINGS,
    sharing.PRACTICES,
)

# What is recorded of an activity, and leaves its row and its people's as they are.
READING_ACTIVITIES: Final = (events_of.AttendanceRecorded, events_of.SessionCancelled, events_of.VolunteerHours)

# What puts a pseudonym where it was not before.
JOINING: Final = (events_of.ParticipantEnrolled, events_of.VolunteerEngaged)


class RegistryUseCases:
    """What the registry does with posted events."""

    def __init__(self, enrolments: KeptEnrolments | None = None) -> None:
        self._enrolments = enrolments or KeptEnrolments()

    async def load(self, connection: Connection, events: Sequence[CloudEvent[Any]]) -> WorkingSet:
        """Load what the events name: plans and activities locked in the order of their keys, then what is theirs."""
        state, naming = WorkingSet(), Naming(events)
        withdrawn, joining = naming.of(events_of.ConsentWithdrawn), naming.of(*JOINING)
        if withdrawn or joining:
            await people.lock_consents(connection, withdrawing=bool(withdrawn))
        if naming.of(events_of.PracticeAdopted):
            await sharing.lock_adoptions(connection)
        await _load_plans(connection, state, naming)
        versions = await _load_activities(connection, state, naming)
        await _load_network(connection, state, naming)
        joined = naming.named_by("activity", "participant", "participants", "members")
        state.add(*await self._enrolments.load(connection, versions, joined))
        await _load_people(connection, state, naming)
        await _load_sharing(connection, state, naming)
        return state

    def decide(self, state: WorkingSet, posted: Posted) -> Decision:
        """Check who says the event, and apply its rule; pure."""
        return domain.decide(state, posted.event)

    async def save(self, connection: Connection, state: WorkingSet) -> None:
        """Save what changed, parents before children."""
        for withdrawal in state.changed(domain.Withdrawal):
            self._enrolments.forget()
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


async def _load_plans(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    state.add(*await plans.lock_plans(connection, naming.named("plan")))
    closing = naming.of(events_of.PlanClosed).named("plan")
    state.add(*await plans.statements(connection, closing))
    partners = naming.of(events_of.PartnerJoined, events_of.PartnerLeft)
    for key, spans in await plans.PARTNERSHIPS.load(
        connection, plans.PARTNERSHIPS.key, partners.keys("plan", "organisation", "role")
    ):
        plan, organisation, role = key
        state.add(domain.Partnership(plan, organisation, role, spans))
    goals = naming.of(events_of.GoalAssessed).keys("plan", "goal")
    state.add(*await load(connection, plans.GOALS, ("plan", "goal"), goals))
    milestones = naming.of(events_of.MilestonePlanned, events_of.MilestoneReached).keys("plan", "milestone")
    state.add(*await load(connection, plans.MILESTONES, ("plan", "milestone"), milestones))


async def _load_activities(connection: Connection, state: WorkingSet, naming: Naming) -> dict[str, int]:
    """Lock and load activities and what is theirs; give the versions of their rows."""
    names = naming.named("activity")
    names |= await activities.activities_of_courses(connection, naming.of(events_of.CourseClosed).named("course"))
    names |= await people.activities_of_people(connection, naming.of(events_of.ConsentWithdrawn).named("participant"))
    closing = naming.of(events_of.PlanClosed).named("plan")
    to_change = bool(naming.all_but(*READING_ACTIVITIES))
    rows = await activities.lock_activities(connection, names, closing, to_change=to_change)
    locked = [activity for activity, _ in rows]
    state.add(*locked)
    # Only after the activity is locked: whoever closes the plan holds that lock as well.
    starting = naming.of(events_of.ActivityStarted).named("activity")
    unlocked = {row.plan for row in locked if row.activity in starting and state.get(domain.Plan, row.plan) is None}
    state.add(*await plans.plans(connection, unlocked))
    courses = naming.keys("course")
    state.add(*await load(connection, activities.COURSES, ("course",), courses))
    mentors = naming.of(events_of.MentorEngaged, events_of.MentorReleased).keys("activity", "organisation")
    for key, spans in await activities.MENTORINGS.load(connection, activities.MENTORINGS.key, mentors):
        activity, organisation = key
        state.add(domain.Mentoring(activity, organisation, spans))
    businesses = naming.keys("activity", "business")
    state.add(*await load(connection, activities.BUSINESSES, ("activity", "business"), businesses))
    return {activity.activity: version for activity, version in rows}


async def _load_network(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    state.add(*await network.areas(connection, naming.named("area", "areas")))
    pools = {plan.pool for plan in state.rows(domain.Plan)} | naming.named("pool")
    state.add(*await network.pools(connection, pools))
    state.add(*await load(connection, network.ORGANISATIONS, ("organisation",), naming.keys("organisation")))


async def _load_people(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    volunteers = naming.keys("activity", "volunteer")
    withdrawn = naming.of(events_of.ConsentWithdrawn)
    roles = [
        *await people.VOLUNTEERINGS.load(connection, ("activity", "volunteer"), volunteers),
        *await people.VOLUNTEERINGS.load(connection, ("volunteer",), withdrawn.keys("participant")),
    ]
    for (activity, volunteer, role), spans in roles:
        state.add(domain.Volunteering(activity, volunteer, role, spans))
    state.add(*await people.enrolments_of(connection, withdrawn.named("participant")))
    measured = naming.of(events_of.OutcomeMeasured)
    areas = {row.activity: row.area for row in state.all(domain.Activity)}
    scales = {
        (areas[name], instrument) for name, instrument in measured.keys("activity", "instrument") if name in areas
    }
    state.add(*await load(connection, people.INSTRUMENTS, ("area", "instrument"), scales))
    pairs = measured.keys("activity", "participant")
    state.add(*await load(connection, people.MEASUREMENTS, ("activity", "participant"), pairs))


async def _load_sharing(connection: Connection, state: WorkingSet, naming: Naming) -> None:
    state.add(*await load(connection, sharing.STORIES, ("story",), naming.keys("story")))
    adopted = naming.of(events_of.PracticeAdopted)
    state.add(*await load(connection, sharing.PRACTICES, ("activity",), adopted.keys("source_activity")))
    state.add(*await sharing.lineages(connection, adopted.named("activity", "source_activity")))
