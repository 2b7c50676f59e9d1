"""What files call things by: the names that people know, apart from one another, in columns wide enough for them."""

import io

import openpyxl

from services.reporting.exports import workbook
from services.reporting.exports.naming import codes_called
from services.reporting.exports.tables import Cell, DataTable, Document, Heading


def test_a_column_is_as_wide_as_the_names_in_it() -> None:
    """The names are written, and not the codes."""
    name = "Iværksættergruppe for piger"
    table = DataTable("t", "T", [Heading("activity", "Aktivitet")], [[Cell("piger", called=name)]])
    document = Document(name="d", title="D", language="da", tables=[table], withheld_because="")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.workbook(document))).worksheets[0]
    assert sheet["A2"].value == name
    assert sheet.column_dimensions["A"].width > len(name)


def test_activities_of_one_name_are_told_apart_by_their_areas() -> None:
    """And by their codes where the area is the same."""
    cafe, sport = "Lektiecafé", "Gadeidræt"
    names = {
        "areas": {"a": "Urbanplanen", "b": "Gellerupparken"},
        "activities": {"a-cafe": cafe, "b-cafe": cafe, "b-sport": sport, "b-sport-2": sport, "b-club": "Kvindeklub"},
        "activity_areas": {"a-cafe": "a", "b-cafe": "b", "b-sport": "b", "b-sport-2": "b", "b-club": "b"},
    }
    called = codes_called({"plans": [], "names": names}, "da")["activity"]
    assert called["a-cafe"] == "Lektiecafé (Urbanplanen)"
    assert called["b-cafe"] == "Lektiecafé (Gellerupparken)"
    assert called["b-sport"] == "Gadeidræt (Gellerupparken) (b-sport)"
    assert called["b-club"] == "Kvindeklub"
