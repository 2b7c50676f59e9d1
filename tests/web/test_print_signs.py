"""Any text of Unicode goes through print: what no font has is a visible substitute, and everything else is there."""

import io
import itertools
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final, get_args

import httpx
import pypdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.reporting.digest import sealed
from services.reporting.reports import shapes
from services.reporting.reports.facts import Facts
from services.reporting.web.press import Press
from services.reporting.web.print import blocks, documents
from services.reporting.web.writing import Code
from shared.fairness import Shares
from shared.presentable import SUBSTITUTE
from tests.support import hostile_events as more_events
from tests.support.extent import long_but_for
from tests.support.invitations import get
from tests.support.systems import System

Json = dict[str, Any]
PATIENCE_SECONDS: Final = 240
TEXT_LENGTH: Final = 4_000
# Where the letters of Europe stand, when every code point is printed.
FIRST_PAGES: Final = 12
# Rare marks of one script beside letters of another: each is in the fonts, and yet they are refused together.
CONTRARY: Final = (
    "\u05e4\u2a51\u05e6\u2a16i\u2a73\u05e3\u05e8\u05e0\u2a3c\u059f\u05b01\u05e9\u0588",
    "\u0330\u0338\u034c\u0365\u0324\u0334\u032d\u036e\u031d\u0350\u0328",
    "\u04e3\u04e6\u0483\u0481\uf46a\u04f5e",
    "\u010a\u13db\u2b39\xeb\uf233\u2205\u0335\u1f3a\U0001f86d\U000e09a1",
)
NAMES: Final = ("Fodbold ⚽ og fællesskab", "🇩🇰 1️⃣", "中文", "ไทย", "தமிழ்", "\u05d0\u05b8 ff", *CONTRARY)
# What is written, and what a reader sees of it.
SEEN: Final = (
    ("Fodbold ⚽ og fællesskab", f"Fodbold {SUBSTITUTE} og fællesskab"),
    ("Flag 🇩🇰🇸🇪 x", f"Flag {SUBSTITUTE}{SUBSTITUTE} x"),
    ("Nummer 1️⃣ x", f"Nummer {SUBSTITUTE} x"),
    ("Familie 👨‍👩‍👧‍👦 x", f"Familie {SUBSTITUTE} x"),
    ("Hud 👍🏽 x", f"Hud {SUBSTITUTE} x"),
    ("中文 ไ", f"{SUBSTITUTE}{SUBSTITUTE} {SUBSTITUTE}"),
    ("C1 \x9b x", f"C1 {SUBSTITUTE} x"),
    ("B\ufeffO\u202eM\u2066 x", "BOM x"),
    ("Søndergård Łódź Nguyễn Iğdir Čeština", "Søndergård Łódź Nguyễn Iğdir Čeština"),
    ("A\u030arhus og Sønderga\u030ard", "Århus og Søndergård"),
    ("Привет Ελλάδα", "Привет Ελλάδα"),
)


def _order(texts: Sequence[str], language: Code = "da") -> Json:
    """Order a document that says some texts in each kind of place that there is, and the first as its title."""
    nothing = Facts(None, None, {"registry": 3, "funding": 0}, None, areas=[], effort_areas=[], plans=[], standings=[])
    order = documents.order(sealed(shapes.NETWORK.tell(nothing)), language)
    first = texts[0]
    table = blocks.table(first, [(first, "words"), (first, "numbers")], [[text, "1"] for text in texts], has_total=True)
    order["content"] |= {"title": first, "about": first}
    order["content"]["parts"] = [
        blocks.section(
            first,
            *(blocks.text(text) for text in texts),
            blocks.note(first),
            blocks.heading(first),
            blocks.figures([(first, first)]),
            table,
            blocks.entries([(first, first, first)]),
        )
    ]
    return order


async def _printed(order: Json) -> pypdf.PdfReader:
    """Print a document, however slow the machine is."""

    async def draw_up() -> Json:
        return order

    press = Press(Shares("documents being made", 1, 1), limit_seconds=PATIENCE_SECONDS)
    return pypdf.PdfReader(io.BytesIO(await press.make("test", "document", draw_up)))


def _text(pages: Iterable[pypdf.PageObject]) -> str:
    """Give their text, with one space between any two words, and without the places where a line may end."""
    return " ".join(" ".join(page.extract_text().split()) for page in pages).replace("\u200b", "")


