"""What a run of the benchmarks is asked for. Owns no measurement."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FIGURES: Final = Path("data/benchmarks.json")
SIZES: Final = (10_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Options:
    """What to run, how often, for how long and at which sizes, and where to write the figures."""

    only: tuple[str, ...]
    rounds: int = 3
    sizes: tuple[int, ...] = SIZES
    minutes: int = 1
    figures: Path = FIGURES

    @classmethod
    def of(cls, arguments: Sequence[str], parts: tuple[str, ...]) -> "Options":
        """Read `NAME=value` arguments; anything else ends with what there is."""
        given = dict(argument.partition("=")[::2] for argument in arguments)
        only = tuple(given.pop("ONLY", ",".join(parts)).split(","))
        sizes = given.pop("SIZES", ",".join(map(str, SIZES))).split(",")
        rounds, minutes = given.pop("ROUNDS", "3"), given.pop("MINUTES", "1")
        figures = Path(given.pop("JSON", str(FIGURES)))
        numbers = [rounds, minutes, *sizes]
        if given or not set(parts) >= set(only) or not all(text.isdigit() and int(text) >= 1 for text in numbers):
            usage = f"[ONLY={','.join(parts)}] [ROUNDS=3] [SIZES={','.join(sizes)}] [MINUTES=1] [JSON={FIGURES}]"
            sys.stderr.write(f"usage: {usage}\n")
            raise SystemExit(2)
        return cls(only, int(rounds), tuple(map(int, sizes)), int(minutes), figures)
