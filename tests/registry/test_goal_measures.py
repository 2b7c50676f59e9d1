"""What a goal that fills itself is measured of belongs to its plan; it may be said before what it is measured of."""

from typing import Final

import pytest

from tests.support.builders import Json
from tests.support.deciding import Rules, running, told

SESSIONS: Final[Json] = {"figure": "sessions"}


@pytest.mark.parametrize(
    ("measure", "refused"),
    [
        (SESSIONS | {"effort_area": "sundhed"}, ("effort_area_not_in_pool", "/data/measure/effort_area")),
        (SESSIONS | {"area": "gellerupparken"}, ("area_not_in_plan", "/data/measure/area")),
        (SESSIONS | {"area": "urbanplanen", "effort_area": "beskaeftigelse"}, ("", "")),
        (SESSIONS | {"activity": "kommer-senere", "per": "year"}, ("", "")),
    ],
)
def test_what_a_goal_is_measured_of_belongs_to_its_plan(measure: Json, refused: tuple[str, str]) -> None:
    """Its area, and an effort area of its pool; an activity may be planned later."""
    assert Rules(*running()).refusal(told("goal.set", measure=measure)) == refused


def test_a_typed_value_is_taken_of_a_goal_that_fills_itself() -> None:
    """What is true may come in any order; reports mark it."""
    rules = Rules(*running(), told("goal.set", measure=SESSIONS))
    assert rules.refusal(told("goal.assessed", value=3)) == ("", "")
