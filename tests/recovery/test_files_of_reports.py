"""A file of a report is held against the logs: it is what they give at its cursor, or that is noticed."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import httpx
import openpyxl
import pypdf
import pypdf.annotations
import pytest

from services.command import file_checking
from services.command.access import CommandFailed
from services.command.file_checking import Checked
from services.reporting.reader import origin as origin_module
from services.reporting.reader.version import version as version_now
from services.reporting.remaking import store
from services.reporting.web.print import documents
from tests.conftest import Bearer, MakeDatabase
from tests.support import builders as b
from tests.support.extent import long_but_for
from tests.support.registering import PEOPLE, Visitors, a_club
from tests.support.whole import SERVICES, whole

WORKBOOKS: Final = ("network.xlsx", f"areas/{b.AREA}.xlsx", f"plans/{b.PLAN}.xlsx", "answers.xlsx")
SHORT: Final = f"areas/{b.AREA}.xlsx"
# A machine that does much else at once is waited for.
PATIENT_MS: Final = 30_000


class Office:
    """A system, and the files that it gives out."""

    def __init__(self, visitors: Visitors, bearer: Bearer, folder: Path) -> None:
        self.visitors = visitors
        self.bearer = bearer
        self._folder = folder

    async def file(self, name: str, headers: dict[str, str], **asked: str) -> Path:
        """Fetch a file of a report."""
        answer = await self.visitors.client.get(f"/reporting/reports/{name}", params=asked, headers=headers)
        assert answer.status_code == httpx.codes.OK, answer.text
        return self.keep(name, answer.content)

    def keep(self, name: str, content: bytes) -> Path:
        """Keep a file's bytes."""
        path = self._folder / name.replace("/", "-")
        path.write_bytes(content)
        return path

    async def check(self, path: Path, headers: dict[str, str]) -> Checked:
        """Hold a file against the logs, as the command does, beside the system in this process."""
        origin = file_checking.origin_of(path)
        address = str(self.visitors.client.base_url)
        token = headers["Authorization"].partition(" ")[2]
        return await asyncio.to_thread(file_checking.check, path, origin, address, token)


@pytest.fixture
async def office(
    make_database: MakeDatabase, surroundings: dict[str, Any], bearer: Bearer, tmp_path: Path
) -> AsyncIterator[Office]:
    """Run all services, with an activity that somebody came to."""
    for service in SERVICES:
        await make_database(service)
    async with whole({**surroundings, "at_least_wait_ms": PATIENT_MS}) as (client, apps):
        visitors = Visitors(client, apps, bearer)
        await visitors.figures(await a_club(visitors, b.an_attendance("s-1", participants=PEOPLE, hours=2)))
        yield Office(visitors, bearer, tmp_path)


async def _more(office: Office) -> None:
    """Let the logs go on: another session, and another area."""
    events = [b.an_attendance("s-2", participants=PEOPLE[:2], date="2025-09-22", hours=1), b.an_area(b.OTHER_AREA)]
    await office.visitors.figures(await office.visitors.post(*events))


@pytest.mark.parametrize("name", long_but_for(WORKBOOKS, [SHORT]))
async def test_each_file_is_what_the_logs_give_now_and_when_they_have_gone_on(office: Office, name: str) -> None:
    """At the cursor of now from the figures, later from the logs, folded anew up to there."""
    lead = office.bearer("auditor")
    path = await office.file(name, lead, language="en")
    assert (await office.check(path, lead)).verdict == "as_made"
    await _more(office)
    checked = await office.check(path, lead)
    assert checked.verdict == "as_made", checked.differences


@pytest.mark.long(beside="test_each_file_is_what_the_logs_give_now_and_when_they_have_gone_on")
async def test_a_document_is_what_the_logs_give_now_and_when_they_have_gone_on(office: Office) -> None:
    """As a workbook is; each takes the typesetter seconds."""
    lead = office.bearer("auditor")
    path = await office.file("network.pdf", lead, language="en")
    assert (await office.check(path, lead)).verdict == "as_made"
    await _more(office)
    assert (await office.check(path, lead)).verdict == "as_made"


async def test_a_coordinators_file_is_checked_as_a_coordinator_sees_it(office: Office) -> None:
    """An auditor is told that it was made for others, and nothing of what is in it.

    Once the figures have moved on, only those have them folded anew whose work it is.
    """
    own = office.bearer("coordinator", b.AREA)
    path = await office.file(f"areas/{b.AREA}.xlsx", own)
    assert (await office.check(path, own)).verdict == "as_made"
    await _more(office)
    with pytest.raises(CommandFailed, match="moved on"):
        await office.check(path, own)
    checked = await office.check(path, office.bearer("auditor"))
    assert (checked.verdict, checked.differences) == ("different_reader", ())
    origin = file_checking.origin_of(path)
    assert origin is not None
    assert file_checking.reader_areas(origin) == {b.AREA}


