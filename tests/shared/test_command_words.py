"""The command's own words: files as people save them, types as they misspell them, help and languages."""

import io
import re
from typing import Any, Final

import orjson
import pytest
import typer

from services.command import cli, posting, report_table
from services.command.helping import in_plain_words
from services.command.terminal import Terminal, locale_language
from tests.support.builders import an_area

LINE: Final = orjson.dumps(an_area())


def _owners(content: bytes) -> list[tuple[str, int]]:
    return [(batch.owner, len(batch.lines)) for batch in posting.batches(io.BytesIO(content), 10)]


def test_a_file_that_windows_saved_is_read() -> None:
    """With the mark that its editors put before UTF-8."""
    assert _owners(b"\xef\xbb\xbf" + LINE + b"\r\n") == [("registry", 1)]


def test_a_file_in_latin_1_says_what_to_do() -> None:
    """Not where a program of ours stumbled."""
    with pytest.raises(posting.BadLine, match="line 1 is not UTF-8; save the file as UTF-8"):
        _owners('{"type": "Mjølner"}'.encode("latin-1"))


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("dk.helhedsnet.attendance.record.v1", "'dk.helhedsnet.attendance.recorded.v1'"),
        ("attendance.recorded", "'dk.helhedsnet.attendance.recorded.v1'"),
    ],
)
def test_a_misspelt_type_is_answered_with_the_one_that_was_meant(kind: str, meant: str) -> None:
    """Also where its beginning and its end are missing."""
    with pytest.raises(posting.BadLine, match=re.escape(f"did you mean {meant}?")):
        _owners(orjson.dumps({"type": kind}))


def test_lines_that_are_no_events_are_skipped_where_that_is_asked_for() -> None:
    """Each is told of, and what stands after it is read."""
    bad: list[posting.BadLine] = []
    content = b'{"type": "nothing"}\nno json\n' + LINE
    (batch,) = posting.batches(io.BytesIO(content), 10, bad.append)
    assert batch.numbers == [3]
    assert [(each.fault.line, each.fault.code) for each in bad] == [(1, "unknown_event_type"), (2, "malformed_json")]


def test_help_names_no_types_of_a_program() -> None:
    """For every option and argument of every command; nor whether something is there or not."""
    wrong = []

    def walk(command: Any, path: str) -> None:  # noqa: ANN401  Typer keeps its types to itself
        context = command.context_class(command, info_name=path)
        for parameter in command.params:
            told = parameter.display_type_rich(ctx=context)
            if re.search(r"[<%\[]|FileBinaryRead|\b(bool|str|int|dir|Path|datetime)\b", told):
                wrong.append((path, parameter.name, told))
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, f"{path} {name}")

    walk(in_plain_words(typer.main.get_command(cli.application)), "helhedsnet")
    assert wrong == []


@pytest.mark.parametrize(("said", "language"), [("en_GB.UTF-8", "en"), ("da_DK.UTF-8", "da"), ("C", "da"), ("", "da")])
def test_the_language_is_that_of_the_locale(monkeypatch: pytest.MonkeyPatch, said: str, language: str) -> None:
    """Danish where it says nothing."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", said)
    assert locale_language() == language


def test_a_report_is_printed_in_one_language() -> None:
    """Never both in one cell."""
    report = {
        "areas": [],
        "period": {"from": None, "to": None},
        "as_of": {"registry": 0, "funding": 0},
        "digest": "0" * 64,
        "notes": [{"text_da": "Dansk.", "text_en": "English."}],
    }
    for language, wanted, foreign in (("da", "Ingen områder endnu", "No area"), ("en", "No area has posted", "Ingen")):
        console = Terminal(width=110)
        with console.capture() as told:
            report_table.draw(console, report, "da" if language == "da" else "en")
        assert wanted in told.get()
        assert foreign not in told.get()
