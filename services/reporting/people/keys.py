"""By what people are counted: a period, an area, and what else tells them apart. Pure."""

from dataclasses import dataclass
from typing import Literal

from services.reporting.people.staying import FollowUp, Later
from services.reporting.periods import Period


@dataclass(frozen=True, slots=True, order=True)
class PeopleGrain:
    """One activity, plan or kind of activity, age band or gender: what people are counted by, beside effort areas."""

    kind: Literal["activity", "plan", "kind", "age_band", "gender"]
    name: str


# What people are counted by beside areas: an effort area with its pool, another part, or how they stayed.
Told = tuple[str, str] | PeopleGrain | Later | FollowUp | None
# (period, area or None for all, what they are counted by beside it, or None for all)
PeopleKey = tuple[Period, str | None, Told]
