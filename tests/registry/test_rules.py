"""Each rule of the registry and each of its codes, on both sides of its border. Nothing here needs a database."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.registry.domain import plans
from services.registry.domain.checks import all_enrolled_on
from services.registry.domain.people_rows import Attendance, Enrolment, Salt
from services.registry.domain.rights import CHECKS
from services.registry.domain.rows import Activity, Area, Plan, Pool, Span
from services.registry.domain.rules import RULES, decide
from shared.backbone.decisions import Decision, rules_of
from shared.backbone.working_set import ASKED_BEFORE, WorkingSet
from shared.errors import Refused
from shared.events.catalogue import CATALOGUES
from shared.events.registry.plans import PlanClosed
from tests.support.builders import (
    ACTIVITY,
    AREA,
    OTHER_AREA,
    PLAN,
    POOL,
    Json,
    a_plan,
    a_pool,
    a_running_activity,
    a_start,
    an_activity,
    an_area,
    an_attendance,
    an_end,
    an_enrolment,
    an_organisation,
    person,
    typed,
)

PLANNED = [a_pool(), an_area(), an_area(OTHER_AREA), a_plan(), an_activity()]
RUNNING = [*PLANNED, a_start()]
ENROLLED = [*RUNNING, an_enrolment()]
ENDED = [*ENROLLED, an_end()]


def _network(events: Iterable[Json]) -> WorkingSet:
    """Give the state that a history leads to."""
    state = WorkingSet()
    state.add(Salt(b"salt"))
    for event in events:
        _decide(state, event)
    return state


def _decide(state: WorkingSet, event: Json) -> Decision:
    read = typed(event)
    return decide(state, read)


ACCEPTED = {
    "an area registered again": (RUNNING, an_area(name="Urbanplanen på Amager")),
    "an organisation registered again": ([an_organisation()], an_organisation(name="Ny")),
    "an organisation registered by an area": ([], an_organisation() | {"source": f"/areas/{AREA}"}),
    "a pool defined again": ([a_pool()], a_pool(name="Ny")),
    "a plan of 48 months": (PLANNED, a_plan("new", start="2025-08-01", end="2029-07-31")),
    "a plan of a day": (PLANNED, a_plan("new", end="2025-08-01")),
    "a plan of several areas": (PLANNED, a_plan("new", areas=[AREA, OTHER_AREA])),
    "a plan approved by one of its areas": (PLANNED, a_plan("new") | {"source": f"/areas/{AREA}"}),
    "an activity as long as its plan": (PLANNED, an_activity("new", end="2029-07-31")),
    "an activity planned by the network": (PLANNED, an_activity("new", source="/network")),
    "a start before the planned day": (PLANNED, a_start(date="2025-07-01")),
    "an end on the day of the start": (RUNNING, an_end(date="2025-09-01")),
    "an enrolment on the day of the start": (RUNNING, an_enrolment(date="2025-09-01")),
    "an enrolment on the day of the end": (ENDED, an_enrolment("late", date="2026-05-31")),
    "a child with a guardian's consent": (
        RUNNING,
        an_enrolment(age_band="0-5", consent={"reference": "s", "guardian": True}),
    ),
    "attendance on the day of enrolling": (ENROLLED, an_attendance(participants=["p-1"], date="2025-09-10")),
    "attendance on the last day": (ENDED, an_attendance(participants=["p-1"], date="2026-05-31")),
    "a headcount of nobody": (RUNNING, an_attendance(headcount=0)),
    "attendance recorded again": ([*ENROLLED, an_attendance()], an_attendance(headcount=3)),
}


@pytest.mark.parametrize(("history", "event"), ACCEPTED.values(), ids=ACCEPTED)
def test_what_the_rules_allow_is_accepted(history: list[Json], event: Json) -> None:
    """At its border a rule lets pass."""
    assert _decide(_network(history), event).warnings == ()


REFUSED = {
    "an area by an area": ([], an_area() | {"source": f"/areas/{AREA}"}, "network_only", "/source"),
    "a pool by an area": ([], a_pool() | {"source": f"/areas/{AREA}"}, "network_only", "/source"),
    "a plan again": (PLANNED, a_plan(), "plan_exists", "/data/plan"),
    "a plan for others": (
        PLANNED,
        a_plan("new", areas=[OTHER_AREA]) | {"source": f"/areas/{AREA}"},
        "foreign_area",
        "/data/areas",
    ),
    "a plan of no pool": (PLANNED, a_plan("new", pool="2031-34"), "unknown_pool", "/data/pool"),
    "a plan of an unknown area": (PLANNED, a_plan("new", areas=[AREA, "x"]), "unknown_area", "/data/areas/1"),
    "a plan of 48 months and a day": (PLANNED, a_plan("new", end="2029-08-01"), "plan_too_long", "/data/end"),
    "an activity again": (PLANNED, an_activity(), "activity_exists", "/data/activity"),
    "an activity of no plan": (PLANNED, an_activity("new", plan="x"), "unknown_plan", "/data/plan"),
    "an activity for another area": (
        PLANNED,
        an_activity("new", source=f"/areas/{OTHER_AREA}"),
        "foreign_area",
        "/data/area",
    ),
    "an activity of an area outside the plan": (
        PLANNED,
        an_activity("new", area=OTHER_AREA),
        "area_not_in_plan",
        "/data/area",
    ),
    "an activity of another pool's effort area": (
        PLANNED,
        an_activity("new", effort_area="sundhed"),
        "effort_area_not_in_pool",
        "/data/effort_area",
    ),
    "an activity a day before its plan": (
        PLANNED,
        an_activity("new", start="2025-07-31"),
        "outside_plan",
        "/data/start",
    ),
    "an activity a day after its plan": (PLANNED, an_activity("new", end="2029-08-01"), "outside_plan", "/data/end"),
    "a start of nothing": (PLANNED, a_start("x"), "unknown_activity", "/data/activity"),
    "a second start": (RUNNING, a_start(), "activity_already_started", "/data/activity"),
    "a start by another area": (PLANNED, a_start(area=OTHER_AREA), "foreign_area", "/data/activity"),
    "an end before any start": (PLANNED, an_end(), "activity_not_started", "/data/activity"),
    "an end the day before the start": (RUNNING, an_end(date="2025-08-31"), "dates_reversed", "/data/date"),
    "a second end": (ENDED, an_end(), "activity_already_ended", "/data/activity"),
    "enrolling before any start": (PLANNED, an_enrolment(), "activity_not_started", "/data/activity"),
    "enrolling the day before the start": (
        RUNNING,
        an_enrolment(date="2025-08-31"),
        "activity_not_started",
        "/data/date",
    ),
    "enrolling the day after the end": (ENDED, an_enrolment("q", date="2026-06-01"), "activity_ended", "/data/date"),
    "enrolling twice": (ENROLLED, an_enrolment(date="2025-10-01"), "already_enrolled", "/data/participant"),
    "enrolling in no course": (RUNNING, an_enrolment(course="x"), "unknown_course", "/data/course"),
    "enrolling by another area": (RUNNING, an_enrolment(area=OTHER_AREA), "foreign_area", "/data/activity"),
    "attendance before any start": (PLANNED, an_attendance(), "activity_not_started", "/data/activity"),
    "attendance the day after the end": (ENDED, an_attendance(date="2026-06-01"), "activity_ended", "/data/date"),
    "attendance of a stranger": (
        ENROLLED,
        an_attendance(participants=["p-1", "stranger"]),
        "not_enrolled",
        "/data/participants/1",
    ),
    "attendance the day before enrolling": (
        ENROLLED,
        an_attendance(participants=["p-1"], date="2025-09-09"),
        "not_enrolled",
        "/data/participants/0",
    ),
    "attendance by another area": (ENROLLED, an_attendance(area=OTHER_AREA), "foreign_area", "/data/activity"),
}


@pytest.mark.parametrize(("history", "event", "code", "pointer"), REFUSED.values(), ids=REFUSED)
def test_what_breaks_a_rule_is_refused_with_its_code(history: list[Json], event: Json, code: str, pointer: str) -> None:
    """Just beyond its border a rule refuses, says why and where, and changes nothing."""
    state = _network(history)
    savepoint = state.savepoint()
    with pytest.raises(Refused) as refused:
        _decide(state, event)
    assert (refused.value.code, refused.value.pointer) == (code, pointer)
    assert state.savepoint() == savepoint


def test_every_event_of_the_registry_has_a_rule() -> None:
    """No event is accepted without one."""
    assert set(RULES) == set(CHECKS) == set(CATALOGUES["registry"].events)


def test_an_event_that_two_themes_decide_is_an_error() -> None:
    """Else the one that comes later would decide it alone."""
    with pytest.raises(ValueError, match=r"plan\.closed"):
        rules_of(plans.RULES, {PlanClosed: plans.close_plan})


def test_the_last_place_can_be_taken_once() -> None:
    """An activity with room for two takes two."""
    state = _network([a_pool(), *a_running_activity(capacity=2)])
    for participant in ("p-1", "p-2"):
        _decide(state, an_enrolment(participant))
    with pytest.raises(Refused) as refused:
        _decide(state, an_enrolment("p-3"))
    assert refused.value.code == "capacity_reached"
    activity = state.get(Activity, ACTIVITY)
    assert activity
    assert activity.enrolled == 2


def test_an_update_replaces_what_was_known() -> None:
    """An area that is registered again has its new name, and none of the fields that it no longer gives."""
    state = _network([an_area(residents=10, departments=["Solvang"]), an_area(name="Nyt")])
    assert state.get(Area, AREA) == Area(AREA, "Nyt", "Københavns Kommune", None, ())


def test_a_life_leaves_its_days() -> None:
    """Plan, activity and enrolment hold what was said of them."""
    state = _network(ENDED)
    plan, activity = state.get(Plan, PLAN), state.get(Activity, ACTIVITY)
    enrolment, pool = state.get(Enrolment, (ACTIVITY, person("p-1"))), state.get(Pool, POOL)
    assert plan
    assert plan.areas == (AREA,)
    assert activity
    assert (activity.started_on, activity.ended_on) == (date(2025, 9, 1), date(2026, 5, 31))
    assert enrolment
    assert enrolment.stays == {"": (Span(date(2025, 9, 10), None),)}
    assert pool
    assert "uddannelse-og-livschancer" in pool.effort_areas


def test_attendance_is_kept_as_it_was_said() -> None:
    """Names and headcounts are never mixed: a headcount names nobody."""
    state = _network(ENROLLED)
    (named,) = _decide(state, an_attendance(participants=["p-1"], hours=2.5)).entries
    (counted,) = _decide(state, an_attendance(headcount=40)).entries
    assert isinstance(named, Attendance)
    assert (named.participants, named.headcount, str(named.hours)) == ((person("p-1"),), None, "2.5")
    assert (counted.participants, counted.headcount) == (None, 40)


@pytest.mark.parametrize(
    ("left_on", "day", "covered"),
    [
        (None, date(2030, 1, 1), True),
        (date(2025, 12, 1), date(2025, 12, 1), True),
        (date(2025, 12, 1), date(2025, 12, 2), False),
        (None, date(2025, 9, 9), False),
    ],
)
def test_a_stay_covers_both_its_days(left_on: date | None, day: date, covered: bool) -> None:  # noqa: FBT001  a case of the table
    """Who enrolled or left on a day was there on that day."""
    enrolment = Enrolment(ACTIVITY, "p-1", {"": (Span(date(2025, 9, 10), left_on),)}, "15-17", None)
    assert enrolment.covers(day) is covered


DAYS = st.dates(date(2025, 1, 1), date(2025, 1, 3))
STAYS = st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=2).map(
    lambda stays: tuple(Span(start, end) for start, end in stays)
)


@given(
    st.dictionaries(st.sampled_from("ab"), st.dictionaries(st.sampled_from(["", "kursus"]), STAYS, min_size=1)),
    st.lists(st.sampled_from("ab"), max_size=3),
    DAYS,
    st.booleans(),
)
@example(
    stays={"a": {"": (Span(date(2025, 1, 1)),)}, "b": {"": (Span(date(2025, 1, 3)),)}},
    named=["a", "b"],
    day=date(2025, 1, 2),
    changed=False,
)
def test_who_was_not_there_is_found(
    stays: dict[str, dict[str, tuple[Span, ...]]],
    named: list[str],
    day: date,
    changed: bool,  # noqa: FBT001  a case
) -> None:
    """The first of those named, by the place in the list, whichever stays they have, also once one has changed."""
    state = WorkingSet()
    state.add(*(Enrolment("a", name, spans, "18-24", None) for name, spans in stays.items()))
    if changed:
        state.put(Enrolment("b", "a", {}, "18-24", None))
    missing = [
        ("not_enrolled", f"/data/participants/{place}")
        for place, name in enumerate(named)
        if not any(span.covers(day) for spans in stays.get(name, {}).values() for span in spans)
    ]
    # The last of them is told by the index.
    for _ in range(ASKED_BEFORE + 1):
        found = []
        try:
            all_enrolled_on(state, "a", named, day, pointer="/data/participants/{}")
        except Refused as refusal:
            found = [(refusal.code, refusal.pointer)]
        assert found == missing[:1]
