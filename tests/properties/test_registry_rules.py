"""Random histories, valid and not: the rules answer what an independent model of them answers, event by event.

A short run is part of the tests; `make properties EXAMPLES=20000` makes a long one.
"""

import copy
import os
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.oracles.registry_model import Model, day
from tests.support.builders import Json
from tests.support.deciding import Rules, network, told

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "25"))
RUN = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

DAYS = st.integers(0, 8).map(day)
ACTIVITIES = st.sampled_from(["a-1", "a-2", "a-3"])
PEOPLE = st.sampled_from(["p-1", "p-2", "p-3"])
COURSES = st.sampled_from(["c-1", "c-2"])
SOURCES = st.sampled_from(["/areas/urbanplanen"] * 20 + ["/network", "/areas/gellerupparken"])


def from_sample(name: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """Give events of a name: its example, with some fields drawn; None leaves a field out."""

    def build(source: str, changes: dict[str, Any]) -> Json:
        return told(name, source=source, **changes)

    return st.builds(build, SOURCES, st.fixed_dictionaries(dict(fields)))


def lists_of(of: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """Give short lists that name nobody twice."""
    return st.lists(of, min_size=1, max_size=3, unique=True)


EVENTS = st.one_of(
    from_sample(
        "activity.planned",
        activity=ACTIVITIES,
        capacity=st.sampled_from([None, 1, 2]),
        start=st.sampled_from(["2025-07-31", "2025-08-01", "2025-09-01"]),
        effort_area=st.sampled_from(["beskaeftigelse"] * 4 + ["sundhed"]),
        area=st.sampled_from(["urbanplanen"] * 6 + ["gellerupparken"]),
    ),
    from_sample("activity.started", activity=ACTIVITIES, date=DAYS, reason=st.sampled_from([None, "Rettelse"])),
    from_sample("activity.ended", activity=ACTIVITIES, date=DAYS),
    from_sample("course.opened", activity=ACTIVITIES, course=COURSES, start=DAYS),
    from_sample("course.closed", course=COURSES, date=DAYS),
    from_sample("participant.enrolled", activity=ACTIVITIES, participant=PEOPLE, date=DAYS, course=st.none() | COURSES),
    from_sample("participant.enrolled", activity=ACTIVITIES, participant=PEOPLE, date=DAYS, course=st.none()),
    from_sample("participant.left", activity=ACTIVITIES, participant=PEOPLE, date=DAYS),
    from_sample(
        "attendance.recorded",
        activity=ACTIVITIES,
        date=DAYS,
        participants=lists_of(PEOPLE),
        absent=st.none(),
    ),
    from_sample(
        "attendance.recorded",
        activity=ACTIVITIES,
        date=DAYS,
        participants=st.sampled_from([[], ["p-1"]]),
        absent=st.just([{"participant": "p-2"}]),
    ),
    from_sample("session.planned", activity=ACTIVITIES, date=DAYS),
    from_sample("session.cancelled", activity=ACTIVITIES, date=DAYS),
    from_sample("volunteer.engaged", activity=ACTIVITIES, date=DAYS),
    from_sample("volunteer.left", activity=ACTIVITIES, date=DAYS),
    from_sample("volunteer.hours", activity=ACTIVITIES, date=DAYS),
    from_sample("business.founded", activity=ACTIVITIES, date=DAYS, members=lists_of(PEOPLE)),
    from_sample(
        "outcome.measured",
        activity=ACTIVITIES,
        participant=PEOPLE,
        date=DAYS,
        wave=st.sampled_from(["before", "after"]),
        scale_max=st.sampled_from([5, 5, 5, 7]),
    ),
    from_sample("followup.recorded", activity=ACTIVITIES, participant=PEOPLE, date=DAYS),
    from_sample("practice.shared", activity=ACTIVITIES),
    from_sample("practice.adopted", activity=ACTIVITIES, source_activity=ACTIVITIES),
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
