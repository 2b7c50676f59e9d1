"""Writes the demo events, registry.jsonl and funding.jsonl: `python -m deploy.demo.generate`. All of it is synthetic.

Run again it writes the same bytes.
"""

import json
from pathlib import Path

from deploy.demo import money, network
from deploy.demo.people import people_of
from deploy.demo.sessions import tell_activity
from deploy.demo.story import FOLDER, Story, areas_of, read_scenario


def tell() -> Story:
    """Tell the whole demo, each file in the order in which its events were stated."""
    story = Story(read_scenario())
    network.tell_network(story)
    network.tell_what_was_said(story)
    for area in story.scenario["area"]:
        residents = people_of(story.scenario, area["area"])
        money.tell_commitments(story, area)
        costs = list(money.costs_of_plan(story.scenario, area))
        for activity in story.scenario["activity"]:
            if area in areas_of(story.scenario, activity):
                held = tell_activity(story, area, activity, residents)
                costs.extend(money.costs_of_activity(story.scenario, area, activity, held))
        money.tell_money(story, area, costs)
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
