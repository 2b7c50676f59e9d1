"""The sections that several documents have, each made of a report's JSON. They compute no figure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from services.reporting.indicators import INDICATORS, of_theme, shown_in
from services.reporting.terms import Json
from services.reporting.web.charts import catalogue as charts
from services.reporting.web.charts.about import about
from services.reporting.web.print import blocks
from services.reporting.web.print.attention import attention
from services.reporting.web.print.blocks import Block, PrintColumn, Speech
from services.reporting.web.writing import (
    NOTHING,
    WITHHELD,
    amount,
    count,
    day,
    month,
    number,
    percent,
    said,
    short_day,
)
from services.reporting.words import FIGURE_NAMES, FUNDER_KINDS, LENSES, RESPONDENTS, STATEMENT_STATUSES

KEY_FIGURES: Final = shown_in("key_figures")
PLACE_FIGURES: Final = shown_in("places")
MONTH_FIGURES: Final = shown_in("months")
AMOUNTS: Final = of_theme("money")


def label(name: str, say: Speech) -> str:
    """Name a figure as the catalogue of figures does."""
    return said(FIGURE_NAMES[name], say.language)


def overview(report: Json, say: Speech) -> Block:
    """Give the figures that matter, and what needs attention."""
    totals = report["totals"]
    return blocks.section(
        say("Overblik", "Overview"),
        key_figures(totals, say),
        money_in_short(totals["funding"], say),
        attention(report, say),
        new_page=True,
    )


def key_figures(totals: Json, say: Speech) -> Block:
    """Give the figures that matter; a withheld count is its mark."""
    return blocks.figures((label(name, say), count(totals[name], say.language)) for name in KEY_FIGURES)


def money_in_short(funding: Json, say: Speech) -> Block:
    """Give the few amounts that matter."""
    return blocks.figures((label(name, say), amount(funding[name], say.language)) for name in AMOUNTS)


def promiser(commitment: Json, say: Speech) -> str:
    """Name who promised a commitment, and say so where an area alone has stated it."""
    name = commitment["funder_name"] or said(FUNDER_KINDS[commitment["funder_kind"]], say.language)
    return name if commitment["confirmed_on"] else say(f"{name} (ikke bekræftet)", f"{name} (not confirmed)")


def unconfirmed(funding: Json, say: Speech) -> Block | None:
    """Say what of the commitments an area alone has stated."""
    if not funding["unconfirmed_ore"]:
        return None
    stated = amount(funding["unconfirmed_ore"], say.language)
    return blocks.text(
        say(
            f"{stated} af tilsagnene er oplyst af et område og ikke bekræftet af netværket.",
            f"{stated} of the commitments are stated by an area, and not confirmed by the network.",
        )
    )


def areas(report: Json, say: Speech) -> Block:
    """Give the figures of each area side by side, and when it was last heard of. No order of merit."""
    columns: list[PrintColumn] = [
        (say.dimension("area"), "words"),
        *((label(name, say), "numbers") for name in PLACE_FIGURES),
    ]
    return blocks.section(
        say.heading("areas"),
        blocks.table(
            say("Aktivitet i områderne", "What goes on in the areas"),
            columns,
            [*_figure_rows(report["areas"], PLACE_FIGURES, say), _total(report["totals"], PLACE_FIGURES, say)]
            if report["areas"]
            else (),
            has_total=True,
        ),
        blocks.table(
            say("Kommune og seneste registrering", "Municipality and latest record"),
            [
                (say.dimension("area"), "words"),
                (say.heading("municipality"), "words"),
                (say("Senest", "Latest"), "words"),
            ],
            (
                (area["name"], area["municipality"], day(area["last_event_at"], say.language))
                for area in report["areas"]
            ),
        ),
    )


def activity(report: Json, say: Speech) -> Block:
    """Give what was held and who came, month by month."""
    columns: list[PrintColumn] = [
        (say.dimension("month"), "words"),
        *((label(name, say), "numbers") for name in MONTH_FIGURES),
    ]
    rows = (
        [month(row["month"], say.language), *(count(row[name], say.language) for name in MONTH_FIGURES)]
        for row in report["months"]
    )
    return blocks.section(
        say("Aktivitet måned for måned", "Activity month by month"),
        *charts_of(report, ("attendance", "participants", "sessions"), say),
        blocks.table(say("Måned for måned", "Month by month"), columns, rows),
        people_note(report, say),
    )


def effort_areas(report: Json, say: Speech) -> Block:
    """Give the figures of each effort area."""
    columns: list[PrintColumn] = [
        (say.dimension("effort_area"), "words"),
        *((label(name, say), "numbers") for name in PLACE_FIGURES),
    ]
    return blocks.section(
        say.heading("effort_areas"),
        *charts_of(report, ("effort_areas",), say),
        blocks.table(
            say("Aktivitet pr. indsatsområde", "What goes on in each effort area"),
            columns,
            _figure_rows(report["effort_areas"], PLACE_FIGURES, say),
        ),
        people_note(report, say),
    )


def change(report: Json, say: Speech) -> Block:
    """Give the paired change per lens; rows without a mean say why they have none."""
    told = [row for row in report["change"] if row["suppressed"] or row["pairs"]]
    columns: list[PrintColumn] = [
        (say.heading("lens"), "words"),
        (say.heading("respondent"), "words"),
        *((say.heading(name), "numbers") for name in ("pairs", "mean_before", "mean_after", "mean_change")),
        (say("95\N{NO-BREAK SPACE}%-interval", "95% interval"), "numbers"),
    ]
    return blocks.section(
        say("Den enkeltes forandring", "The change of individuals"),
        *charts_of(report, ("change",), say),
        blocks.table(
            say("Før og efter, på en skala fra 0 til 100", "Before and after, from 0 to 100"),
            columns,
            (_change(row, say) for row in told),
        ),
        None
        if told
        else blocks.text(
            say(
                "Der er ingen målinger før og efter i perioden.",
                "There are no measurements before and after in the period.",
            )
        ),
        blocks.note(
            say(
                "Et gennemsnit vises fra fem par. Intervallet er 95 %-intervallet for den gennemsnitlige forandring."
                " Udgivne tal er hver for sig rundet til hele point; forandringen kan afvige et point fra forskellen.",
                "A mean is shown from five pairs on. The interval is the 95% interval of the mean change. Released"
                " figures are rounded to whole points each by itself: the change may be a point off the difference.",
            )
        )
        if told
        else None,
    )


def statement_status(row: Json, say: Speech) -> str:
    """Say where an annual statement stands; of one that was returned also why, as far as the reader is told."""
    status = said(STATEMENT_STATUSES[row["status"]], say.language)
    return f"{status}: {row['remarks']}" if row["status"] == "returned" and row["remarks"] else status


def plans(report: Json, say: Speech) -> Block:
    """Give where each plan stands in its time, its money and its milestones."""
    titles = (
        say.heading("elapsed_pct"),
        say.heading("spent_pct"),
        say("Lokal medfinansiering, alle tilsagn", "Local co-funding, all commitments"),
        say.heading("milestones_reached"),
        label("activities_anchored", say),
    )
    columns: list[PrintColumn] = [
        (say.dimension("plan"), "words"),
        (say.heading("period"), "words"),
        *((title, "numbers") for title in titles),
    ]
    return blocks.section(
        say.heading("plans"),
        blocks.table(
            say("Tid, penge og milepæle", "Time, money and milestones"),
            columns,
            (_plan(plan, say) for plan in report["plans"]),
        ),
    )


def practices(report: Json, say: Speech) -> Block | None:
    """Give what the areas share with one another."""
    if not report["practices"]:
        return None
    called = report.get("names", {}).get("areas", {}) | {area["area"]: area["name"] for area in report["areas"]}
    listed = (
        (
            practice.get("name") or practice["activity"],
            called.get(practice["area"], practice["area"])
            + say(", delt ", ", shared ")
            + day(practice["shared_on"], say.language),
            f"{practice['summary']} {practice['what_works']} {_adopters(practice, report, called, say)}".strip(),
        )
        for practice in report["practices"]
    )
    return blocks.section(say("Til inspiration", "For inspiration"), blocks.entries(listed))


def _adopters(practice: Json, report: Json, called: Mapping[str, str], say: Speech) -> str:
    """Name the activities, and their areas, that took a practice over."""
    names, homes = (report.get("names", {}).get(kind, {}) for kind in ("activities", "activity_areas"))
    told = []
    for activity in practice["adopted_by"]:
        home = homes.get(activity)
        told.append(names.get(activity, activity) + (f" ({called.get(home, home)})" if home else ""))
    return f"{say.heading('adopted_by')}: {', '.join(told)}." if told else ""


def method(report: Json, say: Speech) -> Block:
    """Say how the figures are made, what is withheld and why, and what each of them means."""
    notes = [blocks.text(item["text_da"] if say.language == "da" else item["text_en"]) for item in report["notes"]]
    definitions = (
        (
            said((item.label_da, item.label_en), say.language),
            said((item.definition_da, item.definition_en), say.language),
        )
        for item in INDICATORS
    )
    return blocks.section(
        say("Metode og diskretionering", "Method and disclosure control"),
        *notes,
        blocks.table(
            say("Hvad tallene betyder", "What the figures mean"),
            [(say.heading("figure"), "words"), (say.heading("meaning"), "prose")],
            definitions,
            is_fine=True,
        ),
    )


def in_all(say: Speech) -> str:
    """Name the row of totals."""
    return say.heading("total")


def charts_of(report: Json, names: Sequence[str], say: Speech) -> list[Block]:
    """Give the charts for which a report has something to draw."""
    there = charts.available(report)
    return [
        blocks.chart(
            name,
            charts.title(name, say.language),
            charts.description(name, report, say.language),
            about(name, report, say.language),
        )
        for name in names
        if name in there
    ]


def people_note(report: Json, say: Speech) -> Block | None:
    """Say where the figures of people come from, and explain the mark of a hidden one; nothing inside the area."""
    basis = report.get("people", {"told_from": "area"})
    if basis["told_from"] == "area":
        return None
    if basis["told_from"] == "nothing":
        return blocks.note(say("Personer: endnu ikke udgivet.", "People: not released yet."))
    until = month(basis["month"], say.language)
    return blocks.note(
        say(
            f"Personer: opgjort til og med {until}. {WITHHELD} Tallet er skjult eller ikke udgivet.",
            f"People: as of the end of {until}. {WITHHELD} The figure is hidden or not released.",
        )
    )


def _figure_rows(rows: Iterable[Json], names: Sequence[str], say: Speech) -> list[list[str]]:
    return [[row["name"], *(count(row[name], say.language) for name in names)] for row in rows]


def _total(totals: Json, names: Sequence[str], say: Speech) -> list[str]:
    return [in_all(say), *(count(totals[name], say.language) for name in names)]


def _change(row: Json, say: Speech) -> list[str]:
    who = [said(LENSES[row["lens"]], say.language), said(RESPONDENTS[row["respondent"]], say.language)]
    if row["suppressed"]:
        return [*who, *[WITHHELD] * 5]
    before, after, gain, low, high = (
        number(row[key], say.language) for key in ("mean_before", "mean_after", "mean_change", "ci_low", "ci_high")
    )
    sign = "+" if (row["mean_change"] or 0) > 0 else ""
    interval = f"{low} {say('til', 'to')} {high}" if row["mean_change"] is not None else low
    return [*who, number(row["pairs"], say.language), before, after, f"{sign}{gain}", interval]


def _plan(plan: Json, say: Speech) -> list[str]:
    stones = plan["milestones"]
    return [
        plan["name"],
        f"{short_day(plan['start'], say.language)} {NOTHING} {short_day(plan['end'], say.language)}",
        percent(plan["elapsed_pct"], say.language),
        percent(plan["spent_pct"], say.language),
        percent(plan["funding"]["local_share_pct"], say.language),
        say(f"{stones['reached']} af {stones['planned']}", f"{stones['reached']} of {stones['planned']}"),
        number(plan["anchored"], say.language),
    ]
