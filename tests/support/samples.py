"""The example of each event's data, by the event's name."""

from typing import Final

from shared.events.every_event import EVENTS
from tests.support.builders import Json

SAMPLES: Final[dict[str, Json]] = {event.event_name: event.example for event in EVENTS}
