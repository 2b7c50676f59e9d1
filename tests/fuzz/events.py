"""Which event comes next: the types that were least often accepted, told by whoever knows how. Owns the envelope.

A type that nobody knows how to tell is made from its schema alone, so that a new one is tried from its first day.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.events.envelope import AREA_PREFIX, NETWORK, TYPE_PREFIX, TYPE_SUFFIX, Owner
from tests.fuzz.telling import LAST_DAY, First, Impossible, Teller, Told
from tests.fuzz.telling_money import MONEY
from tests.fuzz.telling_people import PEOPLE
from tests.fuzz.telling_registry import FOUNDING_POOL, REGISTRY
from tests.fuzz.world import KINDS, World
from tests.support import builders
from tests.support.builders import Json

TELLERS: Final[Mapping[str, Callable[[Teller], Told]]] = {**REGISTRY, **PEOPLE, **MONEY}
# Published is only what was read just before; the client does that itself.
PUBLISHED: Final = "report.published"
NAMES: Final = sorted(name.removeprefix(TYPE_PREFIX).removesuffix(TYPE_SUFFIX) for name in KINDS)
TRIES: Final = 12
STEPS: Final = 12
FOUNDING_EFFORT_AREAS: Final = ("uddannelse-og-livschancer", "beskaeftigelse", "kriminalitetsforebyggelse")
# The world would else be over before it has begun: what ends things comes once others have gone on for a while.
ENDING: Final = frozenset(
    {"plan.closed", "activity.ended", "course.closed", "statement.submitted", "statement.accepted"}
)
ENDING_WEIGHT: Final = 0.3
TIMES: Final = (
    "2026-07-01T08:00:00Z",
    "2026-07-01T10:00:00+02:00",
    "2026-07-01T08:00:00.5Z",
    "2026-06-30T20:00:00-12:00",
)


def owner_of(name: str) -> Owner:
    """Give who owns the events of a name."""
    return KINDS[f"{TYPE_PREFIX}{name}{TYPE_SUFFIX}"].event_owner


class Events:
    """Makes one client's events."""

    def __init__(self, own: str, dice: random.Random) -> None:
        self.world = World(own, pools={FOUNDING_POOL: list(FOUNDING_EFFORT_AREAS)})
        self.accepted: Counter[str] = Counter()
        self._told_of: Counter[str] = Counter()
        self._dice = dice
        self._teller = Teller(self.world, dice)
        self._made = 0

    def next(self) -> Json:
        """Make an event that will most likely be accepted."""
        for _ in range(TRIES):
            (name,) = self._dice.choices(NAMES, [self._weight(name) for name in NAMES])
            if told := self._told(name):
                return self.enveloped(told)
        return self.enveloped(self._told("attendance.recorded") or REGISTRY["area.registered"](self._teller))

    def of(self, name: str) -> Json | None:
        """Make an event of a name, or of what must be told before it; None where the world is not such."""
        told = self._told(name)
        return self.enveloped(told) if told else None

    def enveloped(self, told: Told) -> Json:
        """Put an event into its envelope, under an id of its own."""
        self._made += 1
        self._told_of[told.name] += 1
        source = NETWORK if told.area is None else f"{AREA_PREFIX}{told.area}"
        event = builders.an_event(told.name, told.data, source=source, identifier=f"{self.world.own}-{self._made}")
        return {**event, "time": self._dice.choice(TIMES)}

    def _weight(self, name: str) -> float:
        # What is refused again and again, since the world is not such, is told less often too.
        weight = float((1 + self.accepted[name] + self._told_of[name] / 4) ** -0.6)
        return weight * ENDING_WEIGHT if name in ENDING and self.accepted[name] else weight

    def _told(self, name: str) -> Told | None:
        tell = TELLERS.get(name) or (lambda teller: from_schema(teller, name))
        for _ in range(STEPS):
            try:
                return tell(self._teller)
            except First as first:
                return first.told
            except Impossible:
                return None
        return None


def from_schema(teller: Teller, name: str) -> Told:
    """Make an event from its schema: the model's names where a field has one of theirs, else the least that fits."""
    if name == PUBLISHED:
        raise Impossible
    schema = KINDS[f"{TYPE_PREFIX}{name}{TYPE_SUFFIX}"].model_json_schema()
    world = teller.world
    waiting = [plan for plan in world.plans.values() if not plan.is_agreed]
    plan = teller.one_of(waiting or world.plans.values())
    area = teller.one_of(plan.areas)
    known = {"plan": plan.name, "area": area, "pool": plan.pool}
    known |= {"activity": next((each.name for each in world.activities_of(plan.name)), "")}
    known |= {"organisation": next(iter(world.organisations), ""), "commitment": next(iter(plan.commitments), "")}
    data = {
        field: known.get(field) or _least(teller, shape, schema.get("$defs", {}))
        for field, shape in schema["properties"].items()
        if field in schema.get("required", ())
    }
    return Told(name, teller.dice.choice((area, area, None)), data)


def _least(teller: Teller, shape: Json, definitions: Json) -> Any:  # noqa: ANN401  any JSON
    if reference := shape.get("$ref"):
        shape = definitions[reference.rpartition("/")[2]]
    if options := shape.get("enum") or ([shape["const"]] if "const" in shape else None):
        return teller.dice.choice(options)
    if "anyOf" in shape:
        return _least(teller, shape["anyOf"][0], definitions)
    match shape.get("type"):
        case "string" if shape.get("format") == "date":
            return LAST_DAY.isoformat()
        case "string" if "pattern" in shape and "a-z0-9" in shape["pattern"]:
            return teller.name("navn")
        case "string":
            return teller.title()
        case "boolean":
            return True
        case "array":
            return [_least(teller, shape["items"], definitions)]
        case "object":
            required = shape.get("required", ())
            return {
                name: _least(teller, part, definitions)
                for name, part in shape["properties"].items()
                if name in required
            }
        case _:
            return shape.get("minimum", 1)
