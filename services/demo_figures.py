"""What the network report must say of the demo, added up from the files alone. Shares no code with reporting."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

MONEY: Final = ("committed_ore", "released_ore", "received_ore", "spent_ore")
HELD: Final = ("sessions", "attendances", "participant_hours")
STATES: Final = ("activities_planned", "activities_running", "activities_ended")
THRESHOLD: Final = 5


@dataclass
class Sums:
    """What is added up for the whole, an area, an effort area or a month; people are sets of area and pseudonym."""

    sessions: int = 0
    attendances: int = 0
    participant_hours: float = 0
    activities_planned: int = 0
    activities_running: int = 0
    activities_ended: int = 0
    participants: set[tuple[str, str]] = field(default_factory=set)
    funding: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MONEY, 0))


Grain = tuple[str, str]
TOTAL: Final[Grain] = ("total", "")


def read(files: Iterable[Path]) -> list[dict[str, Any]]:
    """Read events from files of JSON lines."""
    return [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def add_up(events: Iterable[dict[str, Any]]) -> dict[Grain, Sums]:
    """Add up events: `("total", "")`, `("area", …)`, `("effort_area", …)` and `("month", "2025-08")`."""
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        by_name[event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")].append(event["data"])
    sums: dict[Grain, Sums] = defaultdict(Sums)
    _add_activities(sums, by_name)
    _add_money(sums, by_name)
    return sums


def differences(report: dict[str, Any], expected: dict[Grain, Sums]) -> list[str]:
    """Name every figure in which a network report differs from what the files say; none when it is right."""
    found: list[str] = []
    for grain, row in _rows(report):
        place = " ".join(grain).strip()
        sums = expected.get(grain, Sums())
        names = HELD if grain[0] == "month" else (*HELD, *STATES)
        pairs = [(name, row[name], getattr(sums, name)) for name in names]
        if "funding" in row:
            pairs += [(name, row["funding"][name], amount_ore) for name, amount_ore in sums.funding.items()]
        if grain[0] != "month" and not _is_count(row["participants"], len(sums.participants)):
            pairs.append(("participants", row["participants"]["value"], len(sums.participants)))
        found += [f"{place} {name}: {said}, not {right}" for name, said, right in pairs if said != right]
    missing = set(expected) - {grain for grain, _ in _rows(report)}
    return found + [f"{' '.join(grain)} is missing" for grain in sorted(missing)]


def _add_activities(sums: dict[Grain, Sums], by_name: dict[str, list[dict[str, Any]]]) -> None:
    activities = {data["activity"]: data for data in by_name["activity.planned"]}
    started = {data["activity"] for data in by_name["activity.started"]}
    ended = {data["activity"] for data in by_name["activity.ended"]}

    def places(name: str) -> list[Sums]:
        data = activities[name]
        return [sums[TOTAL], sums["area", data["area"]], sums["effort_area", data["effort_area"]]]

    for name in activities:
        for place in places(name):
            place.activities_planned += name not in started
            place.activities_running += name in started and name not in ended
            place.activities_ended += name in ended
    for data in by_name["participant.enrolled"]:
        for place in places(data["activity"]):
            place.participants.add((activities[data["activity"]]["area"], data["participant"]))
    # The last word on a session counts.
    sessions = {(data["activity"], data["session"]): data for data in by_name["attendance.recorded"]}
    for data in sessions.values():
        came = len(data["participants"]) if "participants" in data else data["headcount"]
        for place in [*places(data["activity"]), sums["month", data["date"][:7]]]:
            place.sessions += 1
            place.attendances += came
            place.participant_hours += came * data.get("hours", 0)


def _add_money(sums: dict[Grain, Sums], by_name: dict[str, list[dict[str, Any]]]) -> None:
    areas = {data["plan"]: data["areas"] for data in by_name["plan.approved"]}
    commitments = {data["commitment"]: data for data in by_name["funding.committed"]}

    def add(plan: str, name: str, amount_ore: int) -> None:
        for place in [sums[TOTAL], *(sums["area", area] for area in areas[plan])]:
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
    for data in by_name["expense.booked"]:
        add(data["plan"], "spent_ore", data["amount_ore"])


def _rows(report: dict[str, Any]) -> Iterator[tuple[Grain, dict[str, Any]]]:
    yield TOTAL, report["totals"]
    for row in report["areas"]:
        yield ("area", row["area"]), row
    for row in report["effort_areas"]:
        yield ("effort_area", row["effort_area"]), row
    for row in report["months"]:
        yield ("month", row["month"]), row


def _is_count(count: dict[str, Any], people: int) -> bool:
    """Tell whether a count of people is right: the number itself, or withheld; a small one has to be withheld."""
    return bool(count["suppressed"]) or (count["value"] == people and not 0 < people < THRESHOLD)
