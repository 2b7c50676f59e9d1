"""Who is enrolled, kept between units of work for as long as the activity's row is the same (ADR 85)."""

from collections.abc import Mapping
from typing import Final

from services.registry.domain.people_rows import Enrolment
from services.registry.store import people
from shared.database import Connection
from shared.recent import Recent

KEPT_NAMES: Final = 50_000

# Of one activity: the version of its row, and the enrolments that were asked for, by pseudonym.
Known = tuple[int, dict[str, Enrolment]]


class KeptEnrolments:
    """The enrolments that sessions asked for last, under the versions of their activities' rows.

    Whoever enrols, leaves or is forgotten changes how many are enrolled, and with that the activity's row. So what was
    kept under the version that the locked row has is what the database holds, whoever wrote it.
    """

    def __init__(self) -> None:
        self._kept: Recent[str, Known] = Recent(KEPT_NAMES)

    async def load(
        self, connection: Connection, versions: Mapping[str, int], wanted: Mapping[str, set[str]]
    ) -> list[Enrolment]:
        """Give the enrolments of pseudonyms in activities that are locked; what is kept costs no query."""
        known = {name: self._known(name, versions[name]) for name in wanted if wanted[name] and name in versions}
        missing = {name: lacking for name, (_, kept) in known.items() if (lacking := wanted[name] - kept.keys())}
        if missing:
            for row in await people.enrolments(connection, missing, set().union(*missing.values())):
                if row.participant in missing[row.activity]:
                    known[row.activity][1][row.participant] = row
            for activity in missing:
                self._count(activity, known[activity])
        return [kept[name] for activity, (_, kept) in known.items() for name in wanted[activity] & kept.keys()]

    def forget(self) -> None:
        """Keep nothing: somebody is to be forgotten."""
        self._kept.clear()

    def _known(self, activity: str, version: int) -> Known:
        kept = self._kept.find(activity)
        return kept if kept is not None and kept[0] == version else self._kept.keep(activity, (version, {}))

    def _count(self, activity: str, known: Known) -> None:
        """Count the names that were read, unless all was forgotten while they were."""
        if self._kept.find(activity) is known:
            self._kept.keep(activity, known, max(1, len(known[1])))
