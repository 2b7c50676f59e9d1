"""The pages and their addresses: each takes a use case of reporting, and hands what it gives to a template."""

from datetime import date
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.reporting import indicators
from services.reporting.backups import BackupsFile
from services.reporting.feed.api import FARTHEST, Before
from services.reporting.feed.service import SharedFeed
from services.reporting.figures.api import FiguresAsked
from services.reporting.figures.pivot import LABELS, Question
from services.reporting.figures.service import FigureAnswers
from services.reporting.indicators import shown_in
from services.reporting.publishing.api import Number
from services.reporting.publishing.service import Publishing
from services.reporting.reader.reading import Days, First, Last, own_areas, told_of, wanted
from services.reporting.reports.answers.asking import answers_reader
from services.reporting.reports.answers.service import DailyAnswers
from services.reporting.reports.service import Reports
from services.reporting.terms import OF_PEOPLE, Json
from services.reporting.web.changes import changes
from services.reporting.web.charts import catalogue as charts
from services.reporting.web.language import language_of
from services.reporting.web.rendering import page
from services.reporting.web.strengths import strengths
from services.reporting.web.visitor import Visiting, Visitor
from services.reporting.web.wording import Wording
from services.reporting.web.wrong_fields import wrong_choice
from shared import clock
from shared.accounts import accounts_of
from shared.errors import Unanswerable
from shared.http.browsers import SILENT_POLICY
from shared.http.reading import Filter, Name
from shared.http.state import part_of, state_of
from shared.law import SMALLEST_TOLD

SHOWN_ATTENTION: Final = 6
FIRST_CHOICE: Final = "indicator=attendances&indicator=participants&by=area&by=school_year"
SHOWN_CHARTS: Final = 2
SHOWN_NEWS: Final = 20
SHOWN_STORIES: Final = 12
# How many vouchers an auditor is offered to draw.
SAMPLE: Final = 25
ACTIVITY_FIGURES: Final = shown_in("activity_months")


router: Final = APIRouter()


async def network(
    request: Request, visitor: Visitor, first_day: date | None = None, last_day: date | None = None
) -> Json:
    """Give the network report that this visitor may read."""
    return await _report(request, visitor, None, first_day, last_day)


async def _report(
    request: Request, visitor: Visitor, area: str | None, first_day: date | None, last_day: date | None
) -> Json:
    reader = visitor.identity
    reports = part_of(request, Reports)
    made = await reports.report(wanted(reader, (first_day, last_day), area=area), told_of(reader))
    report: Json = orjson.loads(made.body)
    return report


@router.get("/")
async def get_overview(request: Request, visitor: Visiting, days: Days) -> Response:
    """Show the network: what stands well, what needs attention, and the figures that matter."""
    report = await network(request, visitor, *days)
    return page(
        request,
        "overview.html",
        visitor=visitor,
        report=report,
        periods=await _periods(request),
        strengths=strengths(report),
        attention=report["attention"][:SHOWN_ATTENTION],
        areas=visitor.area_names,
        plans=_names(report["plans"], "plan"),
    )


@router.get("/areas/{area}")
async def get_area(request: Request, visitor: Visiting, area: Name, days: Days) -> Response:
    """Show one area."""
    report = await _report(request, visitor, area, *days)
    return page(
        request,
        "area.html",
        visitor=visitor,
        report=report,
        periods=await _periods(request),
        effort_areas=_names(report["effort_areas"], "effort_area"),
        areas=visitor.area_names,
        plans=_names(report["plans"], "plan"),
    )


@router.get("/plans/{plan}")
async def get_plan(request: Request, visitor: Visiting, plan: Name, days: Days) -> Response:
    """Show one plan: time, money, goals, milestones, and what is anchored."""
    report = await _plan_report(request, visitor, plan, *days)
    return page(
        request,
        "plan.html",
        visitor=visitor,
        report=report,
        periods=await _periods(request),
        plan=report["plan"],
        effort_areas=_names(report["effort_areas"], "effort_area"),
        plans={plan: report["plan"]["name"]},
    )


@router.get("/plans/{plan}/statements/{year}")
async def get_statement(request: Request, visitor: Visiting, plan: Name, year: int) -> Response:
    """Show the annual statement of a plan's year."""
    reader = visitor.identity
    reports = part_of(request, Reports)
    report: Json = orjson.loads((await reports.statement(plan, year, accounts_of(reader))).body)
    since = await reports.statement_begins(plan, year)
    return page(request, "statement.html", visitor=visitor, report=report, since=since, sample=SAMPLE)


