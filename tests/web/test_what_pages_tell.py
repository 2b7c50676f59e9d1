"""What a page tells beyond its own figures: the period before, figures of others, practices, what has changed."""

import csv
import html
import io
import re
from typing import Final

import httpx
import openpyxl
import pypdf
import pytest
from playwright.async_api import Browser

from services.reporting.web.language import languages
from services.reporting.web.writing import short_amount
from services.reporting.words import FIGURE_NAMES
from tests.support.browsing import WIDE, in_language, visiting
from tests.support.hostile_events import ACTIVITY, ADOPTER, KEPT_STORY, PLAN, WITHDRAWN_STORY
from tests.support.invitations import get
from tests.support.systems import System

PERIOD: Final = "2026-Q1"
HTML: Final = {"accept": "text/html"}
# What is counted from the plan's beginning, and what is of each year.
SPENT: Final = ("spent_ore", "participant_hours")


def _page(system: System, path: str) -> str:
    answer = httpx.get(f"{system.address}{path}", headers=HTML, cookies=system.cookies, timeout=30)
    assert answer.status_code == httpx.codes.OK, path
    return answer.text


@pytest.mark.parametrize(
    ("path", "report"),
    [
        ("/", "network"),
        ("/areas/urbanplanen", "areas/urbanplanen"),
        (f"/plans/{PLAN}", f"plans/{PLAN}"),
    ],
)
def test_a_chosen_period_stands_beside_the_one_before(rich_system: System, path: str, report: str) -> None:
    """The period is chosen by its name, each key figure says what it was before, and the files are of it too."""
    text = _page(rich_system, f"{path}?period={PERIOD}")
    told = get(rich_system, f"/reporting/reports/{report}?period={PERIOD}").json()
    sessions = told["previous"]["totals"]["sessions"]
    assert sessions > 0
    assert f'<data value="{sessions}" data-figure="previous.totals.sessions">' in text
    assert re.search(rf'<option value="{PERIOD}" selected>', text)
    assert f"period={PERIOD}" in text.split("other-forms")[1]
    assert 'data-figure="previous' not in _page(rich_system, path)


def test_every_period_that_is_offered_can_be_shown(rich_system: System) -> None:
    """School years, years and quarters of the time that there is anything of."""
    names = re.findall(
        r'<option value="([^"]+)"', _page(rich_system, "/").split('name="period"')[1].split("</select>")[0]
    )
    assert {"2025/26", "2026", PERIOD} <= set(names)
    for name in names:
        assert f'value="{name}" selected' in _page(rich_system, f"/?period={name}")


def test_an_area_shows_its_goals_and_what_others_measured(rich_system: System) -> None:
    """Each goal by its title; each figure from elsewhere with that of the year before."""
    text = _page(rich_system, "/areas/urbanplanen")
    goals = get(rich_system, "/reporting/reports/areas/urbanplanen").json()["goals"]
    assert goals
    for goal in goals:
        assert html.escape(goal["title"]) in text
    assert "Deltagere · Lektiecafé · pr. skoleår" in text
    assert "(beregnet)" in text
    assert languages()["da"].percent(2.2) in text
    assert languages()["da"].percent(2.5) in text
    assert "context" not in _page(rich_system, "/areas/gellerupparken").split("<main")[1]


def test_stories_are_told_until_they_are_withdrawn(rich_system: System) -> None:
    """With their words as words; nothing is left of the one that was taken back."""
    text = _page(rich_system, "/inspiration")
    assert f'id="story-{KEPT_STORY}"' in text
    assert "&lt;script&gt;" in text
    assert WITHDRAWN_STORY not in text


@pytest.mark.long(beside="test_what_needs_attention_is_said_by_names")
async def test_a_practice_says_how_to_take_it_home(rich_system: System, browser: Browser) -> None:
    """Its card leads to a form in which the practice is chosen already; who did it is named."""
    async with visiting(browser, rich_system) as visit:
        await visit.open("/inspiration")
        await visit.page.get_by_label("Se den som").select_option("gellerupparken")
        await visit.press("Skift")
        await visit.open("/inspiration")
        card = visit.page.locator(f"#practice-{ACTIVITY}")
        assert await card.locator(f"a[href='/activities/{ADOPTER}']").inner_text() != ADOPTER
        async with visit.page.expect_navigation(wait_until="load"):
            await card.get_by_text("Tag med hjem").click()
        assert await visit.page.locator("[name=source_activity]").input_value() == ACTIVITY
        assert visit.wrong == []


