"""The command's own words: files as people save them, types as they misspell them, help and languages."""

import io
import re
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
import typer
from typer.testing import CliRunner

from services.command import access, cli, posting, report_table
from services.command.helping import in_plain_words
from services.command.refused_lines import Faulty, unknown_field
from services.command.terminal import Terminal, locale_language
from tests.support.builders import Json, an_area, an_attendance, an_enrolment
from tests.support.systems import REGISTRY_EVENTS

LINE: Final = orjson.dumps(an_area())


def _owners(content: bytes) -> list[tuple[str, int]]:
    return [(batch.owner, len(batch.lines)) for batch in posting.batches(io.BytesIO(content), 10)]


def test_a_file_that_windows_saved_is_read() -> None:
    """With the mark that its editors put before UTF-8."""
    assert _owners(b"\xef\xbb\xbf" + LINE + b"\r\n") == [("registry", 1)]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en_GB", "line 1: this is not UTF-8; save the file as UTF-8"),
        ("da_DK", "linje 1: Det er ikke UTF-8. Gem filen som UTF-8"),
    ],
)
def test_a_file_in_latin_1_says_what_to_do(monkeypatch: pytest.MonkeyPatch, language: str, told: str) -> None:
    """Not where a program of ours stumbled."""
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    with pytest.raises(posting.BadLine, match=told):
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
    with pytest.raises(posting.BadLine) as bad:
        _owners(orjson.dumps({"type": kind}))
    assert f"did you mean {meant}?" in bad.value.fault.told("en")
    assert f"Mente du {meant}?" in bad.value.fault.told("da")


@pytest.mark.parametrize(
    ("event", "pointer", "english", "danish"),
    [
        (
            an_area(naem="x"),
            "/data",
            "there is no field 'naem'; did you mean 'name'?",
            "Feltet 'naem' findes ikke. Mente du 'name'?",
        ),
        (an_area(headcount=1), "/data", "there is no field 'headcount'", "Feltet 'headcount' findes ikke."),
        ({**an_area(), "colour": 1}, "", "there is no field 'colour'", "Feltet 'colour' findes ikke."),
        (
            an_enrolment(consent={"reference": "x", "guardian": True, "by": 1}),
            "/data/consent",
            "there is no field 'by'",
            "Feltet 'by' findes ikke.",
        ),
        (
            an_attendance(absent=[{"participant": "p-1", "why": "syg"}]),
            "/data/absent/0",
            "there is no field 'why'",
            "Feltet 'why' findes ikke.",
        ),
    ],
)
def test_a_field_that_there_is_not_is_named_to_whoever_sent_it(
    event: Json, pointer: str, english: str, danish: str
) -> None:
    """The service tells its place alone, since others read its answers; the field of another event is none either."""
    fault = unknown_field(7, pointer, orjson.dumps(event))
    assert fault is not None
    assert fault.told("en") == " ".join(filter(None, ("line 7", pointer, f"unknown_field: {english}")))
    assert fault.told("da") == " ".join(filter(None, ("linje 7", pointer, f"unknown_field: {danish}")))


def test_what_a_service_refuses_is_said_in_danish_with_what_it_told() -> None:
    """The meaning of the code, and the detail, in which numbers and dates stand."""
    fault = Faulty(2, "/data/capacity", "invalid_value", "Input should be greater than 0")
    assert fault.told("en") == "line 2 /data/capacity invalid_value: Input should be greater than 0"
    assert "Værdien er uden for det tilladte. (Input should be greater than 0)" in fault.told("da")
    assert Faulty(None, "", "overloaded", "later").told("da") == "anmodningen overloaded: later"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("da_DK", ["linje 1 unknown_event_type: Typen 'nothing' findes ikke.", "linje 2 malformed_json: Det er ikke"]),
        ("en_GB", ["line 1 unknown_event_type: there is no event type 'nothing'", "line 2 malformed_json: this is no"]),
    ],
)
def test_a_file_without_any_event_is_read_to_its_end_where_lines_are_skipped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str, told: list[str]
) -> None:
    """An unknown type, and what is no JSON, are each counted and told of; there is nothing to post to anybody."""
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    file = tmp_path / "events.jsonl"
    file.write_text('{"type": "nothing"}\nno json\n')
    nobody = ("--url", "http://127.0.0.1:1", "--token", "any")
    made = CliRunner().invoke(cli.application, ["post", str(file), "--on-error", "skip", *nobody])
    assert made.exit_code == 1
    assert "accepted 0 · duplicates 0 · rejected 2" in made.output
    for each in told:
        assert each in " ".join(made.output.split())


def test_lines_that_are_no_events_are_skipped_where_that_is_asked_for() -> None:
    """Each is told of, and what stands after it is read."""
    bad: list[posting.BadLine] = []
    content = b'{"type": "nothing"}\nno json\n' + LINE
    (batch,) = posting.batches(io.BytesIO(content), 10, bad.append)
    assert batch.numbers == [3]
    assert [(each.fault.line, each.fault.code) for each in bad] == [(1, "unknown_event_type"), (2, "malformed_json")]


def test_the_version_is_told() -> None:
    """By the command itself, as whoever reports a fault has to say it."""
    told = CliRunner().invoke(cli.application, ["--version"])
    assert (told.exit_code, told.output) == (0, f"helhedsnet {metadata.version('helhedsnet')}\n")


@pytest.mark.parametrize("said", ["network", "area urbanplanen", "plan amagerplanen-2023"])
def test_each_report_that_there_is_can_be_asked_for(said: str) -> None:
    """It is asked for at once, and where nobody answers that is what is said, not how to ask."""
    asked = CliRunner().invoke(
        cli.application, ["report", *said.split(), "--url", "http://127.0.0.1:1", "--token", "any"]
    )
    assert isinstance(asked.exception, access.CommandFailed), asked.output
    assert "nothing answers at http://127.0.0.1:1" in str(asked.exception)


def test_the_demo_says_how_much_of_it_there_is() -> None:
    """By what its files hold: the days of what happened, and the areas."""
    told = " ".join(CliRunner().invoke(cli.application, ["demo", "--help"]).output.split())
    assert "three and a half synthetic years of two areas" in told
    events = [orjson.loads(line) for line in REGISTRY_EVENTS.read_bytes().splitlines()]
    days = sorted(date.fromisoformat(event["data"]["date"]) for event in events if "date" in event["data"])
    assert round((days[-1] - days[0]).days / 365.25 * 2) / 2 == 3.5
    assert len({event["source"] for event in events} - {"/network"}) == 2


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
