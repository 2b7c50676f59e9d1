"""Charts of a report: which there are, what each is called, and their Vega-Lite specifications.

A chart is drawn from a report as it went out, so it can show nothing that disclosure control withheld.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.terms import Json
from services.reporting.web.charts.appearance import THEMES, ThemeName
from services.reporting.web.co_funding import floor_share_pct
from services.reporting.web.writing import Code, said
from services.reporting.words import HEADINGS, Word


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its title, what it shows in a sentence for who cannot see it, and whether a report has it."""

    title: Word
    description: Word
    is_in: Callable[[Json], bool]


CHARTS: Final[Mapping[str, Chart]] = {
    "attendance": Chart(
        ("Fremmøde pr. måned", "Attendances by month"),
        (
            "Søjler: hvor stort fremmødet var i hver måned. En prik betyder, at tallet er skjult.",
            "Bars: how many attendances each month had. A dot says that the number is hidden.",
        ),
        lambda report: any(row["attendances"]["value"] for row in report.get("months", ())),
    ),
    "sessions": Chart(
        ("Mødegange pr. måned", "Sessions by month"),
        (
            "Søjler: hvor mange mødegange der blev afholdt og aflyst i hver måned. De aflyste er tegnet stiplet.",
            "Bars: how many sessions were held and cancelled each month. The cancelled ones are dashed outlines.",
        ),
        lambda report: any(row["sessions"] or row["cancelled_sessions"] for row in report.get("months", ())),
    ),
    "participants": Chart(
        ("Deltagere pr. måned", "Participants by month"),
        (
            (
                "Søjler: hvor mange deltagere der var i hver måned, og hvor mange af dem der var nye. En prik betyder,"
                " at tallet er skjult."
            ),
            (
                "Bars: how many participants each month had, and how many of them were new. A dot says that the number"
                " is hidden."
            ),
        ),
        lambda report: any(_is_told(row["participants"]) for row in report.get("months", ())),
    ),
    "spending": Chart(
        ("Forbrug mod tid", "Spending against time"),
        (
            (
                "Vandrette søjler: hvor stor en del af finansieringen hver plan har brugt. En streg viser, hvor stor"
                " en del af planens tid der er gået."
            ),
            (
                "Horizontal bars: how much of its financing each plan has spent. A line shows how much of the plan's"
                " time is gone."
            ),
        ),
        lambda report: any(row["spent_pct"] is not None for row in report.get("plans", ())),
    ),
    "co_funding": Chart(
        ("Lokal medfinansiering mod kravet om 25 %", "Local co-funding against the minimum of 25%"),
        (
            (
                "Vandrette søjler: de lokale parters andel af det, som de og Landsbyggefonden finansierer sammen i hver"
                " plan. En streg viser kravet om 25 %."
            ),
            (
                "Horizontal bars: the local partners' share of what they and Landsbyggefonden finance together in each"
                " plan. A line shows the minimum of 25%."
            ),
        ),
        lambda report: any(floor_share_pct(row["funding"]) is not None for row in report.get("plans", ())),
    ),
    "funders": Chart(
        ("Tilsagn, frigivet, modtaget og forbrug", "Committed, released, received and spent"),
        (
            (
                "Vandrette søjler: hvor meget hver slags finansieringskilde har givet tilsagn om, frigivet og betalt,"
                " og hvor meget af det der er brugt."
            ),
            (
                "Horizontal bars: how much each kind of funder has committed, released and paid, and how much of it is"
                " spent."
            ),
        ),
        lambda report: bool((report.get("funding") or report["totals"]["funding"])["by_funder_kind"]),
    ),
    "change": Chart(
        ("Den enkeltes forandring, før og efter", "The change of individuals, before and after"),
        (
            (
                "Linjer fra før til efter for hvert perspektiv på en skala fra 0 til 100. Den lodrette streg er 95"
                " %-intervallet for forandringen."
            ),
            (
                "Lines from before to after for each lens, on a scale from 0 to 100. The upright line is the 95%"
                " interval of the change."
            ),
        ),
        lambda report: any(row["mean_change"] is not None for row in report.get("change", ())),
    ),
    "effort_areas": Chart(
        ("Mødegange pr. indsatsområde", "Sessions by effort area"),
        (
            (
                "Vandrette søjler: hvor mange mødegange hvert indsatsområde havde. En prik betyder, at et antal"
                " deltagere er skjult."
            ),
            (
                "Horizontal bars: how many sessions each effort area had. A dot says that a number of participants"
                " is hidden."
            ),
        ),
        lambda report: any(row["sessions"] for row in report.get("effort_areas", ())),
    ),
    "age_bands": Chart(
        HEADINGS["age_bands"],
        (
            "Vandrette søjler: hvor mange deltagere hver aldersgruppe har. En prik betyder, at tallet er skjult.",
            "Horizontal bars: how many participants each age band has. A dot says that the number is hidden.",
        ),
        lambda report: any(row["participants"]["value"] for row in report.get("age_bands", ())),
    ),
    "retention": Chart(
        ("Hvor mange af hver årgang der kom igen", "How many of each cohort came again"),
        (
            (
                "Et felt for hver årgang og hvert skoleår efter dens første, med antal og andel; jo stærkere, jo flere"
                " kom igen. En prik betyder, at tallet er skjult."
            ),
            (
                "A field for each cohort and each school year after its first, with number and share; the stronger, the"
                " more came again. A dot says that the number is hidden."
            ),
        ),
        lambda report: any(_is_told(row["new_participants"]) for row in report.get("retention", ())),
    ),
    "milestones": Chart(
        ("Milepæle i tiden", "Milestones in time"),
        (
            "Et mærke for hver milepæl ved dens frist: en cirkel er nået, en trekant overskredet, en rude planlagt.",
            "A mark for each milestone at its due day: a circle is reached, a triangle overdue, a diamond planned.",
        ),
        lambda report: any(item["due"] for item in _milestones(report)),
    ),
    "budget": Chart(
        ("Forbrug mod budget", "Spending against budget"),
        (
            "Vandrette søjler: hvor stor en del af hvert indsatsområdes budget der er brugt.",
            "Horizontal bars: how much of each effort area's budget is spent.",
        ),
        lambda report: any(item["budget_ore"] > 0 for item in report.get("budget", {}).get("effort_areas", ())),
    ),
}

