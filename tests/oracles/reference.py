"""Reporting's figures a second time, in the plainest way there is: lists, sets and loops over all events.

Owns no SQL and shares no code with reporting. What it says is what the field's words mean; where the two disagree, one
of them is wrong.
"""

import collections
import datetime as dt
import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from tests.oracles.histories import Logs
from tests.support.builders import Json

Day = dt.date
# The area and the pseudonym.
Person = tuple[str, str]
# Sorts after all words.
LAST = "~"


class World:
    """What is true after all events: the last word on each thing."""

    def __init__(self, logs: Logs) -> None:
        self.plans: dict[str, Json] = {}
        self.activities: dict[str, Json] = collections.defaultdict(dict)
        # (activity, participant, course, from, until)
        self.stays: list[list[Any]] = []
        # Each with day, activity, participant, course, age band and gender; what is not said comes after all else.
        self.traits: list[tuple[Day, str, str, str, str, str]] = []
        self.courses: dict[str, Json] = collections.defaultdict(dict)
        # (activity, who, role, from, until), of volunteers and of mentors
        self.engaged: dict[str, list[list[Any]]] = {"volunteer": [], "mentor": []}
        self.worked: list[Json] = []
        self.businesses: dict[str, Json] = {}
        self.stories: dict[str, Json] = {}
        self.milestones: dict[tuple[str, str], Json] = collections.defaultdict(dict)
        self.scores: dict[tuple[str, str, str], Json] = {}
        self.sessions: dict[tuple[str, str], Json] = {}
        self.funders: dict[str, Json] = {}
        self.moved: list[tuple[str, Day, Json]] = []
        # Each with activity, participant and day.
        self.departures: list[tuple[str, str, Day]] = []
        self.followed: list[Json] = []
        for owner in ("registry", "funding"):
            for entry in logs[owner]:
                self._hear(entry.name, entry.event, entry.document["outcome"] or {})

    def _hear(self, name: str, event: Json, outcome: Json) -> None:
        data = event["data"]
        if name == "plan.approved":
            self.plans[data["plan"]] = data
        elif name == "activity.planned":
            self.activities[data["activity"]].update(data, planned=Day.fromisoformat(event["time"][:10]))
        elif name.startswith("activity."):
            self._hear_of_activity(name, event)
        elif name in ("attendance.recorded", "session.cancelled"):
            self.sessions[data["activity"], data["session"]] = data
        elif name == "course.opened":
            self.courses[data["course"]].update(data)
        elif name == "course.closed":
            self.courses[data["course"]]["closed"] = Day.fromisoformat(data["date"])
        elif name.startswith(("participant.", "volunteer.", "mentor.", "business.", "outcome.", "followup.")):
            self._hear_of_people(name, data)
        elif name.startswith(("story.", "milestone.")):
            self._hear_of_plan(name, event)
        else:
            self._hear_of_money(name, data, outcome)

    def _hear_of_activity(self, name: str, event: Json) -> None:
        activity = self.activities[event["data"]["activity"]]
        if name == "activity.anchored":
            activity.setdefault("anchored", Day.fromisoformat(event["time"][:10]))
        elif name == "activity.started":
            day = Day.fromisoformat(event["data"]["date"])
            activity["started"] = min(day, activity.get("started", day))
            activity.pop("ended", None)
        else:
            activity["ended"] = Day.fromisoformat(event["data"]["date"])

    def _hear_of_people(self, name: str, data: Json) -> None:
        day = Day.fromisoformat(data["date"]) if "date" in data else Day.min
        if name == "participant.enrolled":
            self.stays.append([data["activity"], data["participant"], data.get("course"), day, Day.max])
            course, gender = data.get("course", LAST), data.get("gender", LAST)
            self.traits.append((day, data["activity"], data["participant"], course, data["age_band"], gender))
        elif name == "followup.recorded":
            self.followed.append(data)
        elif name == "participant.left":
            self.departures.append((data["activity"], data["participant"], day))
            for stay in self.stays:
                if stay[:2] == [data["activity"], data["participant"]]:
                    stay[4] = min(stay[4], day)
        elif name == "volunteer.hours":
            self.worked.append(data)
        elif name == "outcome.measured":
            self.scores[data["activity"], data["participant"], data["wave"]] = data
        elif name == "business.founded":
            self.businesses[data["business"]] = {**data, "until": Day.max}
        elif name == "business.closed":
            self.businesses[data["business"]]["until"] = day
        else:
            self._hear_of_engaged(name.partition(".")[0], name.endswith("engaged"), data, day)

    def _hear_of_engaged(self, kind: str, begins: bool, data: Json, day: Day) -> None:  # noqa: FBT001  begins or ends
        named = [data["activity"], data[{"volunteer": "volunteer", "mentor": "organisation"}[kind]]]
        if begins:
            self.engaged[kind].append([*named, day, Day.max])
        for engaged in self.engaged[kind]:
            if not begins and engaged[:2] == named:
                engaged[3] = min(engaged[3], day)

    def _hear_of_plan(self, name: str, event: Json) -> None:
        data = event["data"]
        if name == "story.published":
            self.stories[data["story"]] = {**data, "day": Day.fromisoformat(event["time"][:10])}
        elif name == "story.withdrawn":
            del self.stories[data["story"]]
        elif name == "milestone.planned":
            self.milestones[data["plan"], data["milestone"]]["due"] = Day.fromisoformat(data["due"])
        else:
            self.milestones[data["plan"], data["milestone"]]["reached"] = Day.fromisoformat(data["date"])

    def _hear_of_money(self, name: str, data: Json, outcome: Json) -> None:
        if name == "funding.committed":
            self.funders[data["commitment"]] = data
            self._move(data["commitment"], data["date"], committed_ore=data["amount_ore"])
        elif name == "funding.released":
            self._move(data["commitment"], data["date"], released_ore=data["amount_ore"])
        elif name == "funding.received":
            released = outcome.get("released_ore", 0)
            self._move(data["commitment"], data["date"], received_ore=data["amount_ore"], released_ore=released)
        elif name == "expense.booked":
            for commitment, share_ore in outcome["shares"].items():
                self._move(commitment, data["incurred_on"], spent_ore=share_ore)
        elif name == "expense.reversed":
            for commitment, share_ore in outcome["shares"].items():
                self._move(commitment, outcome["booked_on"], spent_ore=share_ore)

    def _move(self, commitment: str, day: str, **amounts: int) -> None:
        self.moved.append((commitment, Day.fromisoformat(day), amounts))

    def figures(self, first: Day, last: Day, *, area: str | None = None, effort_area: str | None = None) -> Json:
        """Count everything in a period, of one area, one effort area or all."""
        own = {
            name: activity
            for name, activity in self.activities.items()
            if area in (None, activity["area"]) and effort_area in (None, activity["effort_area"])
        }
        told = [
            data
            for (activity, _), data in self.sessions.items()
            if activity in own and first <= Day.fromisoformat(data["date"]) <= last
        ]
        held = [data for data in told if "participants" in data or "headcount" in data]
        hours = sum(Fraction(str(data.get("hours", 0))) * _came(data) for data in held)
        return {
            **self._states(own.values(), first, last),
            "sessions": len(held),
            "attendances": sum(_came(data) for data in held),
            "participant_hours": hours,
            "cancelled_sessions": len(told) - len(held),
            **self._things(own, first, last, area, effort_area),
            **self._voluntary(own, first, last),
            **self._people(own, first, last),
        }

    def _things(self, own: dict[str, Json], first: Day, last: Day, area: str | None, effort_area: str | None) -> Json:
        courses = [
            course
            for course in self.courses.values()
            if course.get("activity") in own
            and Day.fromisoformat(course["start"]) <= last
            and min(course.get("closed", Day.fromisoformat(course["end"])), _over(own[course["activity"]])) >= first
        ]
        businesses = [
            data
            for data in self.businesses.values()
            if data["activity"] in own
            and Day.fromisoformat(data["date"]) <= last
            and min(data["until"], _over(own[data["activity"]])) >= first
        ]
        stories = [
            data
            for data in self.stories.values()
            if first <= data["day"] <= last
            and area in (None, data["area"])
            and (effort_area is None or data.get("activity") in own)
        ]
        return {
            "courses": len(courses),
            "mentor_companies": len(self._engaged_in("mentor", own, first, last)),
            "micro_businesses": len(businesses),
            "stories": len(stories),
            "activities_anchored": sum(activity.get("anchored", Day.max) <= last for activity in own.values()),
        }

    def _voluntary(self, own: dict[str, Json], first: Day, last: Day) -> Json:
        worked = [
            Fraction(str(data["hours"]))
            for data in self.worked
            if data["activity"] in own and first <= Day.fromisoformat(data["date"]) <= last
        ]
        return {
            "volunteers": len(self._engaged_in("volunteer", own, first, last)),
            "volunteer_hours": sum(worked, Fraction(0)),
        }

    def _engaged_in(self, kind: str, own: dict[str, Json], first: Day, last: Day) -> set[Person]:
        """Give who is engaged: a volunteer is somebody else in each area, a mentor company is one everywhere."""
        return {
            (own[activity]["area"] if kind == "volunteer" else "", who)
            for activity, who, begin, end in self.engaged[kind]
            if activity in own and begin <= last and min(end, _over(own[activity])) >= first
        }

    def milestones_of(self, plan: str, last: Day) -> Json:
        """Count a plan's milestones as they stand at the end of a day."""
        own = [data for (name, _), data in self.milestones.items() if name == plan]
        reached = [data for data in own if data.get("reached", Day.max) <= last]
        late = [data for data in own if data["due"] < last < data.get("reached", Day.max)]
        return {"planned": len(own), "reached": len(reached), "overdue": len(late)}

    def changes(self, first: Day, last: Day, area: str | None = None) -> list[tuple[float, float]]:
        """Give each pair of scores, before and after, from 0 to 100."""
        return [
            (_points(before), _points(after))
            for (activity, participant, wave), after in self.scores.items()
            if wave == "after" and (before := self.scores.get((activity, participant, "before")))
            if area in (None, self.activities[activity]["area"]) and first <= Day.fromisoformat(after["date"]) <= last
        ]

    def _states(self, activities: Iterable[Json], first: Day, last: Day) -> Json:
        planned = running = ended = 0
        for activity in activities:
            started, over = activity.get("started", Day.max), activity.get("ended", Day.max)
            is_planned = activity["planned"] <= last < started and Day.fromisoformat(activity["end"]) >= first
            planned += is_planned
            running += started <= last < over
            ended += first <= over <= last
        return {"activities_planned": planned, "activities_running": running, "activities_ended": ended}

    def _people(self, own: dict[str, Json], first: Day, last: Day) -> Json:
        present, seen = self._who(own, first, last)
        return {
            "participants": len(present),
            "new_participants": sum(first <= min(seen[person]) <= last for person in present),
            "multi_year_participants": sum(len({_school_year(day) for day in seen[person]}) > 1 for person in present),
        }

    def _who(self, own: dict[str, Json], first: Day, last: Day) -> tuple[set[Person], dict[Person, set[Day]]]:
        """Give who took part in a period, and the days until its end on which each was seen."""
        seen: dict[Person, set[Day]] = collections.defaultdict(set)
        present: set[Person] = set()
        for activity, participant, course, day, left in self.stays:
            if activity in own and day <= last:
                person = own[activity]["area"], participant
                seen[person].add(day)
                closed = self.courses[course].get("closed", Day.max) if course else Day.max
                if min(left, closed, own[activity].get("ended", Day.max)) >= first:
                    present.add(person)
        for (activity, _), data in self.sessions.items():
            day = Day.fromisoformat(data["date"])
            for participant in data.get("participants", ()) if activity in own else ():
                # Coming counts from the first of its month on, the grain in which it is kept.
                if day.replace(day=1) <= last:
                    seen[own[activity]["area"], participant].add(day.replace(day=1))
        return present, seen

    def staying(self, first: Day, last: Day, area: str | None = None) -> list[tuple[int, int | None, list[int]]]:
        """Give of each school year how many were new, seen again in any later one, and in each of these."""
        own = {name: activity for name, activity in self.activities.items() if area in (None, activity["area"])}
        years = range(_school_year(first), _school_year(last) + 1)
        cuts = [(max(first, Day(year, 8, 1)), min(last, Day(year + 1, 7, 31))) for year in years]
        told = [(begin, end, *self._who(own, begin, end)) for begin, end in cuts]
        new = [{who for who in present if begin <= min(seen[who]) <= end} for begin, end, present, seen in told]
        came = [
            {who for who in present if any(begin <= day <= end for day in seen[who])}
            for begin, end, present, seen in told
        ]
        rows: list[tuple[int, int | None, list[int]]] = []
        for place, cohort in enumerate(new):
            later = came[place + 1 :]
            again = len({who for who in cohort if any(who in year for year in later)}) if later else None
            rows.append((len(cohort), again, [len(cohort & year) for year in later]))
        return rows

    def by_trait(self, first: Day, last: Day, until: Day, area: str | None = None) -> tuple[Json, Json]:
        """Count who took part in a period by age band and by gender, as these were said last of those until a day."""
        own = {name: activity for name, activity in self.activities.items() if area in (None, activity["area"])}
        present, _ = self._who(own, first, last)
        band: dict[Person, str] = {}
        gender: dict[Person, str] = {}
        for day, activity, participant, _, of_age, of_gender in sorted(self.traits):
            if activity in own and day <= until:
                person = own[activity]["area"], participant
                band[person] = of_age
                gender[person] = gender.get(person, "other") if of_gender == LAST else of_gender
        return (
            dict(collections.Counter(band[person] for person in present)),
            dict(collections.Counter(gender[person] for person in present)),
        )

    def former(self, first: Day, last: Day, area: str | None = None) -> tuple[int, dict[int, dict[str, int]]]:
        """Give how many left, and by months after how many were in each status by the newest word on them."""

        def is_told(activity: str, day: Day) -> bool:
            return area in (None, self.activities[activity]["area"]) and first <= day <= last

        left = {
            (self.activities[activity]["area"], who) for activity, who, day in self.departures if is_told(activity, day)
        }
        newest: dict[tuple[str, str, int], str] = {}
        for data in sorted(self.followed, key=lambda data: str(data["date"])):
            if is_told(data["activity"], Day.fromisoformat(data["date"])):
                of = self.activities[data["activity"]]["area"]
                newest[of, data["participant"], data["months_after"]] = data["status"]
        counted: dict[int, dict[str, int]] = {}
        for (_, _, after), status in newest.items():
            counted.setdefault(after, collections.Counter())[status] += 1
        return len(left), counted

    def money(self, last: Day, plan: str | None = None) -> dict[tuple[str, str], int]:
        """Add up what has moved until the end of a day, of one plan or all, by what and by funder's kind."""
        sums: collections.Counter[tuple[str, str]] = collections.Counter()
        for commitment, day, amounts in self.moved:
            if day <= last and plan in (None, self.funders[commitment]["plan"]):
                for what, amount_ore in amounts.items():
                    sums[self.funders[commitment]["funder_kind"], what] += amount_ore
        return dict(sums)


def _over(activity: Json) -> Day:
    end: Day = activity.get("ended", Day.max)
    return end


def as_number(value: Fraction) -> float:
    """Give a fraction as JSON would: whole, or with its decimals."""
    return int(value) if value == math.floor(value) else float(value)


def _school_year(day: Day) -> int:
    return day.year - (day.month < 8)


def _points(data: Json) -> float:
    low, high = data["scale_min"], data["scale_max"]
    return float(100 * (data["score"] - low) / (high - low))


def _came(data: Json) -> int:
    if "headcount" in data:
        return int(data["headcount"])
    return len(data["participants"]) + int(data.get("guests", 0))
