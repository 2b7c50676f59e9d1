"""Writes the bill of materials: what is installed with us, as CycloneDX, and its licences as a page. Owns no licence.

`cyclonedx-py` reads the environment. To that come the parts that wheels carry inside: those that a wheel lists itself
(PEP 770), and those of `licences.toml`. A licence that is unknown, or that ours may not be given out with, ends it.
"""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import ExpressionError, LicenseWithExceptionSymbol, get_spdx_licensing
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parent.parent
LICENCES: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("licences.toml").read_text())
PAGE: Final = ROOT / "docs/licences.md"
# Where a package is: the lock that names it first.
LOCKS: Final = {"required": "requirements.txt", "optional": "requirements-embedded.txt"}
# Installed in environments of their own. The first names pip, which some machines' environments hold and others do not.
APART: Final = frozenset({"requirements-audit.txt", "requirements-ha.txt"})
WHERE: Final = {"required": "the image", "optional": "the embedded system", "excluded": "building and testing"}
SECONDS: Final = 300
SPDX: Final = get_spdx_licensing()

Component = dict[str, Any]


class Unaccepted(Exception):
    """A licence is not known, or not one that ours may be given out with; the message names whose."""


def bill_of(python: str) -> dict[str, Any]:
    """Give the bill of an environment, with the parts inside its wheels.

    Raises:
        Unaccepted: a licence is none that we accept; all of them are named.
    """
    bill = _environment(python)
    folders = _folders(python)
    locked = {scope: _names(ROOT / lock) for scope, lock in LOCKS.items()}
    wrong = []
    for component in bill["components"]:
        name = canonicalize_name(component["name"])
        component["scope"] = next((scope for scope in LOCKS if name in locked[scope]), "excluded")
        component["components"] = [*_listed(folders.get(name)), *_within(name)]
        for part in (component, *component["components"]):
            part["licenses"] = [{"expression": licence_of(part)}]
            if not is_accepted(part["licenses"][0]["expression"], apart=component["scope"] != "required"):
                wrong.append(f"{part['name']} ({part['licenses'][0]['expression'] or 'no licence'})")
    if wrong:
        raise Unaccepted(f"see deploy/licences.toml: {', '.join(sorted(wrong))}")
    return bill


def licence_of(component: Component) -> str:
    """Give a component's licence as an expression of SPDX, or as it came; empty where none is said."""
    stated = LICENCES["stated"].get(canonicalize_name(component["name"]))
    if stated:
        return str(stated["licence"])
    for each in component.get("licenses", []):
        said = each.get("expression") or each["license"].get("id")
        if said:
            # Older packages of Rust part them so.
            return str(said).replace("/", " OR ")
    return ""


def is_accepted(licence: str, *, apart: bool) -> bool:
    """Tell whether ours may be given out with it, as part of us or as a program `apart`."""
    accepted = {*LICENCES["accepted"]["with_us"], *(LICENCES["accepted"]["apart"] if apart else ())}
    try:
        parsed = SPDX.parse(licence)
    except ExpressionError:
        return False
    return parsed is not None and _allows(parsed, accepted)


def _allows(expression: Any, accepted: set[str]) -> bool:  # noqa: ANN401  the library's terms have no common type
    if isinstance(expression, SPDX.OR):
        return any(_allows(each, accepted) for each in expression.args)
    if isinstance(expression, SPDX.AND):
        return all(_allows(each, accepted) for each in expression.args)
    if isinstance(expression, LicenseWithExceptionSymbol):
        return expression.exception_symbol.key in LICENCES["accepted"]["exceptions"]
    name = expression.key
    # A later version may be chosen where that one is accepted.
    later = {"GPL-2.0-or-later": {"GPL-3.0-or-later"}}.get(name, set())
    return name in accepted or bool(later & accepted)


def _environment(python: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "cyclonedx_py", "environment", python, "--pyproject", str(ROOT / "pyproject.toml")]
    options = ["--mc-type", "application", "--output-reproducible", "--no-validate"]
    done = subprocess.run(  # noqa: S603  our own command
        [*command, *options, "--output-file", "-"], cwd=ROOT, check=True, capture_output=True, timeout=SECONDS
    )
    bill: dict[str, Any] = json.loads(done.stdout)
    return bill


def _folders(python: str) -> dict[str, Path]:
    """Give the folder of each package's metadata in an environment."""
    script = (
        "import importlib.metadata as m, json, sys\n"
        "json.dump({d.name: str(d._path) for d in m.distributions()}, sys.stdout)\n"
    )
    done = subprocess.run(  # noqa: S603  as above
        [python, "-c", script], check=True, capture_output=True, timeout=SECONDS
    )
    return {canonicalize_name(name): Path(path) for name, path in json.loads(done.stdout).items()}


