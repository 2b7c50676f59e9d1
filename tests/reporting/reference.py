"""Reporting's figures a second time, in the plainest way there is: lists, sets and loops over all events.

Owns no SQL and shares no code with reporting. What it says is what DOMAIN's words mean; where the two disagree, one
of them is wrong.
"""

import collections
import datetime as dt
import math
from collections.abc import Iterable
from fractions import Fraction

from tests.builders import Json
from tests.reporting.histories import Logs

Day = dt.date


class World:
    """What is true after all events: the last word on each thing."""

    def __init__(self, logs: Logs) -> None:
        self.plans: dict[str, Json] = {}
        self.activities: dict[str, Json] = collections.defaultdict(dict)
        self.enrolled: dict[tuple[str, str], Day] = {}
        self.sessions: dict[tuple[str, str], Json] = {}
        self.funders: dict[str, Json] = {}
        self.moved: list[tuple[str, Day, Json]] = []
        for owner in ("registry", "funding"):
            for entry in logs[owner]:
                self._hear(entry.name, entry.event, entry.document["outcome"] or {})

    def _hear(self, name: str, event: Json, outcome: Json) -> None:
        data = event["data"]
        if name == "plan.approved":
            self.plans[data["plan"]] = data
        elif name == "activity.planned":
            self.activities[data["activity"]].update(data, planned=Day.fromisoformat(event["time"][:10]))
        elif name in ("activity.started", "activity.ended"):
            self.activities[data["activity"]][name.removeprefix("activity.")] = Day.fromisoformat(data["date"])
        elif name == "participant.enrolled":
            self.enrolled[data["activity"], data["participant"]] = Day.fromisoformat(data["date"])
        elif name == "attendance.recorded":
            self.sessions[data["activity"], data["session"]] = data
        else:
            self._hear_of_money(name, data, outcome)

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
        held = [
            data
            for (activity, _), data in self.sessions.items()
            if activity in own and first <= Day.fromisoformat(data["date"]) <= last
        ]
        hours = sum(Fraction(str(data.get("hours", 0))) * _came(data) for data in held)
        return {
            **self._states(own.values(), first, last),
            "sessions": len(held),
            "attendances": sum(_came(data) for data in held),
            "participant_hours": hours,
            **self._people(own, first, last),
        }

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
        seen: dict[tuple[str, str], set[Day]] = collections.defaultdict(set)
        present: set[tuple[str, str]] = set()
        for (activity, participant), day in self.enrolled.items():
            if activity in own and day <= last:
                person = own[activity]["area"], participant
                seen[person].add(day)
                if own[activity].get("ended", Day.max) >= first:
                    present.add(person)
        for (activity, _), data in self.sessions.items():
            day = Day.fromisoformat(data["date"])
            for participant in data.get("participants", ()) if activity in own else ():
                # Coming counts from the first of its month on, the grain in which it is kept.
                if day.replace(day=1) <= last:
                    seen[own[activity]["area"], participant].add(day.replace(day=1))
        return {
            "participants": len(present),
            "new_participants": sum(first <= min(seen[person]) <= last for person in present),
            "multi_year_participants": sum(
                len({day.year - (day.month < 8) for day in seen[person]}) > 1 for person in present
            ),
        }

    def money(self, last: Day, plan: str | None = None) -> dict[tuple[str, str], int]:
        """Add up what has moved until the end of a day, of one plan or all, by what and by funder's kind."""
        sums: collections.Counter[tuple[str, str]] = collections.Counter()
        for commitment, day, amounts in self.moved:
            if day <= last and plan in (None, self.funders[commitment]["plan"]):
                for what, amount_ore in amounts.items():
                    sums[self.funders[commitment]["funder_kind"], what] += amount_ore
        return dict(sums)


def as_number(value: Fraction) -> float:
    """Give a fraction as JSON would: whole, or with its decimals."""
    return int(value) if value == math.floor(value) else float(value)


def _came(data: Json) -> int:
    return data["headcount"] if "headcount" in data else len(data["participants"])
