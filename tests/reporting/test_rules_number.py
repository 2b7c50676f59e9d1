"""The number of the rules that reports are made by, pinned with the digests that they give the demo."""

import re
from typing import Final

import httpx

from services.reporting import digest
from tests.conftest import Bearer
from tests.support.running import ROOT

OF_A_YEAR: Final = "reports/network?from=2025-08-01&to=2026-07-31"
# The number, and the digests. A different digest takes the next number.
PINNED: Final = (
    1,
    {
        "reports/network": "fd810099c1f661a87bcd33078600b946af085872f557a4c29f0e8a8fb7f6b099",
        OF_A_YEAR: "8d8585245c562e8ec98f0090c561664897be419d35ccd3a83b4b52c0cdf6f870",
        "reports/areas/urbanplanen": "2f4e24df3978b3961335c2db336ac3c395a833409b270f17e6749059c92e27b7",
        "reports/plans/amagerplanen-2023": "5e2050f8245728b2e5533f9184b2605928855afa0d1774bef5f03ce527f34a5d",
        "figures?indicator=sessions,participants,spent_ore&by=area,month": (
            "b5b35c77758184df04b70749c2acf61e23bef8ecfafa532276fcfba9ed2a4f40"
        ),
    },
)


async def test_the_rules_of_a_number_give_the_demo_its_digests(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Where a digest is different, `RULES` takes the next number, which is pinned here with it."""
    number, digests = PINNED
    assert number == digest.RULES
    found = {}
    for path in digests:
        answer = await demo.get(f"/reporting/{path}", headers=bearer("lead"))
        assert answer.status_code == httpx.codes.OK, answer.text
        assert answer.json()["rules"] == number
        found[path] = answer.json()["digest"]
    assert found == digests


def test_each_number_is_described() -> None:
    """The page of figures says what each number changed, up to the present one."""
    page = (ROOT / "docs/figures.md").read_text().partition("| rules | what changed |")[2].partition("\n## ")[0]
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \| \S", page, re.MULTILINE)]
    assert numbers == list(range(1, digest.RULES + 1))
