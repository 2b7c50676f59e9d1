"""The rows about people, who are known only by pseudonyms: frozen, and each knows its key. No rule stands here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from services.registry.domain.rows import Span, Spans

NO_COURSE: Final = ""
# A list of fewer people loses a person who is erased from its count as well: so small a count could tell who it was.


class Enrolment(NamedTuple):
    """One participant in one activity: when they were in it, by course; `NO_COURSE` where there is none."""

    activity: str
    participant: str
    stays: Mapping[str, Spans]
    age_band: str
    gender: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Give the activity and the participant."""
        return self.activity, self.participant

    @property
    def spans(self) -> Iterable[Span]:
        """Give the stays in every course."""
        return (span for spans in self.stays.values() for span in spans)

    def covers(self, day: date) -> bool:
        """Tell whether the participant was enrolled on a day, in any course."""
        # Asked for each name of each session: `any` over the layers of `spans` and `Span.covers` costs five times this.
        for spans in self.stays.values():
            for span in spans:
                if span.start_on <= day and (span.end_on is None or day <= span.end_on):
                    return True
        return False

    def begun_by(self, day: date) -> bool:
        """Tell whether the participant was enrolled on a day or before it."""
        return any(span.start_on <= day for span in self.spans)

    def course_on(self, day: date) -> str:
        """Give the course joined last, on a day or before it; `begun_by` must hold."""
        joined = [
            (span.start_on, course) for course, spans in self.stays.items() for span in spans if span.start_on <= day
        ]
        return max(joined)[1]


class Attendance(NamedTuple):
    """What was recorded of one session; the latest word on a session counts.

    `participants` and `headcount` are both None where the session was cancelled.
    """

    activity: str
    session: str
    held_on: date
    participants: tuple[str, ...] | None
    headcount: int | None
    hours: Decimal | None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Volunteering:
    """When a volunteer had a role in an activity."""

    activity: str
    volunteer: str
    role: str
    spans: Spans

    @property
    def key(self) -> tuple[str, str, str]:
        """Give the activity, the volunteer and the role."""
        return self.activity, self.volunteer, self.role


@dataclass(frozen=True, slots=True)
class Instrument:
    """The scale on which an area uses an instrument; it never changes, and binds no other area."""

    area: str
    instrument: str
    scale_min: Decimal
    scale_max: Decimal

    @property
    def key(self) -> tuple[str, str]:
        """Give the area and the instrument."""
        return self.area, self.instrument


@dataclass(frozen=True, slots=True)
class Measurement:
    """One score of a participant in one course."""

    activity: str
    participant: str
    course: str
    wave: str
    lens: str
    respondent: str
    instrument: str
    score: Decimal
    measured_on: date

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """Give what there is one measurement of."""
        return self.activity, self.participant, self.course, self.wave, self.lens, self.respondent


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A pseudonym that is to be erased from activities; `place` tells two of one unit of work apart."""

    pseudonym: str
    place: int
    activities: tuple[str, ...]

    @property
    def key(self) -> tuple[str, int]:
        """Give the pseudonym and the place."""
        return self.pseudonym, self.place
