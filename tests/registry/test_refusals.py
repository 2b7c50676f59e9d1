"""Every way to break a rule of the registry, at its border: one step further and the event would be taken."""

from typing import Final

import pytest

from services.registry.domain import people_rows, rows
from tests.support.builders import Json, person
from tests.support.deciding import AWAY, BOY, MIND, OTHER, Rules, running, told
from tests.support.samples import SAMPLES

GELLERUP: Final = "/areas/gellerupparken"
ENGAGED: Final = (told("volunteer.engaged"),)
LEFT: Final = (told("participant.left"),)
MILESTONE: Final = (told("milestone.planned"),)
ENDED: Final = (told("activity.ended"),)
# A plan that one area had approved for two, and the word of the other.
SHARED: Final = told("plan.approved", plan="faelles", areas=["urbanplanen", "gellerupparken"])
CONSENT: Final = told("plan.consented", plan="faelles", source=GELLERUP)
CLOSED: Final = (told("plan.closed", date="2025-08-01"),)
NOBODY: Final = person("ny")
VOLUNTEER: Final = SAMPLES["volunteer.engaged"]["volunteer"]

# What was said before (beyond an activity that runs), the event, its code, and what the code points at.
REFUSED: Final[list[tuple[tuple[Json, ...], Json, str, str]]] = [
    ((), told("area.registered"), "network_only", "/source"),
    ((), told("pool.defined"), "network_only", "/source"),
    (
        (),
        told(
            "pool.defined",
            source="/network",
            crosswalk=[{"effort_area": "sundhed", "other_pool": "2011-14", "other_effort_area": "sundhed"}],
        ),
        "effort_area_not_in_pool",
        "/data/crosswalk/0/effort_area",
    ),
    ((), told("organisation.registered"), "foreign_organisation", "/data/organisation"),
    ((), told("organisation.registered", organisation="ny", kind="municipality"), "network_only", "/data/kind"),
    ((), told("organisation.registered", organisation="ny", kind="landsbyggefonden"), "network_only", "/data/kind"),
    ((), told("plan.approved"), "plan_exists", "/data/plan"),
    ((), told("plan.approved", plan="ny", source=GELLERUP), "foreign_area", "/data/areas"),
    ((), told("plan.approved", plan="ny", pool="2027-30"), "unknown_pool", "/data/pool"),
    ((), told("plan.approved", plan="ny", areas=["urbanplanen", "nyby"]), "unknown_area", "/data/areas/1"),
    ((), told("plan.approved", plan="ny", end="2029-08-01"), "plan_too_long", "/data/end"),
    ((), told("plan.consented", plan="ny", source=GELLERUP), "unknown_plan", "/data/plan"),
    ((), told("plan.consented", source=GELLERUP), "area_not_in_plan", "/data/area"),
    ((SHARED,), told("plan.consented", plan="faelles"), "foreign_area", "/data/area"),
    ((SHARED, CONSENT), CONSENT, "consented_already", "/data/area"),
    ((SHARED,), told("plan.consented", plan="faelles", area="urbanplanen"), "consented_already", "/data/area"),
    ((), told("plan.extended", plan="ny"), "unknown_plan", "/data/plan"),
    ((SHARED,), told("plan.extended", plan="faelles", source=GELLERUP), "foreign_area", "/data/plan"),
    ((), told("plan.extended", source=GELLERUP), "foreign_area", "/data/plan"),
    ((), told("plan.extended", end="2029-07-31"), "not_later", "/data/end"),
    ((), told("plan.closed", date="2025-07-31"), "dates_reversed", "/data/date"),
    ((), told("plan.closed", date="2025-10-01"), "activity_running", "/data/date"),
    (ENDED, told("plan.closed", date="2026-05-30"), "activity_running", "/data/date"),
    (ENDED, told("plan.closed", date="2026-05-31"), "not_yet_known", "/data/date"),
    ((), told("partner.joined", organisation="ny"), "unknown_organisation", "/data/organisation"),
    ((), told("partner.joined", date="2025-07-31"), "outside_plan", "/data/date"),
    ((), told("partner.joined", date="2029-08-01"), "outside_plan", "/data/date"),
    ((told("partner.joined"),), told("partner.joined", date="2026-01-01"), "role_taken", "/data/role"),
    (
        (told("partner.joined"), told("partner.left", date="2026-01-01")),
        told("partner.joined", date="2026-01-01"),
        "role_taken",
        "/data/role",
    ),
    ((), told("partner.left"), "no_such_role", "/data/role"),
    (
        (told("partner.joined", date="2026-01-02"),),
        told("partner.left", date="2026-01-01"),
        "dates_reversed",
        "/data/date",
    ),
    ((), told("goal.set", effort_area="sundhed"), "effort_area_not_in_pool", "/data/effort_area"),
    ((), told("goal.assessed"), "unknown_goal", "/data/goal"),
    ((told("goal.set"),), told("goal.assessed", year=2024), "outside_plan", "/data/year"),
    ((told("goal.set"),), told("goal.assessed", year=2030), "outside_plan", "/data/year"),
    ((), told("milestone.planned", due="2029-08-01"), "outside_plan", "/data/due"),
    ((), told("milestone.planned", effort_area="sundhed"), "effort_area_not_in_pool", "/data/effort_area"),
    ((), told("milestone.reached"), "unknown_milestone", "/data/milestone"),
    (MILESTONE, told("milestone.reached", date="2025-07-31"), "dates_reversed", "/data/date"),
    (
        (*MILESTONE, told("milestone.reached")),
        told("milestone.reached"),
        "milestone_already_reached",
        "/data/milestone",
    ),
    (
        (*MILESTONE, told("milestone.reached")),
        told("milestone.planned"),
        "milestone_already_reached",
        "/data/milestone",
    ),
    ((), told("activity.planned"), "activity_exists", "/data/activity"),
    ((), told("activity.planned", activity="ny", source=GELLERUP), "foreign_area", "/data/area"),
    ((), told("activity.planned", activity="ny", plan="ny"), "unknown_plan", "/data/plan"),
    ((), told("activity.planned", activity="ny", plan="gellerup"), "area_not_in_plan", "/data/area"),
    (
        (SHARED,),
        told("activity.planned", activity="ny", plan="faelles", area="gellerupparken", source=GELLERUP),
        "area_not_in_plan",
        "/data/area",
    ),
    (
        (SHARED,),
        told("activity.planned", activity="ny", plan="faelles", area="gellerupparken", source="/network"),
        "area_not_in_plan",
        "/data/area",
    ),
    (
        (),
        told("activity.planned", activity="ny", effort_area="sundhed"),
        "effort_area_not_in_pool",
        "/data/effort_area",
    ),
    ((), told("activity.planned", activity="ny", start="2025-07-31"), "outside_plan", "/data/start"),
    ((), told("activity.planned", activity="ny", end="2029-08-01"), "outside_plan", "/data/end"),
    ((), told("activity.started"), "activity_already_started", "/data/activity"),
    (ENDED, told("activity.started", reason=None), "reason_missing", "/data"),
    (ENDED, told("activity.started", date="2025-09-30"), "dates_reversed", "/data/date"),
    ((), told("activity.started", activity="ny"), "unknown_activity", "/data/activity"),
    ((), told("activity.started", activity=OTHER), "foreign_area", "/data/activity"),
    ((), told("activity.ended", date="2025-09-30"), "dates_reversed", "/data/date"),
    (ENDED, told("activity.ended"), "activity_already_ended", "/data/activity"),
    ((), told("activity.ended", activity=OTHER, source=GELLERUP), "activity_not_started", "/data/activity"),
    ((), told("activity.anchored", organisation="ny"), "unknown_organisation", "/data/organisation"),
    ((), told("activity.anchored", **{"from": "2025-09-30"}), "dates_reversed", "/data/from"),
    ((), told("course.opened"), "course_exists", "/data/course"),
    ((), told("course.opened", course="ny", start="2025-09-30"), "outside_activity", "/data/start"),
    ((), told("course.opened", course="ny", end="2026-06-01"), "outside_activity", "/data/end"),
    ((), told("course.closed", course="ny"), "unknown_course", "/data/course"),
    ((), told("course.closed", source=GELLERUP), "foreign_area", "/data/course"),
    ((), told("course.closed", date="2025-09-30"), "dates_reversed", "/data/date"),
    ((told("course.closed"),), told("course.closed"), "course_already_closed", "/data/course"),
    ((), told("participant.enrolled"), "already_enrolled", "/data/participant"),
    ((), told("participant.enrolled", participant="ny", course="ny"), "unknown_course", "/data/course"),
    ((), told("participant.enrolled", participant="ny", date="2025-09-30"), "activity_not_started", "/data/date"),
    (ENDED, told("participant.enrolled", participant="ny", date="2026-06-01"), "activity_ended", "/data/date"),
    (
        (told("course.closed", date="2026-01-31"),),
        told("participant.enrolled", participant="ny", date="2026-02-01"),
        "course_closed",
        "/data/course",
    ),
    (
        tuple(told("participant.enrolled", participant=f"p-{number}") for number in range(10)),
        told("participant.enrolled", participant="ny"),
        "capacity_reached",
        "/data/activity",
    ),
    (LEFT, told("participant.enrolled", date="2026-05-31"), "already_enrolled", "/data/participant"),
    (LEFT, told("participant.left"), "not_enrolled", "/data/participant"),
    ((), told("participant.left", date="2025-09-30"), "dates_reversed", "/data/date"),
    ((), told("attendance.recorded", participants=[BOY, "ny"]), "not_enrolled", "/data/participants/1"),
    (LEFT, told("attendance.recorded", date="2026-06-01"), "not_enrolled", "/data/participants/0"),
    (
        (),
        told("attendance.recorded", absent=[{"participant": AWAY}, {"participant": "ny"}]),
        "not_enrolled",
        "/data/absent/1/participant",
    ),
    (ENDED, told("session.cancelled", date="2026-06-01"), "activity_ended", "/data/date"),
    ((), told("session.planned", activity="ny"), "unknown_activity", "/data/activity"),
    ((), told("session.planned", activity=OTHER), "foreign_area", "/data/activity"),
    ((), told("session.planned", date="2025-09-30"), "outside_activity", "/data/date"),
    ((), told("session.planned", date="2026-06-01"), "outside_activity", "/data/date"),
    (
        (told("activity.ended", date="2026-05-01"),),
        told("session.planned", date="2026-05-02"),
        "activity_ended",
        "/data/date",
    ),
    (ENGAGED, told("volunteer.engaged"), "already_engaged", "/data/volunteer"),
    (ENGAGED, told("volunteer.left", role="volunteer"), "not_engaged", "/data/volunteer"),
    (ENGAGED, told("volunteer.left", date="2025-09-30"), "dates_reversed", "/data/date"),
    (ENGAGED, told("volunteer.hours", date="2025-09-30"), "not_engaged", "/data/volunteer"),
    ((*ENGAGED, told("volunteer.left")), told("volunteer.hours", date="2026-06-01"), "not_engaged", "/data/volunteer"),
    ((), told("mentor.engaged", organisation="boligforening"), "no_mentor_kind", "/data/organisation"),
    ((told("mentor.engaged"),), told("mentor.engaged"), "already_engaged", "/data/organisation"),
    ((), told("mentor.released"), "not_engaged", "/data/organisation"),
    ((told("mentor.engaged"),), told("mentor.released", date="2025-09-30"), "dates_reversed", "/data/date"),
    ((), told("business.founded", members=[BOY, "ny"]), "not_enrolled", "/data/members/1"),
    ((told("business.founded"),), told("business.founded"), "business_exists", "/data/business"),
    ((), told("business.closed"), "unknown_business", "/data/business"),
    ((told("business.founded"),), told("business.closed", date="2025-11-03"), "dates_reversed", "/data/date"),
    ((told("business.founded"),), told("business.closed", members=["ny"]), "not_enrolled", "/data/members/0"),
    (
        (told("business.founded"), told("business.closed")),
        told("business.closed"),
        "business_already_closed",
        "/data/business",
    ),
    ((), told("outcome.measured", participant="ny"), "not_enrolled", "/data/participant"),
    ((), told("outcome.measured", date="2025-09-30"), "not_enrolled", "/data/participant"),
    ((told("outcome.measured"),), told("outcome.measured", date="2025-12-01"), "already_measured", "/data/wave"),
    (
        (told("outcome.measured"),),
        told("outcome.measured", wave="after", scale_max=7),
        "scale_changed",
        "/data/scale_min",
    ),
    ((), told("followup.recorded"), "not_left", "/data/participant"),
    ((), told("followup.recorded", participant="ny"), "not_enrolled", "/data/participant"),
    (LEFT, told("followup.recorded", date="2026-05-30"), "not_left", "/data/participant"),
    ((told("story.published"),), told("story.published"), "story_exists", "/data/story"),
    ((), told("story.published", source=GELLERUP), "foreign_area", "/data/area"),
    ((), told("story.published", area="nyby", source="/network"), "unknown_area", "/data/area"),
    ((), told("story.published", activity=OTHER), "unknown_activity", "/data/activity"),
    ((), told("story.withdrawn"), "unknown_story", "/data/story"),
    ((told("story.published"),), told("story.withdrawn", source=GELLERUP), "foreign_area", "/data/story"),
    (
        (told("story.published"), told("story.withdrawn")),
        told("story.withdrawn"),
        "story_already_withdrawn",
        "/data/story",
    ),
    ((), told("consent.withdrawn", participant="ny"), "unknown_participant", "/data/participant"),
    ((), told("consent.withdrawn", source=GELLERUP), "unknown_participant", "/data/participant"),
    ((), told("participant.corrected", participant=NOBODY), "unknown_participant", "/data/participant"),
    ((), told("participant.corrected", source=GELLERUP), "unknown_participant", "/data/participant"),
    (ENGAGED, told("participant.corrected", participant=VOLUNTEER), "not_enrolled", "/data/participant"),
    ((), told("participant.merged", participant=BOY), "merge_cycle", "/data/into"),
    ((), told("participant.merged"), "unknown_participant", "/data/participant"),
    ((*ENGAGED, told("participant.merged")), told("participant.merged"), "participant_merged", "/data/participant"),
    ((*ENGAGED, told("consent.withdrawn")), told("participant.merged"), "participant_withdrawn", "/data/into"),
    ((), told("practice.shared", activity=OTHER), "foreign_area", "/data/activity"),
    ((), told("practice.adopted"), "practice_not_shared", "/data/source_activity"),
    (
        (told("practice.shared"),),
        told("practice.adopted", source_activity=MIND),
        "practice_cycle",
        "/data/source_activity",
    ),
    (
        (
            told("practice.shared"),
            told("practice.adopted", activity=OTHER, source_activity=MIND, source=GELLERUP),
            told("practice.shared", activity=OTHER, source=GELLERUP),
        ),
        told("practice.adopted"),
        "practice_cycle",
        "/data/source_activity",
    ),
]


