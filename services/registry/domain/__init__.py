"""The registry's rules: pure functions from loaded state and one event to changed state. No I/O, no framework."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.registry.domain import activities, network, people, plans, rights, sharing
from services.registry.domain.people_state import (
    KEEP_TOTALS_FROM,
    NO_COURSE,
    Attendance,
    Enrolment,
    Instrument,
    Measurement,
    Volunteering,
    Withdrawal,
)
from services.registry.domain.state import (
    Activity,
    Anchoring,
    Area,
    Assessment,
    Business,
    Course,
    Crossing,
    Goal,
    Lineage,
    Mentoring,
    Milestone,
    Organisation,
    Partnership,
    Plan,
    Pool,
    Practice,
    SharedPractice,
    Span,
    Statements,
    Story,
)
from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.events import registry
from shared.events.envelope import CloudEvent, EventData

__all__ = [
    "KEEP_TOTALS_FROM",
    "NO_COURSE",
    "RULES",
    "Activity",
    "Anchoring",
    "Area",
    "Assessment",
    "Attendance",
    "Business",
    "Course",
    "Crossing",
    "Enrolment",
    "Goal",
    "Instrument",
    "Lineage",
    "Measurement",
    "Mentoring",
    "Milestone",
    "Organisation",
    "Partnership",
    "Plan",
    "Pool",
    "Practice",
    "Rule",
    "SharedPractice",
    "Span",
    "Statements",
    "Story",
    "Volunteering",
    "Withdrawal",
    "decide",
]

Rule = Callable[[WorkingSet, Any], Decision]

RULES: Final[Mapping[type[EventData], Rule]] = {
    registry.AreaRegistered: network.register_area,
    registry.PoolDefined: network.define_pool,
    registry.OrganisationRegistered: network.register_organisation,
    registry.PlanApproved: plans.approve_plan,
    registry.PlanConsented: plans.consent_to_plan,
    registry.PlanExtended: plans.extend_plan,
    registry.PlanClosed: plans.close_plan,
    registry.PartnerJoined: plans.join_partner,
    registry.PartnerLeft: plans.leave_partner,
    registry.GoalSet: plans.set_goal,
    registry.GoalAssessed: plans.assess_goal,
    registry.MilestonePlanned: plans.plan_milestone,
    registry.MilestoneReached: plans.reach_milestone,
    registry.ActivityPlanned: activities.plan_activity,
    registry.ActivityStarted: activities.start_activity,
    registry.ActivityEnded: activities.end_activity,
    registry.ActivityAnchored: activities.anchor_activity,
    registry.CourseOpened: activities.open_course,
    registry.CourseClosed: activities.close_course,
    registry.ParticipantEnrolled: people.enrol_participant,
    registry.ParticipantLeft: people.leave_activity,
    registry.AttendanceRecorded: people.record_attendance,
    registry.SessionCancelled: people.cancel_session,
    registry.VolunteerEngaged: people.engage_volunteer,
    registry.VolunteerLeft: people.leave_volunteering,
    registry.VolunteerHours: people.record_volunteer_hours,
    registry.MentorEngaged: activities.engage_mentor,
    registry.MentorReleased: activities.release_mentor,
    registry.BusinessFounded: activities.found_business,
    registry.BusinessClosed: activities.close_business,
    registry.OutcomeMeasured: people.measure_outcome,
    registry.FollowupRecorded: people.record_followup,
    registry.StoryPublished: sharing.publish_story,
    registry.StoryWithdrawn: sharing.withdraw_story,
    registry.ConsentWithdrawn: people.withdraw_consent,
    registry.PracticeShared: sharing.share_practice,
    registry.PracticeAdopted: sharing.adopt_practice,
}


def decide(state: WorkingSet, event: CloudEvent[Any]) -> Decision:
    """Check that the sender may say an event, and apply its rule."""
    kind = type(event.data)
    rights.CHECKS[kind](state, event)
    return RULES[kind](state, event)
