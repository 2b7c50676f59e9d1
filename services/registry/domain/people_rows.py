"""The rows about people, who are known only by pseudonyms: frozen, and each knows its key. No rule stands here."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from services.registry.domain.rows import Span, Spans

NO_COURSE: Final = ""
VOLUNTEER_ROLES: Final = ("volunteer", "venture_pilot")
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
    """Somebody who is to be erased from activities of an area; `place` tells two of one unit of work apart.

    `pseudonyms` are all that the area had for the person, the one of now first; `salt` is that of their digests.
    """

    pseudonyms: tuple[str, ...]
    place: int
    area: str
    activities: tuple[str, ...]
    salt: bytes

    @property
    def key(self) -> int:
        """Give the place."""
        return self.place

    @property
    def digests(self) -> list[str]:
        """Give the digest of each pseudonym."""
        return [withdrawn_digest(self.salt, pseudonym) for pseudonym in self.pseudonyms]


def withdrawn_digest(salt: bytes, pseudonym: str) -> str:
    """Give what is known of a pseudonym after its erasure, as hexadecimal digits."""
    return hashlib.sha256(salt + pseudonym.encode()).hexdigest()


class Salt(NamedTuple):
    """What the digests of this unit of work's withdrawals are made with; there is one."""

    value: bytes

    @property
    def key(self) -> str:
        """Give one name for all."""
        return ""


class Withdrawn(NamedTuple):
    """That consent was withdrawn under a pseudonym in an area; nothing is kept under it but what came later."""

    area: str
    pseudonym: str

    @property
    def key(self) -> tuple[str, str]:
        """Give the area and the pseudonym."""
        return self.area, self.pseudonym


class Merging(NamedTuple):
    """That two pseudonyms of an area are one person, who is known under the second from then on."""

    area: str
    participant: str
    into: str

    @property
    def key(self) -> tuple[str, str]:
        """Give the area and the pseudonym that is no more."""
        return self.area, self.participant


@dataclass(frozen=True, slots=True)
class Merger:
    """A pseudonym whose rows in some activities become a different one's; `place` is that in its unit of work."""

    pseudonym: str
    place: int
    into: str
    activities: tuple[str, ...]

    @property
    def key(self) -> int:
        """Give the place."""
        return self.place


@dataclass(frozen=True, slots=True)
class Correction:
    """What is said of a participant in some activities from now on, where it is not None."""

    pseudonym: str
    age_band: str | None
    gender: str | None
    activities: tuple[str, ...]