def _names(lock: Path) -> set[str]:
    """Give the packages that a file of locked requirements names."""
    if not lock.exists():
        return set()
    return {canonicalize_name(found) for found in re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(), re.MULTILINE)}


def _listed(folder: Path | None) -> Iterator[Component]:
    """Give the parts that a wheel lists itself, each as its list has it.

    Source: PEP 770.
    """
    for path in sorted((folder / "sboms").glob("*.json") if folder else ()):
        listed = json.loads(path.read_text())
        for part in listed.get("components", []):
            if canonicalize_name(part["name"]) not in canonicalize_name(folder.name if folder else ""):
                kept = {key: part[key] for key in ("type", "name", "version", "purl", "licenses") if key in part}
                yield kept


def _within(package: str) -> Iterator[Component]:
    for entry in LICENCES["within"]:
        if entry["package"] == package:
            for part in entry["parts"]:
                known = {key: part[key] for key in ("name", "version") if key in part}
                yield {"type": "library", **known, "licenses": [{"expression": part["licence"]}]}


def page_of(bill: dict[str, Any], before: str) -> str:
    """Give the page of licences: what is installed, and what was on it `before` and is installed elsewhere."""
    rows = {name: f"| {name} | {licence} | {where} |" for name, licence, where in _rows(before)}
    for component in bill["components"]:
        name, licence = canonicalize_name(component["name"]), component["licenses"][0]["expression"]
        rows[name] = f"| {name} | {licence} | {WHERE[component['scope']]} |"
    locked = set().union(*(_names(path) for path in ROOT.glob("requirements*.txt") if path.name not in APART))
    table = [rows[name] for name in sorted(rows) if name in locked]
    within = [
        f"| {entry['package']} | {part['name']} {part.get('version', '')} ".rstrip() + f" | {part['licence']} |"
        for entry in LICENCES["within"]
        for part in entry["parts"]
    ]
    images = [f"| `{image['name']}` | {image['licence']} | {image.get('note', '')} |" for image in LICENCES["images"]]
    return TEMPLATE.format(table="\n".join(table), within="\n".join(within), images="\n".join(images))


def _rows(page: str) -> list[tuple[str, str, str]]:
    table = page.partition("## Packages")[2].partition("\n## ")[0]
    return re.findall(r"^\| ([a-z0-9-]+) \| (.+) \| (.+) \|$", table, re.MULTILINE)


TEMPLATE: Final = """# Licences

What Helhedsnet is made with, and under which licences. Helhedsnet itself is given out under the EUPL-1.2, see
[LICENSE](../LICENSE). This page is written by `make docs`; `make bill` writes the same as a bill of materials,
`dist/helhedsnet.cdx.json`, in CycloneDX, and the image holds its own, `/opt/helhedsnet/bill-of-materials.cdx.json`.
`deploy/licences.toml` says which licences are accepted, and a licence that is not ends the build. This is our reading
of the licences, and no legal advice.

Programs under the GPL stand apart: none is in the image, none is linked with, and none that is given out is changed.
The embedded system's `psql`, which nothing starts, loads readline; Beancount checks the journal in tests.

## Packages

| package | licence | is in |
|---|---|---|
{table}

## Inside packages

Programs, libraries and fonts that wheels carry and do not list themselves. Parts of Rust that wheels list are in the
bill of materials.

| package | part | licence |
|---|---|---|
{within}

## Images

| image | licence | |
|---|---|---|
{images}
"""


def main() -> None:
    """Write the bill, or the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the environment")
    parser.add_argument("--output", type=Path, help="where the bill is written; without it the page is")
    asked = parser.parse_args()
    try:
        bill = bill_of(asked.python)
    except Unaccepted as unaccepted:
        sys.exit(f"licence_unaccepted: {unaccepted}")
    if asked.output is None:
        PAGE.write_text(page_of(bill, PAGE.read_text() if PAGE.exists() else ""))
    else:
        written = json.dumps(bill, indent=2, ensure_ascii=False) + "\n"
        if faults := JsonStrictValidator(SchemaVersion.V1_6).validate_str(written):
            sys.exit(f"bill_invalid: {faults}")
        asked.output.parent.mkdir(parents=True, exist_ok=True)
        asked.output.write_text(written)


if __name__ == "__main__":
    main()
