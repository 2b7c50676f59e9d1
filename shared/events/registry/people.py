"""The events about people, known only by pseudonyms: participants, attendance, volunteers, change and consent."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.events.envelope import EventData
from shared.events.fields import (
    CalledOffDay,
    Day,
    Hours,
    KnownAtOnce,
    KnownPseudonym,
    Persons,
    PlannedDay,
    Pseudonym,
    Score,
    Slug,
    Text,
    TimeOfDay,
)
from shared.events.registry.parts import (
    BELOW_15,
    MAX_NAMED,
    Absence,
    AgeBand,
    Consent,
    Lens,
    check_named_once,
)

VolunteerRole = Literal["volunteer", "venture_pilot"]
Wave = Literal["before", "after", "follow_up"]
Respondent = Literal["self", "other"]
Gender = Literal["female", "male", "other"]
FollowUpStatus = Literal["education", "job", "leisure_job", "neither", "unknown"]


class ParticipantEnrolled(
    EventData,
    name="participant.enrolled",
    owner="registry",
    label_da="Deltager indskrevet",
    label_en="Participant enrolled",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "participant": "p-djdbdskgbfhvvmqhvpcvhc",
        "date": "2025-10-01",
        "age_band": "13-14",
        "course": "2025",
        "gender": "male",
        "consent": {"reference": "Samtykke 17", "guardian": True},
    },
):
    """A person, known only by the area's pseudonym, joins an activity."""

    activity: Slug
    participant: Pseudonym
    date: Day
    age_band: AgeBand
    course: Slug | None = None
    gender: Gender | None = None
    consent: Consent

    @model_validator(mode="after")
    def _child_has_guardian_consent(self) -> Self:
        if self.age_band in BELOW_15 and not self.consent.guardian:
            raise PydanticCustomError("guardian_consent_missing", "below 15 years a guardian must consent")
        return self


class ParticipantLeft(
    EventData,
    name="participant.left",
    owner="registry",
    label_da="Deltager udskrevet",
    label_en="Participant left",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "participant": "p-djdbdskgbfhvvmqhvpcvhc",
        "date": "2026-05-31",
        "reason": "completed",
    },
):
    """A participant leaves an activity, all of its courses included."""

    activity: Slug
    participant: Pseudonym
    date: Day
    reason: Literal["completed", "education", "job", "moved", "other"]


class SessionPlanned(
    EventData,
    name="session.planned",
    owner="registry",
    label_da="Mødegang planlagt",
    label_en="Session planned",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "session": "2025-10-07",
        "date": "2025-10-07",
        "start": "18:30",
        "hours": 2.5,
    },
):
    """A session is to be held; a weekly series is a batch of them, and a later one for the same session replaces it."""

    activity: Slug
    session: Slug
    date: PlannedDay
    start: TimeOfDay | None = None
    hours: Hours | None = None


class AttendanceRecorded(
    EventData,
    name="attendance.recorded",
    owner="registry",
    label_da="Fremmøde registreret",
    label_en="Attendance recorded",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "session": "2025-10-07",
        "date": "2025-10-07",
        "participants": ["p-djdbdskgbfhvvmqhvpcvhc"],
        "guests": 2,
        "absent": [{"participant": "p-fkmrthjpnscgjshckgrmfg", "reason": "sent_word"}],
        "hours": 2.5,
    },
):
    """Who, or how many, came to one session; a later one for the same session replaces it.

    Guests come beside those who are named: they count as attendances, and as nobody's participation.
    """

    activity: Slug
    session: Slug
    date: Day
    participants: Annotated[list[Pseudonym], Field(max_length=MAX_NAMED), KnownAtOnce(MAX_NAMED)] | None = None
    guests: Persons | None = None
    absent: Annotated[list[Absence], Field(min_length=1, max_length=MAX_NAMED)] | None = None
    headcount: Persons | None = None
    hours: Hours | None = None

    @model_validator(mode="after")
    def _counts_one_way(self) -> Self:
        beside_names = self.guests is not None or self.absent is not None
        if (self.participants is None) == (self.headcount is None) or (beside_names and self.participants is None):
            raise PydanticCustomError(
                "participants_or_headcount", "give either participants, guests and the absent, or a headcount"
            )
        named = self.participants or []
        if self.absent is not None:
            named = [*named, *(absence.participant for absence in self.absent)]
        check_named_once(named, "a participant")
        return self


