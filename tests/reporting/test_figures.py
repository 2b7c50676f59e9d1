"""The pivot of figures: it says what the reports say, adds up, and shows no count of people that they withhold."""

import io
import itertools
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import frictionless
import httpx
import openpyxl
import pytest

from services.reporting.exports import data_package
from services.reporting.figures import pivot
from services.reporting.terms import COUNTS, NUMBERS, OF_PEOPLE, STANDING_AMOUNTS
from tests.conftest import Bearer

FIGURES: Final = "/reporting/figures"
AREA: Final = "urbanplanen"
OTHER_AREA: Final = "gellerupparken"
EVERY_INDICATOR: Final = ",".join(pivot.NAMES)

Json = dict[str, Any]


async def _ask(client: httpx.AsyncClient, headers: dict[str, str], **params: Any) -> Json:
    answer = await client.get(FIGURES, params=params, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    found: Json = answer.json()
    return found


async def _report(client: httpx.AsyncClient, headers: dict[str, str], path: str = "network", **params: Any) -> Json:
    answer = await client.get(f"/reporting/reports/{path}", params=params, headers=headers)
    found: Json = answer.json()
    return found


def _as_told(figure: Any) -> Any:  # noqa: ANN401  a figure of the JSON
    """Leave out what a hidden figure is at least: a report may have read more of its parts."""
    return {key: each for key, each in figure.items() if key != "at_least"} if isinstance(figure, dict) else figure


def _agree(row: Json, told: Json, where: object) -> None:
    """Every figure of a row of the pivot is that of the report's row."""
    for name in (*NUMBERS, *OF_PEOPLE):
        assert _as_told(row[name]) == _as_told(told[name]), (where, name)
    for name in (*STANDING_AMOUNTS, "local_share_pct"):
        if "funding" in told:
            assert row[name] == told["funding"][name], (where, name)


@pytest.mark.parametrize(
    "days", [{}, {"from": "2025-10-05", "to": "2026-03-19"}, {"from": "2026-02-10", "to": "2026-02-11"}]
)
async def test_the_pivot_says_what_the_network_report_says(
    demo: httpx.AsyncClient, bearer: Bearer, days: dict[str, str]
) -> None:
    """By area, effort area and month, for the whole time and for days within months, for a lead and a coordinator."""
    for headers in (bearer("lead"), bearer("coordinator", AREA)):
        report = await _report(demo, headers, **days)
        whole = await _ask(demo, headers, indicator=EVERY_INDICATOR, **days)
        _agree(whole["rows"][0], report["totals"], "totals")
        assert whole["period"] == report["period"]
        by_month = await _ask(demo, headers, indicator=EVERY_INDICATOR, by="month", **days)
        for row, told in itertools.zip_longest(by_month["rows"], report["months"]):
            assert row["month"] == told["month"]
            _agree(row, told, row["month"])
        by_effort_area = await _ask(demo, headers, indicator=EVERY_INDICATOR, by="effort_area", **days)
        rows = {(row["pool"], row["effort_area"]): row for row in by_effort_area["rows"]}
        for told in report["effort_areas"]:
            _agree(rows[told["pool"], told["effort_area"]], told, told["effort_area"])


async def test_the_pivot_by_area_says_what_a_lead_reads_in_the_report(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Area by area, money included."""
    report = await _report(demo, bearer("lead"))
    by_area = await _ask(demo, bearer("lead"), indicator=EVERY_INDICATOR, by="area")
    for row, told in itertools.zip_longest(by_area["rows"], report["areas"]):
        assert row["area"] == told["area"]
        _agree(row, told, row["area"])
    assert by_area["names"]["area"] == {area["area"]: area["name"] for area in report["areas"]}


async def test_rows_add_up_to_totals_where_the_answer_says_so(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """For every choice of three dimensions, with and without time; in the own area, where all of it is told."""
    tried = 0
    for by in (
        ("area", "effort_area", "month"),
        ("plan", "kind", "quarter"),
        ("activity", "school_year", "area"),
        ("year", "plan"),
        ("plan",),
    ):
        own = bearer("coordinator", AREA)
        answer = await _ask(demo, own, indicator=EVERY_INDICATOR, area=AREA, by=",".join(by))
        for margin in answer["totals"]:
            for item in answer["indicators"]:
                if not item["adds_up"]:
                    continue
                for total in margin["rows"]:
                    same = [row for row in answer["rows"] if all(row[name] == total[name] for name in margin["by"])]
                    summed = sum(_number(row[item["indicator"]]) for row in same)
                    assert summed == pytest.approx(_number(total[item["indicator"]])), (by, margin["by"], item)
                    tried += bool(summed)
    assert tried > 200


@pytest.mark.parametrize("asked", ["committed_ore", "local_share_pct", "unconfirmed_ore,committed_ore"])
async def test_commitments_are_never_told_without_what_of_them_nobody_has_confirmed(
    demo: httpx.AsyncClient, bearer: Bearer, asked: str
) -> None:
    """Nor what is computed of them: in JSON, CSV and workbook, at the end of each span of time."""
    headers, params = bearer("lead"), {"indicator": asked, "by": "plan,year"}
    answer = await _ask(demo, headers, **params)
    names = list(dict.fromkeys([*asked.split(","), "unconfirmed_ore"]))
    assert [item["indicator"] for item in answer["indicators"]] == names
    (whole,) = answer["totals"][-1]["rows"]
    totals = (await _report(demo, headers))["totals"]["funding"]
    assert whole["unconfirmed_ore"] == totals["unconfirmed_ore"] > 0
    # What was confirmed later had not been confirmed then.
    assert {row["unconfirmed_ore"] > 0 for row in answer["rows"]} == {True, False}
    table = (await demo.get(f"{FIGURES}.csv", params=params, headers=headers)).text.splitlines()
    assert len(table[0].split(";")) == len(answer["by"]) + 1 + len(names)
    book = await demo.get(f"{FIGURES}.xlsx", params={**params, "language": "en"}, headers=headers)
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[1]
    assert "Committed, not confirmed, cumulative" in [cell.value for cell in sheet[1]]
    spent = await _ask(demo, headers, indicator="spent_ore")
    assert [item["indicator"] for item in spent["indicators"]] == ["spent_ore"]


def _number(figure: Any) -> float:  # noqa: ANN401  a figure of the JSON
    return float((figure["value"] if isinstance(figure, dict) else figure) or 0)


async def test_counts_of_people_are_shown_as_far_as_the_reports_show_them(
    demo: httpx.AsyncClient, bearer: Bearer
) -> None:
    """By plan, kind and activity as well; for days that the release does not have nothing, and no zero is made up."""
    for by in ("plan", "kind", "activity", "area,activity"):
        answer = await _ask(demo, bearer("lead"), indicator="participants", by=by)
        assert any(row["participants"]["value"] for row in answer["rows"]), by
    some_days = {"from": "2025-10-05", "to": "2026-03-19"}
    answer = await _ask(demo, bearer("lead"), indicator=",".join(COUNTS), by="area", **some_days)
    assert {row[name]["hidden"] for row in answer["rows"] for name in COUNTS} == {"not_released"}
    assert answer["people"]["told_from"] == "release"
    assert "people_released" in {note["code"] for note in answer["notes"]}


async def test_an_activity_and_a_plan_have_the_counts_that_the_plans_report_has(
    demo: httpx.AsyncClient, bearer: Bearer
) -> None:
    """What one page tells, another does not hide: activity by activity, and of the plan as a whole."""
    headers = bearer("lead")
    by_activity = await _ask(demo, headers, indicator=",".join(COUNTS), by="activity")
    by_plan = await _ask(demo, headers, indicator=",".join(COUNTS), by="plan")
    activities = {row["activity"]: row for row in by_activity["rows"]}
    told = 0
    for row in by_plan["rows"]:
        report = await _report(demo, headers, f"plans/{row['plan']}")
        pairs = [(row, report["totals"]), *((activities[each["activity"]], each) for each in report["activities"])]
        for figures, reported in pairs:
            assert {name: figures[name] for name in COUNTS} == {name: reported[name] for name in COUNTS}
            told += not reported["participants"]["suppressed"]
    assert told > 10


@pytest.mark.long(beside="test_counts_of_people_are_shown_as_far_as_the_reports_show_them")
async def test_no_count_is_shown_that_the_reports_withhold(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """Whatever is asked: a count outside the reader's own areas is one that a report shows to the same reader."""
    shown = 0
    for headers, own in ((bearer("lead"), set()), (bearer("coordinator", AREA), {AREA}), (bearer("auditor"), set())):
        published = await _published(demo, headers)
        for by in ("", "area", "effort_area", "month", "school_year", "area,month", "area,effort_area",
                   "area,effort_area,school_year", "effort_area,month", "area,year", "area,quarter"):  # fmt: skip
            for only in ({}, {"area": AREA}, {"area": OTHER_AREA}, {"area": f"{AREA},{OTHER_AREA}"}):
                answer = await _ask(demo, headers, indicator=",".join(COUNTS), by=by, **only)
                for row in (each for part in (answer, *answer["totals"]) for each in part["rows"]):
                    area = row.get("area", only.get("area"))
                    time = next(
                        (row[name] for name in ("month", "school_year", "year", "quarter") if name in row), None
                    )
                    if area in own or "," in (area or ""):
                        continue
                    for name in COUNTS:
                        if not row[name]["suppressed"]:
                            cell = (name, time, area, row.get("effort_area"))
                            assert published[cell] == row[name]["value"], (by, only, cell)
                            shown += 1
    assert shown > 100


def _named_spans(first_year: int, last_year: int) -> Iterator[tuple[str, str, str]]:
    """Give every year, school year and quarter with its first and last day."""
    for year in range(first_year, last_year):
        yield f"{year}", f"{year}-01-01", f"{year}-12-31"
        yield f"{year}/{(year + 1) % 100:02}", f"{year}-08-01", f"{year + 1}-07-31"
        for number, (first, last) in enumerate((("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30")), 1):
            yield f"{year}-Q{number}", f"{year}-{first}", f"{year}-{last}"
        yield f"{year}-Q4", f"{year}-10-01", f"{year}-12-31"


async def _published(client: httpx.AsyncClient, headers: dict[str, str]) -> dict[tuple[Any, ...], int]:
    """Collect every count of people that the reports of the network and of both areas show to a reader."""
    whole = (await _report(client, headers))["period"]
    spans: list[tuple[str | None, Json]] = [(None, {})]
    for name, first, last in _named_spans(2020, 2035):
        if first <= whole["to"] and last >= whole["from"]:
            spans.append((name, {"from": max(first, whole["from"]), "to": min(last, whole["to"])}))
    found: dict[tuple[Any, ...], int] = {}
    for label, days in spans:
        for area, path in ((None, "network"), (AREA, f"areas/{AREA}"), (OTHER_AREA, f"areas/{OTHER_AREA}")):
            report = await _report(client, headers, path, **days)
            rows = [(label, area, None, report["totals"])]
            rows += [(label, row["area"], None, row) for row in report["areas"]]
            rows += [(label, area, row["effort_area"], row) for row in report["effort_areas"]]
            rows += [(row["month"], area, None, row) for row in report["months"]]
            for time, of_area, effort_area, row in rows:
                found |= {
                    (name, time, of_area, effort_area): row[name]["value"]
                    for name in COUNTS
                    if not row[name]["suppressed"]
                }
    return found


async def test_a_coordinator_sees_the_own_areas_people_by_anything(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """As the own area's report has them, and by activity and kind too; of the other area nothing that is withheld."""
    headers = bearer("coordinator", AREA)
    report = await _report(demo, headers, f"areas/{AREA}")
    own = await _ask(demo, headers, indicator=EVERY_INDICATOR, area=AREA)
    _agree(own["rows"][0], report["totals"], "own")
    months = await _ask(demo, headers, indicator=EVERY_INDICATOR, area=AREA, by="month")
    for row, told in itertools.zip_longest(months["rows"], report["months"]):
        _agree(row, told, row["month"])
    efforts = await _ask(demo, headers, indicator=EVERY_INDICATOR, by="area,effort_area", area=AREA)
    rows = {row["effort_area"]: row for row in efforts["rows"] if row["area"] == AREA}
    for told in report["effort_areas"]:
        _agree(rows[told["effort_area"]], {key: told[key] for key in (*NUMBERS, *OF_PEOPLE)}, told["effort_area"])
    by_activity = await _ask(demo, headers, indicator=",".join(COUNTS), by="area,activity", area=AREA)
    assert not [row for row in by_activity["rows"] for name in COUNTS if row[name]["suppressed"]]
    wider = await _ask(demo, headers, indicator=",".join(COUNTS), by="area,activity")
    assert wider["rows"] == (await _ask(demo, bearer("lead"), indicator=",".join(COUNTS), by="area,activity"))["rows"]


async def test_filters_narrow_the_figures(demo: httpx.AsyncClient, bearer: Bearer) -> None:
    """An area's figures are those of its report; filters of several kinds hold together."""
    lead = bearer("lead")
    report = await _report(demo, lead, f"areas/{AREA}")
    _agree((await _ask(demo, lead, indicator=EVERY_INDICATOR, area=AREA))["rows"][0], report["totals"], AREA)
    both = await _ask(demo, lead, indicator=EVERY_INDICATOR, area=f"{AREA},{OTHER_AREA}")
    everything = await _ask(demo, lead, indicator=EVERY_INDICATOR)
    for name in (*NUMBERS, *STANDING_AMOUNTS):
        assert both["rows"][0][name] == everything["rows"][0][name]
    effort_area = report["effort_areas"][0]
    narrowed = await _ask(
        demo, lead, indicator=EVERY_INDICATOR, area=AREA, effort_area=effort_area["effort_area"], by="plan"
    )
    (plan,) = narrowed["rows"]
    assert plan["sessions"] == effort_area["sessions"]
    assert plan["spent_ore"] is None, "money is not told apart by effort area"
    nothing = await _ask(demo, lead, indicator="sessions,participants", area=AREA, plan="gellerup-toveshoej-2023")
    assert nothing["rows"][0]["sessions"] == 0


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"indicator": "happiness"}, "unknown_indicator"),
        ({"by": "gender"}, "unknown_dimension"),
        ({"by": "area,plan,kind,month"}, "too_many_dimensions"),
        ({"by": "month,year"}, "two_time_dimensions"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "dates_reversed"),
        (
            {"from": "2007-01-01", "to": "2026-12-31", "by": "activity,month", "indicator": EVERY_INDICATOR},
            "too_many_cells",
        ),
    ],
)
async def test_a_question_that_cannot_be_answered_says_why(
    demo: httpx.AsyncClient, bearer: Bearer, params: dict[str, str], code: str
) -> None:
    """With a stable code, and for names with the list of those that there are."""
    answer = await demo.get(FIGURES, params=params, headers=bearer("lead"))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    if code == "unknown_indicator":
        assert all(name in answer.json()["detail"] for name in pivot.NAMES)


