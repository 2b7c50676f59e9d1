"""Signing in through two providers that others wrote, in a browser: each role in both languages, new keys, one away.

npm's `oidc-provider` and Python's `oidc-provider-mock`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from playwright.async_api import Browser, Page

from services.embedded import free_port
from tests.support.browsing import visiting
from tests.support.places import place
from tests.support.providers import OfNode, of_node, of_python, providers_file
from tests.support.systems import System, running

SHORT = "tests/access/test_signing_in.py::test_each_role_is_let_in_as_what_it_is"

pytestmark = pytest.mark.long(beside=SHORT)


@pytest.fixture(scope="module")
def free_address() -> str:
    """Give the address at which the system will answer."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def provider(free_address: str) -> OfNode:
    """Give the provider, which knows where people come back to; it does not run yet."""
    return of_node(f"{free_address}/sign-in/return")


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """Run the other provider, and give its issuer."""
    with of_python() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def system(
    provider: OfNode, mock: str, free_address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    """Run a whole system whose people sign in at the provider."""
    issuers = {"kommunen": provider.issuer, "fonden": mock}
    path = providers_file(tmp_path_factory.mktemp("providers"), issuers)
    variables = {"HELHEDSNET_PROVIDERS_FILE": str(path), "HELHEDSNET_LOG_LEVEL": "ERROR"}
    port = int(free_address.rpartition(":")[2])
    with place("web") as made, running("up", data=Path(made), port=port, variables=variables) as system:
        yield system


async def sign_in(page: Page, system: System, button: str, person: str, prefix: str = "") -> None:
    """Sign in as a person would, at the provider's own pages."""
    await page.goto(f"{system.address}{prefix}/sign-in")
    await page.get_by_role("link", name=button).click()
    await page.locator("input[name=login]").fill(person)
    await page.locator("input[name=password]").fill("hvad som helst")
    await page.locator("button[type=submit]").click()
    await page.get_by_role("button", name="Continue").click()
    await page.wait_for_url(f"{system.address}/**")


ROLES: Final = {
    "koordinator": ("Koordinator", "Coordinator"),
    "leder": ("Netværksleder", "Network lead"),
    "revisor": ("Revisor", "Auditor"),
    "driftsansvarlig": ("Administrator", "Administrator"),
}
each_role = pytest.mark.parametrize(
    ("person", "prefix"), [(person, prefix) for person in ROLES for prefix in ("", "/en")]
)


async def _is_signed_in(page: Page, system: System, person: str, prefix: str) -> None:
    """Look where somebody begins, and as what: a coordinator at the own area, in the language of the beginning."""
    begins = f"{prefix}/own-area" if person == "koordinator" else prefix or "/"
    assert page.url == f"{system.address}{begins}"
    assert ROLES[person][bool(prefix)] in await page.inner_text("header")


@each_role
async def test_each_role_signs_in(provider: OfNode, system: System, browser: Browser, person: str, prefix: str) -> None:
    """From our page over the provider's and back, through npm's `oidc-provider`."""
    button = "Sign in with kommunen" if prefix else "Log ind med kommunen"
    with provider.running():
        async with visiting(browser, system) as visit:
            await sign_in(visit.page, system, button, person, prefix)
            await _is_signed_in(visit.page, system, person, prefix)


@each_role
async def test_each_role_signs_in_through_the_other_provider(
    system: System, browser: Browser, person: str, prefix: str
) -> None:
    """The same through Python's `oidc-provider-mock`, beside the first."""
    async with visiting(browser, system) as visit:
        await visit.page.goto(f"{system.address}{prefix}/sign-in")
        await visit.page.get_by_role("link", name="Sign in with fonden" if prefix else "Log ind med fonden").click()
        await visit.page.locator("input[name=sub]").first.fill(person)
        await visit.page.get_by_role("button", name="Authorize").click()
        await visit.page.wait_for_url(f"{system.address}/**")
        await _is_signed_in(visit.page, system, person, prefix)


async def test_whoever_has_no_role_reads_why_in_their_language(
    provider: OfNode, system: System, browser: Browser
) -> None:
    """And is not signed in."""
    with provider.running():
        async with visiting(browser, system) as visit:
            await sign_in(visit.page, system, "Sign in with kommunen", "ingen", "/en")
            assert "You have no role here" in await visit.page.inner_text("[role=alert]")
            answer = await visit.page.goto(system.address)
            assert answer is not None
            assert answer.status == httpx.codes.UNAUTHORIZED


async def test_a_new_key_signs_in_and_sessions_live_on_while_the_provider_is_away(
    provider: OfNode, system: System, browser: Browser
) -> None:
    """The provider is started anew with a key that it never had, and is then taken away."""
    async with visiting(browser, system) as visit:
        with provider.running():
            await sign_in(visit.page, system, "Log ind med kommunen", "leder")
        await visit.page.context.clear_cookies()
        with provider.running():
            await sign_in(visit.page, system, "Log ind med kommunen", "leder")
        answer = await visit.page.goto(system.address)
        assert answer is not None
        assert answer.ok
        assert "Netværksleder" in await visit.page.inner_text("header")
