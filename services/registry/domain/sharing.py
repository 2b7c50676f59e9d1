"""The rules about what areas share: stories and practices."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from services.registry.domain.checks import known_activity, known_area, unknown
from services.registry.domain.rows import Activity, Lineage, Practice, Story
from shared.backbone.decisions import Decision, Rule
from shared.backbone.working_set import WorkingSet
from shared.errors import Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.registry.activities import PracticeAdopted, PracticeShared
from shared.events.registry.stories import StoryPublished, StoryWithdrawn


def publish_story(state: WorkingSet, event: CloudEvent[StoryPublished]) -> Decision:
    """An area tells a story once, of itself or of an activity of its own."""
    data = event.data
    known_area(state, data.area)
    if state.get(Story, data.story):
        raise Refused("story_exists", f"the story '{data.story}' was published already", pointer="/data/story")
    if data.activity is not None:
        activity = state.get(Activity, data.activity)
        if activity is None or activity.area != data.area:
            raise unknown("activity", data.activity)
    state.put(
        Story(
            data.story,
            data.area,
            data.title,
            data.text,
            data.activity,
            tuple(data.lenses or ()),
            data.consent.reference,
            data.published_in,
            event.time,
        )
    )
    return Decision()


def withdraw_story(state: WorkingSet, event: CloudEvent[StoryWithdrawn]) -> Decision:
    """A published story is withdrawn once, and nothing of what it told stays."""
    story = state.get(Story, event.data.story)
    if story is None:
        raise unknown("story", event.data.story)
    if story.withdrawn:
        raise Refused("story_already_withdrawn", "this story was withdrawn already", pointer="/data/story")
    bare = replace(story, title=None, text=None, lenses=(), consent_reference=None, published_in=None, withdrawn=True)
    state.put(bare)
    return Decision(entries=(bare,))


def share_practice(state: WorkingSet, event: CloudEvent[PracticeShared]) -> Decision:
    """An activity shares its practice; said again, it is an update."""
    data = event.data
    known_activity(state, data.activity)
    state.put(Practice(data.activity, data.summary, data.what_works))
    return Decision()


def adopt_practice(state: WorkingSet, event: CloudEvent[PracticeAdopted]) -> Decision:
    """An activity takes home what is shared and does not stem from itself; said again, it is an update."""
    data = event.data
    known_activity(state, data.activity)
    if state.get(Practice, data.source_activity) is None:
        detail = f"'{data.source_activity}' shares no practice"
        raise Refused("practice_not_shared", detail, pointer="/data/source_activity")
    if data.activity in _ancestry(state, data.source_activity):
        detail = f"the practice of '{data.source_activity}' stems from this activity"
        raise Refused("practice_cycle", detail, pointer="/data/source_activity")
    lineage = state.get(Lineage, data.activity)
    sources = {**(lineage.sources if lineage else {}), data.source_activity: data.adaptation}
    state.put(Lineage(data.activity, sources))
    return Decision()


def _ancestry(state: WorkingSet, activity: str) -> set[str]:
    """Give an activity, and all that its practice stems from."""
    seen: set[str] = set()
    waiting = [activity]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            lineage = state.get(Lineage, name)
            waiting.extend(lineage.sources if lineage else ())
    return seen


RULES: Final[Mapping[type[EventData], Rule]] = {
    StoryPublished: publish_story,
    StoryWithdrawn: withdraw_story,
    PracticeShared: share_practice,
    PracticeAdopted: adopt_practice,
}
