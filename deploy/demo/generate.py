"""Writes the demo events, registry.jsonl and funding.jsonl, from scenario.toml. All of it is synthetic.

Run again it writes the same bytes: every choice is drawn from `random.Random(seed).random()`, the one method
whose sequence Python promises to keep.
"""

import hashlib
import hmac
import json
import random
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
PLAN_START, PLAN_END = date(2025, 8, 1), date(2029, 7, 31)
POOL = "2019-26"
BELOW_15 = {"6-9", "10-12", "13-14"}
CORRECTED_SHARE = 0.03
ORE = 100

Event = dict[str, Any]
Table = dict[str, Any]


class Dice:
    """Draws from a seed of its own, so that a change in one activity leaves the others as they were."""

    def __init__(self, *seed: str) -> None:
        self._random = random.Random("/".join(seed))  # noqa: S311  a story, no secret

    def between(self, low: float, high: float) -> float:
        """Draw a number."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number; both ends can come."""
        return low + int((high - low + 1) * self._random.random())

    def about(self, amount_ore: int) -> int:
        """Draw an amount a few per cent from this one."""
        return amount_ore * self.whole(960, 1050) // 1000

    def happens(self, share: float) -> bool:
        """Draw whether something happens that does so in this share of cases."""
        return self._random.random() < share

    def mixed(self, items: Sequence["Person"]) -> list["Person"]:
        """Give the items in a drawn order."""
        return sorted(items, key=lambda _: self._random.random())


@dataclass(frozen=True)
class Person:
    """Somebody the area knows; outside it only the pseudonym is."""

    pseudonym: str
    age_band: str
    gender: str


@dataclass(frozen=True)
class Member:
    """A person in an activity: since when, and how likely to turn up."""

    person: Person
    since: date
    turn_up: float


@dataclass
class Story:
    """The events of the demo as they are told, and what is spent on the way."""

    scenario: Table
    registry: list[Event] = field(default_factory=list)
    funding: list[Event] = field(default_factory=list)

    def tell(self, source: str, name: str, key: str, said: datetime, data: Table) -> None:
        """Add an event to the file of its owner."""
        events = self.funding if name.startswith(("funding.", "expense.")) else self.registry
        events.append(
            {
                "specversion": "1.0",
                "id": f"{name}:{key}",
                "source": source,
                "type": f"dk.helhedsnet.{name}.v1",
                "time": said.isoformat().replace("+00:00", "Z"),
                "data": data,
            }
        )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Give a moment of a day, in UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


def people_of(scenario: Table, area: str) -> list[Person]:
    """Make the people of an area, each known by a keyed hash as an area would make it."""
    dice = Dice(scenario["seed"], area, "people")
    key = f"{scenario['seed']}/{area}".encode()
    people: list[Person] = []
    for age_band, count in scenario["people"].items():
        for _ in range(count):
            digest = hmac.new(key, f"person {len(people)}".encode(), hashlib.sha256).hexdigest()
            people.append(Person(digest[:16], age_band, "male" if dice.happens(0.52) else "female"))
    return people


def is_open(scenario: Table, day: date) -> bool:
    """Tell whether a day is no holiday."""
    return not any(first <= day <= last for first, last in scenario["holidays"])


def session_days(scenario: Table, activity: Table) -> Iterator[date]:
    """Give the days on which an activity meets in the school year."""
    first = max(activity["start"], scenario["first_day"])
    last = min(activity["end"], scenario["last_day"])
    for offset in range((last - first).days + 1):
        day = first + timedelta(offset)
        weeks = (day - first).days // 7
        meets = day.weekday() in activity["weekdays"] and weeks % activity.get("every_weeks", 1) == 0
        if meets and is_open(scenario, day):
            yield day


def members_of(activity: Table, area: str, people: Sequence[Person], days: Sequence[date], dice: Dice) -> list[Member]:
    """Draw who joins an activity, when, and how faithful each is."""
    fitting = [
        person
        for person in people
        if person.age_band in activity.get("ages", ()) and activity.get("gender") in (None, person.gender)
    ]
    members: list[Member] = []
    count = activity.get("people", {}).get(area, 0)
    for place, person in enumerate(dice.mixed(fitting)[:count]):
        since = days[0]
        if place >= round(count * activity["from_the_start"]):
            since = min(since + timedelta(dice.whole(3, activity["weeks_to_join"] * 7)), days[-1])
        members.append(Member(person, since, dice.between(*activity["turn_up"])))
    return sorted(members, key=lambda member: member.since)


