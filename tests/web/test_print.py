"""Reports on paper say what the JSON says, page by page, and can be read by people and by machines."""

import functools
import io
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, get_args

import httpx
import orjson
import pypdf
import pytest

from services.reporting.digest import sealed
from services.reporting.indicators import INDICATORS
from services.reporting.reports import shapes
from services.reporting.reports.facts import Facts
from services.reporting.web.press import Press
from services.reporting.web.print import blocks, documents, sections
from services.reporting.web.print.blocks import MOST_ROWS, Speech
from services.reporting.web.writing import NOTHING, WITHHELD, Code, hidden
from shared.errors import Busy
from shared.fairness import Shares
from tests.support import hostile_events as more_events
from tests.support.extent import long_but_for
from tests.support.hostile_events import HOSTILE
from tests.support.invitations import PATIENCE_SECONDS, get
from tests.support.systems import System

Json = dict[str, Any]
Read = Callable[[str, Code], tuple[Json, pypdf.PdfReader]]
LANGUAGES: Final[tuple[Code, ...]] = get_args(Code)
IN_SHORT_DANISH: Final = long_but_for(LANGUAGES, ["da"])
NETWORK: Final = "/reporting/reports/network"
AREA: Final = "/reporting/reports/areas/urbanplanen"
PLAN: Final = f"/reporting/reports/plans/{more_events.PLAN}"
STATEMENT: Final = f"/reporting/reports/plans/{more_events.OTHER_PLAN}/statements/2025"
FIGURED: Final = (NETWORK, AREA, PLAN)
PATHS: Final = (*FIGURED, STATEMENT)
# In short one report, with figures about people and money, and one of money alone.
FIGURED_IN_SHORT: Final = long_but_for(FIGURED, [PLAN])
PATHS_IN_SHORT: Final = long_but_for(PATHS, [PLAN, STATEMENT])
EMPTY_PAGE: Final = 250
SHARES: Final = Shares("documents being made", 1, 1)
NOTHING_POSTED: Final = Facts(
    None, None, {"registry": 3, "funding": 0}, None, areas=[], effort_areas=[], plans=[], standings=[]
)
# So many paragraphs of a line fill a page from its middle to its foot.
HEIGHTS: Final = range(28, 40)
# What a part begins with after its heading and a note.
FIRST_THINGS: Final[dict[str, Callable[[str], Json | None]]] = {
    "entries": lambda words: blocks.entries([("Navn", "om", words)]),
    "text": lambda words: blocks.text(f"{words} {'Mere, som fylder flere linjer end en. ' * 12}"),
    "table": lambda words: blocks.table("Tabel", [("Hvad", "words")], [[words]] * 3),
}


@pytest.fixture(scope="session")
def read(rich_system: System) -> Read:
    """Give a function that reads a report as JSON and as PDF, each once."""
    known: dict[tuple[str, Code], tuple[Json, pypdf.PdfReader]] = {}

    def both(path: str, language: Code) -> tuple[Json, pypdf.PdfReader]:
        if (path, language) not in known:
            report, document = get(rich_system, path), get(rich_system, f"{path}.pdf?language={language}")
            assert document.status_code == httpx.codes.OK, document.text
            assert document.headers["etag"] == report.headers["etag"].removeprefix("W/")
            assert document.headers["content-language"] == language
            known[path, language] = report.json(), pypdf.PdfReader(io.BytesIO(document.content))
        return known[path, language]

    return both


@functools.cache
def _pages(document: pypdf.PdfReader) -> tuple[str, ...]:
    """Give the text of each page, with one space between any two words."""
    return tuple(" ".join(page.extract_text().split()) for page in document.pages)


def _text(document: pypdf.PdfReader) -> str:
    """Give all text, with one space between any two words."""
    return " ".join(_pages(document))


def _written(value: Any, language: Code) -> str:  # noqa: ANN401  a whole number, or one with a fraction
    """Write a number by hand, not by what the product writes with."""
    if isinstance(value, float):
        value = Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    text = f"{value:,}".removesuffix(".0")
    return text.translate(str.maketrans(",.", ".,")) if language == "da" else text


