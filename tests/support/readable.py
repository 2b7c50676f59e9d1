"""Makes what files hold readable, so that whoever looks for a text finds it in documents and packed files too."""

import io
import zipfile
from collections.abc import Iterator
from typing import Final

import pypdf
from pypdf.errors import PyPdfError

# Where a document says what it is, at the latest.
HEAD: Final = 1_024
# No file that the system writes holds more, and none of its documents has more pages.
MOST_MEMBERS: Final = 1_000
MOST_PAGES: Final = 2_000


def readable(content: bytes) -> bytes:
    """Give the bytes of a file, and behind them what is packed in it: a workbook's sheets, a document's text."""
    return b"\n".join((content, *_members(content), *_texts(content)))


def _members(content: bytes) -> Iterator[bytes]:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            assert len(names) <= MOST_MEMBERS
            yield from (packed.read(name) for name in names)
    except zipfile.BadZipFile:
        return


def _texts(content: bytes) -> Iterator[bytes]:
    """Give the text of each page, as it is and without the blanks where a line ends, and what it is called."""
    if b"%PDF-" not in content[:HEAD]:
        return
    try:
        document = pypdf.PdfReader(io.BytesIO(content))
        assert len(document.pages) <= MOST_PAGES
        said = [page.extract_text() for page in document.pages]
        said.extend(str(value) for value in (document.metadata or {}).values())
    except PyPdfError:
        return
    for text in said:
        yield text.encode()
        yield "".join(text.split()).replace("\u200b", "").encode()
