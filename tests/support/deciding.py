"""The registry's rules alone, without a database: what is said is decided on a working set that holds everything."""

import orjson

from services.registry.app import FOLDER
from services.registry.domain import rules
from services.registry.domain.people_rows import Salt
from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.errors import Refused
from tests.support.builders import Json, an_event, typed
from tests.support.samples import SAMPLES

AREA_SOURCE = "/areas/urbanplanen"
MIND = "mind-your-own-business"
OTHER = "fritidsjob-gellerup"
BOY = SAMPLES["participant.enrolled"]["participant"]
# Who is enrolled too, and did not come to the session of the example.
AWAY = "p-fkmrthjpnscgjshckgrmfg"


def told(event: str, /, *, source: str = AREA_SOURCE, **changes: object) -> Json:
    """Give the example of an event as one, with changes; a change to None leaves the field out."""
    data = {name: value for name, value in {**SAMPLES[event], **changes}.items() if value is not None}
    return an_event(event, data, source=source)


class Rules:
    """A registry that only decides."""

    def __init__(self, *events: Json) -> None:
        self.state = WorkingSet()
        self.state.add(Salt(b"salt"))
        for event in [*orjson.loads((FOLDER / "pools.json").read_bytes()), *events]:
            self.say(event)

    def say(self, event: Json) -> Decision:
        """Decide an event; where it is refused, it leaves no trace."""
        read = typed(event)
        savepoint = self.state.savepoint()
        try:
            return rules.decide(self.state, read)
        except Refused:
            self.state.roll_back(savepoint)
            raise

    def refusal(self, event: Json) -> tuple[str, str]:
        """Give the code and the pointer with which an event is refused, both empty where it is taken."""
        try:
            self.say(event)
        except Refused as refusal:
            return refusal.code, refusal.pointer
        return "", ""


def network() -> list[Json]:
    """Give two areas, three organisations and a plan for each area."""
    return [
        told("area.registered", source="/network"),
        told("area.registered", area="gellerupparken", source="/network"),
        told("organisation.registered", source="/network"),
        told("organisation.registered", organisation="tryk-og-skilte", kind="company", source="/network"),
        told("organisation.registered", organisation="idraetsforening", kind="association", source="/network"),
        told("plan.approved"),
        told("plan.approved", plan="gellerup", areas=["gellerupparken"], source="/areas/gellerupparken"),
    ]


def running() -> list[Json]:
    """Give all that it takes for a boy to be in the course of a running activity."""
    return [
        *network(),
        told("activity.planned"),
        told(
            "activity.planned", activity=OTHER, plan="gellerup", area="gellerupparken", source="/areas/gellerupparken"
        ),
        told("activity.started"),
        told("course.opened"),
        told("participant.enrolled"),
        told("participant.enrolled", participant=AWAY, course=None),
    ]
