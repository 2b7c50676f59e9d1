"""What figures goals may name, and what of goals is told outside: registry and reporting tell it alike.

What a goal counts is written in words, or named by a figure, and may be people. So its baseline is told outside only
where the figure is of no people, or where the indicator's words say that it is in per cent; and values that were typed
are told only where the words say so. Source: ADR 95, ADR 160.
"""

from typing import Final, Literal, TypeAlias, get_args

# The figures of reporting's one table of indicators that a goal may name: those of what is done, and those of people.
FigureOfDoings: TypeAlias = Literal[
    "activities_planned",
    "activities_running",
    "activities_ended",
    "activities_anchored",
    "courses",
    "sessions",
    "cancelled_sessions",
    "mentor_companies",
    "micro_businesses",
    "stories",
]
FigureOfPeople: TypeAlias = Literal[
    "attendances",
    "participant_hours",
    "volunteer_hours",
    "participants",
    "new_participants",
    "multi_year_participants",
    "volunteers",
]
GoalFigure: TypeAlias = Literal[FigureOfDoings, FigureOfPeople]
OF_DOINGS: Final[frozenset[str]] = frozenset(get_args(FigureOfDoings))
# How the text of an indicator says that it is a share.
IN_PER_CENT: Final = ("procent", "pct", "per cent", "percent", "%")


def counts_nobody(indicator: str | None) -> bool:
    """Tell whether a goal says of its values that they are in per cent."""
    return indicator is not None and any(each in indicator.lower() for each in IN_PER_CENT)


def baseline_counts_nobody(indicator: str | None, figure: str | None) -> bool:
    """Tell whether a goal's baseline may be told outside: by the figure that it names, or else by its words."""
    return figure in OF_DOINGS if figure else counts_nobody(indicator)
