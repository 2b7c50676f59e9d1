"""Charts say what the report says, nothing that it withholds, and can be read without colour, sight or evaluation."""

import copy
import gzip
import html
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, get_args

import httpx
import pytest

from services.reporting.web.charting import DRAWN_WIDTH
from services.reporting.web.charts import bundle
from services.reporting.web.charts import catalogue as charts
from services.reporting.web.charts.appearance import THEMES, Theme, ThemeName
from services.reporting.web.writing import WITHHELD, Code
from tests.support.extent import long_but_for
from tests.support.hostile_events import PLAN
from tests.support.invitations import PATIENCE_SECONDS, get
from tests.support.systems import System, environment

Json = dict[str, Any]
LANGUAGES: Final[tuple[Code, ...]] = get_args(Code)
THEME_NAMES: Final[tuple[ThemeName, ...]] = get_args(ThemeName)
OF_A_PLAN: Final = ("milestones", "budget")
CHROMIUM: Final = Path("/usr/bin/chromium")
STRICT: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'"
)
LATE: Final = ("altair", "vl_convert", "typst")


@pytest.fixture(scope="session")
def network(rich_system: System) -> Json:
    """Give the network report as a lead sees it."""
    return rich_system.report()


@pytest.fixture(scope="session")
def reports(rich_system: System, network: Json) -> dict[str, Json]:
    """Give a report that has something to draw for each chart: the network's, or else a plan's."""
    plan = get(rich_system, f"/reporting/reports/plans/{PLAN}").json()
    return {name: network if name in charts.available(network) else plan for name in charts.CHARTS}


def _rows(specification: Json) -> list[Json]:
    """Give every row that a specification carries."""
    return [row for rows in specification["datasets"].values() for row in rows]


def _query(name: str) -> str:
    return f"plan={PLAN}" if name in OF_A_PLAN else ""


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("name", charts.CHARTS)
def test_every_chart_is_what_the_schema_of_vega_lite_allows(
    name: str, theme: ThemeName, reports: dict[str, Json]
) -> None:
    """In both languages, and with a sentence for who cannot see it."""
    import altair as alt  # noqa: PLC0415  as late as the service loads it

    for language in LANGUAGES:
        made = charts.specification(name, reports[name], language, theme)
        alt.LayerChart.validate(made)
        assert made["description"].startswith(charts.title(name, language))
        assert charts.description(name, reports[name], language) in made["description"]
        assert _rows(made)


def test_there_is_something_to_draw_for_every_chart(reports: dict[str, Json]) -> None:
    """So that the other tests of charts have something to look at."""
    assert all(name in charts.available(report) for name, report in reports.items())


def test_an_empty_report_has_no_chart() -> None:
    """No months, no plans, no pairs: nothing to draw, and nothing that fails."""
    assert charts.available({"totals": {"funding": {"by_funder_kind": {}}}}) == []


def test_attendances_and_participants_are_drawn_as_the_report_says(network: Json) -> None:
    """Each month's bar is the report's figure."""
    attendance = charts.specification("attendance", network, "da", "light")
    drawn = {row["month"][:7]: row["value"] for row in _rows(attendance) if "value" in row}
    told = [row for row in network["months"] if not row["attendances"]["suppressed"]]
    assert drawn == {row["month"]: row["attendances"]["value"] for row in told}
    participants = charts.specification("participants", network, "da", "light")
    came = {
        row["month"][:7]: row["value"]
        for row in _rows(participants)
        if row.get("series") == "Deltagere" and "value" in row
    }
    shown = [row for row in network["months"] if not row["participants"]["suppressed"]]
    assert came == {row["month"]: row["participants"]["value"] for row in shown}


def test_a_withheld_count_is_never_drawn_as_a_number(network: Json) -> None:
    """It is a mark at the foot of the chart, and no row of the chart has a value for it."""
    report = copy.deepcopy(network)
    hidden = {"value": None, "suppressed": True}
    report["months"][2].update(participants=hidden, new_participants=hidden)
    report["months"][4].update(new_participants=hidden)
    report["months"][5].update(new_participants={"value": 9, "suppressed": False})
    report["effort_areas"][0].update(participants=hidden)
    rows = _rows(charts.specification("participants", report, "da", "light"))
    everybody = [row for row in rows if row["month"].startswith(report["months"][2]["month"])]
    assert {row.get("mark") for row in everybody} == {WITHHELD}
    assert not any("value" in row or "label" in row for row in everybody)
    newcomers = [
        row for row in rows if row["month"].startswith(report["months"][4]["month"]) and row["series"] == "Heraf nye"
    ]
    assert [row.get("mark") for row in newcomers] == [WITHHELD]
    effort = _rows(charts.specification("effort_areas", report, "da", "light"))[0]
    assert effort["figures"].endswith(f"{WITHHELD} deltagere")


