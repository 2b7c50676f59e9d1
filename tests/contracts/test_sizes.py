"""Files and functions are of a size that is read at once, and whatever a checker passes over has its reason beside it.

A file of a migration is frozen once it was released, so the folders `migrations/versions` are passed over.
"""

import ast
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = ("services", "shared", "tests", "docs", "deploy")
FILES: Final = sorted(
    path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if "migrations/versions" not in str(path)
)
MOST_LINES_OF_A_FILE: Final = 400
MOST_LINES_OF_A_FUNCTION: Final = 40
# What is imported to be found there, and named in `__all__`, is not counted.
MOST_LINES_OF_AN_INIT: Final = 50
# What is longer, how long it is, and why. The table only becomes shorter: whoever cuts one down lowers its number here.
LONGER: Final[Mapping[str, int]] = {
    # A route is declared inside of what makes the router, and reads there what belongs to its service.
    "services/reporting/web/charting.py routes": 53,
    "shared/http/verifying.py verifying_routes": 50,
}
PRAGMA: Final = re.compile(r"# (?:noqa|type: ignore)\b")
# A reason follows the codes; one for mypy begins with a sign of its own, which mypy demands.
REASONED: Final = re.compile(r"# noqa: [A-Z0-9]+(?:, [A-Z0-9]+)*  \S.*|# type: ignore\[[a-z, -]+\]  # (?!noqa)\S.*")


def test_no_file_and_no_function_is_longer_than_is_read_at_once() -> None:
    """Whatever is longer is listed with its length, and the list holds nothing that became shorter."""
    assert len(FILES) > 500
    assert {where: lines for path in FILES for where, lines in _too_long(path)} == LONGER


def test_whatever_a_checker_passes_over_has_its_reason_beside_it() -> None:
    """A line that says `noqa` or `type: ignore` names the rule, and says in words why it does not hold there."""
    found = [(path, number, text) for path in FILES for number, text in _pragmas(path)]
    assert len(found) > 200
    assert [f"{path}:{number}: {text}" for path, number, text in found if not REASONED.search(text)] == []


def _too_long(path: Path) -> Iterator[tuple[str, int]]:
    name, text = str(path.relative_to(ROOT)), path.read_text()
    lines, tree = len(text.splitlines()), ast.parse(text)
    if lines > MOST_LINES_OF_A_FILE:
        yield name, lines
    if path.name == "__init__.py" and (substance := sum(map(_substance, tree.body))) > MOST_LINES_OF_AN_INIT:
        yield name, substance
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_LINES_OF_A_FUNCTION:
                yield f"{name} {node.name}", length


def _substance(statement: ast.stmt) -> int:
    """Count the lines of a statement of a package's own file; none where it only gives what stands elsewhere."""
    is_named = isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__"
    if is_named or isinstance(statement, ast.Import | ast.ImportFrom):
        return 0
    return (statement.end_lineno or statement.lineno) - statement.lineno + 1


def _pragmas(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT and PRAGMA.match(token.string):
                yield token.start[0], token.string
