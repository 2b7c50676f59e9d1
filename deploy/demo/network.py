"""Who is there in the demo: areas, organisations and plans; and what the plans say as it stands in the scenario."""

from datetime import date, timedelta
from typing import Final

from deploy.demo.story import NETWORK, Story, Table, at

POOL: Final = "2019-26"
ABOUT_A_PLAN: Final = ("goal.", "milestone.", "partner.")
# What an event is named by, the first that it has.
KEYS: Final = ("story", "milestone", "goal", "organisation", "activity")


def tell_network(story: Story) -> None:
    """Tell who is there: areas, organisations and the approved plans."""
    begins = story.scenario["plan_start"]
    for area in story.scenario["area"]:
        data = {key: area[key] for key in ("area", "name", "municipality", "residents", "departments")}
        story.tell(NETWORK, "area.registered", area["area"], at(begins - timedelta(60), 8), data)
    for organisation in story.scenario["organisation"]:
        said = at(begins - timedelta(60), 9)
        story.tell(NETWORK, "organisation.registered", organisation["organisation"], said, organisation)
    for area in story.scenario["area"]:
        data = {
            "plan": area["plan"],
            "name": area["plan_name"],
            "pool": POOL,
            "areas": [area["area"]],
            "start": begins,
            "end": story.scenario["plan_end"],
            "approval_reference": area["approval_reference"],
        }
        story.tell(NETWORK, "plan.approved", area["plan"], at(begins - timedelta(42), 12), data)


def tell_what_was_said(story: Story) -> None:
    """Tell the events that the scenario writes out: goals, milestones, partners, mentors, stories and practices."""
    plans = {area["area"]: area["plan"] for area in story.scenario["area"]}
    for area, events in story.scenario["said"].items():
        for event in events:
            data: Table = {key: value for key, value in event.items() if key not in {"on", "event"}}
            if event["event"].startswith(ABOUT_A_PLAN):
                data = {"plan": plans[area], **data}
            if event["event"] == "story.published":
                data = {"area": area, **data}
            day: date = event["on"]
            key = f"{area}-{next(data[name] for name in KEYS if name in data)}-{day.isoformat()}"
            story.tell(f"/areas/{area}", event["event"], key, at(day, 12, 30), data)
