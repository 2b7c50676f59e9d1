"""What events are called that were refused, or that a list of who did what names: as every event of their type is."""

from collections.abc import Mapping
from typing import Final

from services.reporting.words import UNREADABLE, Word
from shared.events.envelope import TYPE_PREFIX, TYPE_SUFFIX
from shared.events.every_event import EVENTS

# An event that was refused may be of no type that can be read.
REJECTED: Final[Mapping[str, Word]] = {
    "unreadable": UNREADABLE,
    **{event.type_name(): (event.label_da, event.label_en) for event in EVENTS},
}
# A log names what it has erased by an entry of its own, which nobody sends.
NOTED: Final[Mapping[str, Word]] = {
    **REJECTED,
    f"{TYPE_PREFIX}event.erased{TYPE_SUFFIX}": ("Oplysninger slettet", "Information erased"),
}