@router.get("/activities/{activity}")
async def get_activity(request: Request, visitor: Visiting, activity: Name) -> Response:
    """Show one activity, and how it went month by month."""
    reports = part_of(request, Reports)
    plan = await reports.plan_of_activity(activity)
    report = await _plan_report(request, visitor, plan, None, None)
    place = next(place for place, row in enumerate(report["activities"]) if row["activity"] == activity)
    area = report["activities"][place]["area"]
    asked = Question((*ACTIVITY_FIGURES, *OF_PEOPLE), ("activity", "month"), areas=(area,), plans=(plan,))
    months = await _answer(request, visitor, asked)
    return page(
        request,
        "activity.html",
        visitor=visitor,
        # Its own people see all of it live, also where the plan is of other areas as well.
        report={**report, "people": months["people"]},
        place=place,
        activity=report["activities"][place],
        months=[row for row in months["rows"] if row["activity"] == activity],
        effort_areas=_names(report["effort_areas"], "effort_area"),
    )


@router.get("/figures")
async def get_figures(request: Request, visitor: Visiting, asked: FiguresAsked) -> Response:
    """Show figures by dimensions that the visitor chooses; before any choice, ones that show what there is."""
    if not request.url.query:
        return RedirectResponse(f"{request.url.path}?{FIRST_CHOICE}", HTTPStatus.SEE_OTHER)
    try:
        report = await _answer(request, visitor, asked)
    except Unanswerable as refused:
        # A choice that cannot be answered is shown again, so that it can be changed.
        wrong = wrong_choice(refused, language_of(request.url.path))
        return page(request, "figures.html", visitor=visitor, status=refused.status, asked=asked, wrong=wrong, drawn=())
    drawn = [name for name in charts.drawable(report, asked.time) if name in asked.indicators][:SHOWN_CHARTS]
    of_one = {name: _of_one(request, name) for name in drawn}
    return page(
        request, "figures.html", visitor=visitor, report=report, asked=asked, wrong={}, drawn=drawn, of_one=of_one
    )


def _of_one(request: Request, indicator: str) -> str:
    """Give the question of a choice, asked of one of its figures alone."""
    chosen = [(name, value) for name, value in request.query_params.multi_items() if name != "indicator" and value]
    return urlencode([("indicator", indicator), *chosen])


async def _answer(request: Request, visitor: Visitor, asked: Question) -> Json:
    answers = part_of(request, FigureAnswers)
    report: Json = orjson.loads((await answers.answer(asked, own_areas(visitor.identity))).body)
    return report


async def _plan_report(
    request: Request, visitor: Visitor, plan: str, first_day: date | None, last_day: date | None
) -> Json:
    reader = visitor.identity
    reports = part_of(request, Reports)
    made = await reports.report(wanted(reader, (first_day, last_day), plan=plan), told_of(reader))
    report: Json = orjson.loads(made.body)
    return report


@router.get("/money")
async def get_money(request: Request, visitor: Visiting, last_day: Last = None) -> Response:
    """Show what was promised, what came, where it went, and who carries it."""
    report = await network(request, visitor, None, last_day)
    return page(
        request,
        "money.html",
        visitor=visitor,
        report=report,
        areas=visitor.area_names,
        plans=_names(report["plans"], "plan"),
    )


@router.get("/change")
async def get_change(request: Request, visitor: Visiting, days: Days, area: Filter = None) -> Response:
    """Show the paired change of individuals, over all areas or in one."""
    report = await _report(request, visitor, area or None, *days)
    return page(
        request,
        "change.html",
        visitor=visitor,
        report=report,
        periods=await _periods(request),
        areas=visitor.area_names,
        area=area or "",
    )


@router.get("/staying")
async def get_staying(
    request: Request, visitor: Visiting, area: Filter = None, first_day: First = None, last_day: Last = None
) -> Response:
    """Show who comes again another school year, and where former participants are, over all areas or in one."""
    report = await _report(request, visitor, area or None, first_day, last_day)
    return page(request, "staying.html", visitor=visitor, report=report, areas=visitor.area_names, area=area or "")


@router.get("/inspiration")
async def get_inspiration(request: Request, visitor: Visiting) -> Response:
    """Show what areas share with one another, who took it home, and how to; and the stories that they tell."""
    report = await network(request, visitor)
    feed = part_of(request, SharedFeed)
    stories = await feed.page_before(FARTHEST, SHOWN_STORIES, None, "story.published")
    reports = part_of(request, Reports)
    adopters = {adopter for practice in report["practices"] for adopter in practice["adopted_by"]}
    return page(
        request,
        "inspiration.html",
        visitor=visitor,
        report=report,
        stories=stories,
        areas=visitor.area_names,
        activities=await reports.activity_names(adopters),
        homes=report["names"]["activity_areas"],
    )


