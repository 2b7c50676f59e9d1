"""The events about activities: their life, courses, mentor companies and micro-businesses, and what is passed on."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.events.envelope import EventData
from shared.events.fields import Day, Line, PlannedDay, Pseudonym, Slug, Text
from shared.events.registry.parts import MAX_NAMED, check_named_once, check_order


class ActivityPlanned(
    EventData,
    name="activity.planned",
    owner="registry",
    label_da="Aktivitet planlagt",
    label_en="Activity planned",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "plan": "amagerplanen",
        "area": "urbanplanen",
        "name": "Mind Your Own Business",
        "kind": "micro-business",
        "effort_area": "uddannelse-og-livschancer",
        "start": "2025-10-01",
        "end": "2026-05-31",
        "fixed": True,
        "capacity": 12,
        "target_group": "Drenge på 13-19 år",
    },
):
    """An area plans an activity inside one of its plans."""

    activity: Slug
    plan: Slug
    area: Slug
    name: Line
    kind: Slug
    effort_area: Slug
    start: PlannedDay
    end: PlannedDay
    fixed: bool | None = None
    capacity: Annotated[int, Field(ge=1, le=10_000)] | None = None
    target_group: Line | None = None

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        check_order(self.start, self.end)
        return self


class ActivityStarted(
    EventData,
    name="activity.started",
    owner="registry",
    label_da="Aktivitet startet",
    label_en="Activity started",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "date": "2025-10-01",
        "reason": "Som planlagt",
    },
):
    """A planned activity has begun; with a reason, one that had ended goes on, which corrects its end."""

    activity: Slug
    date: Day
    reason: Text | None = None


class ActivityEnded(
    EventData,
    name="activity.ended",
    owner="registry",
    label_da="Aktivitet afsluttet",
    label_en="Activity ended",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "date": "2026-05-31",
        "reason": "Forløbet er slut\nTak",
    },
):
    """A started activity is over."""

    activity: Slug
    date: Day
    reason: Text | None = None


class ActivityAnchored(
    EventData,
    name="activity.anchored",
    owner="registry",
    label_da="Aktivitet forankret",
    label_en="Activity anchored",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "organisation": "boligforening",
        "from": "2029-08-01",
        "funding_note": "Afdelingsmøderne har afsat 150.000 kr. om året.",
    },
):
    """An organisation will carry an activity on after the plan."""

    activity: Slug
    organisation: Slug
    from_day: Annotated[PlannedDay, Field(alias="from")]
    funding_note: Text | None = None


class CourseOpened(
    EventData,
    name="course.opened",
    owner="registry",
    label_da="Forløb åbnet",
    label_en="Course opened",
    said_by="area",
    example={
        "course": "2025",
        "activity": "mind-your-own-business",
        "start": "2025-10-01",
        "end": "2026-05-31",
    },
):
    """An activity opens a course, which participants enrol in."""

    course: Slug
    activity: Slug
    start: PlannedDay
    end: PlannedDay

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        check_order(self.start, self.end)
        return self


class CourseClosed(
    EventData,
    name="course.closed",
    owner="registry",
    label_da="Forløb afsluttet",
    label_en="Course closed",
    said_by="area",
    example={
        "course": "2025",
        "date": "2026-05-31",
    },
):
    """A course is over; nobody enrols in it after that day."""

    course: Slug
    date: Day


class MentorEngaged(
    EventData,
    name="mentor.engaged",
    owner="registry",
    label_da="Mentorvirksomhed tilknyttet",
    label_en="Mentor engaged",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "organisation": "tryk-og-skilte",
        "date": "2025-10-01",
    },
):
    """A company or an association becomes mentor of an activity."""

    activity: Slug
    organisation: Slug
    date: Day


class MentorReleased(
    EventData,
    name="mentor.released",
    owner="registry",
    label_da="Mentorvirksomhed fratrådt",
    label_en="Mentor released",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "organisation": "tryk-og-skilte",
        "date": "2026-05-31",
    },
):
    """A mentor company's work for an activity is over."""

    activity: Slug
    organisation: Slug
    date: Day


class BusinessFounded(
    EventData,
    name="business.founded",
    owner="registry",
    label_da="Mikrovirksomhed stiftet",
    label_en="Micro-business founded",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "business": "amager-tryk",
        "name": "Amager Tryk",
        "members": ["p-djdbdskgbfhvvmqhvpcvhc"],
        "date": "2025-11-04",
    },
):
    """Participants of an activity found a micro-business."""

    activity: Slug
    business: Slug
    name: Line
    members: Annotated[list[Pseudonym], Field(min_length=1, max_length=MAX_NAMED)]
    date: Day

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        check_named_once(self.members, "a member")
        return self


class BusinessClosed(
    EventData,
    name="business.closed",
    owner="registry",
    label_da="Mikrovirksomhed lukket",
    label_en="Micro-business closed",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "business": "amager-tryk",
        "name": "Amager Tryk",
        "members": ["p-djdbdskgbfhvvmqhvpcvhc"],
        "date": "2026-05-31",
    },
):
    """A micro-business is over; its name and members may be said as they were at the end."""

    activity: Slug
    business: Slug
    name: Line | None = None
    members: Annotated[list[Pseudonym], Field(min_length=1, max_length=MAX_NAMED)] | None = None
    date: Day

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        check_named_once(self.members or [], "a member")
        return self


class PracticeShared(
    EventData,
    name="practice.shared",
    owner="registry",
    label_da="Praksis delt",
    label_en="Practice shared",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "summary": "Drenge driver en mikrovirksomhed sammen med frivillige og en mentorvirksomhed.",
        "what_works": "Samme aften hver uge, og kunder fra kvarteret fra den første måned.",
    },
):
    """An activity's practice goes into the network's catalogue; said again, it updates what is there."""

    activity: Slug
    summary: Text
    what_works: Text


class PracticeAdopted(
    EventData,
    name="practice.adopted",
    owner="registry",
    label_da="Praksis taget med hjem",
    label_en="Practice adopted",
    said_by="area",
    example={
        "activity": "mind-your-own-business",
        "source_activity": "fritidsjob-gellerup",
        "adaptation": "Vi begynder med kvarterets egne butikker.",
    },
):
    """An activity takes home what another one shared."""

    activity: Slug
    source_activity: Slug
    adaptation: Text | None = None
