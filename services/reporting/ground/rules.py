"""Which figure's ground is asked for: of what, over which days, and perhaps a sample of it. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import orjson

from services.reporting.ground.made_of import MADE, RULES, MadeUnit
from services.reporting.terms import COUNTS, Json
from services.reporting.words import FIGURE_NAMES, HEADINGS, Word
from shared.errors import Unanswerable

GroundKind = Literal[
    "movements", "expenses", "budget", "sessions", "hours", "people", "leavings", "followups", "pairs", "rule"
]
GroundUnit = MadeUnit
# What the events of a figure can be narrowed by: of what they are.
OF_MOVEMENTS: Final = ("area", "plan", "funder_kind", "commitment")
OF_LINES: Final = ("area", "plan", "line", "effort_area", "cost_type", "year")
OF_ACTIVITIES: Final = ("area", "plan", "pool", "effort_area", "activity")
OF_FOLLOWUPS: Final = ("area", "months_after", "status")
OF_PAIRS: Final = ("area", "plan", "lens", "respondent")
# An expense is carried by commitments in shares, and stands on a line whole.
OF_SHARES: Final = frozenset({"funder_kind", "commitment"})
FIGURES: Final[Mapping[str, tuple[GroundKind, GroundUnit, Word]]] = {
    "committed_ore": ("movements", "ore", FIGURE_NAMES["committed_ore"]),
    "unconfirmed_ore": ("movements", "ore", FIGURE_NAMES["unconfirmed_ore"]),
    "released_ore": ("movements", "ore", FIGURE_NAMES["released_ore"]),
    "received_ore": ("movements", "ore", FIGURE_NAMES["received_ore"]),
    "spent_ore": ("expenses", "ore", FIGURE_NAMES["spent_ore"]),
    "balance_ore": ("movements", "ore", HEADINGS["regulation_account"]),
    "budget_ore": ("budget", "ore", HEADINGS["budget"]),
    "sessions": ("sessions", "number", FIGURE_NAMES["sessions"]),
    "cancelled_sessions": ("sessions", "number", FIGURE_NAMES["cancelled_sessions"]),
    "attendances": ("sessions", "number", FIGURE_NAMES["attendances"]),
    "participant_hours": ("sessions", "hours", FIGURE_NAMES["participant_hours"]),
    "volunteer_hours": ("hours", "hours", FIGURE_NAMES["volunteer_hours"]),
    **{name: ("people", "number", FIGURE_NAMES[name]) for name in COUNTS},
    "left": ("leavings", "number", HEADINGS["left"]),
    "followed_up": ("followups", "number", HEADINGS["followed_up"]),
    "pairs": ("pairs", "number", HEADINGS["pairs"]),
}
# What each kind of figure is told of; a rule is of anything that a figure is of.
ALL_NAMES: Final = tuple(dict.fromkeys((*OF_MOVEMENTS, *OF_LINES, *OF_ACTIVITIES, *OF_FOLLOWUPS, *OF_PAIRS)))
SCOPES: Final[Mapping[GroundKind, tuple[str, ...]]] = {
    "movements": OF_MOVEMENTS,
    "expenses": OF_LINES,
    "budget": OF_LINES,
    "sessions": OF_ACTIVITIES,
    "hours": OF_ACTIVITIES,
    "people": OF_ACTIVITIES,
    "leavings": ("area",),
    "followups": OF_FOLLOWUPS,
    "pairs": OF_PAIRS,
    "rule": ALL_NAMES,
}
# What is said of people is for those inside the area alone, event by event too.
OF_PEOPLE: Final[frozenset[GroundKind]] = frozenset(
    {
        "sessions",
        "hours",
        "people",
        "leavings",
        "followups",
        "pairs",
    }
)
# How a sample is drawn, so that anybody can draw it again from the list of all.
RULE: Final = "sha256(seed:event:key), lowest first"


@dataclass(frozen=True, slots=True)
class RandomDraw:
    """A random choice of the events: how many, and what the draw begins with. The same seed draws the same ones."""

    size: int
    seed: str


@dataclass(frozen=True, slots=True)
class GroundQuestion:
    """Which figure, of what (`of` has a value or None for each thing), over which days, and perhaps a sample.

    Where `has_events` is false it is of the rule alone; with the number of a release, of the figure as that tells it.
    """

    figure: str
    of: Mapping[str, str | None]
    first_day: date | None = None
    last_day: date | None = None
    sample: RandomDraw | None = None
    release: int | None = None
    has_events: bool = True

    def check(self) -> None:
        """Check that it can be answered.

        Raises:
            Unanswerable: there is no such figure (`unknown_indicator`), it is not told of such a thing
                (`unknown_dimension`), or its days are reversed (`dates_reversed`).
        """
        if self.figure not in FIGURES and self.figure not in MADE:
            known_figures = ", ".join(dict.fromkeys((*FIGURES, *MADE)))
            raise Unanswerable("unknown_indicator", f"there is no {self.figure}; there are {known_figures}")
        known = SCOPES[self.kind]
        if unknown := [name for name, value in self.of.items() if value is not None and name not in known]:
            raise Unanswerable(
                "unknown_dimension", f"{self.figure} is not told of {', '.join(unknown)}; of {', '.join(known)}"
            )
        if self.first_day and self.last_day and self.first_day > self.last_day:
            raise Unanswerable("dates_reversed", "the period ends before it begins")

    @property
    def kind(self) -> GroundKind:
        """Give what kind of events the figure is folded from."""
        if self.release is not None or not self.has_events or self.figure not in FIGURES:
            return "rule"
        kind = FIGURES[self.figure][0]
        return "movements" if kind == "expenses" and any(self.of.get(name) for name in OF_SHARES) else kind

    @property
    def unit(self) -> GroundUnit:
        """Give what the figure is counted in."""
        return FIGURES[self.figure][1] if self.figure in FIGURES else MADE[self.figure].unit

    @property
    def called(self) -> Word:
        """Name the figure."""
        return FIGURES[self.figure][2] if self.figure in FIGURES else MADE[self.figure].called

    @property
    def rule(self) -> Word:
        """Give the figure's rule in words."""
        return RULES[self.figure] if self.figure in RULES else MADE[self.figure].rule

    def parts(self) -> "list[GroundQuestion]":
        """Give what the figure is made of: each part as a question, of what it can be told of."""
        made = MADE.get(self.figure)
        return [self._part(part.figure, part.of) for part in made.parts] if made and self.release is None else []

    def _part(self, figure: str, of: Mapping[str, str]) -> "GroundQuestion":
        kind: GroundKind = FIGURES[figure][0]
        named = {**self.told, **of}
        if kind == "expenses" and any(map(named.get, OF_SHARES)):
            kind = "movements"
        narrowed = {name: named.get(name) for name in SCOPES[kind]}
        if figure == "budget_ore":
            return GroundQuestion(figure, narrowed)
        return GroundQuestion(figure, narrowed, self.first_day, self.last_day)

    @property
    def names_commitment_alone(self) -> bool:
        """Tell whether it names a commitment, and not the plan that it is promised to."""
        return self.of.get("commitment") is not None and self.of.get("plan") is None

    @property
    def told(self) -> Json:
        """Give what was asked for, as the answer repeats it."""
        return {name: value for name, value in self.of.items() if value is not None}


def digest(question: GroundQuestion, entries: int, total: object) -> str:
    """Give the SHA-256 of what was asked and what it came to, in hexadecimal: the same facts give the same one."""
    asked: dict[str, Any] = {
        "figure": question.figure,
        "of": question.told,
        "from": question.first_day,
        "to": question.last_day,
        "entries": entries,
        "sum": str(total),
    }
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()


def amount_field(unit: GroundUnit) -> str:
    """Name the field in which an event says what it adds to the figure."""
    return "amount_ore" if unit == "ore" else "amount"