@pytest.mark.parametrize(
    ("before", "event", "code", "pointer"),
    REFUSED,
    ids=[f"{place}-{code}" for place, (_, _, code, _) in enumerate(REFUSED)],
)
def test_what_breaks_a_rule_is_refused_with_its_code(
    before: tuple[Json, ...], event: Json, code: str, pointer: str
) -> None:
    """Each code is stable, and points at the field that is to blame."""
    assert Rules(*running(), *before).refusal(event) == (code, pointer)


def _closable() -> Rules:
    rules = Rules(*running(), *ENDED)
    rules.state.add(rows.Statements("amagerplanen", frozenset({2025, 2026})))
    return rules


def test_a_closed_plan_takes_nothing_new() -> None:
    """After its closing a plan is not extended, not closed again, plans no activity and starts none."""
    rules = _closable()
    rules.say(told("activity.planned", activity="ny"))
    rules.say(told("plan.closed", date="2026-06-30"))
    rules.say(told("plan.approved", plan="faelles", areas=["urbanplanen", "gellerupparken"]))
    rules.state.add(rows.Statements("faelles", frozenset({2025})))
    rules.say(told("plan.closed", plan="faelles", date="2025-09-30"))
    for event in (
        CONSENT,
        told("plan.extended"),
        told("plan.closed", date="2026-07-01"),
        told("activity.planned", activity="nyere"),
        told("activity.started", activity="ny"),
        told("activity.started", date="2026-07-01"),
    ):
        assert rules.refusal(event) == ("plan_closed", "/data/plan")


