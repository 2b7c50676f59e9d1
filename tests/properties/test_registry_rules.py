"""Random histories, valid and not: the rules answer what an independent model of them answers, event by event.

A short run is part of the tests; HYPOTHESIS_EXAMPLES=20000 makes a long one.
"""

import copy
import os
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.builders import Json
from tests.properties.registry_model import Model, day
from tests.registry.deciding import Rules, network, told

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "1000"))
RUN = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

DAYS = st.integers(0, 8).map(day)
ACTIVITIES = st.sampled_from(["a-1", "a-2", "a-3"])
PEOPLE = st.sampled_from(["p-1", "p-2", "p-3"])
COURSES = st.sampled_from(["c-1", "c-2"])
SOURCES = st.sampled_from(["/areas/urbanplanen"] * 20 + ["/network", "/areas/gellerupparken"])


def _told(name: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """Give events of a name: its golden sample, with some fields drawn; None leaves a field out."""

    def build(source: str, changes: dict[str, Any]) -> Json:
        return told(name, source=source, **changes)

    return st.builds(build, SOURCES, st.fixed_dictionaries(dict(fields)))


def _lists(of: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(of, min_size=1, max_size=3, unique=True)


EVENTS = st.one_of(
    _told(
        "activity.planned",
        activity=ACTIVITIES,
        capacity=st.sampled_from([None, 1, 2]),
        start=st.sampled_from(["2025-07-31", "2025-08-01", "2025-09-01"]),
        effort_area=st.sampled_from(["beskaeftigelse"] * 4 + ["sundhed"]),
        area=st.sampled_from(["urbanplanen"] * 6 + ["gellerupparken"]),
    ),
    _told("activity.started", activity=ACTIVITIES, date=DAYS, reason=st.sampled_from([None, "Rettelse"])),
    _told("activity.ended", activity=ACTIVITIES, date=DAYS),
    _told("course.opened", activity=ACTIVITIES, course=COURSES, start=DAYS),
    _told("course.closed", course=COURSES, date=DAYS),
    _told("participant.enrolled", activity=ACTIVITIES, participant=PEOPLE, date=DAYS, course=st.none() | COURSES),
    _told("participant.enrolled", activity=ACTIVITIES, participant=PEOPLE, date=DAYS, course=st.none()),
    _told("participant.left", activity=ACTIVITIES, participant=PEOPLE, date=DAYS),
    _told("attendance.recorded", activity=ACTIVITIES, date=DAYS, participants=_lists(PEOPLE)),
    _told("session.cancelled", activity=ACTIVITIES, date=DAYS),
    _told("volunteer.engaged", activity=ACTIVITIES, date=DAYS),
    _told("volunteer.left", activity=ACTIVITIES, date=DAYS),
    _told("volunteer.hours", activity=ACTIVITIES, date=DAYS),
    _told("business.founded", activity=ACTIVITIES, date=DAYS, members=_lists(PEOPLE)),
    _told(
        "outcome.measured",
        activity=ACTIVITIES,
        participant=PEOPLE,
        date=DAYS,
        wave=st.sampled_from(["before", "after"]),
        scale_max=st.sampled_from([5, 5, 5, 7]),
    ),
    _told("followup.recorded", activity=ACTIVITIES, participant=PEOPLE, date=DAYS),
    _told("practice.shared", activity=ACTIVITIES),
    _told("practice.adopted", activity=ACTIVITIES, source_activity=ACTIVITIES),
)
# Most histories begin with activities that run, or nearly everything would be refused.
BEGINNING = [
    *(told("activity.planned", activity=name, capacity=None, start="2025-08-01") for name in ("a-1", "a-2")),
    *(told("activity.started", activity=name, date=day(0), reason=None) for name in ("a-1", "a-2")),
    told("course.opened", activity="a-1", course="c-1", start=day(0)),
    *(
        told("participant.enrolled", activity="a-1", participant=who, course=None, date=day(1))
        for who in ("p-1", "p-2")
    ),
    told("practice.shared", activity="a-2"),
]


@RUN
@given(st.sampled_from([True, True, True, False]), st.lists(EVENTS, min_size=15, max_size=40))
def test_the_rules_answer_what_the_model_answers(begun: bool, history: list[Json]) -> None:  # noqa: FBT001  drawn
    """Whatever is said in whatever order, the two take the same events."""
    rules, model = Rules(*network()), Model()
    taken = 0
    for said in BEGINNING if begun else []:
        assert model.say(copy.deepcopy(said))
        rules.say(said)
    for said in history:
        # The same event may be drawn twice; here each is said by itself.
        expected = model.say(copy.deepcopy(said))
        code, _ = rules.refusal(said)
        assert (code == "") == expected, (code, said)
        taken += expected
    event(f"{taken // 5 * 5} or more of what was drawn was taken")
