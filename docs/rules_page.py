"""Writes which rules figures are made by: `python -m docs.rules_page`, in a clone; a test tells when it is due.

The demo is started for it. Where a document of the demo has a different digest than the last rules gave it, the rules
take the next number, and docs/figures.md says what changed. A figure that is new explains a digest where the document
without that figure has the digest that it had. Everything else is explained by whoever changed it, with `--because`.

Owns `services/reporting/rules.json` and the table in docs/figures.md. Source: ADR 60.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from services.reporting import digest
from services.reporting.indicators import INDICATORS
from services.reporting.terms import Json
from tests.support.systems import get, running

PAGE: Final = Path(__file__).parent / "figures.md"
TABLE: Final = "| rules | what changed |\n|---|---|\n"
# The documents of the demo that the rules are known by.
DOCUMENTS: Final = (
    "reports/network",
    "reports/network?from=2025-08-01&to=2026-07-31",
    "reports/areas/urbanplanen",
    "reports/plans/amagerplanen-2023",
    "figures?indicator=sessions,participants,spent_ore&by=area,month",
)
FIGURES: Final = tuple(item.name for item in INDICATORS)
WRONG: Final = "The demo does not run, or its figures are not those of its files. It says more: make demo ARGS=--exit"
UNEXPLAINED: Final = """\
The demo's digests are different, and new figures alone do not explain it. Where that is meant, say what changed:
  make docs ARGS='--because "..."'
Where this branch gave the last number, take that back first: git checkout main -- services/reporting/rules.json"""


class Unexplained(Exception):
    """More is different than new figures, and nobody says why."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one number: what they changed, the figures that they know, the digests that they give the demo."""

    changed: str
    figures: tuple[str, ...]
    digests: Mapping[str, str]


def known() -> list[Rules]:
    """Give the rules of all numbers, the first first."""
    return [
        Rules(each["changed"], tuple(each["figures"]), each["digests"])
        for each in json.loads(digest.HISTORY.read_text(encoding="utf-8"))
    ]


def following(
    before: Sequence[Rules], documents: Mapping[str, Json], figures: Sequence[str], because: str = ""
) -> list[Rules]:
    """Give the rules of all numbers after a change: with the next one, where a digest of before is different.

    `documents` are the demo's by their paths, `figures` the names in the catalogue, `because` what was changed beside
    new figures.

    Raises:
        Unexplained: new figures do not explain the digests, and `because` says nothing.
    """
    last = before[-1]
    now = Rules("", tuple(figures), _digests(documents))
    if not _differ(last, now.digests):
        return [*before[:-1], replace(now, changed=last.changed)]
    new = [name for name in figures if name not in last.figures]
    if not because and _differ(last, _digests({path: _without(new, each) for path, each in documents.items()})):
        raise Unexplained
    told = [f"new: {', '.join(f'`{name}`' for name in new)}"] if new else []
    return [*before, replace(now, changed="; ".join([*told, *([because] if because else [])]))]


def page(text: str, rules: Sequence[Rules]) -> str:
    """Give the text of docs/figures.md with the table of the rules' numbers."""
    start, table, rest = text.partition(TABLE)
    rows = [f"| {number} | {each.changed} |\n" for number, each in enumerate(rules, 1)]
    return "".join([start, table, *rows, "\n", rest.partition("\n\n")[2]])


def written(rules: Sequence[Rules]) -> str:
    """Give the text of the file of all rules."""
    return json.dumps([asdict(each) for each in rules], indent=1, ensure_ascii=False) + "\n"


def _digests(documents: Mapping[str, Json]) -> dict[str, str]:
    return {path: digest.digest(document) for path, document in documents.items()}


def _differ(last: Rules, digests: Mapping[str, str]) -> bool:
    """Say whether a document that both know has different digests."""
    return any(digests.get(path, told) != told for path, told in last.digests.items())


def _without(names: Collection[str], value: Any) -> Any:  # noqa: ANN401  JSON
    """Give a document without what stands under names, at any depth."""
    if isinstance(value, dict):
        return {key: _without(names, each) for key, each in value.items() if key not in names}
    return [_without(names, each) for each in value] if isinstance(value, list) else value


def _of_the_demo() -> dict[str, Json]:
    """Run the demo, and give its documents by their paths."""
    with (
        tempfile.TemporaryDirectory(prefix="helhedsnet-rules-") as folder,
        running("demo", data=Path(folder)) as system,
    ):
        return {path: get(system, f"/reporting/{path}").raise_for_status().json() for path in DOCUMENTS}


def main() -> None:
    """Run the demo, and write its rules and their table."""
    parser = argparse.ArgumentParser(prog="python -m docs.rules_page", description=main.__doc__)
    parser.add_argument("--because", default="", help="what changed beside new figures, for docs/figures.md")
    because: str = parser.parse_args().because
    try:
        rules = following(known(), _of_the_demo(), FIGURES, because)
    except AssertionError as failed:
        sys.exit(f"{WRONG}\n{failed}")
    except Unexplained:
        sys.exit(UNEXPLAINED)
    digest.HISTORY.write_text(written(rules), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), rules), encoding="utf-8")
    sys.stdout.write(f"{digest.HISTORY.name} and {PAGE.name} are written, rules {len(rules)}\n")


if __name__ == "__main__":
    main()