def test_a_published_report_says_in_words_what_is_different_now(rich_system: System) -> None:
    """Each figure that is another stands with where it is, what it was and what it is; nothing by its code."""
    assert 'href="/published/2"' in _page(rich_system, "/published")
    text = _page(rich_system, "/published/2").split("<main")[1]
    changed = get(rich_system, "/reporting/published/2/changes").json()["changed"]
    stories = next(row for row in changed if row["figure"] == "/totals/stories")
    assert stories["now"] == stories["then"] + 1
    cells = "".join(f'<td class="right">{stories[when]}</td>' for when in ("then", "now"))
    assert f"I alt</th><td>Historier</td>{cells}" in text
    numbers = [row for row in changed if isinstance(row["now"], int | float) and not isinstance(row["now"], bool)]
    assert text.count("<tr>") == 2 + len(numbers)
    assert f'<h2 id="changed">{len(numbers)} tal er anderledes nu</h2>' in text
    assert "Praksissen „Fritidsjobvejledning“ er kommet til." in text
    for code in ("urbanplanen", "beskaeftigelse", PLAN, "convicted", "planned", "overdue", "2026-0"):
        assert code not in text, code


def test_what_needs_attention_is_said_by_names(rich_system: System) -> None:
    """Activities and funders are called what people call them, never by the codes of their events."""
    items = get(rich_system, "/reporting/attention").json()["attention"]
    codes = {item["values"][name] for item in items for name in ("activity", "commitment") if name in item["values"]}
    assert codes
    for path in ("/monday", "/en/monday", "/", "/money", f"/plans/{PLAN}/statements/2025"):
        words = re.sub(r"<[^>]*>", " ", _page(rich_system, path).split("<main")[1])
        assert not [code for code in codes if code in words], path
        assert not re.search(r"\b(urbanplanen|gellerup|amagerplanen|loen|aktiviteter)-[a-z]", words), path


def test_the_floor_leaves_out_what_foundations_lay_on_top(rich_system: System) -> None:
    """A page says of a plan what the Monday list says of it, though the local part of everything is less than 25 %."""
    plan = get(rich_system, f"/reporting/reports/plans/{PLAN}").json()
    assert plan["funding"]["local_share_pct"] < 25
    assert plan["funding"]["co_funding"]["committed"]["above_floor"]
    text = _page(rich_system, f"/plans/{PLAN}")
    assert "Kravet om 25 % lokal medfinansiering er opfyldt." in text
    assert "er ikke opfyldt" not in text
    # What stands beside that is the share that the minimum is about, wherever it is said.
    shares = [
        *re.findall(r"finansierer ([\d,]+) % \(ekskl\. fondsmidler\)", _plain(text)),
        *re.findall(r"har ([\d,]+) % lokal medfinansiering \(ekskl", _plain(_page(rich_system, "/"))),
        *re.findall(r"([\d,]+) % uden fondsmidler: kravet er opfyldt", _plain(_page(rich_system, "/"))),
    ]
    assert len(shares) >= 3
    assert [share for share in shares if float(share.replace(",", ".")) < 25] == []