def test_an_organisation_stays_whose_it_was_first() -> None:
    """An area says its own again, the network everybody's, and another area neither that nor the network's."""
    rules = Rules(*running(), told("organisation.registered", organisation="ny", kind="company"))
    foreign = told("organisation.registered", organisation="ny", kind="company", name="Overtaget", source=GELLERUP)
    assert rules.refusal(foreign) == ("foreign_organisation", "/data/organisation")
    assert rules.refusal(told("organisation.registered", organisation="ny", kind="other")) == ("", "")
    by_network = told("organisation.registered", organisation="ny", kind="association", source="/network")
    assert rules.refusal(by_network) == ("", "")
    assert rules.refusal(foreign) == ("foreign_organisation", "/data/organisation")
    assert rules.refusal(told("organisation.registered", organisation="ny", kind="other")) == ("", "")


def test_what_the_network_made_a_municipality_is_no_longer_an_areas() -> None:
    """Whoever took a municipality's name for a company of its own loses it."""
    rules = Rules(*running(), told("organisation.registered", organisation="ny", kind="company"))
    rules.say(told("organisation.registered", organisation="ny", kind="municipality", source="/network"))
    again = told("organisation.registered", organisation="ny", kind="company")
    assert rules.refusal(again) == ("foreign_organisation", "/data/organisation")


