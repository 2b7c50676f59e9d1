"""The catalogue of figures: what each one is, from which events it comes, and where it is shown.

A figure is defined here once. What is told of it, how it is added up and in which lists it stands follows from here.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Any, Final, Literal

# What a figure tells of. Those of the first three are plain numbers; `done` is what people did, added up; `stated` is
# what of the money somebody states and nobody has confirmed.
FigureTheme = Literal["activities", "sessions", "things", "done", "people", "change", "money", "stated", "shares"]
# What a figure is the sum over: of activities, and so of areas and effort areas; of spans of time; of plans alone.
Whole = Literal["activities", "time", "plans"]
Listing = Literal["key_figures", "places", "months", "activity_months"]
Disclosure = Literal["shown", "people", "pairs"]

DISCLOSURE_RULES: Final[dict[Disclosure, tuple[str, str]]] = {
    "shown": ("Vises altid.", "Always shown."),
    "people": (
        "Uden for området vises tallet fra den seneste udgivelse, og ikke hvor det kunne røbe færre end fem personer.",
        "Outside the area it is told from the newest release, and not where it could give away fewer than five people.",
    ),
    "pairs": (
        "Uden for området vises det fra den seneste udgivelse, og gennemsnit kun fra fem par.",
        "Outside the area it is told from the newest release, and means from five pairs on.",
    ),
}
DISCLOSURES: Final[dict[FigureTheme, Disclosure]] = {"people": "people", "done": "people", "change": "pairs"}
# What the route and the page tell of an indicator; the rest is for reporting itself.
TOLD: Final = ("name", "label_da", "label_en", "definition_da", "definition_en", "unit", "events", "disclosure")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of the reports.

    `name` is its key in the report's JSON. `adds_up_over` says over what the figure of a whole is the sum of the
    figures of its parts. `thing` is the field of its first event that names what is counted; each name counts once. In
    a list the figures stand in the order of the catalogue, those that are `shown_last` after the others. What is not
    `checked_by_demo` counts other things than all those of its first event; tests alone count it a second time.
    """

    name: str
    label_da: str
    label_en: str
    definition_da: str
    definition_en: str
    unit: str
    events: tuple[str, ...]
    _: KW_ONLY
    theme: FigureTheme
    adds_up_over: tuple[Whole, ...]
    thing: str = ""
    shown_in: tuple[Listing, ...] = ()
    shown_last: bool = False
    checked_by_demo: bool = True

    @property
    def disclosure(self) -> Disclosure:
        """Give what disclosure control does to it."""
        return DISCLOSURES.get(self.theme, "shown")


def as_json(indicator: Indicator) -> dict[str, Any]:
    """Give an indicator as the route tells it, its disclosure rule in words."""
    rule_da, rule_en = DISCLOSURE_RULES[indicator.disclosure]
    return {**{name: getattr(indicator, name) for name in TOLD}, "disclosure_da": rule_da, "disclosure_en": rule_en}


def as_markdown() -> str:
    """Write the page about all indicators."""
    lines = [
        "# Indicators",
        "",
        "Written by `python -m services.reporting.indicators`; a test holds it current.",
    ]
    for item in INDICATORS:
        rule_da, rule_en = DISCLOSURE_RULES[item.disclosure]
        lines += ["", f"## `{item.name}`", "", f"**{item.label_da}** · {item.label_en} ({item.unit})", ""]
        lines += [f"{item.definition_da}", "", f"{item.definition_en}", ""]
        lines += [f"From: {', '.join(f'`{event}`' for event in item.events)}. {rule_da} {rule_en}"]
    return "\n".join(lines) + "\n"


_LIFE: Final = ("activity.planned", "activity.started", "activity.ended")
_MEMBERS: Final = ("participant.enrolled", "participant.left", "course.closed", "activity.ended")