def test_newcomers_of_whom_no_month_is_told_are_in_no_legend(network: Json) -> None:
    """The chart is of participants alone then, without a mark on each bar."""
    report = copy.deepcopy(network)
    for row in report["months"]:
        row["new_participants"] = {"value": None, "suppressed": True}
        row["participants"] = {"value": 20, "suppressed": False}
    specification = charts.specification("participants", report, "da", "light")
    assert "Heraf nye" not in json.dumps(specification, ensure_ascii=False)
    assert WITHHELD not in {row.get("mark") for row in _rows(specification)}


def test_change_that_is_withheld_or_has_too_few_pairs_is_not_drawn(network: Json) -> None:
    """Only rows with a mean have a slope."""
    rows = _rows(charts.specification("change", network, "da", "light"))
    told = {f"{row['lens']} {row['respondent']}" for row in network["change"] if row["mean_change"] is not None}
    assert told
    assert {row["key"] for row in rows} == told


def test_each_cohort_is_drawn_with_those_who_came_again_and_a_mark_where_they_are_withheld(network: Json) -> None:
    """A withheld count has neither number nor strength; the columns stand in the order of the years."""
    shown, hidden = {"value": 12, "suppressed": False}, {"value": None, "suppressed": True}
    years = [
        {"years_later": 1, "school_year": "2024/25", "seen": hidden, "share_pct": None},
        {"years_later": 2, "school_year": "2025/26", "seen": shown, "share_pct": 60},
    ]
    first = {"cohort": "2023/24", "new_participants": {"value": 20, "suppressed": False}, "years": years}
    later = {"cohort": "2024/25", "new_participants": hidden, "years": years[:1]}
    report = {**network, "retention": [first, later]}
    made = charts.specification("retention", report, "en", "light")
    drawn = {(row["cohort"], row["column"]): (row["text"], row["strength"] > 0) for row in _rows(made)}
    assert drawn == {
        ("2023/24", "New"): ("20", True),
        ("2023/24", "1 year later"): (WITHHELD, False),
        ("2023/24", "2 years later"): ("12\n60%", True),
        ("2024/25", "New"): (WITHHELD, False),
        ("2024/25", "1 year later"): (WITHHELD, False),
    }
    assert made["layer"][0]["encoding"]["x"]["sort"] == ["New", "1 year later", "2 years later"]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_colour_stands_out_from_its_ground(theme: Theme) -> None:
    """Graphics by 3:1 and text by 4.5:1, as WCAG 2.2 asks."""
    for colour in (theme.strong, theme.second, theme.third, theme.warn):
        assert _contrast(colour, theme.background) >= 3, colour
    for colour in (theme.text, theme.muted):
        assert _contrast(colour, theme.background) >= 4.5, colour
    # Newcomers stand in front of participants.
    assert _contrast(theme.strong, theme.second) >= 1.25


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Give a colour's relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", long_but_for(charts.CHARTS, ("participants",)))
def test_every_chart_is_served_as_a_specification_and_as_a_drawing(name: str, rich_system: System) -> None:
    """The drawing is SVG, and its words are in the language that was asked for."""
    for language in LANGUAGES:
        answer = get(rich_system, f"/reporting/charts/{name}.json?language={language}&theme=dark&{_query(name)}")
        assert answer.status_code == httpx.codes.OK, answer.text
        assert answer.json()["description"].startswith(charts.title(name, language))
    drawing = get(rich_system, f"/reporting/charts/{name}.svg?language=en&{_query(name)}")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.text.startswith("<svg")
    assert charts.title(name, "en") in html.unescape(drawing.text)


def test_a_chart_is_there_as_a_picture(rich_system: System) -> None:
    """A PNG, twice as wide as the drawing, for slides and letters."""
    picture = get(rich_system, "/reporting/charts/spending.png?language=en")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    width = int.from_bytes(picture.content[16:20], "big")
    assert width >= 2 * DRAWN_WIDTH
    assert get(rich_system, "/reporting/charts/spending.png?language=da").content != picture.content


def test_a_chart_has_the_reader_and_the_tag_of_its_report(rich_system: System) -> None:
    """Nobody without a token; an area's coordinator sees small counts; what is known is not sent again."""
    address = f"{rich_system.address}/reporting/charts/participants.json"
    assert httpx.get(address).status_code == httpx.codes.UNAUTHORIZED
    service = {"Authorization": f"Bearer {rich_system.token('service')}"}
    assert httpx.get(address, headers=service).status_code == httpx.codes.FORBIDDEN
    tags = {}
    for role, areas in (("lead", ()), ("coordinator", ("urbanplanen",))):
        headers = {"Authorization": f"Bearer {rich_system.token(role, *areas)}"}
        report = httpx.get(f"{rich_system.address}/reporting/reports/areas/urbanplanen", headers=headers)
        chart = httpx.get(address, params={"area": "urbanplanen"}, headers=headers, timeout=PATIENCE_SECONDS)
        tags[role] = chart.headers["etag"]
        assert tags[role] == report.headers["etag"].removeprefix("W/")
        known = {**headers, "If-None-Match": tags[role]}
        assert httpx.get(address, params={"area": "urbanplanen"}, headers=known).status_code == httpx.codes.NOT_MODIFIED
    assert tags["lead"] != tags["coordinator"]


def test_there_is_no_chart_of_another_name(rich_system: System) -> None:
    """It is not found, in every form."""
    for path in ("nothing.json", "nothing.svg", "drawing.000000000000.js"):
        assert get(rich_system, f"/reporting/charts/{path}").status_code == httpx.codes.NOT_FOUND


def test_the_script_is_kept_for_good_and_needs_no_token(rich_system: System) -> None:
    """Its address says what it holds; it holds nothing that is anybody's."""
    address = f"{rich_system.address}/reporting/charts/{bundle.name()}"
    plain = httpx.get(address, headers={"Accept-Encoding": "identity"}, timeout=PATIENCE_SECONDS)
    assert plain.status_code == httpx.codes.OK
    assert "immutable" in plain.headers["cache-control"]
    with httpx.stream("GET", address, headers={"Accept-Encoding": "gzip"}, timeout=PATIENCE_SECONDS) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(packed.iter_raw())) == plain.content


@pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium on this machine")
def test_charts_are_drawn_under_a_strict_content_security_policy(rich_system: System) -> None:
    """Without 'unsafe-eval' and without 'unsafe-inline' Chromium draws each in Danish and complains of none."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where there is a browser

    address = f"{rich_system.address}/reporting/page"
    figures = "".join(
        f'<figure data-specification="charts/{name}.json?language=da&{_query(name)}"></figure>'
        for name in charts.CHARTS
    )
    page_text = (
        f'<!doctype html><html lang="da"><title>-</title><script src="charts/{bundle.name()}" defer></script>{figures}'
    )
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(extra_http_headers={"Authorization": f"Bearer {rich_system.token()}"})
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        headers = {"Content-Security-Policy": STRICT, "Content-Type": "text/html; charset=utf-8"}
        page.route(address, lambda route: route.fulfill(body=page_text, headers=headers))
        page.goto(address)
        page.wait_for_function(
            "count => document.querySelectorAll('[data-state=drawn] svg').length === count", arg=len(charts.CHARTS)
        )
        texts = page.locator("svg").all_text_contents()
        named = page.locator('[role="graphics-document"][aria-label]').count()
        browser.close()
    assert complaints == []
    assert named == len(charts.CHARTS)
    assert re.search(r"\d,\d\smio\.\skr\.", "".join(texts)), "amounts are written the Danish way"


def test_nothing_of_charts_and_print_is_loaded_when_the_service_starts() -> None:
    """Altair, V8 and the typesetter take more memory than all the rest."""
    look = f"import sys, services.reporting.app; print([name for name in {LATE!r} if name in sys.modules])"
    done = subprocess.run(  # noqa: S603  our own code
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, env=environment()
    )
    assert json.loads(done.stdout.replace("'", '"')) == []