@pytest.mark.long(beside="test_the_signs_that_the_fonts_have_are_printed")
async def test_every_code_point_goes_through_print() -> None:
    """All planes in one document, assigned or not: what is beyond the bound of trials is substituted unseen."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    texts = [every[first : first + TEXT_LENGTH] for first in range(0, len(every), TEXT_LENGTH)]
    order = _order(["Alt"])
    order["content"]["parts"] = [blocks.section("Alt", *map(blocks.text, texts))]
    document = await _printed(order)
    text = _text(document.pages[:FIRST_PAGES])
    for sign in "aæøåÆØÅéłőğşžßΩжשع•€…":
        assert sign in text


@pytest.mark.parametrize("first", long_but_for([0, 0x8000, 0x10000, 0x18000, 0x1E000], [0]))
async def test_the_signs_that_the_fonts_have_are_printed(first: int) -> None:
    """Each code point of a range, in a document of its own bound: letters stay, what the fonts lack is substituted."""
    signs = [chr(code) for code in range(first, first + 0x4000) if chr(code).isalpha()]
    order = _order(["Tegn"])
    order["content"]["parts"] = [blocks.section("Tegn", *(blocks.text("".join(part)) for part in _parts(signs)))]
    text = _text((await _printed(order)).pages)
    assert SUBSTITUTE in text
    if first == 0:
        latin = [sign for sign in signs if ord(sign) < 0x180 and unicodedata.is_normalized("NFKC", sign)]
        assert [sign for sign in latin if sign not in text] == []


def _parts(signs: Sequence[str]) -> list[Sequence[str]]:
    return [signs[first : first + TEXT_LENGTH] for first in range(0, len(signs), TEXT_LENGTH)]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.text(st.characters(codec=None), min_size=1, max_size=40), min_size=20, max_size=40))
@example(list(CONTRARY))
@example(["\ud800 half of a pair", "\0\x1b[31m\x9b31m", "\ufeffBOM\ufffe\U0010ffff", "\u202etxet"])
async def test_any_text_goes_through_print(texts: list[str]) -> None:
    """In every kind of place: title, paragraph, heading, table, key figure, list."""
    document = await _printed(_order(texts))
    assert len(document.pages) > 1


@pytest.fixture(scope="module")
async def together() -> str:
    """Print all that is written in one document, and give its text."""
    return _text((await _printed(_order(["Titel", *(f"[{written}]" for written, _ in SEEN)]))).pages)


@pytest.mark.parametrize("place", range(len(SEEN)))
def test_a_sign_that_a_reader_sees_is_one_substitute(place: int, together: str) -> None:
    """Whether it is one code point or seven; what the fonts have is there."""
    assert f"[{SEEN[place][1]}]" in together


@pytest.mark.parametrize(("language", "remark"), [("da", "står for et tegn"), ("en", "stands for a sign")])
async def test_a_document_says_once_that_it_lacks_signs(language: Code, remark: str) -> None:
    """Where one was substituted, and nowhere else."""
    assert _text((await _printed(_order(["⚽ 中"], language))).pages).count(remark) == 1
    assert remark not in _text((await _printed(_order(["Søndergård"], language))).pages)


async def test_the_title_in_the_files_description_is_the_one_that_is_printed() -> None:
    """What programs show of a document holds no sign that they could take for something else."""
    document = await _printed(_order(["Plan ⚽\u202e\x1b 2026"]))
    assert document.metadata is not None
    assert (document.metadata.title or "").startswith(f"Plan {SUBSTITUTE}{SUBSTITUTE} 2026")


@pytest.mark.long(beside="test_any_text_goes_through_print")
async def test_any_name_goes_through_a_chart(rich_system: System) -> None:
    """Charts are drawings whose texts the typesetter reads more strictly than others."""
    report = get(rich_system, f"/reporting/reports/plans/{more_events.PLAN}").json()
    rows = (*report["effort_areas"], *report["milestones"], *report["plans"])
    for row, name in zip(rows, itertools.cycle(NAMES), strict=False):
        row["name" if "name" in row else "title"] = name
    order = documents.order(report, "da")
    assert {"effort_areas", "milestones", "spending"} & order["specifications"].keys()
    assert len((await _printed(order)).pages) > 1


@pytest.mark.long(beside="test_any_text_goes_through_print")
def test_reports_of_others_are_printed_whatever_one_shared_or_booked(rich_system: System) -> None:
    """A practice with an emoji, and an expense with one that was reversed since: each is there, and says it."""
    for path in (
        "/reporting/reports/network",
        "/reporting/reports/areas/urbanplanen",
        f"/reporting/reports/plans/{more_events.PLAN}",
        f"/reporting/reports/plans/{more_events.PLAN}/statements/2026",
    ):
        for language in get_args(Code):
            answer = get(rich_system, f"{path}.pdf?language={language}")
            assert answer.status_code == httpx.codes.OK, path
            assert SUBSTITUTE in _text(pypdf.PdfReader(io.BytesIO(answer.content)).pages), path
