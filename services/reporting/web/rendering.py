"""Makes a page of a template and a report. Owns what every template finds; computes no figure."""

import functools
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from services.reporting.figures.pivot import DIMENSIONS, NAMES
from services.reporting.terms import Json
from services.reporting.web import assets, co_funding, drawing, goal_words, steps, taking_part, wording
from services.reporting.web.charts import about, bundle
from services.reporting.web.charts import catalogue as charts
from services.reporting.web.figures import LeadsTo, WrittenFigures, to_nothing
from services.reporting.web.grounds import GroundLinks
from services.reporting.web.language import PageLanguage, language_of, languages, without_prefix
from services.reporting.web.visitor import Visitor, is_demo
from services.reporting.web.writing import Code, count
from shared.presentable import presentable

FOLDER: Final = Path(__file__).parent / "templates"
THEME_COOKIE: Final = "helhedsnet_theme"
THEMES: Final = ("auto", "light", "dark")
# As plans are named: 2023-2027, 2023-27 and 2023/24.
SPAN_OF_YEARS: Final = re.compile("\\b\\d{4}[-/\N{EN DASH}]\\d{2,4}\\b")


def page(
    request: Request,
    template: str,
    *,
    visitor: Visitor | None = None,
    status: int = 200,
    report: Json | None = None,
    **values: Any,
) -> HTMLResponse:
    """Make a page; `report` is what its figures are taken from; `since` in `values` is a statement's first day."""
    language = language_of(request.url.path)
    leads_to: LeadsTo = to_nothing
    if report and visitor:
        leads_to = GroundLinks(report, visitor.identity, values.get("since"), partial(_link, language))
    here = without_prefix(request.url.path)
    query = f"?{request.url.query}" if request.url.query else ""
    theme = request.cookies.get(THEME_COOKIE, "auto")
    body = (
        environment(language.code)
        .get_template(template)
        .render(
            visitor=visitor,
            here=here,
            query=query,
            chosen_period=request.query_params.get("period", ""),
            theme=theme if theme in THEMES else "auto",
            is_demo=is_demo(request),
            report=report,
            figures=WrittenFigures(report or {}, language, leads_to),
            charts=charts.available(report) if report and "months" in report else [],
            **_chart_words(language.code),
            **values,
        )
    )
    # What a page shows may be for its reader alone, and shall not lie in the cache of a shared machine.
    return HTMLResponse(body, status, {"Cache-Control": "no-store", "Content-Language": language.code})


def _chart_words(code: Code) -> dict[str, Any]:
    """Give what a template writes about charts, in a language."""
    return {
        "chart_title": partial(charts.title, language=code),
        "chart_description": partial(charts.description, language=code),
        "chart_about": partial(about.about, language=code),
        "chosen_about": partial(about.about_chosen, language=code),
        "chart_table": about.table_of,
        "chart_script": f"/charts/{bundle.name()}",
    }


@functools.cache
def environment(code: Code) -> Environment:
    """Give the templates of a language, made once."""
    language = languages()[code]
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        finalize=_presentable,
    )
    # What the extension adds to the class is not known to the checker of types.
    install: Any = made.install_gettext_callables  # type: ignore[attr-defined]  # the extension adds it
    install(language.gettext, language.ngettext, newstyle=True)
    made.globals.update(
        language=language,
        other=languages()["en" if code == "da" else "da"],
        asset=assets.address,
        link=partial(_link, language),
        draw=drawing,
        co_funding=co_funding,
        goal_words=goal_words,
        taking_part=taking_part,
        # What areas write they write in Danish: a page in another language says so of it (WCAG 2.2, 3.1.2).
        in_danish=Markup("") if code == "da" else Markup(' lang="da"'),
        words=wording.Wording(language),
        is_own=steps.is_own,
        indicator_names=NAMES,
        dimension_names=DIMENSIONS,
    )
    made.filters.update(_filters(language))
    return made


def _filters(language: PageLanguage) -> dict[str, Callable[..., str]]:
    """Give what templates write figures and days with."""
    names = ("amount", "number", "signed", "percent", "day", "month", "week", "moment")
    return {
        **{name: getattr(language, name) for name in names},
        "people": partial(count, language=language.code),
        "unbroken": unbroken,
    }


def unbroken(name: str) -> Markup:
    """Give a name in which no line ends within a span of years: a plan is called Amagerplanen 2023-2027."""
    return Markup(SPAN_OF_YEARS.sub(r'<span class="nowrap">\g<0></span>', str(escape(_presentable(name)))))  # noqa: S704  escaped


def _presentable(value: Any) -> Any:  # noqa: ANN401  whatever a template writes
    """Give what a template writes; nothing gets onto a page that does not come past here. Markup stays markup."""
    return type(value)(presentable(value)) if isinstance(value, str) else value


def _link(language: PageLanguage, path: str) -> str:
    """Give the address of a page in this language."""
    return f"{language.prefix}{path}" if path != "/" else language.prefix or "/"
