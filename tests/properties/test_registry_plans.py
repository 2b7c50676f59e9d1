"""The rules about plans and what goes with them, and about withdrawn consent, against the model of every rule.

A short run is part of the tests; `make properties EXAMPLES=20000` makes a long one.
"""

import copy

from hypothesis import event, given
from hypothesis import strategies as st

from services.registry.domain.rows import Statements
from tests.oracles.registry_model import day
from tests.oracles.registry_plans_model import WholeModel
from tests.properties.test_registry_rules import (
    ACTIVITIES,
    BEGINNING,
    DAYS,
    EVENTS,
    PEOPLE,
    RUN,
    from_sample,
    lists_of,
)
from tests.support.builders import Json
from tests.support.deciding import Rules, network, told

PLANS = st.sampled_from(["amagerplanen", "amagerplanen", "gellerup", "nyplan"])
ORGANISATIONS = st.sampled_from(["boligforening", "tryk-og-skilte", "idraetsforening", "ukendt"])
AREAS = st.sampled_from(["urbanplanen", "gellerupparken"])
FAR_DAYS = st.sampled_from(["2025-07-31", "2025-08-01", "2025-12-31", "2026-01-01", "2029-07-31", "2029-08-01"])
MILESTONES = st.sampled_from(["m-1", "m-2"])
GOALS = st.sampled_from(["g-1", "g-2"])
STORIES = st.sampled_from(["s-1", "s-2"])
ACCEPTED_YEARS = {"amagerplanen": {2025, 2026}}

MORE_EVENTS = st.one_of(
    from_sample(
        "plan.approved",
        plan=PLANS,
        start=st.sampled_from(["2025-08-01", "2025-08-02"]),
        end=st.sampled_from(["2029-07-31", "2029-08-01", "2029-08-02"]),
        areas=st.sampled_from([["urbanplanen"], ["urbanplanen", "gellerupparken"], ["nowhere"]]),
    ),
    from_sample("plan.consented", plan=PLANS, area=AREAS),
    st.builds(lambda plan, area: told("plan.consented", plan=plan, area=area, source=f"/areas/{area}"), PLANS, AREAS),
    from_sample("plan.extended", plan=PLANS, end=st.sampled_from(["2029-07-31", "2029-12-31", "2030-12-31"])),
    from_sample("plan.closed", plan=PLANS, date=DAYS | FAR_DAYS),
    from_sample("partner.joined", plan=PLANS, organisation=ORGANISATIONS, date=DAYS | FAR_DAYS),
    from_sample("partner.left", plan=PLANS, organisation=ORGANISATIONS, date=DAYS | FAR_DAYS),
    from_sample("goal.set", plan=PLANS, goal=GOALS, effort_area=st.sampled_from(["beskaeftigelse", "sundhed"])),
    from_sample("goal.assessed", plan=PLANS, goal=GOALS, year=st.sampled_from([2024, 2025, 2029, 2030])),
    from_sample("milestone.planned", plan=PLANS, milestone=MILESTONES, due=FAR_DAYS),
    from_sample("milestone.reached", plan=PLANS, milestone=MILESTONES, date=FAR_DAYS),
    from_sample("activity.anchored", activity=ACTIVITIES, organisation=ORGANISATIONS, **{"from": FAR_DAYS}),
    from_sample("mentor.engaged", activity=ACTIVITIES, organisation=ORGANISATIONS, date=DAYS),
    from_sample("mentor.released", activity=ACTIVITIES, organisation=ORGANISATIONS, date=DAYS),
    from_sample(
        "organisation.registered",
        organisation=ORGANISATIONS | st.just("ny"),
        kind=st.sampled_from(["company", "other", "municipality"]),
    ),
    from_sample("area.registered"),
    from_sample("pool.defined"),
    from_sample("business.closed", activity=ACTIVITIES, date=DAYS, members=st.none() | lists_of(PEOPLE)),
    from_sample("story.published", story=STORIES, activity=st.none() | ACTIVITIES),
    from_sample("story.withdrawn", story=STORIES),
    from_sample("consent.withdrawn", participant=PEOPLE),
)


def _both() -> tuple[Rules, WholeModel]:
    """Give the rules and the model after the same beginning, with two years' statements accepted."""
    rules, model = Rules(), WholeModel(ACCEPTED_YEARS)
    rules.state.add(*(Statements(plan, frozenset(years)) for plan, years in ACCEPTED_YEARS.items()))
    for said in [*network(), *BEGINNING]:
        assert model.say(copy.deepcopy(said))
        rules.say(said)
    return rules, model


@RUN
@given(st.lists(MORE_EVENTS | EVENTS, min_size=15, max_size=40))
def test_every_rule_answers_what_the_model_answers(history: list[Json]) -> None:
    """Whatever is said in whatever order, the two take the same events, and forget the same people."""
    rules, model = _both()
    taken = 0
    for said in history:
        expected = model.say(copy.deepcopy(said))
        code, _ = rules.refusal(said)
        assert (code == "") == expected, (code, said)
        taken += expected
    event(f"{taken // 5 * 5} or more of what was drawn was taken")


def test_the_model_knows_a_plan_that_may_close() -> None:
    """The rarest answer is met at least once: nothing runs any more, and every year is accepted."""
    rules, model = _both()
    for said in (
        told("activity.ended", activity="a-1", date=day(5)),
        told("activity.ended", activity="a-2", date=day(5)),
        told("plan.closed", plan="amagerplanen", date="2026-01-01"),
    ):
        assert model.say(copy.deepcopy(said))
        rules.say(said)
    too_late = told("plan.extended", plan="amagerplanen", end="2030-12-31")
    assert not model.say(copy.deepcopy(too_late))
    assert rules.refusal(too_late)[0] == "plan_closed"
