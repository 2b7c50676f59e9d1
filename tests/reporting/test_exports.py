"""Reports as files: every figure of the JSON is in them, as what it is, and what is withheld stays withheld."""

import csv
import io
import itertools
import zipfile
from collections.abc import Iterator
from typing import Any, Final, Literal, get_type_hints

import httpx
import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell as Written
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook

from services.reporting.exports import comma_separated, reports, workbook
from services.reporting.exports.tables import Cell, DataTable, Document, Heading, say, withheld_columns
from services.reporting.reports.parts.declaring import FileTable
from services.reporting.reports.parts.figures import AddedFigures, AllFigures, MoneyAmounts
from services.reporting.reports.shapes import SHAPES
from services.reporting.terms import ADDED, AMOUNTS, NUMBERS, OF_PEOPLE
from services.reporting.web.wording import concern_in
from services.reporting.words import ATTENTION, HEADINGS
from shared.presentable import presentable
from tests.conftest import Bearer

AREA: Final = "urbanplanen"
PLAN: Final = "amagerplanen-2023"
PATHS: Final = {
    "network": "/reporting/reports/network",
    "area": f"/reporting/reports/areas/{AREA}",
    "plan": f"/reporting/reports/plans/{PLAN}",
    "statement": f"/reporting/reports/plans/{PLAN}/statements/2025",
}
NAMES: Final = {"network": "network", "area": AREA, "plan": PLAN, "statement": f"{PLAN}-2025"}
# Whole numbers of people and the like stand in the sheet as they are; øre as kroner, per cent as a share of 1.
SCALES: Final = {"kroner": 100, "percent": 100}

# Fields of codes that a report has names for; a code of one word may be a name of something else.
NAMED_CODES: Final = frozenset(
    {"plan", "commitment", "activity", "effort_area", "organisation", "funder", "goal", "milestone", "line"}
)
# The first sheet tells these; an attention item's values are in its detail.
# What names a row, and what is told of a hidden figure in words: numbers in the JSON, and no figures.
NAMING = frozenset({"year", "months_after", "years_later", "at_least"})
ELSEWHERE: Final = frozenset({"as_of", "people", "attention", "names"})
# `names` hold no figure: a file is for programs too, and keeps to the codes. The title says which area it is.
FIRST_SHEET: Final = frozenset({"period", "as_of", "digest", "people", "names", "notes", "rules", "area"})


def _parts(report: dict[str, Any]) -> set[str]:
    """Name the parts of a report that hold anything."""
    return {name for name, part in report.items() if part not in ([], None)}


def _numbers(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], float]]:
    """Give every number of a report with its path, without places in lists."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _numbers(inner, (*path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from _numbers(inner, path)
    elif isinstance(value, int | float) and not isinstance(value, bool) and path[-1] not in NAMING:
        yield path, value


def _in_sheets(book: Workbook, document: Document) -> list[float]:
    """Read every number of a workbook's tables, put back on the scale of the JSON."""
    found = []
    # What has no row has no sheet.
    tables = [table for table in document.tables if table.rows]
    for table, sheet in zip(tables, book.worksheets, strict=True):
        kinds = [heading.kind for heading in table.headings]
        for row, cells in zip(sheet.iter_rows(min_row=2, values_only=True), table.rows, strict=True):
            for value, cell, _ in zip(row, cells, kinds, strict=False):
                if isinstance(value, int | float) and cell.kind != "calendar_year":
                    found.append(round(value * SCALES.get(cell.kind, 1), 4))
    return found


async def _json(client: httpx.AsyncClient, bearer: Bearer, kind: str, **params: str) -> dict[str, Any]:
    answer = await client.get(PATHS[kind], params=params, headers=bearer("lead"))
    assert answer.status_code == httpx.codes.OK
    report: dict[str, Any] = answer.json()
    return report


