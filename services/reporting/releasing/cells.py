"""What a release counts: its cells, and what is known of an area without counting anybody. Pure."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from services.reporting.releasing.calendar import Months

# What people are counted by beside their area: () for nothing, ("effort_area", pool, name), ("activity", name),
# ("plan", name), ("kind", name), ("after", months), ("after", months, status), ("age_band", band) or
# ("gender", gender).
Of = tuple[str, ...]
EVERYBODY: Final[Of] = ()


class Count(NamedTuple):
    """One count: of what, in which months, and by what beside the area."""

    name: str
    months: Months
    of: Of = EVERYBODY


@dataclass(frozen=True, slots=True)
class KnownActivity:
    """An activity as everybody may know it; `months` are those in which it ran."""

    activity: str
    effort_area: Of
    plan: str
    kind: str
    months: Months

    @property
    def groups(self) -> tuple[Of, ...]:
        """Give all that its people are counted by."""
        return self.effort_area, ("activity", self.activity), ("plan", self.plan), ("kind", self.kind)


class FrameCell(NamedTuple):
    """A cell of an area: whether it is told by area, and whether the sum of all areas is told."""

    cell: Count
    by_area: bool
    in_network: bool


def mean_of(name: str) -> str:
    """Name the means of a lens and a kind of respondent, as `self_perception by self` is named."""
    return f"change in {name}"
