"""A payout that is withheld, and a statement that is late, meet whoever opens anything about money."""

import html
import io
import re
from typing import Final

import httpx
import openpyxl
import pypdf
import pytest

from tests.support.extent import long_but_for
from tests.support.invitations import get
from tests.support.systems import System

PLAN: Final = "gellerup-toveshoej-2023"
# The demo's money: withheld since 6 July 2026, for want of an accepted statement.
REASON: Final = "Årsopgørelsen for 2025 er ikke godkendt"
PAGES: Final = ("/", "/monday", "/money", f"/plans/{PLAN}", "/areas/gellerupparken")
REPORTS: Final = ("network", "areas/gellerupparken", f"plans/{PLAN}")


def _page(system: System, path: str) -> str:
    answer = httpx.get(f"{system.address}{path}", headers={"accept": "text/html"}, cookies=system.cookies, timeout=30)
    assert answer.status_code == httpx.codes.OK, path
    return html.unescape(re.sub(r"\s+", " ", answer.text))


@pytest.mark.parametrize("path", PAGES)
def test_a_withheld_payout_is_the_first_thing_on_each_page_of_money(rich_system: System, path: str) -> None:
    """With the reason, since when, and what to do; in both languages."""
    for prefix, since, step in (("", "6. juli 2026", "Næste skridt:"), ("/en", "6 July 2026", "Next step:")):
        text = _page(rich_system, (prefix + path) if path != "/" else prefix or "/")
        first = text.split('<ol class="attention">')[1].split("</li>")[0]
        for said in (REASON, since, step, "Landsbyggefonden"):
            assert said in first, (path, said)


@pytest.mark.parametrize("report", long_but_for(REPORTS, REPORTS[-1:]))
def test_a_withheld_payout_is_in_every_file(rich_system: System, report: str) -> None:
    """On paper, in the workbook and in CSV, with its reason."""
    path = f"/reporting/reports/{report}"
    document = pypdf.PdfReader(io.BytesIO(get(rich_system, f"{path}.pdf").content))
    text = " ".join(" ".join(page.extract_text().split()) for page in document.pages)
    assert REASON in text
    book = openpyxl.load_workbook(io.BytesIO(get(rich_system, f"{path}.xlsx").content))
    cells = [str(cell.value) for row in book["Det kræver opmærksomhed"].iter_rows() for cell in row]
    assert any(REASON in cell for cell in cells)
    assert REASON in get(rich_system, f"{path}.csv").text


def test_files_say_what_needs_attention_in_the_readers_language(rich_system: System) -> None:
    """Sentences of the reader's language, with amounts in kroner and the names of things."""
    for language, wanted, foreign in (
        ("da", ("er ikke frigivet", "Forbruget overstiger", "kr."), (" øre", "are not released", "nobody carries on")),
        ("en", ("are not released", "DKK"), (" øre", "er ikke frigivet")),
    ):
        answer = get(rich_system, f"/reporting/reports/network.xlsx?language={language}")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        title = "Det kræver opmærksomhed" if language == "da" else "Needs attention"
        text = "\n".join(str(cell.value) for row in book[title].iter_rows(min_row=2) for cell in row)
        for said in wanted:
            assert said in text
        for said in foreign:
            assert said not in text
