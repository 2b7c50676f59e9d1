"""What a benchmark gives: rows of medians, their ratios, and whether they meet their target. Owns no measurement."""

import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Contender = Callable[[], Awaitable[float]]
Against = Literal["measured", "peer", "limit"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a row should reach: a figure, or a ratio to its peer or its limit."""

    against: Against
    bound: float
    at_least: bool = True

    def text(self, unit: str) -> str:
        """Say it in a few signs."""
        sign = "≥" if self.at_least else "≤"
        figure = f"{self.bound:,g}"
        return f"{sign} {figure} {unit}" if self.against == "measured" else f"{sign} {figure} of {self.against}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; the figures are medians over rounds, in `unit`.

    A row that is `missed` took longer than `measured`, which is how long it was waited for.
    """

    what: str
    unit: str
    measured: float
    peer: float | None = None
    limit: float | None = None
    targets: tuple[Target, ...] = ()
    rounds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    missed: bool = False

    def ratio(self, against: Against) -> float | None:
        """Give the figure itself, or how many times the peer's or the limit's it is; None where there is none."""
        if against == "measured":
            return self.measured
        other = self.peer if against == "peer" else self.limit
        return None if not other else self.measured / other

    def figure(self, against: Against) -> str:
        """Write a ratio, or the figure itself, in a few signs; nothing where there is none."""
        value = self.ratio(against)
        if value is None:
            return ""
        return f"{'> ' if self.missed else ''}{short(value)}"

    def met(self, target: Target) -> bool:
        """Tell whether a target is met."""
        reached = self.ratio(target.against)
        assert reached is not None, f"{self.what}: there is no {target.against} to compare with"
        if self.missed:
            return False
        return reached >= target.bound if target.at_least else reached <= target.bound

    def document(self) -> dict[str, Any]:
        """Give the row as JSON takes it."""
        verdicts = [{**asdict(target), "met": self.met(target)} for target in self.targets]
        ratios = {"peer_ratio": self.ratio("peer"), "limit_ratio": self.ratio("limit")}
        return {**asdict(self), "rounds": dict(self.rounds), **ratios, "targets": verdicts}


async def interleaved(contenders: Mapping[str, Contender], rounds: int) -> dict[str, list[float]]:
    """Let contenders take turns, round after round, so that what else the machine does hits all alike."""
    figures: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            figures[name].append(await contender())
    return figures


def row(what: str, unit: str, figures: Mapping[str, Sequence[float]], *targets: Target) -> Row:
    """Make a row of the rounds of `measured` and, where they ran, `peer` and `limit`."""
    medians = {name: statistics.median(values) for name, values in figures.items()}
    return Row(what, unit, medians["measured"], medians.get("peer"), medians.get("limit"), targets, figures)


def missed(what: str, unit: str, waited: float, peer: float | None = None) -> Row:
    """Make the row of what was not over when it had been waited for so long."""
    return Row(what, unit, waited, peer, rounds={"measured": [waited]}, missed=True)


def short(value: float) -> str:
    """Write a figure with as many digits as it is worth."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def percentile(values: Sequence[float], percent: float) -> float:
    """Give the value below which so many per cent of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
