"""Holds a PDF or a workbook against the logs: reads what it says of its origin, has it made again, and compares.

Owns what counts as a difference; what the logs give, reporting says.
"""

import hashlib
import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import httpx
import orjson

from services.command import access
from services.reporting.reader.origin import OWN_AREAS, PROPERTY

FILE_BYTES: Final = 50_000_000
# All logs are folded anew for an old file.
TIMEOUT_SECONDS: Final = 1_200.0
MOST_DIFFERENCES: Final = 20
# What of a page is seen, and which way up.
PAGE_SHAPE: Final = ("/MediaBox", "/CropBox", "/Rotate")
DRAWING: Final = "drawing"
# The page with the contents, and what the line with its number begins with at the foot of each page.
CONTENTS: Final = "page 1, "
FOOT: Final = "Helhedsnet · "
# A number as it stands in a text or a cell, a day or years too.
NUMBER: Final = re.compile(r"\d+(?:[.,/:-]\d+)*")
# At how many places of a document or workbook a number is said to stand.
MOST_PLACES: Final = 3
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

Document = dict[str, Any]
Verdict = Literal[
    "as_made", "changed", "digest_differs", "different_version", "different_rules", "different_reader", "no_origin"
]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which a file differs: what stands there, and what the logs give."""

    place: str
    found: str
    made: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a file; `version` is that of the program that made it again."""

    verdict: Verdict
    origin: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    version: str = ""
    differences: tuple[Difference, ...] = ()

    def as_json(self) -> Document:
        """Give it as JSON."""
        listed = [{"place": each.place, "found": each.found, "made": each.made} for each in self.differences]
        return {
            "verdict": self.verdict,
            "origin": dict(self.origin),
            "digest": self.digest,
            "version": self.version,
            "differences": listed[:MOST_DIFFERENCES],
            "differences_count": len(listed),
        }


def origin_of(path: Path) -> Document | None:
    """Read what a file says of its origin; None where it says nothing.

    Raises:
        CommandFailed: it is no PDF and no workbook, or cannot be read.
    """
    return _origin_in(_content(path))


def _origin_in(content: bytes) -> Document | None:
    if is_pdf(content):
        words = str((_pdf(content).metadata or {}).get("/Keywords", ""))
        told = words.partition(f"{PROPERTY}=")[2]
    else:
        parts = {each.name: str(each.value) for each in _workbook(content).custom_doc_props.props}
        told = "".join(parts.get(f"{PROPERTY}-{number}", "") for number in range(1, len(parts) + 1))
    try:
        origin = orjson.loads(told[: told.rindex("}") + 1])
    except ValueError:
        return None
    return origin if isinstance(origin, dict) and {"report", "cursor", "digest"} <= origin.keys() else None


def is_pdf(content: bytes) -> bool:
    """Tell whether a file is a PDF; else it is taken for a workbook."""
    return content.startswith(b"%PDF")


def reader_areas(origin: Mapping[str, Any]) -> frozenset[str]:
    """Give the areas of the coordinators whom a file was made for; none where it was made for everybody."""
    who = str(origin.get("reader", ""))
    areas = who.removeprefix(OWN_AREAS).split(",") if who.startswith(OWN_AREAS) else []
    return frozenset(area for area in areas if SLUG.fullmatch(area))


def check(path: Path, origin: Document | None, url: str, token: str) -> Checked:
    """Hold a file against what the logs give at its cursor.

    Raises:
        CommandFailed: reporting does not answer, or refuses.
    """
    if origin is None:
        return Checked("no_origin")
    content = _content(path)
    with httpx.Client(
        base_url=url.rstrip("/"), headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_SECONDS
    ) as client:
        made, report = _made(client, url, origin, "pdf" if is_pdf(content) else "xlsx")
    told = _origin_in(made) or {}
    digest, version = str(report["digest"]), str(told.get("version", ""))
    if told.get("reader") != origin.get("reader"):
        return Checked("different_reader", origin, digest, version)
    if report["rules"] != origin.get("rules"):
        return Checked("different_rules", origin, digest, version)
    differences = tuple(_differences(content, made))
    if digest != origin["digest"]:
        return Checked("digest_differs", origin, digest, version, differences)
    if differences and origin.get("version", "") != version:
        # Its words and places may differ honestly. That it is what the logs give is said of no such file.
        return Checked("different_version", origin, digest, version, tuple(_more_numbers(content, made)))
    return Checked("changed" if differences else "as_made", origin, digest, version, differences)