INDICATORS: Final[tuple[Indicator, ...]] = (
    Indicator(
        "activities_planned",
        "Planlagte aktiviteter",
        "Activities planned",
        "Aktiviteter, der er planlagt ind i perioden og ikke er startet ved dens slutning.",
        "Activities planned to run in the period that have not started by its end.",
        "activities",
        _LIFE,
        theme="activities",
        adds_up_over=("activities",),
    ),
    Indicator(
        "activities_running",
        "Aktiviteter i gang",
        "Activities running",
        "Aktiviteter, der er startet og ikke afsluttet ved periodens slutning.",
        "Activities that have started and not ended by the period's end.",
        "activities",
        _LIFE,
        theme="activities",
        adds_up_over=("activities",),
        shown_in=("key_figures", "places"),
    ),
    Indicator(
        "activities_ended",
        "Afsluttede aktiviteter",
        "Activities ended",
        "Aktiviteter, der er afsluttet i perioden.",
        "Activities that ended in the period.",
        "activities",
        _LIFE,
        theme="activities",
        adds_up_over=("activities", "time"),
    ),
    Indicator(
        "activities_anchored",
        "Forankrede aktiviteter",
        "Activities anchored",
        "Aktiviteter, som nogen har lovet at føre videre efter planen, registreret senest ved periodens slutning.",
        "Activities that somebody has promised to carry on after the plan, recorded by the period's end.",
        "activities",
        ("activity.anchored",),
        theme="things",
        adds_up_over=("activities",),
        thing="activity",
    ),
    Indicator(
        "courses",
        "Forløb",
        "Courses",
        "Forløb, der var åbne en dag i perioden.",
        "Courses that were open on a day of the period.",
        "courses",
        ("course.opened", "course.closed", "activity.ended"),
        theme="things",
        adds_up_over=("activities",),
        thing="course",
        shown_in=("key_figures",),
        shown_last=True,
    ),
    Indicator(
        "sessions",
        "Mødegange",
        "Sessions",
        "Mødegange med registreret fremmøde i perioden; den seneste registrering af en mødegang gælder.",
        "Sessions with recorded attendance in the period; the latest record of a session counts.",
        "sessions",
        ("attendance.recorded", "session.cancelled"),
        theme="sessions",
        adds_up_over=("activities", "time"),
        shown_in=("key_figures", "places", "months", "activity_months"),
    ),
    Indicator(
        "cancelled_sessions",
        "Aflyste mødegange",
        "Cancelled sessions",
        "Mødegange i perioden, hvis seneste registrering er en aflysning.",
        "Sessions in the period of which the latest record is a cancellation.",
        "sessions",
        ("session.cancelled", "attendance.recorded"),
        theme="sessions",
        adds_up_over=("activities", "time"),
        shown_in=("months", "activity_months"),
    ),
    Indicator(
        "attendances",
        "Fremmøde",
        "Attendances",
        "Antal fremmødte lagt sammen over alle mødegange: navngivne deltagere, gæster og optalte.",
        "Total attendance over all sessions, of named participants, guests and headcounts.",
        "attendances",
        ("attendance.recorded", "session.cancelled"),
        theme="done",
        adds_up_over=("activities", "time"),
        shown_in=("key_figures", "places", "months", "activity_months"),
    ),
    Indicator(
        "participant_hours",
        "Deltagertimer",
        "Participant hours",
        "Fremmøde gange mødegangens timer; mødegange uden timetal tæller ikke med.",
        "Attendances times the session's hours; sessions without hours do not count.",
        "hours",
        ("attendance.recorded", "session.cancelled"),
        theme="done",
        adds_up_over=("activities", "time"),
        shown_in=("key_figures", "places", "months", "activity_months"),
    ),
    Indicator(
        "participants",
        "Deltagere",
        "Participants",
        "Unikke personer, der har været tilmeldt i perioden. En person kendes kun i sit eget område.",
        "Different people who were enrolled on a day of the period. A person is known only within the own area.",
        "people",
        _MEMBERS,
        theme="people",
        adds_up_over=(),
        shown_in=("key_figures", "places", "months", "activity_months"),
    ),
    Indicator(
        "new_participants",
        "Nye deltagere",
        "New participants",
        "Deltagere, der blev set i deres område for første gang i perioden.",
        "Participants who were seen in their area for the first time in the period.",
        "people",
        (*_MEMBERS, "attendance.recorded"),
        theme="people",
        adds_up_over=(),
        shown_in=("key_figures", "months"),
    ),
    Indicator(
        "multi_year_participants",
        "Deltagere i flere skoleår",
        "Participants over several school years",
        "Deltagere, der ved periodens slutning er set i mindst to skoleår; et skoleår begynder 1. august.",
        "Participants seen in at least two school years by the period's end; a school year begins on 1 August.",
        "people",
        (*_MEMBERS, "attendance.recorded"),
        theme="people",
        adds_up_over=(),
        shown_in=("key_figures",),
    ),
    Indicator(
        "volunteers",
        "Frivillige",
        "Volunteers",
        "Forskellige personer, der havde en frivillig rolle en dag i perioden.",
        "Different people who had a volunteer's role on a day of the period.",
        "people",
        ("volunteer.engaged", "volunteer.left", "activity.ended"),
        theme="people",
        adds_up_over=(),
        shown_in=("key_figures",),
    ),
    Indicator(
        "volunteer_hours",
        "Frivilligtimer",
        "Volunteer hours",
        "Timer, som frivillige har arbejdet i perioden.",
        "Hours that volunteers worked in the period.",
        "hours",
        ("volunteer.hours",),
        theme="done",
        adds_up_over=("activities", "time"),
        shown_in=("activity_months",),
    ),
    Indicator(
        "mentor_companies",
        "Mentorvirksomheder",
        "Mentor companies",
        "Forskellige virksomheder og foreninger, der var mentor en dag i perioden.",
        "Different companies and associations that were mentor on a day of the period.",
        "organisations",
        ("mentor.engaged", "mentor.released", "activity.ended"),
        theme="things",
        adds_up_over=(),
        thing="organisation",
        shown_in=("key_figures",),
    ),
    Indicator(
        "micro_businesses",
        "Mikrovirksomheder",
        "Micro-businesses",
        "Mikrovirksomheder, der fandtes en dag i perioden.",
        "Micro-businesses that existed on a day of the period.",
        "businesses",
        ("business.founded", "business.closed", "activity.ended"),
        theme="things",
        adds_up_over=("activities",),
        thing="business",
        shown_in=("key_figures",),
    ),
    Indicator(
        "stories",
        "Historier",
        "Stories",
        "Historier udgivet i perioden og ikke trukket tilbage.",
        "Stories published in the period and not withdrawn.",
        "stories",
        ("story.published", "story.withdrawn"),
        theme="things",
        adds_up_over=("activities", "time"),
        thing="story",
        shown_in=("key_figures",),
        shown_last=True,
    ),
    Indicator(
        "change",
        "Forandring",
        "Change",
        "Parvis forandring fra før til efter pr. perspektiv og respondent, 0 til 100, med antal par og 95 %-interval.",
        "Paired change from before to after by lens and respondent, from 0 to 100, with pairs and a 95% interval.",
        "points",
        ("outcome.measured",),
        theme="change",
        adds_up_over=(),
    ),
    Indicator(
        "committed_ore",
        "Tilsagn",
        "Committed",
        "Tilsagn fra planens begyndelse til periodens slutning.",
        "Commitments from the plan's beginning to the period's end.",
        "øre",
        ("funding.committed",),
        theme="money",
        adds_up_over=("plans",),
    ),
    Indicator(
        "unconfirmed_ore",
        "Tilsagn, ikke bekræftet",
        "Committed, not confirmed",
        "Den del af tilsagnene, som et område har oplyst, og som netværket ikke har bekræftet ved periodens slutning.",
        "What of the commitments an area has stated, and the network has not confirmed by the period's end.",
        "øre",
        ("funding.committed", "funding.confirmed"),
        theme="stated",
        adds_up_over=("plans",),
        checked_by_demo=False,
    ),
    Indicator(
        "released_ore",
        "Frigivet",
        "Released",
        "Midler, der er frigivet til udbetaling. Landsbyggefondens rater regnes som frigivet ved modtagelsen.",
        "What is released for payout. Instalments of Landsbyggefonden count as released when they are received.",
        "øre",
        ("funding.released", "funding.received"),
        theme="money",
        adds_up_over=("plans",),
    ),
    Indicator(
        "received_ore",
        "Modtaget",
        "Received",
        "Rater modtaget fra planens begyndelse til periodens slutning.",
        "Instalments received from the plan's beginning to the period's end.",
        "øre",
        ("funding.received",),
        theme="money",
        adds_up_over=("plans",),
    ),
    Indicator(
        "spent_ore",
        "Forbrug",
        "Spent",
        "Bogførte udgifter mindre det, der er tilbageført, til periodens slutning.",
        "Expenses booked less what was reversed, to the period's end.",
        "øre",
        ("expense.booked", "expense.reversed"),
        theme="money",
        adds_up_over=("plans",),
    ),
    Indicator(
        "local_share_pct",
        "Lokal medfinansiering",
        "Local co-funding",
        "Kommunens og boligorganisationens del af alle tilsagn, i procent.",
        "The share of municipality and housing organisation in all commitments, in per cent.",
        "per cent",
        ("funding.committed",),
        theme="shares",
        adds_up_over=(),
    ),
)


def of_theme(*themes: FigureTheme) -> tuple[str, ...]:
    """Name the figures of themes, in the order of the catalogue."""
    return tuple(item.name for item in INDICATORS if item.theme in themes)


def adding_up_over(whole: Whole) -> frozenset[str]:
    """Name the figures that add up over activities, time or plans."""
    return frozenset(item.name for item in INDICATORS if whole in item.adds_up_over)


def shown_in(listing: Listing) -> tuple[str, ...]:
    """Name the figures of a list, in its order."""
    shown = (item for item in INDICATORS if listing in item.shown_in)
    return tuple(item.name for item in sorted(shown, key=lambda item: item.shown_last))


if __name__ == "__main__":
    import sys

    sys.stdout.write(as_markdown())
