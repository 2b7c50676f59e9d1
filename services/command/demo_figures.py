"""What reports must say of the demo, added up from the files alone: the network's, and of people each area's own.

Which figures there are it has from reporting's catalogue; of how they are counted it shares no code.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from services.reporting.indicators import INDICATORS, of_theme

MONEY: Final = of_theme("money")
CHECKED: Final = tuple(item for item in INDICATORS if item.checked_by_demo)
HELD: Final = tuple(item.name for item in CHECKED if item.theme == "sessions")
DONE: Final = tuple(item.name for item in CHECKED if item.theme == "done")
STATES: Final = tuple(item.name for item in CHECKED if item.theme == "activities")
THINGS: Final = tuple(item for item in CHECKED if item.theme == "things")
# A mean is told with two decimals.
ROUNDED: Final = 0.0051
SCHOOL_YEAR_BEGINS_IN: Final = 8


@dataclass
class Sums:
    """What is added up for the whole, an area, an effort area or a month.

    `people` holds the school years in which each was seen, by area and pseudonym; `pairs` the changes from before to
    after, from 0 to 100, by lens and respondent.
    """

    numbers: Counter[str] = field(default_factory=Counter)
    things: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    people: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    volunteers: set[tuple[str, str]] = field(default_factory=set)
    pairs: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    funding: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MONEY, 0))

    def counts(self) -> dict[str, int]:
        """Count people as they are counted for the whole of time: everybody is new in it once."""
        several = sum(len(years) > 1 for years in self.people.values())
        known = len(self.people)
        return {
            "participants": known,
            "new_participants": known,
            "multi_year_participants": several,
            "volunteers": len(self.volunteers),
        }


Grain = tuple[str, str]
Data = dict[str, Any]
TOTAL: Final[Grain] = ("total", "")


def read(files: Iterable[Path]) -> list[dict[str, Any]]:
    """Read events from files of JSON lines."""
    return [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def add_up(events: Iterable[dict[str, Any]]) -> dict[Grain, Sums]:
    """Add up events: `("total", "")`, `("area", …)`, `("effort_area", …)` and `("month", "2025-08")`."""
    by_name: dict[str, list[Data]] = defaultdict(list)
    sessions: dict[str, tuple[str, Data]] = {}
    for event in events:
        name = event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")
        by_name[name].append(event["data"])
        if name in {"attendance.recorded", "session.cancelled"}:
            # The last word on a session counts.
            sessions[event["data"]["session"]] = (name, event["data"])
    adding = _Adding({data["activity"]: data for data in by_name["activity.planned"]})
    adding.activities_in(by_name)
    adding.sessions_in(sessions.values())
    adding.volunteers_in(by_name)
    adding.things_in(by_name)
    adding.change_in(by_name)
    adding.money_in(by_name)
    return adding.sums


def differences(report: dict[str, Any], own: Mapping[str, dict[str, Any]], expected: dict[Grain, Sums]) -> list[str]:
    """Name every figure in which reports differ from what the files say; none when they are right.

    `report` is the network's, `own` are those of areas as their own people see them, in which people are live.
    """
    found: list[str] = []
    for grain, row in _rows(report):
        sums = expected.get(grain, Sums())
        names = HELD if grain[0] == "month" else (*HELD, *STATES)
        pairs = [(name, row[name], sums.numbers[name]) for name in names]
        if grain[0] != "month":
            pairs += [(item.name, row[item.name], len(sums.things[item.name])) for item in THINGS]
        if "funding" in row:
            pairs += [(name, row["funding"][name], amount_ore) for name, amount_ore in sums.funding.items()]
        found += _named(grain, pairs)
    for area, inside in own.items():
        found += _differences_in_people(area, inside, expected["area", area])
    missing = set(expected) - {grain for grain, _ in _rows(report)}
    return found + [f"{' '.join(grain)} is missing" for grain in sorted(missing)]


def _named(grain: Grain, pairs: Iterable[tuple[str, Any, Any]]) -> list[str]:
    place = " ".join(grain).strip()
    return [f"{place} {name}: {said}, not {right}" for name, said, right in pairs if said != right]


def _differences_in_people(area: str, report: dict[str, Any], sums: Sums) -> Iterator[str]:
    right = {**sums.counts(), **{name: sums.numbers[name] for name in DONE}}
    yield from _named(("area", area), [(name, report["totals"][name]["value"], each) for name, each in right.items()])
    for row in report["change"]:
        changes = sums.pairs.get((row["lens"], row["respondent"]), [])
        of = f"area {area} {row['lens']} by {row['respondent']}"
        if row["pairs"] != len(changes):
            yield f"pairs of {of}: {row['pairs']}, not {len(changes)}"
        elif row["mean_change"] is not None:
            mean = sum(changes) / len(changes)
            if abs(row["mean_change"] - mean) > ROUNDED:
                yield f"mean change of {of}: {row['mean_change']}, not {mean:.2f}"


class _Adding:
    """Adds facts to the sums of every place that they belong to."""

    def __init__(self, activities: dict[str, Data]) -> None:
        self.sums: dict[Grain, Sums] = defaultdict(Sums)
        self._activities = activities

    def _places(self, activity: str) -> list[Sums]:
        data = self._activities[activity]
        return [self.sums[TOTAL], self.sums["area", data["area"]], self.sums["effort_area", data["effort_area"]]]

    def activities_in(self, by_name: dict[str, list[Data]]) -> None:
        started = {data["activity"] for data in by_name["activity.started"]}
        ended = {data["activity"] for data in by_name["activity.ended"]}
        for name in self._activities:
            state = "ended" if name in ended else "running" if name in started else "planned"
            for place in self._places(name):
                place.numbers[f"activities_{state}"] += 1
        for data in by_name["participant.enrolled"]:
            self._see(data["activity"], data["participant"], data["date"])

    def sessions_in(self, sessions: Iterable[tuple[str, Data]]) -> None:
        for name, data in sessions:
            came = (
                len(data["participants"]) + data.get("guests", 0)
                if "participants" in data
                else data.get("headcount", 0)
            )
            held = name == "attendance.recorded"
            for place in [*self._places(data["activity"]), self.sums["month", data["date"][:7]]]:
                place.numbers["sessions" if held else "cancelled_sessions"] += 1
                place.numbers["attendances"] += came
                place.numbers["participant_hours"] += came * data.get("hours", 0)
            for participant in data.get("participants", ()):
                self._see(data["activity"], participant, data["date"])

    def _see(self, activity: str, participant: str, day: str) -> None:
        year = int(day[:4]) - (int(day[5:7]) < SCHOOL_YEAR_BEGINS_IN)
        for place in self._places(activity):
            place.people[self._activities[activity]["area"], participant].add(year)

    def volunteers_in(self, by_name: dict[str, list[Data]]) -> None:
        for data in by_name["volunteer.engaged"]:
            for place in self._places(data["activity"]):
                place.volunteers.add((self._activities[data["activity"]]["area"], data["volunteer"]))
        for data in by_name["volunteer.hours"]:
            for place in [*self._places(data["activity"]), self.sums["month", data["date"][:7]]]:
                place.numbers["volunteer_hours"] += data["hours"]

    def things_in(self, by_name: dict[str, list[Data]]) -> None:
        withdrawn = {data["story"] for data in by_name["story.withdrawn"]}
        # Later words on a thing, such as that it is over, need not say whose it is.
        of_activity = {
            (item.thing, data[item.thing]): data["activity"]
            for item in THINGS
            for events in by_name.values()
            for data in events
            if {"activity", item.thing} <= data.keys()
        }
        for item in THINGS:
            for data in by_name[item.events[0]]:
                if item.thing != "story" or data["story"] not in withdrawn:
                    for place in self._places(data.get("activity") or of_activity[item.thing, data[item.thing]]):
                        place.things[item.name].add(data[item.thing])

    def change_in(self, by_name: dict[str, list[Data]]) -> None:
        """Pair what was measured of one person in one course, the one joined last, by one instrument."""
        joined: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for data in by_name["participant.enrolled"]:
            joined[data["activity"], data["participant"]].append((data["date"], data.get("course", "")))
        scores: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        for data in by_name["outcome.measured"]:
            person = data["activity"], data["participant"]
            course = max(stay for stay in joined[person] if stay[0] <= data["date"])[1]
            points = 100 * (data["score"] - data["scale_min"]) / (data["scale_max"] - data["scale_min"])
            scores[data["lens"], data["respondent"], *person, course, data["instrument"]][data["wave"]] = points
        for (lens, respondent, activity, *_), waves in scores.items():
            if {"before", "after"} <= waves.keys():
                area = self._activities[activity]["area"]
                self.sums["area", area].pairs[lens, respondent].append(waves["after"] - waves["before"])

    def money_in(self, by_name: dict[str, list[Data]]) -> None:
        areas = {data["plan"]: data["areas"] for data in by_name["plan.approved"]}
        commitments = {data["commitment"]: data for data in by_name["funding.committed"]}

        def add(plan: str, name: str, amount_ore: int) -> None:
            for place in [self.sums[TOTAL], *(self.sums["area", area] for area in areas[plan])]:
                place.funding[name] += amount_ore

        for data in by_name["funding.committed"]:
            add(data["plan"], "committed_ore", data["amount_ore"])
        for data in by_name["funding.released"]:
            add(commitments[data["commitment"]]["plan"], "released_ore", data["amount_ore"])
        for data in by_name["funding.received"]:
            commitment = commitments[data["commitment"]]
            add(commitment["plan"], "received_ore", data["amount_ore"])
            if commitment["funder_kind"] == "landsbyggefonden":
                # It pays without a release of its own.
                add(commitment["plan"], "released_ore", data["amount_ore"])
        expenses = {data["expense"]: data for data in by_name["expense.booked"]}
        for data in expenses.values():
            add(data["plan"], "spent_ore", data["amount_ore"])
        for data in by_name["expense.reversed"]:
            wrong = expenses[data["expense"]]
            add(wrong["plan"], "spent_ore", -wrong["amount_ore"])


def _rows(report: dict[str, Any]) -> Iterator[tuple[Grain, dict[str, Any]]]:
    yield TOTAL, report["totals"]
    for row in report["areas"]:
        yield ("area", row["area"]), row
    for row in report["effort_areas"]:
        yield ("effort_area", row["effort_area"]), row
    for row in report["months"]:
        yield ("month", row["month"]), row