def tell_network(story: Story) -> None:
    """Tell who is there: areas, organisations and the approved plans."""
    for area in story.scenario["area"]:
        data = {key: area[key] for key in ("area", "name", "municipality", "residents", "departments")}
        story.tell("/network", "area.registered", area["area"], at(date(2025, 6, 2), 8), data)
    for organisation in story.scenario["organisation"]:
        said = at(date(2025, 6, 2), 9)
        story.tell("/network", "organisation.registered", organisation["organisation"], said, organisation)
    for area in story.scenario["area"]:
        data = {
            "plan": area["plan"],
            "name": area["plan_name"],
            "pool": POOL,
            "areas": [area["area"]],
            "start": PLAN_START.isoformat(),
            "end": PLAN_END.isoformat(),
            "approval_reference": area["approval_reference"],
        }
        story.tell("/network", "plan.approved", area["plan"], at(date(2025, 6, 20), 12), data)


def tell_commitments(story: Story, area: Table) -> None:
    """Tell who finances the plan, and what was released and came in."""
    source = f"/areas/{area['area']}"
    for item in area["commitment"]:
        name = item["commitment"]
        data = {
            "commitment": name,
            "plan": area["plan"],
            "funder": item["funder"],
            "funder_kind": item["funder_kind"],
            "amount_ore": item["amount"] * ORE,
            "reference": item["reference"],
            "date": item["date"].isoformat(),
        }
        story.tell(source, "funding.committed", name, at(item["date"], 13), data)
        for place, (day, amount) in enumerate(item["releases"], start=1):
            data = {"commitment": name, "amount_ore": amount * ORE, "date": day.isoformat()}
            story.tell(source, "funding.released", f"{name}-{place}", at(day, 10), data)
        for place, (day, amount) in enumerate(item["receipts"], start=1):
            data = {"commitment": name, "receipt": f"{name}-rate-{place}", "amount_ore": amount * ORE}
            data["date"] = day.isoformat()
            story.tell(source, "funding.received", f"{name}-{place}", at(day + timedelta(1), 9), data)


def tell_activity(story: Story, area: Table, activity: Table, people: Sequence[Person]) -> list[date]:
    """Tell the life of one activity, and give the days on which it met."""
    slug = f"{area['area']}-{activity['kind']}"
    source = f"/areas/{area['area']}"
    optional: Table = {key: activity[key] for key in ("fixed", "capacity", "target_group") if key in activity}
    planned = {
        "activity": slug,
        "plan": area["plan"],
        "area": area["area"],
        "name": activity["name"],
        "kind": activity["kind"],
        "effort_area": activity["effort_area"],
        "start": activity["start"].isoformat(),
        "end": activity["end"].isoformat(),
        **optional,
    }
    said = at(min(activity["start"] - timedelta(30), story.scenario["last_day"]), 11)
    story.tell(source, "activity.planned", slug, said, planned)
    if activity.get("starts_later"):
        return []
    days = list(session_days(story.scenario, activity))
    story.tell(source, "activity.started", slug, at(days[0], 8), {"activity": slug, "date": days[0].isoformat()})
    dice = Dice(story.scenario["seed"], slug)
    members = members_of(activity, area["area"], people, days, dice)
    tell_enrolments(story, source, slug, members)
    for day in days:
        tell_session(story, source, area, activity, day, members, dice)
    if "ended" in activity:
        data = {"activity": slug, "date": activity["ended"].isoformat(), "reason": activity["reason"]}
        story.tell(source, "activity.ended", slug, at(activity["ended"] + timedelta(4), 14), data)
    return days


def tell_enrolments(story: Story, source: str, slug: str, members: Iterable[Member]) -> None:
    """Tell who joined; below 15 years a guardian has consented."""
    for place, member in enumerate(members, start=1):
        data = {
            "activity": slug,
            "participant": member.person.pseudonym,
            "date": member.since.isoformat(),
            "age_band": member.person.age_band,
            "gender": member.person.gender,
            "consent": {
                "reference": f"Samtykke {slug} nr. {place}",
                "guardian": member.person.age_band in BELOW_15,
            },
        }
        key = f"{slug}-{member.person.pseudonym}"
        story.tell(source, "participant.enrolled", key, at(member.since, 15, place % 60), data)