def _plain(page: str) -> str:
    """Give the words of a page, with one space between any two."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.mark.parametrize(("language", "word"), [("da", "akkumuleret"), ("en", "cumulative")])
def test_amounts_that_accumulate_say_so_beside_hours_of_each_year(
    rich_system: System, language: str, word: str
) -> None:
    """In the heading of their column and of their chart, and in CSV and workbook: not in a note at the foot alone."""
    asked = "indicator=spent_ore&indicator=participant_hours&by=plan&by=year"
    page = _page(rich_system, in_language(f"/figures?{asked}", language))
    headings = [_plain(each) for each in re.findall(r"<th scope=\"col\" class=\"right\">.*?</th>", page)]
    charts = [_plain(each) for each in re.findall(r"<figcaption>.*?</figcaption>", page)]
    cookies = rich_system.cookies
    written = httpx.get(f"{rich_system.address}/figures.csv?{asked}&language={language}", cookies=cookies, timeout=30)
    book = httpx.get(f"{rich_system.address}/figures.xlsx?{asked}&language={language}", cookies=cookies, timeout=60)
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[1]
    text = io.StringIO(written.content.decode("utf-8-sig"))
    columns = next(csv.reader(text, delimiter=";" if language == "da" else ","))
    for told in (headings, charts, columns, [str(cell.value) for cell in sheet[1]]):
        spent, hours = ([each for each in told if FIGURE_NAMES[name][language == "en"] in each] for name in SPENT)
        assert spent
        assert all(word in each for each in spent), told
        assert not any(word in each for each in hours), told


@pytest.mark.parametrize("language", ["da", "en"])
def test_each_chart_of_ones_own_choice_can_be_taken_along(rich_system: System, language: str) -> None:
    """As SVG, PNG and CSV beside the chart; the CSV has the figure that is drawn alone, and the choice as it was."""
    asked = "indicator=sessions&indicator=cancelled_sessions&by=area&by=quarter&from=2025-01-01"
    page = _page(rich_system, in_language(f"/figures?{asked}", language))
    for name, other in (("sessions", "cancelled_sessions"), ("cancelled_sessions", "sessions")):
        figure = next(each for each in page.split("<figure")[1:] if f"chart={name}&" in html.unescape(each))
        links = [html.unescape(link) for link in re.findall(r'<a href="([^"]+)"', figure.split("</figure>")[0])]
        kinds = []
        for link in links:
            answer = httpx.get(f"{rich_system.address}{link}", cookies=rich_system.cookies, timeout=60)
            assert answer.status_code == httpx.codes.OK, answer.text
            kinds.append(answer.headers["content-type"].partition(";")[0])
        assert kinds == ["image/svg+xml", "image/png", "text/csv"]
        delimiter = ";" if language == "da" else ","
        heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=delimiter)
        assert len(rows) > 2
        said = {key: FIGURE_NAMES[key][language == "en"] for key in (name, other)}
        assert said[name] in heading
        assert said[other] not in heading
        assert "2024" not in answer.text


@pytest.mark.long(beside="tests/web/test_pages.py::test_charts_are_drawn_with_the_figures_of_the_page")
async def test_figures_of_ones_own_choice_are_drawn_as_well(rich_system: System, browser: Browser) -> None:
    """Beside their table, by names, where there are not too many of them to be told apart."""
    async with visiting(browser, rich_system) as visit:
        await visit.open("/figures?indicator=sessions&by=effort_area")
        drawn = await visit.page.locator("[data-specification]").inner_text()
        row = visit.page.locator("tbody tr", has_text="Beskæftigelse")
        assert "Beskæftigelse" in drawn
        assert await row.locator("td").inner_text() in drawn
        await visit.open("/en/figures?indicator=participants&by=area&by=quarter")
        assert "Gellerupparken" in await visit.page.locator("[data-specification]").inner_text()
        await visit.open("/figures?indicator=sessions&by=activity&by=month")
        assert await visit.page.locator("[data-specification]").count() == 0
        assert visit.wrong == []


def test_figures_of_ones_own_choice_have_a_picture_where_no_script_runs(rich_system: System) -> None:
    """And none of what was not asked for."""
    drawing = f"{rich_system.address}/figures/chart"
    asked = "indicator=sessions&by=effort_area&chart=sessions"
    picture = httpx.get(f"{drawing}.svg?{asked}", cookies=rich_system.cookies, timeout=30)
    assert picture.text.startswith("<svg")
    slide = httpx.get(f"{drawing}.png?{asked}&language=en", cookies=rich_system.cookies, timeout=30)
    assert slide.headers["content-type"] == "image/png"
    assert slide.content.startswith(b"\x89PNG")
    missing = httpx.get(f"{drawing}.json?indicator=sessions&by=area&chart=stories", cookies=rich_system.cookies)
    assert missing.status_code == httpx.codes.NOT_FOUND


@pytest.mark.long(beside="tests/web/test_pages.py::test_charts_are_drawn_with_the_figures_of_the_page")
async def test_charts_are_whole_on_paper(rich_system: System, browser: Browser) -> None:
    """What is drawn for a wide screen is made to fit the page that is printed."""
    async with visiting(browser, rich_system, viewport={"width": WIDE, "height": 900}) as visit:
        await visit.open("/money")
        printed = pypdf.PdfReader(io.BytesIO(await visit.page.pdf(format="A4")))
    report = get(rich_system, "/reporting/reports/network").json()
    text = " ".join(" ".join(page.extract_text().split()) for page in printed.pages)
    for sums in report["totals"]["funding"]["by_funder_kind"].values():
        assert short_amount(sums["committed_ore"], "da").replace("\N{NO-BREAK SPACE}", " ") in text


def test_before_any_choice_figures_are_shown(rich_system: System) -> None:
    """An empty form says nothing: the first view has a chart and a table, in both languages."""
    for prefix in ("", "/en"):
        answer = httpx.get(f"{rich_system.address}{prefix}/figures", headers=HTML, cookies=rich_system.cookies)
        assert answer.status_code == httpx.codes.SEE_OTHER
        assert answer.headers["location"].startswith(f"{prefix}/figures?indicator=")
        assert "data-specification" in _page(rich_system, answer.headers["location"])


def test_leads_see_what_was_released_and_what_comes_next(rich_system: System) -> None:
    """The release that the demo has made, and the month that follows; nobody else is shown the page or its form."""
    (made,) = get(rich_system, "/reporting/releases").json()["releases"]
    text = _page(rich_system, "/releases").split("<main")[1]
    assert f'title="{made["digest"]}"' in text
    assert "oktober 2026" in text
    assert "november 2026" in text
    assert "/releases" in _page(rich_system, "/").split("<footer")[1]
