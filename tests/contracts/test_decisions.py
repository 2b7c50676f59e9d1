"""Each decision says when it was written down, whether it stands and what holds it, and the list says the same."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "docs/adr"
DECISIONS: Final = sorted(FOLDER.glob("[0-9]*.md"))
# The title, and below it the day, the status and, where a test holds the decision, which one does.
HEAD: Final = re.compile(
    r"# (?P<number>\d+)\. (?P<title>.+)\n\n"
    r"\d{4}-\d\d-\d\d · (?:accepted|(?P<word>amended|superseded) by \[(?P<by>\d+)\]\((?P<file>[^)]+)\))"
    r"(?: · held by (?P<tests>.+))?\n\n"
)


def test_each_decision_has_its_day_and_its_status_and_is_listed_with_it() -> None:
    """Whoever reads one knows whether it stands, and whoever reads the list sees all."""
    assert len(DECISIONS) > 70
    listed = (FOLDER / "README.md").read_text()
    rows = []
    for path in DECISIONS:
        head = HEAD.match(path.read_text())
        assert head is not None, f"{path.name} has no day and status below its title"
        assert int(head["number"]) == int(path.name[:4])
        status = f"{head['word']} by {head['by']}" if head["word"] else "accepted"
        rows.append(f"| {head['number']} | [{head['title']}]({path.name}) | {status} |")
    assert [row for row in listed.splitlines() if re.match(r"\| \d", row)] == rows


def test_what_replaces_a_decision_and_what_holds_it_are_there() -> None:
    """A decision is replaced by a later or an earlier number, never by itself, and its tests can be run."""
    for path in DECISIONS:
        head = HEAD.match(path.read_text())
        assert head is not None
        if head["file"]:
            assert int(head["file"][:4]) == int(head["by"]) != int(head["number"])
            assert (FOLDER / head["file"]).exists(), head["file"]
        for test in re.findall(r"`([^`]+)`", head["tests"] or ""):
            assert (ROOT / test).exists(), f"{path.name} names {test}"