async def test_every_file_holds_the_rows_of_the_json(demo: httpx.AsyncClient, bearer: Bearer, tmp_path: Path) -> None:
    """CSV, workbook and data package; `frictionless validate` accepts the package."""
    params = {"indicator": EVERY_INDICATOR, "by": "area,effort_area,month"}
    answer = await _ask(demo, bearer("lead"), **params)
    files = {
        suffix: await demo.get(f"{FIGURES}.{suffix}", params=params, headers=bearer("lead"))
        for suffix in ("csv", "xlsx", "zip")
    }
    for suffix, file in files.items():
        assert file.status_code == httpx.codes.OK
        assert file.headers["content-disposition"].startswith('attachment; filename="figures')
        tagged = {**bearer("lead"), "If-None-Match": file.headers["etag"]}
        again = await demo.get(f"{FIGURES}.{suffix}", params=params, headers=tagged)
        assert again.status_code == httpx.codes.NOT_MODIFIED
    assert len(files["csv"].text.splitlines()) == len(answer["rows"]) + 1
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content))
    assert len(book.worksheets) == 2 + 1 + len(answer["totals"])
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    for row, told in itertools.zip_longest(rows, answer["rows"]):
        assert [value for value in row if isinstance(value, int | float)] == pytest.approx(
            [_in_sheet(name, told[name]) for name in pivot.NAMES if _in_sheet(name, told[name]) is not None]
        )
    _validate(files["zip"].content, answer, tmp_path)