class SessionCancelled(
    EventData,
    name="session.cancelled",
    owner="registry",
    label_da="Mødegang aflyst",
    label_en="Session cancelled",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "session": "2025-10-14",
        "date": "2025-10-14",
        "reason": "Efterårsferie",
    },
):
    """A session was not held; of this and a recorded attendance, the later word on the session counts."""

    activity: Slug
    session: Slug
    date: CalledOffDay
    reason: Text | None = None


class VolunteerEngaged(
    EventData,
    name="volunteer.engaged",
    owner="registry",
    label_da="Frivillig tilknyttet",
    label_en="Volunteer engaged",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "volunteer": "p-dvbkkgddvgvbmrggcjmbbp",
        "role": "venture_pilot",
        "date": "2025-10-01",
    },
):
    """A volunteer, known only by the area's pseudonym, takes a role in an activity."""

    activity: Slug
    volunteer: Pseudonym
    role: VolunteerRole
    date: Day


class VolunteerLeft(
    EventData,
    name="volunteer.left",
    owner="registry",
    label_da="Frivillig fratrådt",
    label_en="Volunteer left",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "volunteer": "p-dvbkkgddvgvbmrggcjmbbp",
        "role": "venture_pilot",
        "date": "2026-05-31",
    },
):
    """A volunteer gives up a role in an activity."""

    activity: Slug
    volunteer: Pseudonym
    role: VolunteerRole
    date: Day


class VolunteerHours(
    EventData,
    name="volunteer.hours",
    owner="registry",
    label_da="Frivilligtimer",
    label_en="Volunteer hours",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "volunteer": "p-dvbkkgddvgvbmrggcjmbbp",
        "date": "2025-10-07",
        "hours": 2.5,
    },
):
    """How long a volunteer worked for an activity on one day."""

    activity: Slug
    volunteer: Pseudonym
    date: Day
    hours: Hours


class OutcomeMeasured(
    EventData,
    name="outcome.measured",
    owner="registry",
    label_da="Forandring målt",
    label_en="Outcome measured",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "participant": "p-djdbdskgbfhvvmqhvpcvhc",
        "instrument": "tro-paa-egne-evner",
        "wave": "before",
        "lens": "self_perception",
        "respondent": "self",
        "score": 2.75,
        "scale_min": 1,
        "scale_max": 5,
        "date": "2025-10-07",
    },
):
    """One score of one participant: by which instrument, in which wave, through which lens and from whom."""

    activity: Slug
    participant: Pseudonym
    instrument: Slug
    wave: Wave
    lens: Lens
    respondent: Respondent
    score: Score
    scale_min: Score
    scale_max: Score
    date: Day

    @model_validator(mode="after")
    def _is_on_its_scale(self) -> Self:
        if self.scale_min >= self.scale_max:
            raise PydanticCustomError("scale_reversed", "the scale ends where it begins, or before")
        if not self.scale_min <= self.score <= self.scale_max:
            raise PydanticCustomError("score_outside_scale", "the score is outside its scale")
        return self


class FollowupRecorded(
    EventData,
    name="followup.recorded",
    owner="registry",
    label_da="Opfølgning registreret",
    label_en="Follow-up recorded",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "participant": "p-djdbdskgbfhvvmqhvpcvhc",
        "date": "2026-09-30",
        "months_after": 4,
        "status": "leisure_job",
    },
):
    """Where a former participant stands some months after having left."""

    activity: Slug
    participant: Pseudonym
    date: Day
    months_after: Annotated[int, Field(ge=0, le=120)]
    status: FollowUpStatus


class ConsentWithdrawn(
    EventData,
    name="consent.withdrawn",
    owner="registry",
    label_da="Samtykke trukket tilbage",
    label_en="Consent withdrawn",
    said_by="area",
    erases=True,
    example={
        "participant": "p-djdbdskgbfhvvmqhvpcvhc",
    },
):
    """A person takes their consent back, and all that is kept under the pseudonym is erased."""

    participant: KnownPseudonym
