"""The rules about corrections of people: what was said of them, and that two pseudonyms were one person."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from services.registry.domain.people_rows import (
    VOLUNTEER_ROLES,
    Correction,
    Enrolment,
    Measurement,
    Merger,
    Merging,
    Volunteering,
    Withdrawn,
)
from services.registry.domain.rows import Activity, Business, Span, Spans
from shared.backbone.decisions import Decision, Rule
from shared.backbone.working_set import WorkingSet
from shared.errors import Refused
from shared.events.envelope import CloudEvent, EventData
from shared.events.registry.corrections import ParticipantCorrected, ParticipantMerged


def correct_participant(state: WorkingSet, event: CloudEvent[ParticipantCorrected]) -> Decision:
    """What was said of somebody is different in every activity of the area in which it was said."""
    data = event.data
    activities = known_activities(state, event.area, data.participant, pointer="/data/participant")
    enrolled = [row for name in activities if (row := state.get(Enrolment, (name, data.participant)))]
    if not enrolled:
        raise Refused("not_enrolled", "this is a volunteer, of whom neither is said", pointer="/data/participant")
    for row in enrolled:
        state.put(row._replace(age_band=data.age_band or row.age_band, gender=data.gender or row.gender))
        # Its version tells whoever has kept its people to read them again.
        state.put(activities[row.activity])
    names = tuple(sorted(activities))
    correction = Correction(data.participant, data.age_band, data.gender, names)
    return Decision(outcome={"activities": list(names)}, entries=(correction,))


def merge_participants(state: WorkingSet, event: CloudEvent[ParticipantMerged]) -> Decision:
    """All that an area keeps under a pseudonym is kept under a different one, as if it had always been."""
    gone, into = event.data.participant, event.data.into
    if gone == into:
        raise Refused("merge_cycle", "these are one pseudonym", pointer="/data/into")
    areas = _areas(state, event.area, gone)
    for area in areas:
        _may_merge(state, area, gone, into)
    activities = known_activities(state, event.area, gone, pointer="/data/participant")
    for area in areas & {activity.area for activity in activities.values()}:
        state.put(Merging(area, gone, into))
    for name, activity in sorted(activities.items()):
        _merge_enrolments(state, activity, gone, into)
        _merge_volunteering(state, name, gone, into)
        _merge_measurements(state, name, gone, into)
        for business in state.rows(Business):
            if business.activity == name and gone in business.members:
                members = tuple(dict.fromkeys(into if member == gone else member for member in business.members))
                state.put(replace(business, members=members))
    merger = Merger(gone, len(state.rows(Merger)), into, tuple(sorted(activities)))
    state.put(merger)
    return Decision(outcome={"activities": list(merger.activities)}, entries=(merger,))


def known_activities(state: WorkingSet, area: str | None, pseudonym: str, *, pointer: str) -> dict[str, Activity]:
    """Give the activities of an area, or of all where it is None, in which anything is kept under a pseudonym.

    Raises:
        Refused: nothing is: it was merged into a different one (`participant_merged`), its consent was withdrawn
            (`participant_withdrawn`), or there never was such a person (`unknown_participant`).
    """
    names = activities_with(state, pseudonym)
    found = {name: row for name in names if (row := state.get(Activity, name)) and area in {None, row.area}}
    if not found:
        for each in _areas(state, area, pseudonym):
            not_merged(state, each, pseudonym, pointer=pointer)
            _not_withdrawn(state, each, pseudonym, pointer=pointer)
        raise Refused("unknown_participant", "nothing is kept under this pseudonym", pointer=pointer)
    return found


def not_merged(state: WorkingSet, area: str, pseudonym: str, *, pointer: str) -> None:
    """Check that a pseudonym stands for somebody in an area, and not for a different one."""
    if state.get(Merging, (area, pseudonym)) is not None:
        raise Refused("participant_merged", "this pseudonym was merged into a different one", pointer=pointer)


def merged_into(state: WorkingSet, area: str, pseudonym: str) -> str:
    """Give the pseudonym that somebody is known under by now in an area."""
    # Each step leads to a row that no step before led to: a cycle is refused.
    while (merging := state.get(Merging, (area, pseudonym))) is not None:
        pseudonym = merging.into
    return pseudonym


def all_names(state: WorkingSet, area: str, pseudonym: str) -> Iterator[str]:
    """Give every pseudonym that somebody had in an area, the one of now first."""
    yield pseudonym
    for row in state.rows(Merging):
        if (row.area, row.into) == (area, pseudonym):
            yield from all_names(state, area, row.participant)


def activities_with(state: WorkingSet, pseudonym: str) -> Iterator[str]:
    """Give the activities in which anything is kept under a pseudonym."""
    yield from (row.activity for row in state.rows(Enrolment) if row.participant == pseudonym)
    yield from (row.activity for row in state.rows(Volunteering) if row.volunteer == pseudonym)


def _may_merge(state: WorkingSet, area: str, gone: str, into: str) -> None:
    if merged_into(state, area, into) == gone:
        raise Refused("merge_cycle", "the second was merged into the first", pointer="/data/into")
    not_merged(state, area, gone, pointer="/data/participant")
    not_merged(state, area, into, pointer="/data/into")
    if not any(state.get(Activity, name) for name in activities_with(state, into)):
        _not_withdrawn(state, area, into, pointer="/data/into")


def _not_withdrawn(state: WorkingSet, area: str, pseudonym: str, *, pointer: str) -> None:
    if state.get(Withdrawn, (area, pseudonym)) is not None:
        raise Refused("participant_withdrawn", "consent was withdrawn under this pseudonym", pointer=pointer)


def _areas(state: WorkingSet, area: str | None, pseudonym: str) -> set[str]:
    """Give the area that speaks; of the network, those in which a pseudonym is or was known."""
    if area is not None:
        return {area}
    rows = (state.get(Activity, name) for name in activities_with(state, pseudonym))
    return {row.area for row in rows if row} | {row.area for row in state.rows(Merging) if row.participant == pseudonym}


def _merge_enrolments(state: WorkingSet, activity: Activity, gone: str, into: str) -> None:
    name = activity.activity
    rows = [row for who in (into, gone) if (row := state.get(Enrolment, (name, who)))]
    stays = {
        course: united(span for row in rows for span in row.stays.get(course, ()))
        for course in sorted({course for row in rows for course in row.stays})
    }
    state.remove(Enrolment, (name, gone))
    open_before = sum(span.end_on is None for row in rows for span in row.spans)
    open_now = sum(span.end_on is None for spans in stays.values() for span in spans)
    if rows:
        state.put(rows[0]._replace(participant=into, stays=stays))
    state.put(replace(activity, enrolled=activity.enrolled - open_before + open_now))


def _merge_volunteering(state: WorkingSet, activity: str, gone: str, into: str) -> None:
    for role in VOLUNTEER_ROLES:
        rows = [row for who in (into, gone) if (row := state.get(Volunteering, (activity, who, role)))]
        state.remove(Volunteering, (activity, gone, role))
        if rows:
            state.put(Volunteering(activity, into, role, united(span for row in rows for span in row.spans)))


def _merge_measurements(state: WorkingSet, activity: str, gone: str, into: str) -> None:
    for row in state.rows(Measurement):
        if (row.activity, row.participant) == (activity, gone):
            state.remove(Measurement, row.key)
            renamed = replace(row, participant=into)
            if state.get(Measurement, renamed.key) is None:
                state.put(renamed)


def united(spans: Iterable[Span]) -> Spans:
    """Give spans in their order, those as one that have a day in common."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start_on):
        last = found[-1] if found else None
        if last is None or (last.end_on is not None and last.end_on < span.start_on):
            found.append(span)
        elif last.end_on is not None and (span.end_on is None or span.end_on > last.end_on):
            found[-1] = Span(last.start_on, span.end_on)
    return tuple(found)


RULES: Final[Mapping[type[EventData], Rule]] = {
    ParticipantCorrected: correct_participant,
    ParticipantMerged: merge_participants,
}