def _in_sheet(name: str, value: Any) -> float | None:  # noqa: ANN401  a figure or a count
    if isinstance(value, dict):
        value = value["value"]
    if value is None:
        return None
    return float(value / 100 if name in STANDING_AMOUNTS or name == "local_share_pct" else value)


def _validate(content: bytes, answer: Json, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        package.extractall(folder)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])
    assert report.stats["tasks"] == 1 + len(answer["totals"])
    descriptor = json.loads((folder / "datapackage.json").read_text())
    assert descriptor["id"] == answer["digest"]
    described = frictionless.Package(str(folder / "datapackage.json")).get_resource("figures")
    assert isinstance(described, frictionless.resources.TableResource)
    for row, told in itertools.zip_longest(described.read_rows(), answer["rows"]):
        for name in pivot.NAMES:
            if name in OF_PEOPLE:
                assert (row[name], row[f"{name}_suppressed"]) == (told[name]["value"], told[name]["suppressed"])
            else:
                assert (None if row[name] is None else float(row[name])) == told[name], name


def test_a_package_with_a_wrong_value_is_refused(tmp_path: Path) -> None:
    """The validation of the other test can fail."""
    answer = {
        "by": ["area"],
        "indicators": [{"indicator": "sessions"}],
        "rows": [{"area": "urbanplanen", "sessions": 3}],
        "totals": [],
        "notes": [],
        "digest": "x",
        "as_of": {"recorded": None},
        "period": {},
        "filters": {},
        "people": {},
        "rules": 1,
    }
    content = data_package.data_package(answer, "da")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        package.extractall(tmp_path)
    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid
    (tmp_path / "figures.csv").write_text("area,sessions\nurbanplanen,many\n")
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid
