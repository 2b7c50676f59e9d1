"""The rows that the rules read and write: frozen, and each knows its key. Those of people are in `people_rows`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


class Span(NamedTuple):
    """Days from one to another, both included; open while there is no other."""

    start_on: date
    end_on: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.start_on <= day and (self.end_on is None or day <= self.end_on)


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """An effort area, and the one of another pool that carries the same effort."""

    effort_area: str
    other_pool: str
    other_effort_area: str


@dataclass(frozen=True, slots=True)
class Pool:
    """A funding period and its effort areas, slug to name; `version` counts how often it was defined."""

    pool: str
    name: str
    start_on: date
    end_on: date
    effort_areas: Mapping[str, str]
    crosswalk: tuple[Crossing, ...] = ()
    version: int = 1

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.pool


@dataclass(frozen=True, slots=True)
class Area:
    """A housing area."""

    area: str
    name: str
    municipality: str
    residents: int | None
    departments: tuple[str, ...]

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.area


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that takes part somewhere; `registered_by` is the area that was first, None for the network."""

    organisation: str
    name: str
    kind: str
    cvr: str | None
    registered_by: str | None

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.organisation


@dataclass(frozen=True, slots=True)
class Plan:
    """A helhedsplan; both days belong to it.

    `areas` are those that it belongs to, `invited` those that it was approved for and that have not consented yet.
    """

    plan: str
    name: str
    pool: str
    areas: tuple[str, ...]
    start_on: date
    end_on: date
    approval_reference: str
    closed_on: date | None = None
    invited: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.plan

    def covers(self, day: date) -> bool:
        """Tell whether a day lies inside the plan."""
        return self.start_on <= day <= self.end_on


@dataclass(frozen=True, slots=True)
class Statements:
    """The years of a plan whose annual statements funding has told us are accepted."""

    plan: str
    years: frozenset[int]

    @property
    def key(self) -> str:
        """Give the plan's slug."""
        return self.plan


@dataclass(frozen=True, slots=True)
class Partnership:
    """When an organisation had a role in a plan."""

    plan: str
    organisation: str
    role: str
    spans: Spans

    @property
    def key(self) -> tuple[str, str, str]:
        """Give the plan, the organisation and the role."""
        return self.plan, self.organisation, self.role


@dataclass(frozen=True, slots=True)
class Goal:
    """What a plan wants to reach in an effort area."""

    plan: str
    goal: str
    effort_area: str
    title: str
    indicator: str | None
    baseline: Decimal | None
    target: Decimal | None
    figure: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Give the plan and the goal."""
        return self.plan, self.goal


@dataclass(frozen=True, slots=True)
class Assessment:
    """How far a goal was reached in a year."""

    plan: str
    goal: str
    year: int
    attainment: str
    value: Decimal | None
    comment: str | None

    @property
    def key(self) -> tuple[str, str, int]:
        """Give the plan, the goal and the year."""
        return self.plan, self.goal, self.year


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that a plan will have done by a day."""

    plan: str
    milestone: str
    title: str
    due_on: date
    effort_area: str | None
    reached_on: date | None = None
    evidence: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Give the plan and the milestone."""
        return self.plan, self.milestone


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity, planned until `started_on` is set, ended once `ended_on` is; `enrolled` counts who is in it now."""

    activity: str
    plan: str
    area: str
    name: str
    kind: str
    effort_area: str
    start_on: date
    end_on: date
    fixed: bool
    capacity: int | None
    target_group: str | None
    started_on: date | None = None
    ended_on: date | None = None
    enrolled: int = 0

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.activity

    def runs_after(self, day: date) -> bool:
        """Tell whether it started, and has not ended by a day."""
        return self.started_on is not None and (self.ended_on is None or self.ended_on > day)


@dataclass(frozen=True, slots=True)
class Anchoring:
    """Who carries an activity on after the plan, and from when."""

    activity: str
    organisation: str
    from_on: date
    funding_note: str | None

    @property
    def key(self) -> str:
        """Give the activity's slug."""
        return self.activity


@dataclass(frozen=True, slots=True)
class Course:
    """A course of an activity."""

    course: str
    activity: str
    start_on: date
    end_on: date
    closed_on: date | None = None

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.course


@dataclass(frozen=True, slots=True)
class Mentoring:
    """When an organisation was mentor of an activity."""

    activity: str
    organisation: str
    spans: Spans

    @property
    def key(self) -> tuple[str, str]:
        """Give the activity and the organisation."""
        return self.activity, self.organisation


@dataclass(frozen=True, slots=True)
class Business:
    """A micro-business of an activity."""

    activity: str
    business: str
    name: str
    members: tuple[str, ...]
    founded_on: date
    closed_on: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Give the activity and the business."""
        return self.activity, self.business


@dataclass(frozen=True, slots=True)
class Story:
    """A story of an area; once it is withdrawn nothing of what it told is left."""

    story: str
    area: str
    title: str | None
    text: str | None
    activity: str | None
    lenses: tuple[str, ...]
    consent_reference: str | None
    published_in: str | None
    published: datetime
    withdrawn: bool = False

    @property
    def key(self) -> str:
        """Give its slug."""
        return self.story


@dataclass(frozen=True, slots=True)
class Practice:
    """What an activity shares with the network."""

    activity: str
    summary: str
    what_works: str

    @property
    def key(self) -> str:
        """Give the activity's slug."""
        return self.activity


@dataclass(frozen=True, slots=True)
class Lineage:
    """What an activity took home: the activities that shared it, each with how it was adapted."""

    activity: str
    sources: Mapping[str, str | None]

    @property
    def key(self) -> str:
        """Give the activity's slug."""
        return self.activity


@dataclass(frozen=True, slots=True)
class SharedPractice:
    """A practice with its lineage: what its activity took home from whom, and who took it home.

    `sources` and `adopters` hold (activity, area, adaptation).
    """

    activity: str
    area: str
    name: str
    effort_area: str
    summary: str | None
    what_works: str | None
    sources: Sequence[tuple[str, str, str | None]]
    adopters: Sequence[tuple[str, str, str | None]]
