"""What events that were refused are called: as every event of its type is. Owns no word of its own."""

from collections.abc import Mapping
from typing import Final

from services.reporting.words import UNREADABLE, Word
from shared.events.every_event import EVENTS

# An event that was refused may be of no type that can be read.
REJECTED: Final[Mapping[str, Word]] = {
    "unreadable": UNREADABLE,
    **{event.type_name(): (event.label_da, event.label_en) for event in EVENTS},
}