async def test_logs_that_take_too_long_are_given_up_and_hold_nobody_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits is told so, and nothing is left behind: the same file is checked afterwards."""
    auditor = office.bearer("auditor")
    path = await office.file(SHORT, auditor)
    await _more(office)
    monkeypatch.setattr(store, "FOLD_SECONDS", 0.01)
    with pytest.raises(CommandFailed, match="were not folded"):
        await office.check(path, auditor)
    monkeypatch.undo()
    assert (await office.check(path, auditor)).verdict == "as_made"


async def test_a_changed_cell_is_named(office: Office) -> None:
    """One number of one sheet, saved by another program."""
    auditor = office.bearer("auditor")
    path = await office.file("network.xlsx", auditor)
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book.worksheets if isinstance(sheet["B2"].value, int | float))
    sheet["B2"].value += 1
    changed = io.BytesIO()
    book.save(changed)
    checked = await office.check(office.keep("changed.xlsx", changed.getvalue()), auditor)
    assert checked.verdict == "changed"
    assert [each.place for each in checked.differences] == [f"{sheet.title}!B2"]
    saved = io.BytesIO()
    openpyxl.load_workbook(path).save(saved)
    assert (await office.check(office.keep("saved.xlsx", saved.getvalue()), auditor)).verdict == "as_made"


@pytest.mark.long(beside="test_a_changed_cell_is_named")
async def test_a_changed_document_is_noticed(office: Office) -> None:
    """A page is gone, or something is drawn over a number."""
    auditor = office.bearer("auditor")
    path = await office.file("network.pdf", auditor)
    for spoil in (_without_its_last_page, _with_something_drawn_over, _with_a_note_laid_over):
        checked = await office.check(office.keep("changed.pdf", spoil(path)), auditor)
        assert checked.verdict == "changed"
        assert checked.differences


def _without_its_last_page(path: Path) -> bytes:
    writer = pypdf.PdfWriter(clone_from=path)
    writer.remove_page(len(writer.pages) - 1)
    return _written(writer)


def _with_something_drawn_over(path: Path) -> bytes:
    writer = pypdf.PdfWriter(clone_from=path)
    page = writer.pages[-1]
    contents = page.get_contents()
    assert contents is not None
    contents.set_data(contents.get_data() + b"\n1 1 1 rg 100 100 200 20 re f\n")
    page[pypdf.generic.NameObject("/Contents")] = writer._add_object(contents)  # noqa: SLF001  as pypdf's own pages do
    return _written(writer)


def _with_a_note_laid_over(path: Path) -> bytes:
    writer = pypdf.PdfWriter(clone_from=path)
    note = pypdf.annotations.FreeText(text="99", rect=(100, 100, 200, 150))
    writer.add_annotation(len(writer.pages) - 1, note)
    return _written(writer)


def _written(writer: pypdf.PdfWriter) -> bytes:
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


async def test_a_different_digest_or_place_is_told(office: Office) -> None:
    """What a file says of itself is believed in nothing."""
    auditor = office.bearer("auditor")
    path = await office.file("network.xlsx", auditor)
    origin = file_checking.origin_of(path)
    assert origin is not None
    forged = _with_property(path, str(origin["digest"]), "0" * 64)
    checked = await office.check(office.keep("forged.xlsx", forged), auditor)
    assert checked.verdict == "digest_differs"
    ahead = _with_property(path, str(origin["cursor"]).partition(",")[0], "registry:9999")
    with pytest.raises(CommandFailed, match="ends at"):
        await office.check(office.keep("ahead.xlsx", ahead), auditor)
    rules = _with_property(path, f'"rules":{origin["rules"]}', '"rules":1')
    assert (await office.check(office.keep("rules.xlsx", rules), auditor)).verdict == "different_rules"


EARLIER: Final = "0.0.9+0123456789ab"


def _of_version(path: Path, version: str | None) -> bytes:
    """Let a workbook say that a different version wrote it, or none."""
    origin = file_checking.origin_of(path)
    assert origin is not None
    told = f',"version":"{origin["version"]}"'
    return _with_property(path, told, f',"version":"{version}"' if version else "")


def _with_cell(content: bytes, is_asked: Callable[[Any], bool], change: Callable[[Any], Any]) -> bytes:
    """Change the first cell of a workbook that is asked for."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows(min_row=2) for cell in row)
    cell = next(cell for cell in cells if is_asked(cell.value))
    cell.value = change(cell.value)
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def _is_number(value: Any) -> bool:  # noqa: ANN401  what stands in a cell
    return isinstance(value, int | float)