def _amount(amount_ore: int, language: Code) -> str:
    text = f"{abs(amount_ore) // 100:,}.{abs(amount_ore) % 100:02d}"
    text = text.translate(str.maketrans(",.", ".,")) if language == "da" else text
    return ("\N{MINUS SIGN}" if amount_ore < 0 else "") + text


def _count(value: Any, language: Code) -> str:  # noqa: ANN401  a number or a count of people
    if isinstance(value, dict):
        return (hidden(value, language) or WITHHELD) if value["suppressed"] else _written(value["value"], language)
    return _written(value, language)


@pytest.mark.parametrize("language", IN_SHORT_DANISH)
@pytest.mark.parametrize("path", FIGURED_IN_SHORT)
def test_every_key_figure_is_that_of_the_json(path: str, language: Code, read: Read) -> None:
    """Each stands with its label: counts, hours and amounts to the øre."""
    report, document = read(path, language)
    text = _text(document)
    labels = {item.name: item.label_da if language == "da" else item.label_en for item in INDICATORS}
    for name in sections.KEY_FIGURES:
        assert f"{_count(report['totals'][name], language)} {labels[name]}" in text, name
    for name in sections.AMOUNTS:
        assert _amount(report["totals"]["funding"][name], language) in text, name


@pytest.mark.parametrize("language", IN_SHORT_DANISH)
@pytest.mark.parametrize("path", FIGURED_IN_SHORT)
def test_every_row_of_every_table_is_that_of_the_json(path: str, language: Code, read: Read) -> None:
    """Areas, months, effort areas, funders, plans, regulation accounts and change, cell by cell."""
    report, document = read(path, language)
    text = _text(document)
    places = [*report["areas"], *report["effort_areas"]] if path == NETWORK else report["effort_areas"]
    for row in places:
        assert " ".join([row["name"], *(_count(row[name], language) for name in sections.PLACE_FIGURES)]) in text
    for row in report["months"]:
        cells = [row["month"][:4], *(_count(row[name], language) for name in sections.MONTH_FIGURES)]
        assert " ".join(cells) in text, row["month"]
    if path != PLAN:
        _see_funding(report, text, language)
    for row in report["change"]:
        if row["mean_change"] is not None:
            assert f" {row['pairs']} {_written(round(row['mean_before'], 1), language)} " in text


def _promiser(row: Json, language: Code) -> str:
    """Name who promised money; the demo's last foundation stands unconfirmed, and has to be told as that."""
    waits = {"da": "ikke bekræftet", "en": "not confirmed"}[language]
    return str(row["funder_name"]) if row["confirmed_on"] else f"{row['funder_name']} ({waits})"


def _see_funding(report: Json, text: str, language: Code) -> None:
    by_kind = report["totals"]["funding"]["by_funder_kind"].values()
    for sums in [*by_kind, *(plan["funding"] for plan in report["plans"])]:
        assert " ".join(_amount(sums[name], language) for name in sections.AMOUNTS) in text
    for plan in report["plans"]:
        for account in plan["funding"]["regulation_accounts"]:
            name = report["names"]["funders"][account["commitment"]]
            assert re.search(f"{name} (DKK )?{re.escape(_amount(account['balance_ore'], language))}", text)


@pytest.mark.parametrize("language", IN_SHORT_DANISH)
def test_a_plan_has_its_activities_commitments_and_budget_lines(language: Code, read: Read) -> None:
    """Row by row, to the øre."""
    report, document = read(PLAN, language)
    text = _text(document)
    for row in report["activities"]:
        assert " ".join(_count(row[name], language) for name in sections.PLACE_FIGURES[1:]) in text
    for row in report["funding"]["commitments"]:
        assert " ".join(_amount(row[name], language) for name in (*sections.AMOUNTS, "regulation_account_ore")) in text
    assert len(report["budget"]["lines"]) == 50
    for row in report["budget"]["lines"]:
        amounts = (_amount(row[name], language) for name in ("budget_ore", "spent_ore", "remaining_ore"))
        assert f"{row['year']} {' '.join(amounts)}" in text
    for row in report["expenses"]:
        assert _amount(row["spent_ore"], language) in text


@pytest.mark.parametrize("language", IN_SHORT_DANISH)
def test_a_statement_has_every_amount_of_the_json(language: Code, read: Read) -> None:
    """Balances, regulation accounts, costs, deviations, instalments, and each voucher."""
    statement, document = read(STATEMENT, language)
    text = _text(document)
    steps = ("opening_ore", "received_ore", "carried_ore", "closing_ore")
    assert [row["commitment"] for row in statement["financing"] if row["confirmed_on"] is None] == ["gellerup-fond"]
    for row in statement["financing"]:
        assert " ".join([_promiser(row, language), *(_amount(row[name], language) for name in steps)]) in text
    whole = ("opening_bank_ore", "received_ore", "spent_ore", "closing_bank_ore")
    assert " ".join(_amount(statement[name], language) for name in whole) in text
    assert all(_amount(row["amount_ore"], language) in text for row in statement["costs"])
    for row in statement["deviations"]:
        amounts = ("budget_ore", "spent_ore", "carried_forward_ore", "left_ore")
        named = statement["names"]["effort_areas"][row["effort_area"]]
        assert re.search(
            f"{named}, .{{1,40}}{re.escape(' '.join(_amount(row[name], language) for name in amounts))}", text
        )
        assert row["line"] not in text
    for row in statement["instalments"]:
        funder = statement["names"]["funders"][row["commitment"]]
        assert f"{funder} {row['reference'] or NOTHING} {_amount(row['amount_ore'], language)}" in text
    assert len(statement["vouchers"]) > 100
    for row in statement["vouchers"]:
        assert re.search(f"{row['voucher']} .{{1,120}}? {_amount(row['amount_ore'], language)}", text), row["voucher"]
    assert HOSTILE in text


@pytest.mark.parametrize("language", IN_SHORT_DANISH)
@pytest.mark.parametrize("path", PATHS_IN_SHORT)
def test_every_page_says_what_it_is_a_page_of(path: str, language: Code, read: Read) -> None:
    """Cursor, digest and page x of y in the footer; no page is next to empty, and there are not too many."""
    report, document = read(path, language)
    pages = _pages(document)
    assert 5 <= len(pages) <= 15
    of = "af" if language == "da" else "of"
    for number, text in enumerate(pages, start=1):
        assert f"{number} {of} {len(pages)}" in text
        assert f"registry:{report['as_of']['registry']}" in text
        assert report["digest"] in text.replace(" ", "")
        assert len(text) > EMPTY_PAGE, f"page {number} is next to empty"


@pytest.mark.parametrize("language", IN_SHORT_DANISH)
@pytest.mark.parametrize("path", PATHS_IN_SHORT)
def test_a_document_can_be_read_aloud(path: str, language: Code, read: Read) -> None:
    """It is tagged, names its title and its language, and claims PDF/UA, which the typesetter checked."""
    report, document = read(path, language)
    root: Any = document.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith(language)
    assert document.metadata is not None
    title = documents.of_report(report, Speech(language)).title
    assert title in (document.metadata.title or "")
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
    assert document.outline, "it has bookmarks"


def test_a_withheld_count_is_a_mark_on_paper_and_a_number_for_the_areas_own(rich_system: System) -> None:
    """The coordinator of an area reads on paper what the JSON tells that coordinator, others read the mark."""
    own = {"Authorization": f"Bearer {rich_system.token('coordinator', 'urbanplanen')}"}
    lead = {"Authorization": f"Bearer {rich_system.token()}"}
    inside, outside = (httpx.get(f"{rich_system.address}{AREA}", headers=who).json() for who in (own, lead))
    not_told = [row["month"] for row in outside["months"] if row["new_participants"]["suppressed"]]
    assert not_told, "newcomers by month are told in the area alone"
    for headers, report in ((own, inside), (lead, outside)):
        answer = httpx.get(f"{rich_system.address}{AREA}.pdf", headers=headers, timeout=PATIENCE_SECONDS)
        text = _text(pypdf.PdfReader(io.BytesIO(answer.content)))
        for row in report["months"]:
            if row["month"] in not_told:
                cells = [row["month"][:4], *(_count(row[name], "da") for name in sections.MONTH_FIGURES)]
                assert " ".join(cells) in text
        assert (WITHHELD in text) == (headers is lead)


