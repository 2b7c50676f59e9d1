"""A history told with mistakes that are corrected later: some people under two pseudonyms, some with the wrong age.

The history that it is made from is the right one: when all is corrected, every figure has to be as if it were told.
"""

import datetime as dt
import random
from collections.abc import Iterator
from typing import Final

from shared.backbone.event_log import Entry
from tests.oracles.histories import FIRST_DAY, Logs
from tests.support.builders import Json, an_event, person

HOW: Final = ("own", "other", "both")
NAMES: Final = ("participant", "volunteer")
# What is said twice of somebody who is in an activity under both.
TWICE: Final = ("participant.enrolled", "participant.left", "volunteer.engaged", "volunteer.left", "outcome.measured")
Person = tuple[str, str]


class Mistaken:
    """The registry's right log, and the same with mistakes and their corrections."""

    def __init__(self, chance: random.Random, logs: Logs) -> None:
        self._chance = chance
        self._how: dict[tuple[str, str], str] = {}
        ages: dict[Person, str] = {}
        right = [_sure(entry.event, entry.document["outcome"], ages) for entry in logs["registry"]]
        self.right = {**logs, "registry": _numbered(right)}
        self._people = sorted(
            {(event["source"], event["data"][field]) for event, _ in right for field in NAMES if field in event["data"]}
        )
        self._others = {
            each: person(f"other-{number}") for number, each in enumerate(self._people) if chance.random() < 0.6
        }
        self._cut = chance.randint(len(right) // 2, len(right))
        told = [item for place, (event, outcome) in enumerate(right) for item in self._told(place, event, outcome)]
        self.told = {**logs, "registry": _numbered([*self._corrected(told, right)])}

    def _told(self, place: int, event: Json, outcome: Json | None) -> Iterator[tuple[int, Json, Json | None]]:
        """Tell an event as it was told, perhaps twice; after the cut nothing is mistaken any more."""
        data, source = event["data"], event["source"]
        field = next((name for name in NAMES if name in data), None)
        if place >= self._cut:
            yield place, event, outcome
        elif field is not None:
            yield from self._told_of(place, event, outcome, field)
        elif "participants" in data:
            yield place, {**event, "data": {**data, **self._named(source, data)}}, outcome
        else:
            yield place, event, outcome

    def _told_of(
        self, place: int, event: Json, outcome: Json | None, field: str
    ) -> Iterator[tuple[int, Json, Json | None]]:
        who = event["source"], event["data"][field]
        other, how = self._others.get(who), self._how_in(event["data"]["activity"], who)
        data = {**event["data"]}
        if "age_band" in data and self._chance.random() < 0.5:
            data |= {"age_band": "67+", "gender": "other"}
        first = other if other and how == "other" else who[1]
        yield place, {**event, "data": {**data, field: first}}, outcome
        name = event["type"].removeprefix("dk.helhedsnet.").removesuffix(".v1")
        if other and how == "both" and name in TWICE:
            yield place, {**event, "data": {**self._said_again(name, data), field: other}}, outcome

    def _said_again(self, name: str, data: Json) -> Json:
        """Give what the second pseudonym is said to have done: to come later, to leave before, to score differently."""
        if name == "outcome.measured":
            return {**data, "score": data["scale_max"]}
        day = dt.date.fromisoformat(data["date"])
        later = day + dt.timedelta(days=self._chance.randint(0, 20))
        # Nobody leaves before these days.
        latest = FIRST_DAY + dt.timedelta(days=200 if "volunteer" in data else 250)
        return data if name.endswith("left") else {**data, "date": f"{max(day, min(later, latest))}"}

    def _named(self, source: str, data: Json) -> Json:
        """Give who came and who did not: of whoever is here under both, the second may be said to be absent too."""
        names = [name for who in data["participants"] for name in self._came(source, data["activity"], who)]
        absences = [
            {**absence, "participant": name}
            for absence in data.get("absent", ())
            for name in self._came(source, data["activity"], absence["participant"])
        ]
        absences += [
            {"participant": name}
            for who in data["participants"]
            if self._how_in(data["activity"], (source, who)) == "both" and self._chance.random() < 0.5
            for name in {who, self._others.get((source, who), who)}.difference(names)
        ]
        return {"participants": names, **({"absent": absences} if absences else {})}

    def _came(self, source: str, activity: str, who: str) -> list[str]:
        other, how = self._others.get((source, who)), self._how_in(activity, (source, who))
        names = {"own": [who], "other": [other or who], "both": [who, other or who]}[how]
        return list(dict.fromkeys(names if self._chance.random() < 0.5 else names[-1:]))

    def _how_in(self, activity: str, who: Person) -> str:
        return self._how.setdefault((activity, who[1]), self._chance.choice(HOW))

    def _corrected(
        self, told: list[tuple[int, Json, Json | None]], right: list[tuple[Json, Json | None]]
    ) -> Iterator[tuple[Json, Json | None]]:
        """Put the corrections where the mistakes end."""
        before = [item for item in told if item[0] < self._cut]
        now = {each: each[1] for each in self._people}
        yield from ((event, outcome) for _, event, outcome in before)
        for (source, who), other in self._others.items():
            gone, into = (other, who) if self._chance.random() < 0.5 else (who, other)
            activities = _activities(before, source, gone)
            if activities:
                merged = an_event("participant.merged", {"participant": gone, "into": into}, source=source)
                yield merged, {"activities": activities}
            # Who was told of under one name alone goes on under that.
            now[source, who] = into if activities or _activities(before, source, into) else who
        for event, _ in right[: self._cut]:
            data = event["data"]
            if "age_band" in data:
                who = now[event["source"], data["participant"]]
                said = {"participant": who, "age_band": data["age_band"], "gender": data["gender"]}
                corrected = an_event("participant.corrected", said, source=event["source"])
                yield corrected, {"activities": [data["activity"]]}
        for place, event, outcome in told:
            if place >= self._cut:
                yield {**event, "data": _renamed(event, now)}, outcome


def _sure(event: Json, outcome: Json | None, ages: dict[Person, str]) -> tuple[Json, Json | None]:
    """Give an event in which the same age and gender are said of somebody each time, so that it can be said wrongly."""
    data = event["data"]
    if "age_band" not in data:
        return event, outcome
    age_band = ages.setdefault((event["source"], data["participant"]), data["age_band"])
    return {**event, "data": {**data, "age_band": age_band, "gender": "female"}}, outcome


def _renamed(event: Json, now: dict[Person, str]) -> Json:
    data, source = event["data"], event["source"]
    found = {**data, **{field: now[source, data[field]] for field in NAMES if field in data}}
    if data.get("participants"):
        found["participants"] = [now[source, name] for name in data["participants"]]
    if data.get("absent"):
        found["absent"] = [
            {**absence, "participant": now[source, absence["participant"]]} for absence in data["absent"]
        ]
    return found


def _activities(told: list[tuple[int, Json, Json | None]], source: str, who: str) -> list[str]:
    """Give the activities in which somebody is enrolled or helps, as the registry finds them."""
    return sorted(
        {
            event["data"]["activity"]
            for _, event, _ in told
            if event["source"] == source and who in (event["data"].get("participant"), event["data"].get("volunteer"))
        }
    )


def _numbered(told: list[tuple[Json, Json | None]]) -> list[Entry]:
    return [
        Entry({"sequence": sequence, "recorded": "2026-07-01T00:00:00+00:00", "event": event, "outcome": outcome})
        for sequence, (event, outcome) in enumerate(told, start=1)
    ]
