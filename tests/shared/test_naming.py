"""What events name is collected, in whatever a field holds it."""

import pytest

from shared.events.naming import Naming
from tests.support import builders as b
from tests.support.samples import SAMPLES

ONE, OTHER = b.person("one"), b.person("other")


@pytest.mark.parametrize(
    ("event", "fields", "names"),
    [
        (b.an_enrolment(ONE), ("participant",), {ONE}),
        (b.an_attendance(participants=[ONE, OTHER]), ("participants", "absent"), {ONE, OTHER}),
        (b.an_attendance(participants=[], absent=[{"participant": ONE}]), ("participants", "absent"), {ONE}),
        (
            b.an_event(
                "expense.booked",
                {**SAMPLES["expense.booked"], "shares": {"lbf": SAMPLES["expense.booked"]["amount_ore"]}},
            ),
            ("shares",),
            {"lbf"},
        ),
        (b.an_event("expense.booked", {**SAMPLES["expense.booked"], "shares": None}), ("shares",), set()),
    ],
)
def test_each_name_of_a_field_is_collected(event: b.Json, fields: tuple[str, ...], names: set[str]) -> None:
    """One name, a list of names, parts that name somebody, a table by names, or nothing."""
    assert Naming([b.typed(event)]).named(*fields) == names
