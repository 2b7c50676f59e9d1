"""The registry's use cases: load → decide → save. It never commits.

Which rows the events of a theme need, and how its shapes are saved, the theme's store says. Here stands the order in
which the themes are locked, loaded and saved.
"""

from collections.abc import Sequence
from typing import Any, Final

from services.registry.domain import people_rows, rows, rules
from services.registry.store import activities, corrections, erasure, network, people, plans, sharing
from services.registry.store.keeping import KeptEnrolments
from services.registry.store.shapes import Shapes
from services.registry.withdrawals import WithdrawalList
from shared.backbone.decisions import Decision
from shared.backbone.working_set import WorkingSet
from shared.database import Connection
from shared.events.catalogue import Posted
from shared.events.envelope import CloudEvent
from shared.events.naming import Naming
from shared.shape import insert, update, upsert

# Parents come before children.
THEMES: Final[tuple[Shapes, ...]] = (
    network.SHAPES,
    plans.SHAPES,
    activities.SHAPES,
    people.SHAPES,
    sharing.SHAPES,
)


class RegistryUseCases:
    """What the registry does with posted events."""

    def __init__(self, enrolments: KeptEnrolments | None = None, withdrawals: WithdrawalList | None = None) -> None:
        self._enrolments = enrolments or KeptEnrolments()
        self._withdrawals = withdrawals or WithdrawalList(None)

    async def load(self, connection: Connection, events: Sequence[CloudEvent[Any]]) -> WorkingSet:
        """Load what the events name: plans and activities locked in the order of their keys, then what is theirs."""
        state, naming = WorkingSet(), Naming(events)
        await people.lock_consents(connection, naming)
        await corrections.load_rows(connection, state, naming)
        await sharing.lock_adoptions(connection, naming)
        await plans.load_rows(connection, state, naming)
        versions = await activities.load_rows(connection, state, naming)
        await network.load_rows(connection, state, naming)
        enrolled = naming.named_by("activity", *people.ENROLLED)
        state.add(*await self._enrolments.load(connection, versions, enrolled))
        await people.load_rows(connection, state, naming)
        await sharing.load_rows(connection, state, naming)
        return state

    def decide(self, state: WorkingSet, posted: Posted) -> Decision:
        """Check who says the event, and apply its rule; pure."""
        return rules.decide(state, posted.event)

    async def save(self, connection: Connection, state: WorkingSet) -> None:
        """Save what changed, parents before children."""
        for withdrawal in state.changed(people_rows.Withdrawal):
            self._enrolments.forget()
            await erasure.forget_person(connection, withdrawal)
        for merger in state.changed(people_rows.Merger):
            self._enrolments.forget()
            await corrections.release_names(connection, merger)
        await network.save_pools(connection, state.changed(rows.Pool))
        await network.save_areas(connection, state.changed(rows.Area))
        await insert(connection, plans.PLANS, state.added(rows.Plan))
        await update(connection, plans.PLANS, state.updated(rows.Plan), plans.CHANGING)
        for theme in THEMES:
            for shape in theme.once:
                await insert(connection, shape, state.added(shape.row))
                await upsert(connection, shape, state.updated(shape.row))
        for theme in THEMES:
            for shape in theme.replaced:
                await upsert(connection, shape, state.changed(shape.row))
        await people.save_enrolments(connection, state.changed(people_rows.Enrolment))
        for theme in THEMES:
            for spans in theme.spans:
                await spans.save(connection, state.changed(spans.row))
        await corrections.save_mergings(connection, state.added(people_rows.Merging))
        await sharing.save_lineages(connection, state.changed(rows.Lineage))

    async def save_entries(self, connection: Connection, entries: Sequence[tuple[int, Any]]) -> None:
        """Insert what was recorded of sessions; then correct and erase, in the order in which it was said."""
        await people.insert_attendance(connection, erasure.of_kind(entries, people_rows.Attendance))
        for sequence, entry in entries:
            if isinstance(entry, people_rows.Merger):
                await corrections.rename_in_lists(connection, sequence, entry)
            elif isinstance(entry, people_rows.Correction):
                await corrections.correct(connection, entry)
            elif isinstance(entry, people_rows.Withdrawal):
                await erasure.erase_person(connection, sequence, entry)
                await corrections.note_withdrawal(connection, sequence, entry)
        # On the disk before the database commits: who asked to be forgotten is, whatever fails now.
        await self._withdrawals.note([entry for _, entry in erasure.of_kind(entries, people_rows.Withdrawal)])
        for sequence, story in erasure.of_kind(entries, rows.Story):
            await erasure.erase_story(connection, sequence, story)
