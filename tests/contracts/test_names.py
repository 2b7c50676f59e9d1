"""Within a service a name of a type means one thing: whoever reads it need not ask of which module it is."""

import ast
import collections
import re
from pathlib import Path
from typing import Final

import pytest

from services.registry.service import THEMES

SERVICES: Final = Path(__file__).parents[2] / "services"
TYPE_NAME: Final = re.compile(r"[A-Z]\w*[a-z]\w*")
# Names that a service has once in each of several layers, of one thing: the row that rules read, the table that keeps
# it, and the shape in which a route tells of it.
LAYERS: Final = frozenset({"domain", "models", "schemas", "terms", "verification"})
# A shape of the registry says which row its table keeps: these two are of one thing.
OF_SHAPES: Final = {
    *(shape.row.__name__ for theme in THEMES for shape in (*theme.once, *theme.replaced)),
    *(spans.row.__name__ for theme in THEMES for spans in theme.spans),
}
LAYERED: Final = {
    "registry": frozenset(
        {"Area", "Attendance", "Crossing", "Enrolment", "Merging", "Plan", "Pool", "Withdrawn"} | OF_SHAPES
    ),
    "funding": frozenset(
        {"Account", "Activity", "BudgetLine", "BudgetVersion", "Commitment", "Entry", "Expense", "Instalment", "Plan"}
        | {"Pool", "Receipt", "Statement", "Verification"}
    ),
    "reporting": frozenset({"Plan"}),
}


def type_names(source: str) -> list[str]:
    """Name the classes and the aliases of types that a module defines, those for itself alone left out."""
    found: list[str] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.AnnAssign):
            found.append(ast.unparse(node.target))
        elif isinstance(node, ast.Assign):
            found += [ast.unparse(target) for target in node.targets]
    return [name for name in found if TYPE_NAME.fullmatch(name)]


def in_several_modules(service: Path) -> dict[str, list[str]]:
    """Give the names that several modules of a service define, each with the parts of the service that these are in."""
    parts: dict[str, list[str]] = collections.defaultdict(list)
    for path in sorted(service.rglob("*.py")):
        within = path.relative_to(service).with_suffix("").parts
        if within[0] != "migrations":
            for name in type_names(path.read_text()):
                parts[name].append(within[0])
    return {name: found for name, found in parts.items() if len(found) > 1}


@pytest.mark.parametrize("service", sorted(LAYERED))
def test_no_name_of_a_type_means_two_things_within_a_service(service: str) -> None:
    """A name stands in one module, or once in each layer of one thing; an alias that several need is imported."""
    several = in_several_modules(SERVICES / service)
    twice = {name: parts for name, parts in several.items() if name not in LAYERED[service]}
    assert not twice, "one of them needs a different name, or both are one alias, which is defined once"
    for name in LAYERED[service]:
        parts = several.get(name, [])
        assert len(parts) > 1, f"{name} is no longer in several layers"
        assert len(parts) == len(LAYERS.intersection(parts)), (name, parts)


def test_a_name_that_is_defined_twice_is_found(tmp_path: Path) -> None:
    """The comparison of the other test can fail: by a class, by an alias, and by both alike."""
    pages = ("class Report:", "    pass", "Json = dict[str, object]", "_Own = int", "MOST: int = 3")
    charts = ("Report = dict[str, object]", "Json: TypeAlias = dict[str, object]", "MOST = 4")
    (tmp_path / "pages.py").write_text("\n".join(pages))
    (tmp_path / "charts.py").write_text("\n".join(charts))
    assert in_several_modules(tmp_path) == {"Report": ["charts", "pages"], "Json": ["charts", "pages"]}