# What the participants are described by where the newcomers of no month are told, and so are not drawn.
PARTICIPANTS_ALONE: Final[Word] = (
    "Søjler: hvor mange deltagere der var i hver måned. En prik betyder, at tallet er skjult.",
    "Bars: how many participants each month had. A dot says that the number is hidden.",
)
# What is said of a chart of figures of one's own choice, to who cannot see it.
CHOSEN: Final[Word] = (
    "De samme tal, som står i tabellen. Hvor tallet er skjult, er der intet tegnet.",
    "The figures of the table. Where the figure is hidden, nothing is drawn.",
)
# More series cannot be told apart, and more bars are better read in the table.
MOST_SERIES: Final = 6
MOST_BARS: Final = 20


def available(report: Json) -> list[str]:
    """Name the charts for which a report has something to draw."""
    return [name for name, chart in CHARTS.items() if chart.is_in(report)]


def title(name: str, language: Code) -> str:
    """Give a chart's title."""
    return said(CHARTS[name].title, language)


def description(name: str, report: Json, language: Code) -> str:
    """Say in a sentence what a chart of a report shows."""
    if name == "participants" and not tells_newcomers(report):
        return said(PARTICIPANTS_ALONE, language)
    return said(CHARTS[name].description, language)


def tells_newcomers(report: Json) -> bool:
    """Tell whether the newcomers of any month are told, so that they are drawn."""
    return any(_is_told(row["new_participants"]) for row in report.get("months", ()))


def specification(name: str, report: Json, language: Code, theme: ThemeName) -> dict[str, Any]:
    """Give a chart's Vega-Lite specification, as wide as its container.

    Raises:
        KeyError: there is no chart of that name.
    """
    # Altair takes most of a second and tens of megabytes to load; a service that draws no chart needs neither.
    from services.reporting.web.charts import drawn  # noqa: PLC0415  as said above
    from services.reporting.web.charts.setting import Setting  # noqa: PLC0415  as said above

    said_of_it = f"{title(name, language)}. {description(name, report, language)}"
    return drawn.specification(name, report, Setting(language, THEMES[theme]), said_of_it)


def drawable(report: Json, time: str | None) -> list[str]:
    """Name those figures of one's own choice that can be drawn: there are neither none nor too many."""
    things = [name for name in report["by"] if name != time]
    series = {tuple(row[thing] for thing in things) for row in report["rows"]}
    if not report["by"] or len(series) > (MOST_BARS if time is None else MOST_SERIES):
        return []
    names = [item["indicator"] for item in report["indicators"]]
    return [name for name in names if any(_has_value(row[name]) for row in report["rows"])]


def of_figures(indicator: str, time: str | None, report: Json, language: Code, theme: ThemeName) -> dict[str, Any]:
    """Give the Vega-Lite specification of one indicator of figures of one's own choice."""
    # As above: loaded when it is wanted.
    from services.reporting.web.charts import drawn  # noqa: PLC0415  as said above
    from services.reporting.web.charts.setting import Setting  # noqa: PLC0415  as said above

    label = next(item[f"label_{language}"] for item in report["indicators"] if item["indicator"] == indicator)
    said_of_it = f"{label}. {said(CHOSEN, language)}"
    return drawn.of_figures(indicator, time, report, Setting(language, THEMES[theme]), said_of_it)


def drawing_order(specification: Json, width: int, theme: ThemeName) -> dict[str, Any]:
    """Give what the press draws a chart from, this wide and on its own ground: what it stands on is not known."""
    config = {**specification["config"], "background": THEMES[theme].background}
    return {"kind": "drawing", "specification": {**specification, "width": width, "config": config}}


def _milestones(report: Json) -> Sequence[Json]:
    """Give a plan's milestones; only a plan's report lists them."""
    found: Sequence[Json] = report.get("milestones", ())
    return found


def _has_value(value: Any) -> bool:  # noqa: ANN401  a number, none, or a count of people
    return (value["value"] if isinstance(value, dict) else value) is not None


def _is_told(count: Json) -> bool:
    return not count["suppressed"]
