"""Whoever looks for a text in files finds it in those too that pack or compress what they hold."""

import io
import zipfile

import pypdf
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from tests.support.readable import readable

SAID = "hp1-kanarie"


def _document(said: str) -> bytes:
    """Write a document of one page with a text on it, compressed as those of the press are."""
    font = DictionaryObject(
        {NameObject(f"/{name}"): NameObject(f"/{value}") for name, value in (("Type", "Font"), ("Subtype", "Type1"))}
    )
    font[NameObject("/BaseFont")] = NameObject("/Helvetica")
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 200)
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = StreamObject()
    stream.set_data(f"BT /F1 12 Tf 10 100 Td ({said}) Tj ET".encode())
    page[NameObject("/Contents")] = stream.flate_encode()
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_the_text_of_a_document_is_found() -> None:
    """Its bytes alone do not tell it."""
    document = _document(SAID)
    assert SAID.encode() not in document
    assert SAID.encode() in readable(document)


def test_what_is_packed_is_found() -> None:
    """As in a workbook."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sheet.xml", f"<v>{SAID}</v>" * 20)
    assert SAID.encode() not in written.getvalue()
    assert SAID.encode() in readable(written.getvalue())


def test_what_only_begins_as_a_document_is_read_as_it_is() -> None:
    """Files of databases hold any bytes."""
    for content in (b"PK" + SAID.encode(), b"%PDF-" + SAID.encode()):
        assert SAID.encode() in readable(content)