def tell_session(  # noqa: PLR0913, PLR0917  what one session needs
    story: Story, source: str, area: Table, activity: Table, day: date, members: Sequence[Member], dice: Dice
) -> None:
    """Tell who came, or how many; now and then somebody was forgotten, and the session is told again."""
    slug = f"{area['area']}-{activity['kind']}"
    session = f"{slug}-{day.isoformat()}"
    data: Table = {"activity": slug, "session": session, "date": day.isoformat()}
    season = story.scenario["season"][str(day.month)]
    said = at(day + timedelta(1), 8, dice.whole(0, 59))
    heads = activity.get("headcount", {}).get(area["area"])
    if heads and (not members or dice.happens(activity.get("open_door", 0))):
        data |= {"headcount": max(1, round(dice.whole(*heads) * season)), "hours": activity["hours"]}
        story.tell(source, "attendance.recorded", f"{session}-1", said, data)
        return
    came = sorted(
        member.person.pseudonym
        for member in members
        if member.since <= day and dice.happens(min(1.0, member.turn_up * season))
    )
    data |= {"participants": came, "hours": activity["hours"]}
    if came and dice.happens(CORRECTED_SHARE):
        story.tell(source, "attendance.recorded", f"{session}-1", said, data | {"participants": came[1:]})
        story.tell(source, "attendance.recorded", f"{session}-2", said + timedelta(1, 300), data)
        return
    story.tell(source, "attendance.recorded", f"{session}-1", said, data)


@dataclass(frozen=True)
class Cost:
    """Something that was paid for."""

    day: date
    line: str
    text: str
    amount_ore: int
    activity: str | None = None


def months(scenario: Table) -> Iterator[date]:
    """Give the last working day of each month of the school year; the plan itself runs from 1 August."""
    day = PLAN_START
    while day <= scenario["last_day"]:
        following = (day.replace(day=1) + timedelta(32)).replace(day=1)
        last = following - timedelta(1)
        yield last - timedelta(max(0, last.weekday() - 4))
        day = following


def costs_of_plan(scenario: Table, area: Table) -> Iterator[Cost]:
    """Give the plan's own costs: wages and running costs by month, and what comes once."""
    # Kroner times per cent are øre.
    dice = Dice(scenario["seed"], area["area"], "plan")
    for item in scenario["monthly"]:
        for day in months(scenario):
            yield Cost(day, item["line"], item["text"], dice.about(item["amount"] * area["scale_percent"]))
    for item in scenario["single"]:
        amount_ore = dice.about(item["amount"] * area["scale_percent"])
        yield Cost(item["date"], item["line"], item["text"], amount_ore)


def costs_of_activity(scenario: Table, area: Table, activity: Table, days: Sequence[date]) -> Iterator[Cost]:
    """Give what an activity costs, by session or by month in which it met."""
    slug = f"{area['area']}-{activity['kind']}"
    dice = Dice(scenario["seed"], slug, "costs")
    for per, line, text, low, high in activity.get("costs", ()):
        met = {(day.year, day.month) for day in days}
        paid = days if per == "session" else [day for day in months(scenario) if (day.year, day.month) in met]
        for day in paid:
            # An activity that has ended pays no more after its last day.
            paid_on = min(day, activity["end"])
            amount_ore = dice.whole(low * area["scale_percent"], high * area["scale_percent"])
            yield Cost(paid_on, line, text, amount_ore, slug)


def tell_expenses(story: Story, area: Table, costs: Iterable[Cost]) -> None:
    """Book the costs in the order in which they came, each with its voucher."""
    ordered = sorted(costs, key=lambda cost: (cost.day, cost.line, cost.text))
    for number, cost in enumerate(ordered, start=1):
        expense = f"{area['area']}-udgift-{number:04d}"
        data: Table = {
            "expense": expense,
            "plan": area["plan"],
            "area": area["area"],
            "line": cost.line,
            "amount_ore": cost.amount_ore,
            "incurred_on": cost.day.isoformat(),
            "voucher": f"Bilag nr. {number}",
            "text": cost.text,
        }
        if cost.activity is not None:
            data["activity"] = cost.activity
        said = at(cost.day + timedelta(3), 12, number % 60)
        story.tell(f"/areas/{area['area']}", "expense.booked", expense, said, data)


def tell() -> Story:
    """Tell the whole demo, each file in the order in which its events were stated."""
    story = Story(tomllib.loads((FOLDER / "scenario.toml").read_text(encoding="utf-8")))
    tell_network(story)
    for area in story.scenario["area"]:
        people = people_of(story.scenario, area["area"])
        tell_commitments(story, area)
        costs = list(costs_of_plan(story.scenario, area))
        for activity in story.scenario["activity"]:
            if area["area"] in {**activity.get("people", {}), **activity.get("headcount", {})}:
                days = tell_activity(story, area, activity, people)
                costs.extend(costs_of_activity(story.scenario, area, activity, days))
        tell_expenses(story, area, costs)
    for events in (story.registry, story.funding):
        events.sort(key=lambda event: event["time"])
    return story


def write(folder: Path) -> None:
    """Write the two files, one event a line."""
    story = tell()
    for name, events in (("registry", story.registry), ("funding", story.funding)):
        lines = [json.dumps(event, ensure_ascii=False, separators=(",", ":")) for event in events]
        (folder / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(FOLDER)
