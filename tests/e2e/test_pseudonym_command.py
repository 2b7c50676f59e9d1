"""`helhedsnet pseudonym`: keys in files, sealed and on paper, and pseudonyms of one person or a whole list."""

import stat
from datetime import date
from pathlib import Path
from typing import Final

import openpyxl
import orjson
import pytest
import xlsxwriter
from typer.testing import CliRunner, Result

from services.command import access, key_files
from services.command.pseudonym_commands import pseudonym
from shared.pseudonyms import is_pseudonym, of_name, of_personal_number

PASSPHRASE: Final = "en lang sætning om kaffe"  # noqa: S105  a test's own
NUMBERS: Final = ("010203-1234", "1111119876", "ingen")


def _run(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(pseudonym, [str(each) for each in arguments], input=typed)


def _failed(result: Result) -> str:
    assert isinstance(result.exception, access.CommandFailed), result.output
    return str(result.exception).partition(":")[0]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Give the file of a new key of Urbanplanen."""
    assert _run("key", "urbanplanen", tmp_path / "key.json").exit_code == 0
    return tmp_path / "key.json"


def test_a_key_is_its_owners_alone_and_is_not_written_over(key: Path) -> None:
    """Nobody else on the machine reads it."""
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    assert _failed(_run("key", "urbanplanen", key)) == "key_exists"
    assert key.read_bytes() == before


def test_lines_of_numbers_or_names_become_pseudonyms(key: Path) -> None:
    """In their order; a line that is nobody is told of by its number, and what it says is nowhere repeated."""
    made = _run("make", "--key", key, typed="\n".join(NUMBERS))
    secret = key_files.load(key).key
    assert made.stdout.split() == [of_personal_number(secret, number) for number in NUMBERS[:2]]
    assert "no_personal_number: line 3" in made.output
    assert "ingen" not in made.output
    assert made.exit_code == 1
    named = _run("make", "--key", key, "--name", typed="Amina Hassan;2012-03-01\n")
    assert named.stdout.split() == [of_name(secret, "amina hassan", "01.03.2012")]


@pytest.mark.parametrize(("separator", "suffix"), [(";", "csv"), (",", "csv"), ("", "xlsx")])
def test_a_list_is_written_without_its_people(key: Path, tmp_path: Path, separator: str, suffix: str) -> None:
    """The columns that name them are gone; the others stay, and no cell of them is a formula."""
    source, target = tmp_path / f"list.{suffix}", tmp_path / f"made.{suffix}"
    rows = [
        ["Navn", "CPR", "Hold"],
        ["Amina", "010203-1234", "=1+1"],
        ["Ali", "ingen", "B"],
        ["Sara", "1111119876", "C"],
    ]
    if separator:
        source.write_text("\n".join(separator.join(row) for row in rows), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(str(source)) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, cell)
    made = _run("column", source, target, "--key", key, "--number-in", "CPR")
    assert made.exit_code == 1
    assert "no_personal_number: row 3" in made.output
    if separator:
        cells = [line.split(separator) for line in target.read_text(encoding="utf-8-sig").replace('"', "").splitlines()]
    else:
        cells = [
            [str(cell) for cell in row]
            for row in openpyxl.load_workbook(target).worksheets[0].iter_rows(values_only=True)
        ]
    assert cells[0] == ["pseudonym", "Navn", "Hold"]
    assert [row[2] for row in cells[1:]] == ["'=1+1", "C"]
    assert all(is_pseudonym(row[0]) for row in cells[1:])
    assert "010203" not in str(cells)


def test_names_and_days_of_a_workbook_become_pseudonyms(key: Path, tmp_path: Path) -> None:
    """A day is a day there, whatever it looks like; and a number may have lost its first nought."""
    source = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Navn", "Født", "CPR"])
        sheet.write_string(1, 0, "Amina Hassan")
        sheet.write_datetime(1, 1, date(2012, 3, 1), book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(1, 2, 102031234)
    assert (
        _run("column", source, tmp_path / "a.csv", "--key", key, "--name-in", "Navn", "--born-in", "Født").exit_code
        == 0
    )
    assert _run("column", source, tmp_path / "b.csv", "--key", key, "--number-in", "CPR").exit_code == 0
    secret = key_files.load(key).key
    assert of_name(secret, "Amina Hassan", "2012-03-01") in (tmp_path / "a.csv").read_text()
    assert of_personal_number(secret, "010203-1234") in (tmp_path / "b.csv").read_text()


def test_a_list_that_cannot_be_is_refused(key: Path, tmp_path: Path) -> None:
    """A column that is not there, a file that is none, and one that would be written over."""
    source = tmp_path / "list.csv"
    source.write_text("CPR;Hold\n010203-1234;A\n")
    assert _failed(_run("column", source, tmp_path / "a.csv", "--key", key, "--number-in", "Nr")) == "column_missing"
    assert _failed(_run("column", source, source, "--key", key, "--number-in", "CPR")) == "list_exists"
    (tmp_path / "list.xlsx").write_bytes(b"PK")
    refused = _run("column", tmp_path / "list.xlsx", tmp_path / "b.csv", "--key", key, "--number-in", "CPR")
    assert _failed(refused) == "list_unreadable"
    assert not (tmp_path / "b.csv").exists()


def test_a_key_comes_back_from_paper(key: Path, tmp_path: Path) -> None:
    """Typed in any spacing; a letter that is wrong, or the key of another area, is found."""
    typed = "".join(_run("paper", "--key", key).stdout.splitlines()[1:])
    assert _run("recover", "urbanplanen", tmp_path / "again.json", typed=typed.upper()).exit_code == 0
    assert key_files.load(tmp_path / "again.json") == key_files.load(key)
    wrong = typed[:-1] + ("b" if typed[-1] != "b" else "c")
    for area, letters in (("urbanplanen", wrong), ("urbanplanen", typed[:-1]), ("gellerupparken", typed)):
        assert _failed(_run("recover", area, tmp_path / "other.json", typed=letters)) == "key_mistyped"
    assert not (tmp_path / "other.json").exists()


def test_a_sealed_key_opens_with_its_passphrase_alone(key: Path, tmp_path: Path) -> None:
    """Handed over, it is the same key; the seal also holds whose it is."""
    sealed, opened = tmp_path / "sealed.json", tmp_path / "opened.json"
    assert _failed(_run("seal", sealed, "--key", key, typed="kort\n")) == "passphrase_too_short"
    assert _run("seal", sealed, "--key", key, typed=f"{PASSPHRASE}\n").exit_code == 0
    assert orjson.loads(key.read_bytes())["key"].encode() not in sealed.read_bytes()
    assert _failed(_run("unseal", sealed, opened, typed="en anden sætning\n")) == "wrong_passphrase"
    assert _failed(_run("unseal", sealed, opened, "--area", "gellerupparken", typed=f"{PASSPHRASE}\n")) == "other_area"
    assert _run("unseal", sealed, opened, typed=f"{PASSPHRASE}\n").exit_code == 0
    assert key_files.load(opened) == key_files.load(key)
    forged = tmp_path / "forged.json"
    forged.write_bytes(sealed.read_bytes().replace(b"urbanplanen", b"gellerupparken"))
    assert _failed(_run("unseal", forged, tmp_path / "c.json", typed=f"{PASSPHRASE}\n")) == "wrong_passphrase"


def test_a_damaged_file_is_no_key(key: Path, tmp_path: Path) -> None:
    """Cut short, changed, of another form, or not there."""
    whole = key.read_bytes()
    damaged = tmp_path / "damaged.json"
    for content in (whole[: len(whole) // 2], whole.replace(b"urbanplanen", b"urbanplaner"), b"{}", b"\xff"):
        damaged.write_bytes(content)
        assert _failed(_run("make", "--key", damaged, typed="010203-1234")) == "key_damaged"
    assert _failed(_run("make", "--key", tmp_path / "none.json", typed="010203-1234")) == "key_unreadable"
    assert _failed(_run("make", "--key", key, "--area", "gellerupparken", typed="010203-1234")) == "other_area"