def test_what_came_with_an_event_is_never_read_as_markup(read: Read) -> None:
    """A practice's text stands in the document as it was posted, `#read` and all."""
    report, document = read(NETWORK, "da")
    (practice,) = (row for row in report["practices"] if row["activity"] == more_events.ACTIVITY)
    assert practice["what_works"] == HOSTILE
    text = _text(document)
    assert HOSTILE in text
    assert "root:" not in text


def test_the_same_report_is_the_same_document(rich_system: System) -> None:
    """To the byte: nothing in it depends on when it was made."""
    first = get(rich_system, f"{AREA}.pdf?to=2026-01-31")
    again = get(rich_system, f"{AREA}.pdf?to=2026-01-31")
    assert first.content == again.content
    assert first.content.startswith(b"%PDF-")
    headers = {"Authorization": f"Bearer {rich_system.token()}", "If-None-Match": first.headers["etag"]}
    known = httpx.get(f"{rich_system.address}{AREA}.pdf?to=2026-01-31", headers=headers)
    assert known.status_code == httpx.codes.NOT_MODIFIED


def test_a_period_is_named_as_for_the_json(rich_system: System) -> None:
    """`period=2026-Q1` gives the document of that quarter."""
    answer = get(rich_system, f"{AREA}.pdf?period=2026-Q1")
    report = get(rich_system, f"{AREA}?period=2026-Q1")
    assert answer.headers["etag"] == report.headers["etag"].removeprefix("W/")
    assert f"1. januar 2026 {NOTHING} 31. marts 2026" in _text(pypdf.PdfReader(io.BytesIO(answer.content)))


def test_a_document_asks_for_the_same_role_as_its_report(rich_system: System) -> None:
    """Nobody without a token, and no service."""
    address = f"{rich_system.address}{NETWORK}.pdf"
    assert httpx.get(address).status_code == httpx.codes.UNAUTHORIZED
    service = {"Authorization": f"Bearer {rich_system.token('service')}"}
    assert httpx.get(address, headers=service).status_code == httpx.codes.FORBIDDEN
    assert get(rich_system, "/reporting/reports/areas/atlantis.pdf").status_code == httpx.codes.NOT_FOUND
    assert get(rich_system, f"{NETWORK}.pdf?language=kl").status_code == httpx.codes.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize("language", IN_SHORT_DANISH)
@pytest.mark.parametrize("path", [NETWORK, AREA, PLAN])
def test_stories_milestones_and_anchoring_are_on_paper(
    path: str, language: Code, read: Read, rich_system: System
) -> None:
    """Those of the report's days and places; a story that was withdrawn is in no document."""
    report, document = read(path, language)
    text, days = _text(document), report["period"]
    areas = {area["area"] for area in report["areas"]}
    feed = get(rich_system, "/reporting/feed?limit=100&before=100000000").json()["items"]
    told = [item for item in feed if item["kind"] == "story.published" and areas & set(item["areas"])]
    if path == PLAN:
        own = {row["activity"] for row in report["activities"]}
        told = [item for item in told if item["data"].get("activity") in own]
    assert len(told) > 2
    for item in told:
        assert (item["data"]["title"] in text) == (days["from"] <= item["stated"][:10] <= days["to"])
    assert more_events.WITHDRAWN_STORY not in text
    plans = [get(rich_system, f"/reporting/reports/plans/{row['plan']}").json() for row in report["plans"]]
    stones = [stone for each in plans for stone in each["milestones"] if stone["reached_on"] or stone["overdue"]]
    carried = [row for each in plans for row in each["anchoring"] if row["area"] in areas]
    assert stones
    assert carried
    assert {stone["title"] for stone in stones if " ".join(stone["title"].split()) not in text} == set()
    assert {row["organisation_name"] for row in carried if row["organisation_name"] not in text} == set()


@pytest.mark.parametrize(("letters", "is_together"), [(40, True), (90, False)])
def test_a_table_of_long_sentences_may_run_on_to_the_next_page(letters: int, *, is_together: bool) -> None:
    """Kept together it once left most of a page before it empty; a low one of as many rows stays whole."""
    rows = [["x" * letters, "Urbanplanen"]] * 11
    made = blocks.table("Det kræver opmærksomhed", [("Hvad", "prose"), ("Hvor", "words")], rows)
    assert made is not None
    assert made["together"] is is_together


