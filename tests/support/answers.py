"""Reads all that an answer says, in whatever form it comes."""

import io
import zipfile
from collections.abc import Iterator

import httpx
import pypdf

from services.reporting.exports import data_package, workbook


def texts(answer: httpx.Response) -> Iterator[bytes]:
    """Give all that can be read in an answer, what is packed in it too."""
    yield from texts_in(answer.headers.get("content-type", "").split(";")[0], answer.content)


def texts_in(media_type: str, content: bytes) -> Iterator[bytes]:
    """Give all that can be read in content of a media type."""
    yield content
    if media_type in {workbook.MEDIA_TYPE, data_package.MEDIA_TYPE}:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if media_type == "application/pdf":
        yield from (page.extract_text().encode() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