@pytest.mark.parametrize("version", [EARLIER, None])
async def test_a_file_of_a_different_version_is_told_apart(office: Office, version: str | None) -> None:
    """Also of one from before files told their version; where nothing differs, the version does not matter."""
    auditor = office.bearer("auditor")
    old = _of_version(await office.file("network.xlsx", auditor), version)
    assert (await office.check(office.keep("old.xlsx", old), auditor)).verdict == "as_made"
    reworded = _with_cell(old, lambda value: isinstance(value, str) and value.isalpha(), lambda value: f"{value}e")
    checked = await office.check(office.keep("reworded.xlsx", reworded), auditor)
    assert (checked.verdict, checked.differences) == ("different_version", ())
    assert checked.version == version_now()
    assert checked.as_json()["version"] == version_now()


async def test_a_changed_file_does_not_look_good_by_a_different_version(office: Office) -> None:
    """Its number is named, and its digest still counts."""
    auditor = office.bearer("auditor")
    path = await office.file("network.xlsx", auditor)
    changed = _with_cell(_of_version(path, EARLIER), _is_number, lambda _: 987_654)
    checked = await office.check(office.keep("changed.xlsx", changed), auditor)
    assert checked.verdict == "different_version"
    assert [(each.found, "!" in each.place) for each in checked.differences] == [("987654", True)]
    of_now = _with_cell(path.read_bytes(), _is_number, lambda _: 987_654)
    assert (await office.check(office.keep("of-now.xlsx", of_now), auditor)).verdict == "changed"
    origin = file_checking.origin_of(path)
    assert origin is not None
    forged = _with_property(path.with_name("changed.xlsx"), str(origin["digest"]), "0" * 64)
    assert (await office.check(office.keep("forged.xlsx", forged), auditor)).verdict == "digest_differs"


@pytest.mark.long(beside="test_a_file_of_a_different_version_is_told_apart")
async def test_a_document_of_a_different_version_is_told_apart(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose charts were drawn narrower has the same numbers; of one with a different number it is named."""
    auditor = office.bearer("auditor")
    with monkeypatch.context() as earlier:
        earlier.setattr(origin_module, "version", lambda: EARLIER)
        earlier.setattr(documents, "CHART_WIDTH", documents.CHART_WIDTH - 100)
        path = await office.file("network.pdf", auditor)
    checked = await office.check(path, auditor)
    assert (checked.verdict, checked.differences) == ("different_version", ())
    checked = await office.check(office.keep("changed.pdf", _with_a_number_added(path)), auditor)
    assert checked.verdict == "different_version"
    assert [each.found for each in checked.differences] == ["987654"]


def _with_a_number_added(path: Path) -> bytes:
    writer = pypdf.PdfWriter(clone_from=path)
    page: Any = writer.pages[-1]
    contents = page.get_contents()
    contents.set_data(contents.get_data() + b"\nBT /Added 12 Tf 100 100 Td (987654) Tj ET\n")
    name = pypdf.generic.NameObject
    page[name("/Contents")] = writer._add_object(contents)  # noqa: SLF001  as pypdf's own pages do
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    made = pypdf.generic.DictionaryObject({name(key): name(value) for key, value in font.items()})
    page["/Resources"]["/Font"][name("/Added")] = made
    return _written(writer)


def _with_property(path: Path, before: str, after: str) -> bytes:
    """Change what a workbook says of its origin, and nothing of its cells."""
    # What types are known of the library leave these out.
    book: Any = openpyxl.load_workbook(path)
    properties = sorted(book.custom_doc_props.props, key=lambda each: each.name)
    whole_text = "".join(str(each.value) for each in properties).replace(before, after)
    for number, each in enumerate(properties):
        each.value = whole_text[number * 200 : (number + 1) * 200]
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def test_a_file_from_elsewhere_is_told_apart(office: Office) -> None:
    """A workbook without its properties, and what is no file of ours at all."""
    auditor = office.bearer("auditor")
    book = openpyxl.Workbook()
    content = io.BytesIO()
    book.save(content)
    assert (await office.check(office.keep("other.xlsx", content.getvalue()), auditor)).verdict == "no_origin"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a", "b")
    for junk in (b"hello", b"%PDF-1.7 nothing", archive.getvalue()):
        with pytest.raises(CommandFailed):
            file_checking.origin_of(office.keep("junk", junk))