def test_a_plan_belongs_to_each_area_from_its_consent_on() -> None:
    """The proposing area is in it at once, the other when it says so; the network's word needs nobody's."""
    rules = Rules(*running())
    assert rules.say(SHARED).outcome == {"invited": ["gellerupparken"]}
    rules.say(CONSENT)
    in_plan = {"plan": "faelles", "area": "gellerupparken", "source": GELLERUP}
    assert rules.refusal(told("activity.planned", activity="ny", **in_plan)) == ("", "")
    assert rules.refusal(told("plan.extended", plan="faelles", source=GELLERUP)) == ("", "")
    both = ["urbanplanen", "gellerupparken"]
    decision = rules.say(told("plan.approved", plan="netvaerkets", areas=both, source="/network"))
    assert decision.outcome is None
    assert rules.refusal(told("plan.extended", plan="netvaerkets", source=GELLERUP)) == ("", "")


def test_the_scale_of_one_area_binds_no_other() -> None:
    """An area that first uses an instrument, on a scale of its own, stops nobody else."""
    rules = Rules(*running(), told("outcome.measured"))
    of_gellerup = {"activity": OTHER, "source": GELLERUP}
    rules.say(told("activity.started", **of_gellerup))
    rules.say(told("participant.enrolled", course=None, **of_gellerup))
    assert rules.refusal(told("outcome.measured", scale_max=7, **of_gellerup)) == ("", "")
    again = told("outcome.measured", wave="after", scale_max=5, **of_gellerup)
    assert rules.refusal(again) == ("scale_changed", "/data/scale_min")


