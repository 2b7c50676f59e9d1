"""Which worker runs which tests: those that share a running system stay together, and what takes longest begins first.

Owns no test and no fixture. Source: ADR 73.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

# Modules that read the demo that runs, which each worker would start anew.
OF_THE_DEMO: Final = (
    "bounded_periods",
    "exports",
    "figures",
    "periods",
    "plan_reports",
    "rules_number",
    "views_of_coordinators",
)
# Modules whose databases are copies of the demo's, which each worker would make anew.
OF_ITS_COPIES: Final = ("agreement", "rebuild")
# The first that a test's path begins with is its group; groups begin in this order, before all others.
GROUPS: Final = (
    ("tests/web/", "pages"),
    ("tests/e2e/test_backup.py", "containers"),
    ("tests/e2e/test_compose.py", "containers"),
    ("tests/e2e/", "demo"),
    ("tests/shared/test_hosts.py", "demo"),
    *((f"tests/reporting/test_{name}.py", "demo") for name in OF_THE_DEMO),
    *((f"tests/reporting/test_{name}.py", "copies") for name in OF_ITS_COPIES),
    ("tests/recovery/", "recovery"),
)
# Each module is a group of its own; these take longest.
LONGEST_MODULES: Final = (
    "tests/chaos/test_chaos.py",
    "tests/fuzz/test_fuzz.py",
    "tests/reporting/test_every_route.py",
    "tests/chaos/test_stopping.py",
)
_ORDER: Final = dict.fromkeys((*(name for _, name in GROUPS), *LONGEST_MODULES))


def group_of(test: str) -> str:
    """Name the group of a test: what one worker runs, one after the other."""
    module = test.partition("::")[0]
    return next((name for start, name in GROUPS if module.startswith(start)), module)


def sort(items: list[pytest.Item]) -> None:
    """Put tests of one group together, the longest group first, and leave everything else in the order that it has."""
    place: dict[str, int] = {name: number for number, name in enumerate(_ORDER)}
    for item in items:
        place.setdefault(group_of(item.nodeid), len(place))
    items.sort(key=lambda item: place[group_of(item.nodeid)])


class ByGroup(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives each worker whole groups, in the order in which they were collected.

    Where a worker dies, the test that it ran has failed, and the rest of its groups goes to the others. What it is
    made from would give out groups of which nothing is left, and then wait for their end for ever.
    """

    def __init__(self, config: pytest.Config, log: Any) -> None:  # noqa: ANN401  untyped there
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    def remove_node(self, node: WorkerController) -> str | None:
        """Take a worker away, and give the test that it died of."""
        groups = self.assigned_work[node]
        dead_of = next(self._undone(groups), None)
        self.assigned_work[node] = {}
        super().remove_node(node)
        if dead_of is not None:
            groups[group_of(dead_of)][dead_of] = True
            self.workqueue.update({name: tests for name, tests in groups.items() if not all(tests.values())})
            for other in self.nodes:
                self._reschedule(other)
        return dead_of

    @staticmethod
    def _undone(groups: dict[str, dict[str, bool]]) -> Iterator[str]:
        return (test for tests in groups.values() for test, is_done in tests.items() if not is_done)
