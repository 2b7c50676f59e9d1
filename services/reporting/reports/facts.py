"""What one report is made from. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final, Self

from services.reporting.people.change import Pairs
from services.reporting.people.keys import PeopleKey
from services.reporting.periods import Period
from services.reporting.reports.released_people import ReleasedPeople
from services.reporting.terms import Json, Plan, Row, Standing

# (area or None for all, lens, respondent)
ChangeKey = tuple[str | None, str, str]
# What codes are called, by what they name; and the areas of activities.
NAMED: Final = ("activities", "activity_areas", "areas", "funders", "effort_areas")


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that one report is made from, read in one snapshot.

    `figures` holds the folded numbers by grain: `("total",)`, `("area", area)`, `("effort_area", pool, effort_area)`
    and `("month", first day)`. `people` and `change` hold what is counted live, for the area's own people;
    everybody else is told from `outside`, the newest release. In a plan's report the rows of `live_areas` are live all
    the same: they are the reader's own. `as_of` is the cursor: the last sequence folded of each owner. `area` is the
    area whose report is made, `plan` the plan; both are None for the network's. Figures of
    `("activity", activity)` are there in a plan's report. Of `goals`, those that fill themselves have their `figures`.
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
    outside: ReleasedPeople | None = None
    live_areas: frozenset[str] = frozenset()
    context: Sequence[Row] = ()
    attention: Sequence[Json] = ()
    names: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: {name: {} for name in NAMED})


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What only a plan's report is made from; `spent` is øre by line at the period's end.

    `spent_before` is the same on the day before the period.
    """

    head: Row
    activities: Sequence[Row]
    milestones: Sequence[Row]
    partners: Sequence[Row]
    commitments: Sequence[Row]
    lines: Sequence[Row]
    versions: Sequence[Row]
    spent: Mapping[str, int]
    spent_before: Mapping[str, int]
    words: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSource(Facts):
    """Everything that the report of a plan is made from; the plan is the only one of its `plans`."""

    own: PlanFacts

    @classmethod
    def of(cls, facts: Facts, own: PlanFacts) -> Self:
        """Put both together."""
        return cls(**{each.name: getattr(facts, each.name) for each in fields(facts)}, own=own)

    @property
    def last_day(self) -> date:
        """Give the day at whose end the plan is told of."""
        return self.period.last_day if self.period else self.plans[0].start_on
