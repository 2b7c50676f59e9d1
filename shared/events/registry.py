"""The events that the registry owns. Nothing here needs state: rules that do are in the registry's domain."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from stdnum.dk import cvr as cvr_number

from shared.events.envelope import EventData
from shared.events.fields import Day, Hours, Line, Persons, Slug, Text

MAX_NAMED = 500


def _in_order(start: Day, end: Day) -> None:
    if end < start:
        raise PydanticCustomError("dates_reversed", "the end is before the start")


class AreaRegistered(
    EventData, name="area.registered", owner="registry", label_da="Boligområde registreret", label_en="Area registered"
):
    """A housing area joins the network; said again, it updates what is known of the area."""

    area: Slug
    name: Line
    municipality: Line
    residents: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    departments: Annotated[list[Line], Field(max_length=200)] | None = None


class EffortArea(BaseModel):
    """One effort area of a pool."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    effort_area: Slug
    name: Line


class Crossing(BaseModel):
    """An effort area of this pool, and the one of another pool that carries the same effort."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    effort_area: Slug
    other_pool: Slug
    other_effort_area: Slug


class PoolDefined(
    EventData, name="pool.defined", owner="registry", label_da="Pulje defineret", label_en="Pool defined"
):
    """A funding period with its effort areas; said again, it replaces what was known of the pool."""

    pool: Slug
    name: Line
    start: Day
    end: Day
    effort_areas: Annotated[list[EffortArea], Field(min_length=1, max_length=50)]
    crosswalk: Annotated[list[Crossing], Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        _in_order(self.start, self.end)
        if len({item.effort_area for item in self.effort_areas}) != len(self.effort_areas):
            raise PydanticCustomError("named_twice", "an effort area is named twice")
        return self


class OrganisationRegistered(
    EventData,
    name="organisation.registered",
    owner="registry",
    label_da="Organisation registreret",
    label_en="Organisation registered",
):
    """An organisation that takes part somewhere; said again, it updates what is known of it."""

    organisation: Slug
    name: Line
    kind: Literal[
        "landsbyggefonden", "municipality", "housing_organisation", "foundation", "company", "association", "other"
    ]
    cvr: Annotated[str, Field(pattern=r"^[0-9]{8}$")] | None = None

    @model_validator(mode="after")
    def _cvr_has_its_check_digit(self) -> Self:
        if self.cvr is not None and not cvr_number.is_valid(self.cvr):
            raise PydanticCustomError("cvr_invalid", "the CVR number's check digit is wrong")
        return self


class PlanApproved(
    EventData, name="plan.approved", owner="registry", label_da="Helhedsplan godkendt", label_en="Plan approved"
):
    """A helhedsplan is approved for one or more areas."""

    plan: Slug
    name: Line
    pool: Slug
    areas: Annotated[list[Slug], Field(min_length=1, max_length=50)]
    start: Day
    end: Day
    approval_reference: Line

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        _in_order(self.start, self.end)
        if len(set(self.areas)) != len(self.areas):
            raise PydanticCustomError("named_twice", "an area is named twice")
        return self


class ActivityPlanned(
    EventData, name="activity.planned", owner="registry", label_da="Aktivitet planlagt", label_en="Activity planned"
):
    """An area plans an activity inside one of its plans."""

    activity: Slug
    plan: Slug
    area: Slug
    name: Line
    kind: Slug
    effort_area: Slug
    start: Day
    end: Day
    fixed: bool | None = None
    capacity: Annotated[int, Field(ge=1, le=10_000)] | None = None
    target_group: Line | None = None

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        _in_order(self.start, self.end)
        return self


class ActivityStarted(
    EventData, name="activity.started", owner="registry", label_da="Aktivitet startet", label_en="Activity started"
):
    """A planned activity has begun."""

    activity: Slug
    date: Day
    reason: Text | None = None


class ActivityEnded(
    EventData, name="activity.ended", owner="registry", label_da="Aktivitet afsluttet", label_en="Activity ended"
):
    """A started activity is over."""

    activity: Slug
    date: Day
    reason: Text | None = None


AgeBand = Literal["0-5", "6-9", "10-12", "13-14", "15-17", "18-24", "25-29", "30-49", "50-66", "67+"]
BELOW_15: frozenset[str] = frozenset({"0-5", "6-9", "10-12", "13-14"})


class Consent(BaseModel):
    """Where the consent to process a person's data is filed, and whether a guardian gave it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    reference: Line
    guardian: bool


class ParticipantEnrolled(
    EventData,
    name="participant.enrolled",
    owner="registry",
    label_da="Deltager indskrevet",
    label_en="Participant enrolled",
):
    """A person, known only by the area's pseudonym, joins an activity."""

    activity: Slug
    participant: Slug
    date: Day
    age_band: AgeBand
    course: Slug | None = None
    gender: Literal["female", "male", "other"] | None = None
    consent: Consent

    @model_validator(mode="after")
    def _child_has_guardian_consent(self) -> Self:
        if self.age_band in BELOW_15 and not self.consent.guardian:
            raise PydanticCustomError("guardian_consent_missing", "below 15 years a guardian must consent")
        return self


class AttendanceRecorded(
    EventData,
    name="attendance.recorded",
    owner="registry",
    label_da="Fremmøde registreret",
    label_en="Attendance recorded",
):
    """Who, or how many, came to one session; a later one for the same session replaces it."""

    activity: Slug
    session: Slug
    date: Day
    participants: Annotated[list[Slug], Field(max_length=MAX_NAMED)] | None = None
    headcount: Persons | None = None
    hours: Hours | None = None

    @model_validator(mode="after")
    def _counts_one_way(self) -> Self:
        if (self.participants is None) == (self.headcount is None):
            raise PydanticCustomError("participants_or_headcount", "give either participants or a headcount")
        if self.participants is not None and len(set(self.participants)) != len(self.participants):
            raise PydanticCustomError("named_twice", "a participant is named twice")
        return self
