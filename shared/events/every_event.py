"""Every event there is: what the modules of the themes define, in their order. A class is listed nowhere else."""

from types import ModuleType
from typing import Final

from shared.events import funding, reporting
from shared.events.envelope import EventData
from shared.events.registry import activities, corrections, network, people, plans, stories

# In the order in which catalogues and documents list their events; one owner's stand together.
THEMES: Final = (network, plans, activities, people, corrections, stories, funding, reporting)


def events_in(module: ModuleType) -> tuple[type[EventData], ...]:
    """Collect the events that a module defines, in the order of their definition; what it imports is left out."""
    return tuple(
        defined
        for defined in vars(module).values()
        if isinstance(defined, type) and issubclass(defined, EventData) and defined.__module__ == module.__name__
    )


EVENTS: Final[tuple[type[EventData], ...]] = tuple(event for theme in THEMES for event in events_in(theme))
