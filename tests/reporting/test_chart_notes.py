"""What stands beside each chart: its unit, its source, the month that is not over, and the table of its numbers."""

from typing import Any, Final

import pytest

from services.reporting.reports.shapes import SHAPES
from services.reporting.web.charts import about
from services.reporting.web.charts.catalogue import CHARTS, description
from services.reporting.web.writing import Code


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_a_unit_and_a_table_of_a_file(name: str) -> None:
    """In both languages; the table is one that some report's files have."""
    tables = {table.name for shape in SHAPES.values() for table in shape.tables}
    assert {about.table_of(name, {}), about.table_of(name, {"plan": {}})} <= tables
    danish, english = about.UNITS[name]
    assert danish
    assert english
    assert set(about.UNITS) == set(about.TABLES) == set(CHARTS)


@pytest.mark.parametrize(
    ("last_day", "language", "told"),
    [
        ("2026-11-13", "da", "november 2026 er ikke hel"),
        ("2026-11-13", "en", "November 2026 is not complete"),
        ("2026-10-31", "da", None),
        ("2024-02-28", "da", "februar 2024 er ikke hel"),
        ("2024-02-29", "da", None),
    ],
)
def test_a_month_that_is_not_over_is_marked(last_day: str, language: Code, told: str | None) -> None:
    """Beside charts by month alone; a month that is over is not."""
    note = about.about("attendance", {"period": {"from": "2024-01-01", "to": last_day}}, language)
    assert ("ikke hel" in note or "not complete" in note) == (told is not None)
    assert told is None or told in note
    assert "hel" not in about.about("change", {"period": {"from": "2024-01-01", "to": last_day}}, "da").split(";")[-1]


TOLD: Final = {"value": 9, "suppressed": False}
HIDDEN: Final = {"value": None, "suppressed": True}


@pytest.mark.parametrize(
    ("name", "rows", "has_dots"),
    [
        ("attendance", {"months": [{"attendances": TOLD}, {"attendances": HIDDEN}]}, True),
        ("attendance", {"months": [{"attendances": TOLD}]}, False),
        ("participants", {"months": [{"participants": TOLD, "new_participants": HIDDEN}]}, False),
        ("participants", {"months": [{"participants": HIDDEN, "new_participants": HIDDEN}]}, True),
        (
            "participants",
            {"months": [{"participants": TOLD, "new_participants": each} for each in (TOLD, HIDDEN)]},
            True,
        ),
        ("effort_areas", {"effort_areas": [{"participants": HIDDEN}]}, True),
        ("age_bands", {"age_bands": [{"participants": HIDDEN}]}, True),
        ("retention", {"retention": [{"new_participants": TOLD, "years": [{"seen": HIDDEN}]}]}, True),
        ("retention", {"retention": [{"new_participants": TOLD, "years": []}]}, False),
        ("sessions", {"months": [{"attendances": HIDDEN}]}, False),
    ],
)
def test_a_dot_is_explained_where_one_is_drawn(name: str, rows: dict[str, Any], *, has_dots: bool) -> None:
    """Beside the chart, in both languages, and nowhere else."""
    report = {"period": {"from": "2024-01-01", "to": "2026-10-31"}, **rows}
    words: tuple[tuple[Code, str], ...] = (("da", "en prik er et skjult tal"), ("en", "a dot is a hidden number"))
    for language, said in words:
        assert (said in about.about(name, report, language)) == has_dots


def test_every_chart_with_dots_is_named_among_those_that_explain_them() -> None:
    """What is said of a chart to who cannot see it names its dots: what stands beside it has to look for them."""
    for place, dot in enumerate(("prik", "dot")):
        with_dots = {name for name, chart in CHARTS.items() if dot in chart.description[place]}
        assert with_dots == {*about.COUNTED, "retention"}


@pytest.mark.parametrize(("newcomers", "says_new"), [([TOLD, HIDDEN], True), ([HIDDEN, HIDDEN], False)])
def test_newcomers_are_named_aloud_where_they_are_drawn(newcomers: list[dict[str, Any]], *, says_new: bool) -> None:
    """The newcomers of no month are told outside the area: nothing is said of them then."""
    report = {"months": [{"participants": TOLD, "new_participants": each} for each in newcomers]}
    assert ("nye" in description("participants", report, "da")) == says_new
    assert ("new" in description("participants", report, "en")) == says_new


@pytest.mark.parametrize(
    ("indicator", "by", "told_from", "said"),
    [
        (
            "sessions",
            ["month"],
            "release",
            "Kilde: Helhedsnet, til og med 13. november 2026; november 2026 er ikke hel.",
        ),
        ("sessions", ["area"], "release", "Kilde: Helhedsnet, til og med 13. november 2026."),
        (
            "participants",
            ["month"],
            "release",
            "Kilde: Helhedsnet, til og med oktober 2026; intet er tegnet, hvor tallet er skjult.",
        ),
        (
            "participants",
            ["month"],
            "area",
            (
                "Kilde: Helhedsnet, til og med 13. november 2026; november 2026 er ikke hel;"
                " intet er tegnet, hvor tallet er skjult."
            ),
        ),
    ],
)
def test_a_chart_of_ones_own_choice_says_where_it_is_from(
    indicator: str, by: list[str], told_from: str, said: str
) -> None:
    """Until when, and what is not complete or not drawn in it."""
    report = {
        "period": {"from": "2023-08-01", "to": "2026-11-13"},
        "people": {"told_from": told_from, "month": "2026-10"},
        "by": by,
        "rows": [{"sessions": 4, "participants": each} for each in (TOLD, HIDDEN)],
    }
    assert about.about_chosen(indicator, report, "da") == said
    assert about.about_chosen(indicator, {**report, "period": {"from": None, "to": None}}, "da") == ""


@pytest.mark.parametrize(
    ("name", "last_day", "until"),
    [
        ("attendance", "2026-11-13", "til og med oktober 2026"),
        ("retention", "2026-11-13", "til og med oktober 2026"),
        ("sessions", "2026-11-13", "til og med 13. november 2026"),
        ("attendance", "2026-10-20", "til og med 20. oktober 2026"),
    ],
)
def test_a_chart_of_people_ends_with_the_release(name: str, last_day: str, until: str) -> None:
    """What a release does not know is not in the chart; sessions go on until the last day."""
    people = {"told_from": "release", "month": "2026-10"}
    note = about.about(name, {"period": {"from": "2024-01-01", "to": last_day}, "people": people}, "da")
    assert until in note
    assert ("november 2026 er ikke hel" in note) == (name == "sessions")
