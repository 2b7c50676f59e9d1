"""The volunteers of the demo's activities: who takes a role, how long they work, and who gives it up."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from deploy.demo.people import pseudonym
from deploy.demo.story import Dice, Story, Table, Term, at, source_of

LEAVING_SHARE: Final = 0.3


def tell_volunteers(
    story: Story, area: Table, activity: Table, slug: str, terms: Sequence[tuple[Term, Sequence[date]]]
) -> None:
    """Tell of an activity's volunteers term by term: who leaves in the summer is replaced in the autumn."""
    count = activity.get("volunteers", {}).get(area["area"], 0)
    dice = Dice(story.scenario["seed"], slug, "volunteers")
    source, role = source_of(area), activity.get("role", "volunteer")
    engaged: list[str] = []
    known = 0
    for term, held in terms:
        days = [day for day in held if term.first <= day <= term.last]
        while days and len(engaged) < count:
            engaged.append(pseudonym(story.scenario, area["area"], f"volunteer {slug} {known}"))
            known += 1
            data = {"activity": slug, "volunteer": engaged[-1], "role": role, "date": days[0]}
            story.tell(source, "volunteer.engaged", f"{slug}-{engaged[-1]}", at(days[0], 9), data)
        for volunteer in engaged:
            _tell_hours(story, source, slug, volunteer, days, dice)
        if term.last > story.scenario["last_day"]:
            continue
        for volunteer in [each for each in engaged if dice.happens(LEAVING_SHARE)]:
            engaged.remove(volunteer)
            data = {"activity": slug, "volunteer": volunteer, "role": role, "date": term.last}
            story.tell(source, "volunteer.left", f"{slug}-{volunteer}", at(term.last, 21), data)


def _tell_hours(  # noqa: PLR0913, PLR0917  whose hours, when
    story: Story, source: str, slug: str, volunteer: str, days: Sequence[date], dice: Dice
) -> None:
    """Tell the hours of a volunteer once for every second month, on the last day that the activity met in it."""
    last_days = {(day.year, day.month // 2): day for day in days}
    for day in last_days.values():
        data = {"activity": slug, "volunteer": volunteer, "date": day, "hours": dice.whole(8, 32) / 2}
        story.tell(source, "volunteer.hours", f"{slug}-{volunteer}-{day.isoformat()}", at(day, 20), data)
