"""Who is enrolled, kept between units of work for as long as the activity's row is the same (ADR 85)."""

import collections
from collections.abc import Mapping
from typing import Final

from services.registry.domain import Enrolment
from services.registry.store import people
from shared.database import Connection

KEPT_NAMES: Final = 50_000

# Of one activity: the version of its row, and the enrolments that were asked for, by pseudonym.
Known = tuple[int, dict[str, Enrolment]]


class KeptEnrolments:
    """The enrolments that sessions asked for last, under the versions of their activities' rows.

    Whoever enrols, leaves or is forgotten changes how many are enrolled, and with that the activity's row. So what was
    kept under the version that the locked row has is what the database holds, whoever wrote it.
    """

    def __init__(self) -> None:
        self._kept: collections.OrderedDict[str, Known] = collections.OrderedDict()
        self._names = 0

    async def load(
        self, connection: Connection, versions: Mapping[str, int], wanted: Mapping[str, set[str]]
    ) -> list[Enrolment]:
        """Give the enrolments of pseudonyms in activities that are locked; what is kept costs no query."""
        known = {name: self._known(name, versions[name]) for name in wanted if wanted[name] and name in versions}
        missing = {name: lacking for name, kept in known.items() if (lacking := wanted[name] - kept.keys())}
        if missing:
            for row in await people.enrolments(connection, missing, set().union(*missing.values())):
                if row.participant in missing[row.activity]:
                    known[row.activity][row.participant] = row
                    self._names += 1
        enrolments = [kept[name] for activity, kept in known.items() for name in wanted[activity] & kept.keys()]
        self._shed()
        return enrolments

    def forget(self) -> None:
        """Keep nothing: somebody is to be forgotten."""
        self._kept.clear()
        self._names = 0

    def _known(self, activity: str, version: int) -> dict[str, Enrolment]:
        kept = self._kept.get(activity)
        if kept is None or kept[0] != version:
            self._names -= len(kept[1]) if kept else 0
            kept = self._kept[activity] = version, {}
        self._kept.move_to_end(activity)
        return kept[1]

    def _shed(self) -> None:
        while self._names > KEPT_NAMES:
            _, (_, names) = self._kept.popitem(last=False)
            self._names -= len(names)
