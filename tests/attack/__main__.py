"""Attacks the releases of random networks and prints what came of each; ends with 1 where anything is narrowed.

`make attack SEED=0 NETWORKS=200`: networks are numbered from the seed on, and each number is always the same network.
So a run that was ended goes on with the number after the last that it printed.
"""

import sys
import time
from collections.abc import Sequence

from tests.attack.networks import Attacked, attacked
from tests.oracles.exact_intruder import Found

SHOWN: int = 5
MOST_NETWORKS = 100_000


def main(arguments: Sequence[str]) -> int:
    """Attack so many networks, from a seed on."""
    given = {name: value for name, _, value in (argument.partition("=") for argument in arguments) if value}
    if not {"SEED", "NETWORKS"} >= given.keys() or not all(value.isdigit() for value in given.values()):
        sys.stderr.write("usage: [SEED=0] [NETWORKS=200]\n")
        return 2
    seed, networks = int(given.get("SEED", "0")), min(int(given.get("NETWORKS", "200")), MOST_NETWORKS)
    all_found, narrowed, releases, means = Found(), 0, 0, 0
    for number in range(seed, seed + networks):
        begun = time.process_time()
        of_one = attacked(number)
        _say(of_one, time.process_time() - begun)
        all_found = all_found.with_others(of_one.counts)
        narrowed, releases, means = narrowed + of_one.narrowed, releases + of_one.releases, means + of_one.means
    counted = (
        f"{releases} releases, {means} means, {_what_came(all_found, narrowed)}, {all_found.programmes} programmes"
    )
    sys.stdout.write(f"{networks} networks, {counted}, {time.process_time():.0f} CPU s\n")
    return 1 if narrowed or all_found.undecided else 0


def _what_came(found: Found, narrowed: int) -> str:
    tried = f"{found.numbers} numbers attacked {found.tried} times"
    return f"{tried}, {narrowed} narrowed, {len(found.undecided)} undecided"


def _say(of_one: Attacked, cpu_s: float) -> None:
    found, what = of_one.counts, f"{of_one.releases} releases, {of_one.means} means"
    came = _what_came(found, of_one.narrowed)
    sys.stdout.write(f"network {of_one.seed} of {of_one.areas} areas: {what}, {came}, {cpu_s:.1f} CPU s\n")
    for reader, name, end in [*found.narrowed, *found.undecided][:SHOWN]:
        sys.stdout.write(f"  {reader or 'lead'}: {name} cannot be {end}\n")
    for reader, name in [*of_one.of_amounts, *of_one.of_means][:SHOWN]:
        sys.stdout.write(f"  {reader or 'lead'}: {name} of few follow\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
