"""Answers that are kept: compressed once for all who read them so, and bounded in bytes."""

import gzip
from datetime import date
from typing import Final

import httpx
import pytest
from fastapi import Response

from services.reporting.reports import remembering
from services.reporting.reports.remembering import AnswerKey, Answers, takes_gzip
from services.reporting.reports.service import StandsToday
from tests.conftest import Bearer

NETWORK: Final = "/reporting/reports/network"
STANDS: Final[StandsToday] = (({"registry": 1}, ""), 0, date(2026, 1, 1))
LARGE: Final = b'{"areas":[' + b'{"sessions":12},' * 40_000 + b"0]}"


def _question(reader: str = "lead", known: str | None = None, *, compressed: bool = True) -> AnswerKey:
    return NETWORK, b"", reader, known, compressed


def _report(body: bytes = LARGE) -> Response:
    return Response(body, headers={"ETag": '"abc"', "Vary": "Authorization"}, media_type="application/json")


async def test_a_large_report_is_kept_compressed() -> None:
    """It says the same, is found again while nothing moves, and its entity tag is weak: its bytes are different."""
    answers = Answers()
    read = await answers.as_read(_report(), _question())
    assert gzip.decompress(bytes(read.body)) == LARGE
    assert read.headers["content-length"] == str(len(read.body))
    assert (read.headers["etag"], read.headers["content-encoding"]) == ('W/"abc"', "gzip")
    assert read.headers["vary"] == "Authorization, Accept-Encoding"
    assert read.headers["content-type"] == "application/json"
    answers.keep(_question(), STANDS, read)
    assert answers.find(_question(), STANDS) is read
    assert answers.find(_question(), (STANDS[0], 1, STANDS[2])) is None


async def test_a_report_is_compressed_once_for_all_its_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes out is the same, whoever reads it."""
    answers = Answers()
    first = await answers.as_read(_report(), _question("lead"))
    monkeypatch.setattr(gzip, "compress", None)
    assert (await answers.as_read(_report(), _question("auditor"))).body == first.body


async def test_who_does_not_take_it_compressed_has_it_as_it_is() -> None:
    """Nor is compressed what fits one packet."""
    answers = Answers()
    assert (await answers.as_read(_report(), _question(compressed=False))).body == LARGE
    small = await answers.as_read(_report(b"{}"), _question())
    assert (small.body, small.headers["etag"]) == (b"{}", '"abc"')


async def test_what_is_kept_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked for longest ago goes first."""
    monkeypatch.setattr(remembering, "KEPT_BYTES", 2 * (len(LARGE) + remembering.BESIDE_BODY_BYTES))
    answers = Answers()
    for reader in ("first", "second", "third"):
        answers.keep(_question(reader, compressed=False), STANDS, _report())
    kept = [answers.find(_question(each, compressed=False), STANDS) for each in ("first", "second", "third")]
    assert [each is not None for each in kept] == [False, True, True]


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        *(("gzip", True), ("br, GZIP;q=0.5", True), ("*", True)),
        *(("", False), ("br", False), ("gzip;q=0", False), ("gzip; q=0.000, br", False)),
    ],
)
def test_a_reader_says_whether_it_takes_gzip(accepted: str, takes: bool) -> None:  # noqa: FBT001  a parameter
    """A weight of zero is a no."""
    assert takes_gzip(accepted) is takes


async def test_the_same_report_is_read_both_ways(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Both have the same content, and either entity tag is answered 304."""
    plain = await demo.get(NETWORK, headers={**bearer("lead"), "Accept-Encoding": "identity"})
    compressed = await demo.get(NETWORK, headers={**bearer("lead"), "Accept-Encoding": "gzip"})
    assert compressed.headers["content-encoding"] == "gzip"
    assert compressed.content == plain.content
    assert "content-encoding" not in plain.headers
    for tag in (plain.headers["etag"], compressed.headers["etag"]):
        again = await demo.get(NETWORK, headers={**bearer("lead"), "If-None-Match": tag})
        assert (again.status_code, again.headers["etag"]) == (httpx.codes.NOT_MODIFIED, tag)
