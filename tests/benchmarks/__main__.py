"""Runs the benchmarks and prints one table, with JSON beside it.

`make bench` runs all; `make bench ONLY=intake,ledger ARGS="ROUNDS=5 JSON=figures.json"` parts, longer, elsewhere.
`SIZES=10000,10000000` says how many events `growth` fills the logs with, `AREAS=2,10000` how many areas `areas`,
`release` and `shown` ask about, `MINUTES=10` how long `soak` runs.
"""

import asyncio
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

import orjson
import uvloop
from rich.console import Console
from rich.table import Table

from tests.benchmarks import (
    areas,
    courier,
    flow,
    footprint,
    growth,
    intake,
    ledger,
    release,
    reports,
    shown,
    soak,
    storing,
)
from tests.benchmarks.measuring import Row, short
from tests.benchmarks.options import Options

PARTS: Final = {
    "intake": intake.measure,
    "flow": flow.measure,
    "reports": reports.measure,
    "release": release.measure,
    "shown": shown.measure,
    "ledger": ledger.measure,
    "courier": courier.measure,
    "storing": storing.measure,
    "growth": growth.measure,
    "areas": areas.measure,
    "soak": soak.measure,
    "footprint": footprint.measure,
}
PACKAGES: Final = ("asyncpg", "fastapi", "faststream", "pydantic", "redis", "uvicorn", "uvloop")


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; the exit code tells whether it ran, not whether the targets are met."""
    options = Options.of(arguments, tuple(PARTS))
    started = time.monotonic()
    load_before = os.getloadavg()[0]
    rows: list[Row] = []
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for name in options.only:
            sys.stderr.write(f"{name} …\n")
            rows.extend(runner.run(_part(name, options)))
    machine = {**_machine(), "load_before": load_before, "took_s": round(time.monotonic() - started)}
    Console(width=None if sys.stdout.isatty() else 160).print(_table(rows, options.rounds), _footer(machine), sep="\n")
    options.figures.parent.mkdir(parents=True, exist_ok=True)
    document = {"at": datetime.now(UTC), "machine": machine, "rows": [row.document() for row in rows]}
    options.figures.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    return 0


async def _part(name: str, options: Options) -> list[Row]:
    return await PARTS[name](options)


def _table(rows: Sequence[Row], rounds: int) -> Table:
    table = Table(title=f"Medians of {rounds} interleaved rounds", title_justify="left")
    for heading in ("what", "unit", "measured", "peer", "limit", "of peer", "of limit", "target", "met"):
        table.add_column(heading, justify="left" if heading in {"what", "unit", "target", "met"} else "right")
    for row in rows:
        table.add_row(
            row.what,
            row.unit,
            row.figure("measured"),
            *("" if value is None else short(value) for value in (row.peer, row.limit)),
            *(row.figure("peer"), row.figure("limit")),
            "\n".join(target.text(row.unit) for target in row.targets),
            "\n".join("yes" if row.met(target) else "no" for target in row.targets),
        )
    return table


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _footer(machine: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return (
        f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}; {packages}\n"
        f"load before: {machine['load_before']:.1f}; took {machine['took_s']} s"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
