"""Who may say each of the registry's events: what an event concerns is looked up, and its areas are asked for.

What is not there has no areas: then the event's own rule refuses what it names.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.registry.domain.rows import Activity, Course, Organisation, Plan, Story
from shared.backbone.rights import Check, by_field, checks_of, only_one_of
from shared.backbone.working_set import WorkingSet
from shared.errors import NotEntitled
from shared.events.catalogue import CATALOGUES
from shared.events.envelope import CloudEvent, EventData
from shared.events.registry.network import OrganisationRegistered

# Of what these are there is one for many areas, and the network answers for it.
KINDS_OF_THE_NETWORK: Final = frozenset({"landsbyggefonden", "municipality"})


def of_area(_: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check the area that the event names."""
    only_one_of((event.data.area,), event, pointer="/data/area")


def of_activity(state: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check the area of the activity that the event names."""
    activity = state.get(Activity, event.data.activity)
    if activity is not None:
        only_one_of((activity.area,), event, pointer="/data/activity")


def of_course(state: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check the area whose activity has the course that the event names."""
    course = state.get(Course, event.data.course)
    activity = state.get(Activity, course.activity) if course else None
    if activity is not None:
        only_one_of((activity.area,), event, pointer="/data/course")


def of_story(state: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check the area that told the story."""
    story = state.get(Story, event.data.story)
    if story is not None:
        only_one_of((story.area,), event, pointer="/data/story")


def of_participant(_: WorkingSet, __: CloudEvent[Any]) -> None:
    """Check nothing: an area speaks of what it keeps under a pseudonym itself, and learns of nobody else's."""


def of_plan(state: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check the areas that belong to the plan."""
    plan = state.get(Plan, event.data.plan)
    if plan is not None:
        only_one_of(plan.areas, event, pointer="/data/plan")


def of_named_areas(_: WorkingSet, event: CloudEvent[Any]) -> None:
    """Check the areas that a new plan is for."""
    only_one_of(event.data.areas, event, pointer="/data/areas")


def of_registrant(state: WorkingSet, event: CloudEvent[OrganisationRegistered]) -> None:
    """Check that an area registers what nobody else has, and that is nobody's but its own."""
    data, area = event.data, event.area
    if area is None:
        return
    if data.kind in KINDS_OF_THE_NETWORK:
        raise NotEntitled("network_only", f"only the source /network registers a {data.kind}", pointer="/data/kind")
    known = state.get(Organisation, data.organisation)
    if known is not None and (known.registered_by != area or known.kind in KINDS_OF_THE_NETWORK):
        detail = f"'{data.organisation}' was registered by somebody else"
        raise NotEntitled("foreign_organisation", detail, pointer="/data/organisation")


# What an event concerns, by who may say it and by the field that names it; of two, the first is asked.
FIELDS: Final[Mapping[str, Mapping[str, Check]]] = {
    "area": {
        "area": of_area,
        "activity": of_activity,
        "course": of_course,
        "story": of_story,
        "participant": of_participant,
    },
    "plan": {"areas": of_named_areas, "plan": of_plan},
    "registrant": {"organisation": of_registrant},
}


def check_of(event: type[EventData]) -> Check:
    """Give the check that an event's line of the table asks for."""
    return by_field(event, FIELDS[event.said_by])


CHECKS: Final = checks_of(CATALOGUES["registry"].events, check_of)
