"""What the demo measures of the boys in a course: before and after, as they see it and as others do."""

from collections.abc import Sequence
from datetime import date, timedelta

from deploy.demo.people import Stay
from deploy.demo.story import Dice, Story, Table, at, source_of


def tell_measurements(story: Story, area: Table, activity: Table, slug: str, stays: Sequence[Stay]) -> None:
    """Tell the scores of everybody in an activity's courses: early in it, and towards its end."""
    dice = Dice(story.scenario["seed"], slug, "change")
    for instrument in activity.get("instrument", ()):
        only = instrument.get("only")
        for place, stay in enumerate(stays):
            if only and (area["area"] != only["area"] or stay.course != only["course"] or place % only["each"]):
                continue
            _tell_pair(story, area, slug, instrument, stay, dice)


def _tell_pair(  # noqa: PLR0913, PLR0917  what two scores need
    story: Story, area: Table, slug: str, instrument: Table, stay: Stay, dice: Dice
) -> None:
    """Tell a score before, and one after where the boy was there to the end and did not miss the day."""
    low, high = instrument["scale"]
    before = min(high, max(low, dice.between(*instrument["before"])))
    after = min(high, max(low, before + dice.between(*instrument["gain"])))
    answers_after = dice.happens(0.88)
    said_on = {"before": stay.since + timedelta(7)}
    if stay.until is not None and stay.reason == "completed" and answers_after:
        said_on["after"] = stay.until - timedelta(dice.whole(4, 9))
    for wave, day in said_on.items():
        if day <= (stay.until or story.scenario["last_day"]):
            score = round(before if wave == "before" else after, 1)
            _tell_score(story, area, slug, instrument, stay, wave, score, day)


def _tell_score(  # noqa: PLR0913, PLR0917  what one score needs
    story: Story, area: Table, slug: str, instrument: Table, stay: Stay, wave: str, score: float, day: date
) -> None:
    low, high = instrument["scale"]
    data = {
        "activity": slug,
        "participant": stay.person.pseudonym,
        "instrument": instrument["instrument"],
        "wave": wave,
        "lens": instrument["lens"],
        "respondent": instrument["respondent"],
        "score": score,
        "scale_min": low,
        "scale_max": high,
        "date": day,
    }
    key = f"{slug}-{instrument['instrument']}-{stay.person.pseudonym}-{day.isoformat()}"
    story.tell(source_of(area), "outcome.measured", key, at(day, 17), data)
