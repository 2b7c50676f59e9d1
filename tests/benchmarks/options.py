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
    """What to run, how often, for how long, at which sizes and with how many areas, and where to write the figures."""

    only: tuple[str, ...]
    rounds: int = 3
    sizes: tuple[int, ...] = SIZES
    # None said: each part has its own.
    areas: tuple[int, ...] = ()
    minutes: int = 1
    figures: Path = FIGURES

    @classmethod
    def of(cls, arguments: Sequence[str], parts: tuple[str, ...]) -> "Options":
        """Read `NAME=value` arguments, of which `make` may leave a value empty; all else ends with what there is."""
        said = dict(argument.partition("=")[::2] for argument in arguments if not argument.endswith("="))
        usual = {
            "ONLY": ",".join(parts),
            "ROUNDS": "3",
            "SIZES": ",".join(map(str, SIZES)),
            "AREAS": "",
            "MINUTES": "1",
            "JSON": str(FIGURES),
        }
        given = usual | said
        only = tuple(given["ONLY"].split(","))
        rounds, sizes, minutes = (given[name].split(",") for name in ("ROUNDS", "SIZES", "MINUTES"))
        areas = given["AREAS"].split(",") if given["AREAS"] else []
        numbers = [*rounds, *sizes, *areas, *minutes]
        is_right = given.keys() == usual.keys() and set(parts) >= set(only) and len(rounds) == len(minutes) == 1
        if not is_right or not all(text.isdigit() and int(text) >= 1 for text in numbers):
            sys.stderr.write(f"usage: {' '.join(f'[{name}={value}]' for name, value in usual.items())}\n")
            raise SystemExit(2)
        return cls(
            only,
            int(rounds[0]),
            tuple(map(int, sizes)),
            tuple(map(int, areas)),
            int(minutes[0]),
            Path(given["JSON"]),
        )
