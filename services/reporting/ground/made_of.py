"""Figures that no list of events adds up to: the rule of each, and the figures that it is made of. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from services.reporting.indicators import INDICATORS
from services.reporting.words import HEADINGS, Word

MadeUnit = Literal["ore", "number", "hours", "percent"]
Narrowing = Mapping[str, str]


class PartOfFigure(NamedTuple):
    """A figure that another one is made of, narrowed by more than what is asked for."""

    figure: str
    of: Narrowing = MappingProxyType({})


class MadeOf(NamedTuple):
    """A figure by its unit, what it is called, its rule in words, and what it is made of."""

    unit: MadeUnit
    called: Word
    rule: Word
    parts: tuple[PartOfFigure, ...] = ()


# The rule of each figure of the catalogue, in words.
DEFINITIONS: Final[Mapping[str, Word]] = {item.name: (item.definition_da, item.definition_en) for item in INDICATORS}
UNITS: Final[Mapping[str, MadeUnit]] = {"per cent": "percent", "øre": "ore", "hours": "hours"}
COMMITTED: Final = PartOfFigure("committed_ore")
SPENT: Final = PartOfFigure("spent_ore")
RECEIVED: Final = PartOfFigure("received_ore")
BUDGET: Final = PartOfFigure("budget_ore")
PAIRS: Final = PartOfFigure("pairs")
NEW: Final = PartOfFigure("new_participants")
LOCAL: Final = tuple(
    PartOfFigure("committed_ore", {"funder_kind": kind}) for kind in ("municipality", "housing_organisation")
)
FORECAST: Final[Word] = (
    (
        "Tilsagn minus forbrug minus forbruget pr. måned gange de måneder, der er tilbage. Forbruget pr."
        " måned er gennemsnittet af de seneste højst tolv hele måneder; er der under seks, regnes intet"
        " ud. Intervallet er et 95 %-interval, hvor månederne regnes for ens og uafhængige. Det, der er"
        " modtaget, siger, hvor meget af tilsagnene der er kommet."
    ),
    (
        "Commitments less spending less the spending a month times the months that are left. The spending"
        " a month is the mean of the last twelve whole months at most; of fewer than six nothing is"
        " computed. The interval is a 95% interval that takes months for alike and independent. What was"
        " received says how much of the commitments has come."
    ),
)
SHARE_OF_PEOPLE: Final[Word] = (
    "Antallet divideret med antallet, som det er en del af. Er et af dem skjult, er andelen det også.",
    "The number divided by the number that it is a part of. Where one of them is hidden, so is the share.",
)
CHANGE: Final[Word] = (
    (
        "Kun deltagere, der er målt både før og efter med samme redskab, i samme forløb, samme perspektiv"
        " og af samme slags respondent. Hver score omregnes til en skala fra 0 til 100. Intervallet er et"
        " 95 %-interval efter Students t-fordeling."
    ),
    (
        "Only participants who were measured both before and after by the same instrument, in the same"
        " course, lens and by the same kind of respondent. Each score is put on a scale from 0 to 100. The"
        " interval is a 95% interval by Student's t distribution."
    ),
)
SEEN_AGAIN: Final[Word] = (
    (
        "De deltagere fra årgangen, der var indskrevet eller kom til en mødegang i et senere skoleår. Et"
        " skoleår begynder 1. august."
    ),
    "Those of the cohort who were enrolled or came to a session in a later school year, which begins on 1 August.",
)
_FORECAST_PARTS: Final = (COMMITTED, SPENT, RECEIVED)
_OWN: Final[Mapping[str, MadeOf]] = {
    "remaining_ore": MadeOf(
        "ore", HEADINGS["remaining"], ("Budgettet minus forbruget.", "The budget less spending."), (BUDGET, SPENT)
    ),
    "deviation_ore": MadeOf(
        "ore",
        HEADINGS["deviation"],
        (
            "Årets budget minus forbruget minus det, der er overført til næste år.",
            "The year's budget less spending less what is carried forward to the next year.",
        ),
        (BUDGET, SPENT),
    ),
    "forecast_ore": MadeOf(
        "ore", ("Tilbage ved planens slutning", "Left at the plan's end"), FORECAST, _FORECAST_PARTS
    ),
    "cost_ore": MadeOf(
        "ore",
        ("Pris pr. deltagertime", "Cost per participant hour"),
        (
            "Alt planens forbrug divideret med deltagertimerne i de samme dage.",
            "All of the plan's spending divided by the participant hours of the same days.",
        ),
        (SPENT, PartOfFigure("participant_hours")),
    ),
    "instalment_ore": MadeOf(
        "ore",
        HEADINGS["instalments"],
        (
            "Årets budget fordelt på tilsagnene efter den aftalte finansiering, minus det, der er modtaget i alt.",
            "The year's budget shared over the commitments by the agreed financing, less all that was received.",
        ),
        (BUDGET, COMMITTED, RECEIVED),
    ),
    "budget_change_ore": MadeOf(
        "ore",
        ("Ændring af budgettet", "Change of the budget"),
        (
            "Det, som en version af budgettet satte på linjen eller ændrede på den.",
            "What a version of the budget put on the line, or changed of it.",
        ),
        (BUDGET,),
    ),
    "receipt_ore": MadeOf(
        "ore",
        ("Rate", "Instalment"),
        ("Det, der er modtaget på tilsagnet den dag.", "What was received of the commitment on that day."),
        (RECEIVED,),
    ),
    "voucher_ore": MadeOf(
        "ore",
        HEADINGS["voucher"],
        ("Den udgift, som bilaget er bogført med.", "The expense that the voucher was booked with."),
        (SPENT,),
    ),
    "carried_ore": MadeOf(
        "ore",
        HEADINGS["carried_forward"],
        (
            "Uforbrugte midler, der er flyttet fra et års budgetlinjer til det næste års.",
            "Unspent money that was moved from the lines of one year's budget to those of the next.",
        ),
        (BUDGET,),
    ),
    "outstanding_ore": MadeOf(
        "ore",
        ("Ikke udbetalt", "Not paid out"),
        ("Tilsagnet minus det, der er modtaget.", "The commitment less what was received."),
        (COMMITTED, RECEIVED),
    ),
    "spent_pct": MadeOf(
        "percent",
        HEADINGS["spent_pct"],
        ("Forbruget divideret med tilsagnene.", "Spending divided by commitments."),
        (SPENT, COMMITTED),
    ),
    "carried_share_pct": MadeOf(
        "percent",
        ("Lokal medfinansiering af udgifterne", "Local co-funding of expenses"),
        (
            "Kommunens og boligorganisationens andel af udgifterne, i procent.",
            "The share of municipality and housing organisation in the expenses, in per cent.",
        ),
        (*(PartOfFigure("spent_ore", part.of) for part in LOCAL), SPENT),
    ),
    "elapsed_pct": MadeOf(
        "percent",
        HEADINGS["elapsed_pct"],
        (
            "Dage fra planens første dag til periodens sidste, divideret med alle planens dage.",
            "Days from the plan's first day to the period's last, divided by all days of the plan.",
        ),
    ),
    "milestones": MadeOf(
        "number",
        HEADINGS["milestones"],
        (
            "Milepæle, der er planlagt, nået eller overskredet ved periodens slutning, efter deres frist.",
            "Milestones that are planned, reached or overdue at the period's end, by when they are due.",
        ),
    ),
    "goal_value": MadeOf(
        "number",
        HEADINGS["goals"],
        (
            (
                "Udgangspunkt og mål er indtastet, da målet blev sat. En beregnet værdi er det tal, som"
                " målet er målt på, i planens område eller aktivitet."
            ),
            (
                "Baseline and target were typed when the goal was set. A computed value is the figure"
                " that measures the goal, in the plan's area or activity."
            ),
        ),
    ),
    "context": MadeOf(
        "number",
        ("Nøgletal om området", "Key figures about the area"),
        (
            "Opgjort af andre og indlæst fra deres opgørelse; kilden står ved tallet.",
            "Counted by others and imported from their statement; the source stands beside the figure.",
        ),
    ),
    "cohort": MadeOf("number", HEADINGS["seen_again"], SEEN_AGAIN, (NEW,)),
    "share_of_people": MadeOf("percent", HEADINGS["share"], SHARE_OF_PEOPLE),
    "trait": MadeOf(
        "number",
        ("Deltagere efter alder eller køn", "Participants by age or gender"),
        (
            "Deltagerne fordelt efter det, der senest er registreret om dem.",
            "Participants by what was registered of them last.",
        ),
        (PartOfFigure("participants"),),
    ),
    "mean_change": MadeOf("number", HEADINGS["mean_change"], CHANGE, (PAIRS,)),
}
_OF_CATALOGUE: Final = {
    item.name: MadeOf(
        UNITS.get(item.unit, "number"),
        (item.label_da, item.label_en),
        DEFINITIONS[item.name],
        (*LOCAL, COMMITTED) if item.name == "local_share_pct" else (),
    )
    for item in INDICATORS
}
# By name; of those that events add up to as well it says the rule, where a reader has them of a release.
MADE: Final[Mapping[str, MadeOf]] = {**_OF_CATALOGUE, **_OWN}
# The rules of what the catalogue does not have, though events add up to it.
RULES: Final[Mapping[str, Word]] = {
    **DEFINITIONS,
    "balance_ore": ("Det, der er modtaget, minus det, der er brugt.", "What was received less what was spent."),
    "budget_ore": (
        "Det godkendte budget med alle ændringer af det.",
        "The approved budget with all changes to it.",
    ),
    "left": (
        "Forskellige personer, der har afsluttet en aktivitet i perioden.",
        "Different people who left an activity in the period.",
    ),
    "followed_up": (
        "Tidligere deltagere, der er fulgt op på i perioden, efter det seneste om hver af dem.",
        "Former participants who were followed up in the period, by the latest word on each.",
    ),
    "pairs": CHANGE,
}