async def test_no_heading_stands_alone_at_the_foot_of_a_page() -> None:
    """Wherever on a page a part begins, its heading and what leads in are on the page of the first thing told."""

    async def order() -> Json:
        return _with_parts(report, _parts_at_every_height())

    report = sealed(shapes.NETWORK.tell(NOTHING_POSTED))
    document = pypdf.PdfReader(io.BytesIO(await Press(SHARES).make("somebody", "feet", order)))
    pages = _pages(document)
    for name in (f"{kind} {lines}" for kind in FIRST_THINGS for lines in HEIGHTS):
        # The list of contents names it before.
        at = max(place for place, page in enumerate(pages) if f"Del {name}." in page)
        assert f"Indledning {name}." in pages[at], name
        assert f"Fortalt {name}." in pages[at], name
    # Some did not fit below what stands before them, and some did.
    whole = {lines for lines in HEIGHTS if any(f"Linje {lines}." in page and "Fortalt" in page for page in pages)}
    assert set() < whole < set(HEIGHTS)


def _parts_at_every_height() -> list[Json]:
    parts: list[Json | None] = []
    for kind, thing in FIRST_THINGS.items():
        for lines in HEIGHTS:
            name = f"{kind} {lines}"
            filled = [blocks.text(f"Linje {lines}.")] * lines
            parts.append(blocks.section("Fyld", *filled, new_page=True))
            parts.append(blocks.section(f"Del {name}.", blocks.note(f"Indledning {name}."), thing(f"Fortalt {name}.")))
    return [part for part in parts if part is not None]


def _with_parts(report: Json, parts: list[Json]) -> Json:
    order = documents.order(report, "da")
    return {**order, "content": {**order["content"], "parts": parts}, "specifications": {}}


@pytest.mark.parametrize("path", PATHS_IN_SHORT)
def test_the_checksum_is_told_whole_at_the_foot_of_each_page(path: str, read: Read) -> None:
    """Whoever copies it there can check the report by it: no sign that nobody sees stands between its letters."""
    report, document = read(path, "da")
    assert [page.count(report["digest"]) for page in _pages(document)][1:] == [1] * (len(document.pages) - 1)


async def test_a_network_that_has_posted_nothing_has_a_document_too() -> None:
    """It says so, and leaves out what there is nothing to say about."""
    report = sealed(shapes.NETWORK.tell(NOTHING_POSTED))

    async def order() -> Json:
        return documents.order(report, "da")

    document = pypdf.PdfReader(io.BytesIO(await Press(SHARES).make("somebody", "nothing", order)))
    text = _text(document)
    assert "Intet er registreret endnu" in text
    assert "Økonomi" not in text


async def test_an_order_that_takes_too_long_is_ended() -> None:
    """Its process is killed, and the next order is made."""

    async def endless() -> Json:
        return {"kind": "drawing", "specification": {}, "vega_lite": "6.4"}

    press = Press(SHARES, limit_seconds=0.05)
    with pytest.raises(Busy, match="not made in"):
        await press.make("somebody", "endless", endless)


def test_a_list_that_nobody_reads_on_paper_is_set_in_part(rich_system: System) -> None:
    """However many milestones a plan has, its document can be made and read, and says what is left out."""
    report: Json = get(rich_system, PLAN).json()
    stone = report["milestones"][0]
    many = {**report, "milestones": [{**stone, "title": f"Milepæl {number}"} for number in range(5_000)]}
    order = documents.order(many, "da")
    blocks = [block for part in order["content"]["parts"] for block in part["blocks"]]
    (table,) = [block for block in blocks if block.get("caption") == "Milepæle"]
    assert len(table["rows"]) == MOST_ROWS
    assert blocks[blocks.index(table) + 1]["text"] == "4.700 flere er udeladt her. Excel-filen har dem alle."
    drawn = orjson.dumps(order["specifications"]["milestones"])
    assert drawn.count("Milepæl ".encode()) < 1_000
    assert b"4900 flere" in drawn or b"4.900 flere" in drawn