def test_a_plan_closes_with_a_statement_for_every_year_up_to_then() -> None:
    """The year of the closing counts; those after it do not."""
    assert _closable().refusal(told("plan.closed", date="2027-01-01")) == ("not_yet_known", "/data/date")
    assert _closable().refusal(told("plan.closed", date="2026-12-31")) == ("", "")


@pytest.mark.parametrize(
    ("before", "event"),
    [
        ((), told("plan.approved", plan="ny", end="2029-07-31")),
        ((), told("plan.extended", end="2029-08-01")),
        ((), told("partner.joined", date="2029-07-31")),
        ((told("partner.joined"), told("partner.left", date="2026-01-01")), told("partner.joined", date="2026-01-02")),
        ((told("partner.joined"),), told("partner.joined", role="funder")),
        ((told("goal.set"), told("goal.assessed")), told("goal.assessed", attainment="reached")),
        (MILESTONE, told("milestone.planned", due="2026-06-30")),
        (ENDED, told("activity.started", date="2026-06-01")),
        (ENDED, told("participant.left")),
        (ENDED, told("attendance.recorded", date="2026-05-31")),
        (LEFT, told("attendance.recorded", date="2026-05-31")),
        (LEFT, told("participant.enrolled", course=None)),
        ((), told("participant.enrolled", course=None)),
        (
            tuple(told("participant.enrolled", participant=f"p-{number}") for number in range(10)) + LEFT,
            told("participant.enrolled", participant="ny"),
        ),
        (ENGAGED, told("volunteer.engaged", role="volunteer")),
        ((*ENGAGED, told("volunteer.left")), told("volunteer.hours", date="2026-05-31")),
        ((), told("mentor.engaged", organisation="idraetsforening")),
        ((), told("attendance.recorded", participants=[])),
        ((told("activity.ended", date="2026-05-01"),), told("session.planned", date="2026-05-01")),
        ((told("session.planned"),), told("session.planned", date="2025-10-08")),
        ((told("attendance.recorded"),), told("session.cancelled", session="2025-10-07", date="2025-10-07")),
        ((told("outcome.measured"),), told("outcome.measured", wave="after")),
        ((told("outcome.measured"),), told("outcome.measured", respondent="other")),
        (LEFT, told("outcome.measured", wave="follow_up", date="2026-11-30")),
        (LEFT, told("followup.recorded", date="2026-05-31")),
    ],
)
def test_what_is_just_inside_a_rule_is_taken(before: tuple[Json, ...], event: Json) -> None:
    """One step back from a refusal is no refusal."""
    assert Rules(*running(), *before).refusal(event) == ("", "")


