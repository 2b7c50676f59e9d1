"""What one report is made from. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.reporting.people.change import Pairs
from services.reporting.people.keys import PeopleKey
from services.reporting.periods import Period
from services.reporting.terms import Plan, Standing

# (area or None for all, lens, respondent)
ChangeKey = tuple[str | None, str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that one report is made from, read in one snapshot.

    `figures` holds the folded numbers by grain: `("total",)`, `("area", area)`, `("effort_area", pool, effort_area)`
    and `("month", first day)`; `people` holds the counts of people. `as_of` is the cursor: the last sequence folded of
    each owner. `area` is the area whose report is made, `plan` the plan; both are None for the network's. Figures of
    `("activity", activity)` are there in a plan's report.
    """

    period: Period | None
    area: str | None
    as_of: Mapping[str, int]
    recorded: datetime | None
    areas: Sequence[Mapping[str, Any]]
    effort_areas: Sequence[Mapping[str, Any]]
    plans: Sequence[Plan]
    standings: Sequence[Standing]
    figures: Mapping[tuple[Any, ...], Mapping[str, Any]] = field(default_factory=dict)
    people: Mapping[PeopleKey, Mapping[str, int]] = field(default_factory=dict)
    change: Mapping[ChangeKey, Pairs] = field(default_factory=dict)
    milestones: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    practices: Sequence[Mapping[str, Any]] = ()
    plan: str | None = None
    goals: Sequence[Mapping[str, Any]] = ()
    previous: "Facts | None" = None
    pools: Sequence[Mapping[str, Any]] = ()