def _made(client: httpx.Client, url: str, origin: Document, suffix: str) -> tuple[bytes, Document]:
    """Have the file and its report made again."""
    asked = {name: str(origin.get(name, "")) for name in ("report", "cursor", "day", "language")}
    days = origin.get("days")
    asked |= {str(name): str(value) for name, value in days.items()} if isinstance(days, dict) else {}
    try:
        file = client.get(f"/reporting/remade/{suffix}", params=asked)
        report = access.report_in(client.get("/reporting/remade/json", params=asked))
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise access.CommandFailed(access.unreachable(url, error)) from None
    if not file.is_success:
        raise access.CommandFailed(access.explained(file))
    return file.content, report


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_BYTES:
            raise access.CommandFailed(f"{path} is larger than any file of ours")
        return path.read_bytes()
    except OSError as error:
        raise access.CommandFailed(f"{path} cannot be read: {error.strerror}") from None


def _pdf(content: bytes) -> Any:  # noqa: ANN401  pypdf's reader
    import pypdf  # noqa: PLC0415  only this command needs it
    from pypdf.errors import PyPdfError  # noqa: PLC0415  as above

    try:
        return pypdf.PdfReader(io.BytesIO(content))
    except PyPdfError as error:
        raise access.CommandFailed(f"this is no PDF that can be read: {error}") from None


def _workbook(content: bytes) -> Any:  # noqa: ANN401  openpyxl's workbook
    import openpyxl  # noqa: PLC0415  as above
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415  as above

    try:
        return openpyxl.load_workbook(io.BytesIO(content))
    except (zipfile.BadZipFile, KeyError, ValueError, InvalidFileException):
        raise access.CommandFailed("this is neither a PDF nor a workbook of ours") from None


def _differences(found: bytes, made: bytes) -> Iterator[Difference]:
    if found == made:
        return
    before, after = _told(found), _told(made)
    for place in sorted(before.keys() | after.keys(), key=_by_place):
        if before.get(place) != after.get(place):
            yield Difference(place, before.get(place, ""), after.get(place, ""))


def _more_numbers(found: bytes, made: bytes) -> Iterator[Difference]:
    """Give each number that stands more often in a file than in what the logs give, wherever it stands."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for place, number in _numbers(found):
        places[number].append(place)
    known = Counter(number for _, number in _numbers(made))
    for number, at in places.items():
        if len(at) > known[number]:
            yield Difference("; ".join(at[:MOST_PLACES]), number, "")


def _numbers(content: bytes) -> Iterator[tuple[str, str]]:
    """Give each number of a file with its place, but for those that count pages: in a document's contents, and feet."""
    digest = str((_origin_in(content) or {}).get("digest"))
    told = _told(content)
    for place in sorted(told, key=_by_place):
        if place.startswith(CONTENTS) or place.endswith(DRAWING):
            continue
        if digest not in told[place] and not told[place].startswith(FOOT):
            yield from ((place, number) for number in NUMBER.findall(told[place]))


def _told(content: bytes) -> dict[str, str]:
    return _texts(content) if is_pdf(content) else _cells(content)


def _by_place(place: str) -> list[tuple[bool, int, str]]:
    """Order places as people read them: page 2 before page 10."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in re.split(r"(\d+)", place)]


def _texts(content: bytes) -> dict[str, str]:
    """Give each line of a document by its place, and a digest of all that is drawn on each page."""
    told: dict[str, str] = {}
    for number, page in enumerate(_pdf(content).pages, 1):
        for line, text in enumerate(page.extract_text().splitlines(), 1):
            told[f"page {number}, line {line}"] = text
        drawn = hashlib.sha256()
        for stream in _streams(page):
            drawn.update(stream)
        told[f"page {number}, {DRAWING}"] = drawn.hexdigest()[:16]
    return told


def _streams(page: Any) -> Iterator[bytes]:  # noqa: ANN401  pypdf's page
    """Give what draws a page, with all that it takes from elsewhere in the file: charts and pictures too."""
    yield repr([page.get(name) for name in PAGE_SHAPE]).encode()
    contents = page.get_contents()
    if contents is not None:
        yield contents.get_data()
    for annotation in page.get("/Annots") or ():
        # A note that is laid over a figure stands in no content of the page.
        found = annotation.get_object()
        yield repr([found.get(name) for name in ("/Subtype", "/Rect", "/Contents")]).encode()
        looks = found.get("/AP")
        yield repr(looks.get_object() if looks is not None else None).encode()
    waiting = [page.get("/Resources")]
    while waiting:
        resources = waiting.pop()
        drawings = (resources.get_object() if resources is not None else {}).get("/XObject")
        for _, drawing in sorted((drawings.get_object() if drawings is not None else {}).items()):
            drawn = drawing.get_object()
            yield drawn.get_data()
            waiting.append(drawn.get("/Resources"))


def _cells(content: bytes) -> dict[str, str]:
    """Give each cell of a workbook by its sheet and place; a formula is told as it is written."""
    return {
        f"{sheet.title}!{cell.coordinate}": str(cell.value)
        for sheet in _workbook(content).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