async def test_every_number_of_the_json_is_in_the_workbook(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """No figure is left out, none is added, none is another: of the whole time, and of a quarter and the one before."""
    for (kind, path), params in itertools.product(PATHS.items(), ({}, {"period": "2026-Q1"})):
        report = await _json(demo, bearer, kind, **params)
        answer = await demo.get(f"{path}.xlsx", params=params, headers=bearer("lead"))
        assert answer.status_code == httpx.codes.OK
        assert answer.headers["content-type"] == workbook.MEDIA_TYPE
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        document = reports.document(kind, kind, report, "da", concern_in)
        wanted = [round(value, 4) for place, value in _numbers(report) if place[0] not in ELSEWHERE]
        assert len(wanted) > 150
        assert sorted(_in_sheets(book, document)) == sorted(
            [*wanted, *(report["people"][name] for name in ("release", "threshold") if "people" in report)]
        )


async def test_what_needs_attention_is_called_by_its_name(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """In a workbook, for people; CSV, for programs, keeps the code."""
    answer = await demo.get(PATHS["network"] + ".xlsx", params={"language": "da"}, headers=bearer("lead"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Det kræver opmærksomhed"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Hvad")
    found = {sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)}
    report = (await demo.get(PATHS["network"], headers=bearer("lead"))).json()
    codes = {item["code"] for item in report["attention"]}
    assert found == {ATTENTION[code][0] for code in codes} != set()
    told = await demo.get(PATHS["network"] + ".csv?table=attention&language=da", headers=bearer("lead"))
    assert all(code in told.text for code in codes)


async def test_every_part_of_a_report_has_a_table(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """A part of the JSON that neither a table nor the first sheet tells is a defect."""
    for kind, params in itertools.product(PATHS, ({}, {"period": "2026-Q1"})):
        report = await _json(demo, bearer, kind, **params)
        tables = SHAPES[kind].tables
        told = {table.path[0] for table in tables if table.path} | FIRST_SHEET
        if kind == "statement":
            told |= {"plan", "plan_name", "year"}
            told |= {column.name for table in tables if not table.path for column in table.columns}
        assert _parts(report) <= told, f"no table for {sorted(_parts(report) - told)}"


async def test_a_report_is_what_its_document_says(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Every field that a report has is declared with its type, and none that is declared is missing."""
    for kind, params in itertools.product(PATHS, ({}, {"period": "2026-Q1"})):
        report = await _json(demo, bearer, kind, **params)
        read = SHAPES[kind].model.model_validate(report, strict=True)
        assert read.model_dump(mode="json", exclude_unset=True) == report


def test_rows_of_figures_have_all_figures_of_the_catalogue() -> None:
    """One that is forgotten would be told and not described."""
    assert set(get_type_hints(AllFigures)) == {*NUMBERS, *OF_PEOPLE}
    assert set(get_type_hints(AddedFigures)) == set(ADDED)
    assert tuple(get_type_hints(MoneyAmounts)) == AMOUNTS


async def test_every_cell_is_what_the_json_says(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Days are days, amounts amounts, and what is withheld is empty, with the reason beside it."""
    for kind, path in PATHS.items():
        report = await _json(demo, bearer, kind)
        answer = await demo.get(f"{path}.xlsx", headers=bearer("lead"))
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        document = reports.document(kind, kind, report, "da", concern_in)
        withheld = 0
        for table, sheet in zip((each for each in document.tables if each.rows), book.worksheets, strict=True):
            for row, cells in zip(sheet.iter_rows(min_row=2), table.rows, strict=True):
                names = withheld_columns(table, cells)
                withheld += len(names)
                assert (str(row[len(cells)].value or "").split(":")[0] == ", ".join(names)) if names else True
                for written, cell in zip(row, cells, strict=False):
                    _agree(written, cell)
        assert withheld > 0 or kind == "statement"


@pytest.mark.parametrize("language", ["da", "en"])
async def test_a_workbook_has_names_where_there_are_codes(
    demo: httpx.AsyncClient, bearer: Bearer, language: Literal["da", "en"]
) -> None:
    """Those of plans, lines of a budget, organisations and all else that has a name, in the reader's language."""
    for kind, path in PATHS.items():
        report = await _json(demo, bearer, kind)
        codes = dict(_codes(report))
        assert len(codes) > 10
        answer = await demo.get(f"{path}.xlsx", params={"language": language}, headers=bearer("lead"))
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows(min_row=2) for cell in row]
        written = {part for cell in cells if isinstance(cell.value, str) for part in cell.value.split(", ")}
        assert {code: codes[code] for code in written & codes.keys()} == {}, kind
    concerns = {item["code"] for item in (await _json(demo, bearer, "network"))["attention"]}
    assert "statement_due" in concerns
    answer = await demo.get(f"{PATHS['network']}.xlsx", params={"language": language}, headers=bearer("lead"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))[say(HEADINGS["attention"], language)]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert not [code for code in concerns if code in text]
    assert {say(ATTENTION[code], language) for code in concerns} <= set(text.split("\n"))


def _codes(value: object) -> Iterator[tuple[str, str]]:
    """Give each code of a report that has a name, with the field that holds it, the report's own area apart."""
    if isinstance(value, list):
        for inner in value:
            yield from _codes(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in NAMED_CODES and isinstance(inner, str) and "-" in inner:
                yield inner, name
            yield from _codes(inner)


def _agree(written: Written | MergedCell, cell: Cell) -> None:
    assert isinstance(written, Written)
    if cell.withheld or cell.value is None:
        assert written.value is None
    elif not cell.value and cell.kind == "text":
        assert written.value in {None, ""}, "a practice that nobody has taken home yet"
    elif cell.kind in SCALES:
        assert isinstance(cell.value, int | float)
        assert isinstance(written.value, int | float)
        assert round(written.value * SCALES[cell.kind], 4) == cell.value
        assert written.number_format == {"kroner": '#,##0.00\\ "kr."', "percent": "0.0\\ %"}[cell.kind]
    elif cell.kind == "day":
        assert written.is_date
        assert str(written.value).startswith(str(cell.value))
    elif cell.kind == "moment":
        assert written.is_date
    elif cell.kind == "calendar_month":
        assert written.is_date
        assert written.number_format == "mm-yyyy"
    else:
        assert written.value == (cell.called or cell.value)
        assert written.data_type == ("s" if cell.kind == "text" else "n")


def test_no_sheet_has_a_title_that_is_cut() -> None:
    """Excel takes 31 signs: "Indsatsområder på tværs af pulj" is no title."""
    titles = [title for shape in SHAPES.values() for table in shape.tables for title in table.title]
    assert [title for title in titles if len(title) > workbook.LONGEST_TITLE] == []


async def test_a_workbook_is_made_for_reading(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Frozen headings, filters, no macro or formula, and a first sheet with period, cursor, digest and notes."""
    report = await _json(demo, bearer, "network")
    answer = await demo.get(f"{PATHS['network']}.xlsx", headers=bearer("lead"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower()]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.oddFooter
        assert sheet.oddFooter.right.text == "Side &P af &N"
        assert sheet.max_row > 1, "no sheet without rows"
        for cell in sheet[1]:
            if cell.value in {"År", "Måned"}:
                below = sheet.cell(2, cell.column)
                assert below.data_type in {"n", "d"}, "a year and a month sort and count as such"
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    about = "\n".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)
    assert report["digest"] in about
    assert ["Reglernes nummer", report["rules"]] in [
        [cell.value for cell in row] for row in book.worksheets[0].iter_rows()
    ]
    assert f"registry:{report['as_of']['registry']},funding:{report['as_of']['funding']}" in about
    assert all(note["text_da"] in about for note in report["notes"])
    assert book.properties.title == "Netværksrapport"


@pytest.mark.parametrize(("kind", "language"), [("network", "da"), ("plan", "en")])
async def test_each_heading_of_figures_leads_to_what_they_mean(
    demo: httpx.AsyncClient, bearer: Bearer, kind: str, language: str
) -> None:
    """By a click, to the line of the very figure; a heading that names a row leads nowhere."""
    answer = await demo.get(f"{PATHS[kind]}.xlsx", params={"language": language}, headers=bearer("lead"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    meanings = book[{"da": "Definitioner", "en": "Definitions"}[language]]
    called = {cell.value for (cell,) in meanings.iter_rows(min_row=2, max_col=1)}
    followed = set()
    for sheet in book.worksheets:
        for place, cell in enumerate(sheet[1], 1):
            if cell.hyperlink is None:
                below = {sheet.cell(row, place).data_type for row in range(2, sheet.max_row + 1)}
                assert cell.value not in called or "n" not in below, f"{cell.value} of {sheet.title} leads nowhere"
                continue
            title, at = str(cell.hyperlink.location).replace("'", "").split("!")
            found = book[title][at].value
            assert (title, found in called) == (meanings.title, True)
            followed.add(found)
    assert {"da": "Deltagere", "en": "Participants"}[language] in followed


@pytest.mark.parametrize(("language", "delimiter", "point"), [("da", ";", ","), ("en", ",", ".")])
async def test_csv_holds_every_number_in_the_readers_own_way(
    demo: httpx.AsyncClient, bearer: Bearer, language: str, delimiter: str, point: str
) -> None:
    """One value a line, under a byte order mark, with separators as a spreadsheet of the language expects them."""
    for kind, path in PATHS.items():
        report = await _json(demo, bearer, kind)
        answer = await demo.get(f"{path}.csv", params={"language": language}, headers=bearer("lead"))
        assert answer.headers["content-type"] == comma_separated.MEDIA_TYPE
        assert answer.content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=delimiter))
        assert {len(row) for row in rows} == {6}
        numbers = []
        for *_, value, unit, _ in rows[1:]:
            text = value.replace(point, ".")
            if text.removeprefix("-").replace(".", "", 1).isdigit():
                numbers.append(round(float(text) * (100 if unit == "kr." else 1), 4))
        told = ((place, value) for place, value in _numbers(report) if place[0] not in ELSEWHERE)
        # A version of the budget names its line of the file, as a year does.
        wanted = [round(value, 4) for place, value in told if place[-1] != "version" or place == ("budget", "version")]
        for number in wanted:
            numbers.remove(number)
        assert len(numbers) <= 3, "threshold and release are all that is left"


async def test_one_table_alone_says_what_is_withheld_in_a_column(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """An empty value, and its name and the reason in the last column."""
    params = {"table": "areas"}
    answer = await demo.get(f"{PATHS['network']}.csv", params=params, headers=bearer("lead"))
    assert 'filename="network-areas.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    report = await _json(demo, bearer, "network")
    for row, area in zip(rows, report["areas"], strict=True):
        assert row["Mødegange"] == str(area["sessions"])
        assert row["Forbrug (kr.)"] == f"{area['funding']['spent_ore'] / 100:.2f}".replace(".", ",")
        for name, label in (("participants", "Deltagere"), ("volunteers", "Frivillige")):
            assert row[label] == ("" if area[name]["suppressed"] else str(area[name]["value"]))
            assert (label in row.get("Udeladt", "")) == area[name]["suppressed"]


async def test_a_file_goes_out_to_whom_its_report_goes(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Same roles, same entity tag for the same cursor, 304, errors with a code."""
    for kind, path in PATHS.items():
        for suffix in ("csv", "xlsx"):
            url = f"{path}.{suffix}"
            assert (await demo.get(url)).json()["code"] == "unauthenticated"
            assert (await demo.get(url, headers=bearer("service"))).json()["code"] == "forbidden"
            first = await demo.get(url, headers=bearer("auditor"))
            name = NAMES[kind]
            assert first.headers["content-disposition"] == f'attachment; filename="{name}.{suffix}"'
            tagged = {**bearer("auditor"), "If-None-Match": first.headers["etag"]}
            again = await demo.get(url, headers=tagged)
            assert (again.status_code, again.content) == (httpx.codes.NOT_MODIFIED, b"")
            english = await demo.get(url, params={"language": "en"}, headers=tagged)
            assert english.status_code == httpx.codes.OK
            assert (await demo.get(url, headers=bearer("auditor"))).content == first.content
    unknown = await demo.get(f"{PATHS['network']}.csv", params={"table": "x"}, headers=bearer("lead"))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_table")
    nowhere = await demo.get("/reporting/reports/areas/nowhere.xlsx", headers=bearer("lead"))
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")


async def test_an_areas_own_coordinator_finds_its_small_counts_in_its_file(
    demo: httpx.AsyncClient, bearer: Bearer
) -> None:
    """What the JSON shows to them, the file does too; nobody else's file has it."""
    own = await demo.get(f"{PATHS['area']}.csv", headers=bearer("coordinator", AREA))
    other = await demo.get(f"{PATHS['area']}.csv", headers=bearer("lead"))
    assert "kunne vise" not in own.text
    assert "kunne vise" in other.text


def test_no_senders_text_becomes_a_formula() -> None:
    """Neither in CSV nor in a workbook."""
    hostile = '=HYPERLINK("http://example.org")'
    table = DataTable("x", "X", [Heading("x", "X")], [[Cell(hostile)], [Cell("@SUM(1)")], [Cell("-1+1")]])
    document = Document("x", "X", "da", [table], "")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.workbook(document))).worksheets[0]
    assert [cell.data_type for (cell,) in sheet.iter_rows()] == ["s"] * 4
    assert sheet["A2"].value == hostile
    lines = comma_separated.table_csv(document, table).decode("utf-8-sig").splitlines()
    assert all(line.strip('"').startswith("'") for line in lines[1:])


@given(st.lists(st.text(st.characters(codec=None)), min_size=1, max_size=20))
@example(["00000000000000" + 20 * "\U00010000"])
@example(["'" * 40])
@example(["=1+1", "+1", "-1", "@a", "\t=1", "\x0b", "\ufffe\uffff", "\ud800", "\x9b", "_x0041_", "<a>&amp;", "👨‍👩‍👧"])
def test_any_text_is_a_text_in_a_workbook(texts: list[str]) -> None:
    """In a cell, a heading and the title of a sheet: the file opens and has no formula, no link and no lost text."""
    table = DataTable("x", texts[0], [Heading("x", texts[0])], [[Cell(text)] for text in texts])
    content = workbook.workbook(Document(texts[0], texts[0], "da", [table], texts[0]))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    found = [cell for (cell,) in sheet.iter_rows(min_row=2, max_row=len(texts) + 1)]
    assert all(cell.data_type in {"s", "n"} and cell.hyperlink is None for cell in found)
    written = [presentable(text) for text in texts]
    assert [cell.value or "" for cell in found] == written


def test_titles_of_sheets_are_such_as_a_workbook_takes() -> None:
    """Long ones are cut, signs with a meaning replaced, and none is there twice."""
    titles = ["Områder/[alle]: hvad? En meget lang titel", "områder/[alle]: hvad? En meget lang titel", "B"]
    tables = [DataTable(title, title, [Heading("x", "X")], [[Cell("x")]]) for title in titles]
    book = openpyxl.load_workbook(io.BytesIO(workbook.workbook(Document("x", "X", "da", tables, ""))))
    assert len(set(book.sheetnames)) == len(titles)
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_each_column_has_a_name_of_its_own_in_its_table() -> None:
    """Two columns of one name would hide one another."""
    for shape in SHAPES.values():
        tables: list[FileTable] = shape.tables
        assert len({table.name for table in tables}) == len(tables)
        for table in tables:
            assert len({column.name for column in table.columns}) == len(table.columns)
