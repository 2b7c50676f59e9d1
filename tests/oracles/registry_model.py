"""What the registry should answer, written a second time and in another way: plain lists of what was said.

The rules keep a state and change it. This model keeps nothing but the events that were taken, and asks them anew for
each question. It says whether an event is taken, not with which code it is refused.
"""

from datetime import date
from typing import Any

from tests.support.builders import Json

MENTORS = {"company", "association"}
EFFORT_AREAS = {
    "uddannelse-og-livschancer",
    "beskaeftigelse",
    "kriminalitetsforebyggelse",
    "sammenhaengskraft-og-medborgerskab",
}


class Model:
    """The events that were taken, oldest first."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, dict[str, Any]]] = []

    def say(self, event: Json) -> bool:
        """Tell whether an event is taken, and remember it if so."""
        name = event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")
        source, data = event["source"].removeprefix("/areas/"), event["data"]
        if not getattr(self, "takes_" + name.replace(".", "_"))(source, data):
            return False
        self.taken.append((name, source, data))
        return True

    def told(self, name: str, **fields: object) -> list[dict[str, Any]]:
        """Give the data of the events of a name that have these fields."""
        return [
            data
            for kind, _, data in self.taken
            if kind == name and all(data.get(key) == value for key, value in fields.items())
        ]

    def speaks(self, source: str, activity: str) -> bool:
        """Tell whether somebody may speak of an activity, which must be there."""
        planned = self.told("activity.planned", activity=activity)
        return bool(planned) and source in ("/network", planned[0]["area"])

    def life(self, activity: str) -> tuple[str | None, str | None]:
        """Give the days on which an activity started and ended, as they are known now."""
        started = ended = None
        for kind, _, data in self.taken:
            if data.get("activity") == activity and kind == "activity.started":
                started, ended = started or data["date"], None
            elif data.get("activity") == activity and kind == "activity.ended":
                ended = data["date"]
        return started, ended

    def runs_on(self, activity: str, day: str) -> bool:
        """Tell whether an activity runs on a day."""
        started, ended = self.life(activity)
        return started is not None and started <= day and (ended is None or day <= ended)

    def stays(self, activity: str, participant: str) -> list[list[Any]]:
        """Give the stays of a participant as [course, first day, last day]."""
        stays: list[list[Any]] = []
        for kind, _, data in self.taken:
            if (data.get("activity"), data.get("participant")) != (activity, participant):
                continue
            if kind == "participant.enrolled":
                stays.append([data.get("course"), data["date"], None])
            elif kind == "participant.left":
                for stay in stays:
                    stay[2] = stay[2] or data["date"]
        return stays

    def is_in(self, activity: str, participant: str, day: str) -> bool:
        """Tell whether a participant was enrolled on a day."""
        return any(
            first <= day and (last is None or day <= last) for _, first, last in self.stays(activity, participant)
        )

    def roles(self, kind: str, begins: str, ends: str, **who: object) -> list[list[Any]]:
        """Give the times of a role as [first day, last day]."""
        times: list[list[Any]] = []
        for name, _, data in self.taken:
            if all(data.get(key) == value for key, value in who.items()):
                if name == f"{kind}.{begins}":
                    times.append([data["date"], None])
                elif name == f"{kind}.{ends}":
                    times[-1][1] = data["date"]
        return times

    def takes_activity_planned(self, source: str, data: Json) -> bool:
        """In the plan's days, in its one area, in an effort area of its pool; once."""
        return (
            source in ("/network", data["area"])
            and not self.told("activity.planned", activity=data["activity"])
            and data["area"] == "urbanplanen"
            and data["effort_area"] in EFFORT_AREAS
            and data["start"] >= "2025-08-01"
            and data["end"] <= "2029-07-31"
        )

    def takes_activity_started(self, source: str, data: Json) -> bool:
        """Once; after an end with a reason, not before the first start."""
        started, ended = self.life(data["activity"])
        again = ended is not None and "reason" in data and started is not None and started <= data["date"]
        return self.speaks(source, data["activity"]) and (started is None or again)

    def takes_activity_ended(self, source: str, data: Json) -> bool:
        """Only while it runs, not before it started."""
        started, ended = self.life(data["activity"])
        return (
            self.speaks(source, data["activity"]) and ended is None and started is not None and started <= data["date"]
        )

    def takes_course_opened(self, source: str, data: Json) -> bool:
        """Inside the activity's planned days; once in the network."""
        planned = self.told("activity.planned", activity=data["activity"])
        return (
            self.speaks(source, data["activity"])
            and not self.told("course.opened", course=data["course"])
            and planned[0]["start"] <= data["start"]
            and data["end"] <= planned[0]["end"]
        )

    def takes_course_closed(self, source: str, data: Json) -> bool:
        """Once, not before it began."""
        courses = self.told("course.opened", course=data["course"])
        return (
            bool(courses)
            and self.speaks(source, courses[0]["activity"])
            and not self.told("course.closed", course=data["course"])
            and courses[0]["start"] <= data["date"]
        )

    def takes_participant_enrolled(self, source: str, data: Json) -> bool:
        """While the activity runs and has room; once at a time per course."""
        activity, course = data["activity"], data.get("course")
        if not (self.speaks(source, activity) and self.runs_on(activity, data["date"])):
            return False
        if course is not None:
            closed = self.told("course.closed", course=course)
            if not self.told("course.opened", course=course, activity=activity):
                return False
            if closed and data["date"] > closed[0]["date"]:
                return False
        own = [stay for stay in self.stays(activity, data["participant"]) if stay[0] == course]
        everybody = {item["participant"] for item in self.told("participant.enrolled", activity=activity)}
        inside = sum(stay[2] is None for who in everybody for stay in self.stays(activity, who))
        room = self.told("activity.planned", activity=activity)[0].get("capacity", 10**6)
        return all(last is not None and last < data["date"] for _, _, last in own) and inside < room

    def takes_participant_left(self, source: str, data: Json) -> bool:
        """Only who is in it, not before having joined."""
        open_stays = [stay for stay in self.stays(data["activity"], data["participant"]) if stay[2] is None]
        return (
            self.speaks(source, data["activity"])
            and bool(open_stays)
            and all(first <= data["date"] for _, first, _ in open_stays)
        )

    def takes_attendance_recorded(self, source: str, data: Json) -> bool:
        """While the activity runs, and everybody named was in it on that day."""
        return (
            self.speaks(source, data["activity"])
            and self.runs_on(data["activity"], data["date"])
            and all(self.is_in(data["activity"], who, data["date"]) for who in data.get("participants", ()))
            and all(self.is_in(data["activity"], item["participant"], data["date"]) for item in data.get("absent", ()))
        )

    def takes_session_planned(self, source: str, data: Json) -> bool:
        """Inside the activity, which has not ended by then."""
        planned = self.told("activity.planned", activity=data["activity"])
        _, ended = self.life(data["activity"])
        return (
            self.speaks(source, data["activity"])
            and planned[0]["start"] <= data["date"] <= planned[0]["end"]
            and (ended is None or data["date"] <= ended)
        )

    def takes_session_cancelled(self, source: str, data: Json) -> bool:
        """While the activity runs."""
        return self.speaks(source, data["activity"]) and self.runs_on(data["activity"], data["date"])

    def takes_volunteer_engaged(self, source: str, data: Json) -> bool:
        """Once at a time per role."""
        who = {key: data[key] for key in ("activity", "volunteer", "role")}
        times = self.roles("volunteer", "engaged", "left", **who)
        return self.speaks(source, data["activity"]) and all(end is not None and end < data["date"] for _, end in times)

    def takes_volunteer_left(self, source: str, data: Json) -> bool:
        """Only a role that is open, not before it began."""
        who = {key: data[key] for key in ("activity", "volunteer", "role")}
        times = [time for time in self.roles("volunteer", "engaged", "left", **who) if time[1] is None]
        return self.speaks(source, data["activity"]) and bool(times) and times[0][0] <= data["date"]

    def takes_volunteer_hours(self, source: str, data: Json) -> bool:
        """Only on a day on which the volunteer was engaged in any role."""
        times = [
            time
            for role in ("volunteer", "venture_pilot")
            for time in self.roles(
                "volunteer", "engaged", "left", activity=data["activity"], volunteer=data["volunteer"], role=role
            )
        ]
        day = data["date"]
        return self.speaks(source, data["activity"]) and any(
            first <= day and (last is None or day <= last) for first, last in times
        )

    def takes_business_founded(self, source: str, data: Json) -> bool:
        """By members who are in the running activity; once."""
        return (
            self.speaks(source, data["activity"])
            and self.runs_on(data["activity"], data["date"])
            and not self.told("business.founded", activity=data["activity"], business=data["business"])
            and all(self.is_in(data["activity"], who, data["date"]) for who in data["members"])
        )

    def takes_outcome_measured(self, source: str, data: Json) -> bool:
        """Of who has been enrolled; on the area's one scale; once per wave, lens, respondent and course."""
        if not self.speaks(source, data["activity"]):
            return False
        course = self._course(data)
        if course is None:
            return False
        scale = [
            (item["scale_min"], item["scale_max"])
            for item in self.told("outcome.measured", instrument=data["instrument"])
        ]
        same = {key: data[key] for key in ("activity", "participant", "wave", "lens", "respondent")}
        earlier = [item["_course"] for item in self.told("outcome.measured", **same)]
        taken = all(item == (data["scale_min"], data["scale_max"]) for item in scale) and course not in earlier
        if taken:
            data["_course"] = course
        return taken

    def _course(self, data: Json) -> str | None:
        joined = [
            (first, course or "")
            for course, first, _ in self.stays(data["activity"], data["participant"])
            if first <= data["date"]
        ]
        return max(joined)[1] if joined else None

    def takes_followup_recorded(self, source: str, data: Json) -> bool:
        """Of who has left, and is not back."""
        past = [last for _, first, last in self.stays(data["activity"], data["participant"]) if first <= data["date"]]
        return (
            self.speaks(source, data["activity"])
            and bool(past)
            and all(last is not None and last <= data["date"] for last in past)
        )

    def takes_practice_shared(self, source: str, data: Json) -> bool:
        """By the activity's own area."""
        return self.speaks(source, data["activity"])

    def takes_practice_adopted(self, source: str, data: Json) -> bool:
        """What is shared, and does not stem from the adopter itself."""
        if not self.speaks(source, data["activity"]) or not self.told(
            "practice.shared", activity=data["source_activity"]
        ):
            return False
        stems = {data["source_activity"]}
        for _ in self.taken:
            stems |= {item["source_activity"] for item in self.told("practice.adopted") if item["activity"] in stems}
        return data["activity"] not in stems


def day(number: int) -> str:
    """Give a day of the plan's first months by its number."""
    return date.fromordinal(date(2025, 8, 30).toordinal() + number).isoformat()
