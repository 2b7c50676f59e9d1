"""The people of the demo's areas: who joins an activity, who stays, who leaves and why. Nobody of them is real."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from deploy.demo.invented import invented
from deploy.demo.story import Dice, Story, Table, Term, at, session_days

AGE_BANDS: Final = (
    (5, "0-5"),
    (9, "6-9"),
    (12, "10-12"),
    (14, "13-14"),
    (17, "15-17"),
    (24, "18-24"),
    (29, "25-29"),
    (49, "30-49"),
    (66, "50-66"),
    (150, "67+"),
)
ADULT_FROM: Final = 15
DAYS_OF_A_YEAR: Final = 365.25


@dataclass(frozen=True)
class Person:
    """Somebody the area knows; outside it only the pseudonym is, and the day of birth never."""

    pseudonym: str
    born: date
    gender: str

    def age_on(self, day: date) -> int:
        """Give the age in whole years."""
        return int((day - self.born).days / DAYS_OF_A_YEAR)

    def age_band_on(self, day: date) -> str:
        """Give the band that the age is in."""
        return next(band for oldest, band in AGE_BANDS if self.age_on(day) <= oldest)


@dataclass
class Stay:
    """A person in an activity: from when until when, in which course, how likely to turn up, and why no longer."""

    person: Person
    since: date
    turn_up: float
    course: str | None
    until: date | None = None
    reason: str = "completed"

    def covers(self, day: date) -> bool:
        """Tell whether a day is one of the stay's."""
        return self.since <= day and (self.until is None or day <= self.until)


def pseudonym(scenario: Table, area: str, name: str) -> str:
    """Give the pseudonym of somebody of the demo."""
    return invented(name, f"{scenario['seed']}/{area}")


def people_of(scenario: Table, area: str) -> list[Person]:
    """Make the people of an area, of the ages that the scenario says they have when the plans begin."""
    dice = Dice(scenario["seed"], area, "people")
    people: list[Person] = []
    for youngest, oldest, count in scenario["people"]:
        for _ in range(count):
            days = int(dice.between(youngest, oldest + 1) * DAYS_OF_A_YEAR)
            born = scenario["plan_start"] - timedelta(days)
            gender = "male" if dice.happens(0.52) else "female"
            people.append(Person(pseudonym(scenario, area, f"person {len(people)}"), born, gender))
    return people


def fits(activity: Table, person: Person, day: date) -> bool:
    """Tell whether an activity is for somebody on a day."""
    youngest, oldest = activity["ages"]
    return youngest <= person.age_on(day) <= oldest and activity.get("gender") in {None, person.gender}


def stays_of(
    scenario: Table, area: Table, activity: Table, people: Sequence[Person], terms: Sequence[Term]
) -> list[Stay]:
    """Draw who is in an activity and when: some stay for years, some leave, and others take their places."""
    dice = Dice(scenario["seed"], area["area"], activity["kind"], "stays")
    stays: list[Stay] = []
    returning: list[Person] = []
    least, most = activity["people"][area["area"]]
    for place, term in enumerate(terms):
        days = session_days(scenario, activity, term)
        if not days:
            continue
        known = {stay.person.pseudonym for stay in stays}
        fresh = [each for each in people if fits(activity, each, term.first) and each.pseudonym not in known]
        room = dice.whole(least, most) - sum(stay.until is None for stay in stays)
        joining = [*returning, *dice.mixed(fresh)][: max(0, room)]
        for number, person in enumerate(joining):
            since = days[0]
            if number >= round(len(joining) * activity["from_the_start"]):
                since = dice.day(since, min(since + timedelta(activity["weeks_to_join"] * 7), days[-1]))
            stays.append(Stay(person, since, dice.between(*activity["turn_up"]), term.course))
        following = terms[place + 1] if place + 1 < len(terms) else None
        returning = _end_term(scenario, activity, stays, term, following, dice)
    return stays


def _end_term(  # noqa: PLR0913, PLR0917  what decides who stays
    scenario: Table, activity: Table, stays: Sequence[Stay], term: Term, following: Term | None, dice: Dice
) -> list[Person]:
    """End the stays of those who leave in a term, and give those who come back for the next course."""
    is_over = term.last <= scenario["last_day"]
    returning: list[Person] = []
    for stay in stays:
        if stay.until is not None:
            continue
        earliest = max(stay.since, term.first) + timedelta(28)
        latest = min(term.last, scenario["last_day"])
        if dice.happens(activity["drop_out"]) and earliest < latest:
            stay.until, stay.reason = dice.day(earliest, latest), dice.weighted(activity["reasons"])
            continue
        if not is_over:
            continue
        goes_on = (
            following is not None
            and fits(activity, stay.person, following.first)
            and dice.happens(activity["stays_on"])
        )
        if term.course is not None:
            stay.until = term.last
            returning += [stay.person] if goes_on else []
        elif not goes_on:
            stay.until = dice.day(max(stay.since, term.last - timedelta(30)), term.last)
            stay.reason = dice.weighted(activity["reasons"])
    return returning


def tell_stays(story: Story, source: str, slug: str, stays: Sequence[Stay]) -> None:
    """Tell who joined and who left; below 15 years a guardian has consented."""
    for place, stay in enumerate(stays, start=1):
        person = stay.person
        data = {
            "activity": slug,
            "participant": person.pseudonym,
            "date": stay.since,
            "age_band": person.age_band_on(stay.since),
            "gender": person.gender,
            "consent": {
                "reference": f"Samtykke {slug} nr. {place}",
                "guardian": person.age_on(stay.since) < ADULT_FROM,
            },
        }
        if stay.course is not None:
            data["course"] = stay.course
        key = f"{slug}-{person.pseudonym}-{stay.since:%Y-%m}"
        story.tell(source, "participant.enrolled", key, at(stay.since, 15, place % 60), data)
        if stay.until is not None:
            gone = {"activity": slug, "participant": person.pseudonym, "date": stay.until, "reason": stay.reason}
            story.tell(source, "participant.left", key, at(stay.until, 21, place % 60), gone)


def tell_follow_ups(story: Story, source: str, activity: Table, slug: str, stays: Sequence[Stay]) -> None:
    """Tell how those stand, half a year on, who left an activity and did not come back to it."""
    dice = Dice(story.scenario["seed"], slug, "follow-ups")
    share, statuses = activity.get("follow_up", (0, {}))
    for stay in stays:
        back = any(other.person == stay.person and other.since > stay.since for other in stays)
        if stay.until is None or back or not dice.happens(share):
            continue
        day = stay.until + timedelta(dice.whole(178, 192))
        if day <= story.scenario["last_day"]:
            data = {"activity": slug, "participant": stay.person.pseudonym, "date": day, "months_after": 6}
            data["status"] = dice.weighted(statuses)
            key = f"{slug}-{stay.person.pseudonym}-{day:%Y-%m}"
            story.tell(source, "followup.recorded", key, at(day, 13), data)