def test_who_left_may_come_back_on_a_later_day() -> None:
    """Boys stay for several years; each stay counts by itself."""
    rules = Rules(*running(), told("participant.left", date="2025-12-01"))
    assert rules.refusal(told("participant.enrolled", date="2025-12-02")) == ("", "")
    assert rules.refusal(told("attendance.recorded", date="2025-12-03")) == ("", "")
    enrolment = rules.state.get(people_rows.Enrolment, (MIND, BOY))
    assert enrolment is not None
    assert len(enrolment.stays["2025"]) == 2


def test_a_reopened_activity_has_run_since_it_first_started() -> None:
    """The end was a mistake, and what the log tells others is the first day."""
    rules = Rules(*running(), *ENDED)
    decision = rules.say(told("activity.started", date="2026-06-01"))
    assert decision.outcome == {"reopened": True, "started": "2025-10-01"}
    assert rules.refusal(told("attendance.recorded", date="2026-06-01")) == ("", "")


def test_a_measurement_says_which_course_it_belongs_to() -> None:
    """The course joined last by that day; those who pair before and after need it."""
    rules = Rules(*running(), told("course.opened", course="2026", start="2026-01-01"))
    rules.say(told("participant.enrolled", course="2026", date="2026-01-01"))
    assert rules.say(told("outcome.measured")).outcome == {"course": "2025"}
    assert rules.say(told("outcome.measured", date="2026-01-01")).outcome == {"course": "2026"}