@router.get("/feed")
async def get_feed(request: Request, visitor: Visiting, area: Filter = None, before: Before = None) -> Response:
    """Show what areas share with one another, the newest first."""
    feed = part_of(request, SharedFeed)
    news = await feed.page_before(FARTHEST if before is None else before, SHOWN_NEWS, area or None)
    return page(
        request,
        "feed.html",
        visitor=visitor,
        # That a story was taken back is for those who have it; nothing of it is shown.
        items=[item for item in news.items if item["kind"] != "story.removed"],
        newest=news.items[0]["sequence"] if news.items else 0,
        older=news.next if news.more else None,
        is_newest=before is None,
        areas=visitor.area_names,
        area=area or "",
    )


@router.get("/monday")
async def get_monday(request: Request, visitor: Visiting, area: Filter = None) -> Response:
    """Show what needs attention this week, everywhere or in one area."""
    reader = visitor.identity
    report = await network(request, visitor)
    reports = part_of(request, Reports)
    return page(
        request,
        "monday.html",
        visitor=visitor,
        report=report,
        attention=await reports.attention(area or None, accounts_of(reader), told_of(reader)),
        today=clock.today(),
        areas=visitor.area_names,
        plans=_names(report["plans"], "plan"),
        area=area or "",
    )


@router.get("/answers")
async def get_answers(request: Request, visitor: Visiting) -> Response:
    """Show what boards and leads ask, each question with its answer of today."""
    reader = answers_reader(visitor.identity)
    report: Json = orjson.loads((await part_of(request, DailyAnswers).answers(reader)).body)
    return page(
        request,
        "answers.html",
        visitor=visitor,
        report=report,
        areas=visitor.area_names,
        plans=_names(report["plans"], "plan"),
        readable={plan["plan"] for plan in report["plans"] if reader.accounts.include(plan["areas"])},
        shows_people=bool(reader.own),
    )


@router.get("/method")
async def get_method(request: Request, visitor: Visiting) -> Response:
    """Show what the figures mean and what is withheld."""
    report = await network(request, visitor)
    return page(
        request,
        "method.html",
        visitor=visitor,
        report=report,
        indicators=[indicators.as_json(indicator) for indicator in indicators.INDICATORS],
        threshold=SMALLEST_TOLD,
    )


@router.get("/pseudonyms")
async def get_pseudonyms(request: Request, visitor: Visiting) -> Response:
    """Show the page that makes pseudonyms in the browser; its scripts may ask no address."""
    shown = page(request, "pseudonyms.html", visitor=visitor)
    shown.headers["Content-Security-Policy"] = SILENT_POLICY
    return shown


@router.get("/status")
async def get_status(request: Request, visitor: Visiting) -> Response:
    """Show whether the system does its work, and how fresh its figures are."""
    report = await network(request, visitor)
    consumers = [
        {"owner": consumer.owner, "position": consumer.position, "is_running": consumer.healthy}
        for consumer in state_of(request).consumers
    ]
    return page(
        request,
        "status.html",
        visitor=visitor,
        report=report,
        consumers=consumers,
        alarms={item["code"]: item for item in report["attention"]},
        forged=[item["values"]["owner"] for item in report["attention"] if item["code"] == "messages_forged"],
        backups=(backups := part_of(request, BackupsFile).read()),
        backups_well=backups is None or backups.are_well(clock.now()),
    )


async def _periods(request: Request) -> dict[str, list[str]]:
    """Give the names of the periods that can be chosen, the newest first, by what they are."""
    reports = part_of(request, Reports)
    whole = await reports.whole_period()
    if whole is None:
        return {}
    cuts = {"school_year": whole.by_school_year(), "year": whole.by_year(), "quarter": whole.by_quarter()}
    return {kind: [LABELS[kind](cut.first_day) for cut in reversed(found)] for kind, found in cuts.items()}


@router.get("/published")
async def get_published(request: Request, visitor: Visiting) -> Response:
    """Show the reports that were published."""
    publishing = part_of(request, Publishing)
    return page(request, "published.html", visitor=visitor, published=await publishing.listed())


@router.get("/published/{number}")
async def get_changes(request: Request, visitor: Visiting, number: Number) -> Response:
    """Show what a published report says otherwise now."""
    publishing = part_of(request, Publishing)
    told = await publishing.changes(number, accounts_of(visitor.identity))
    subject = told["published"]["report"].partition("?")[0]
    area = subject.removeprefix("areas/") if subject != "network" else None
    report = await _report(request, visitor, area, None, None)
    said = changes(told["changed"], report, visitor.area_names, Wording(language_of(request.url.path)))
    return page(request, "changes.html", visitor=visitor, told=told, changes=said)


def _names(rows: list[Json], key: str) -> dict[str, str]:
    return {row[key]: row["name"] for row in rows}
