"""The paired change of individuals, by lens and respondent."""

from typing import Annotated, Final

from typing_extensions import TypedDict

from services.reporting.people.change import Pairs, told
from services.reporting.reports.facts import Facts
from services.reporting.reports.parts.declaring import AnyNumber, ReportPart, key, listed, of_row, value
from services.reporting.words import FIGURE_NAMES, HEADINGS, LENSES, RESPONDENTS
from shared.events.registry.parts import Lens
from shared.events.registry.people import Respondent


class ChangeRow(TypedDict):
    """The pairs of one lens, as one kind of respondent saw them, on a scale from 0 to 100."""

    lens: Annotated[Lens, key(HEADINGS["lens"], words=LENSES)]
    respondent: Annotated[Respondent, key(HEADINGS["respondent"], words=RESPONDENTS)]
    pairs: Annotated[int | None, value(HEADINGS["pairs"], "number")]
    mean_before: Annotated[AnyNumber | None, value(HEADINGS["mean_before"], "decimal")]
    mean_after: Annotated[AnyNumber | None, value(HEADINGS["mean_after"], "decimal")]
    mean_change: Annotated[AnyNumber | None, value(HEADINGS["mean_change"], "decimal")]
    ci_low: Annotated[AnyNumber | None, value(HEADINGS["ci_low"], "decimal")]
    ci_high: Annotated[AnyNumber | None, value(HEADINGS["ci_high"], "decimal")]
    suppressed: bool


def change(facts: Facts) -> list[ChangeRow]:
    """Tell the paired change, of all lenses and respondents: a missing row would tell something too."""
    return [_row(facts, lens, respondent) for lens in LENSES for respondent in RESPONDENTS]


def _row(facts: Facts, lens: Lens, respondent: Respondent) -> ChangeRow:
    of = {"lens": lens, "respondent": respondent}
    if facts.outside is None or facts.period is None:
        pairs = facts.change.get((facts.area, lens, respondent), Pairs())
        return of_row(ChangeRow, {**of, **told(pairs), "suppressed": False})
    found = facts.outside.figure(f"{lens} by {respondent}", facts.period, facts.area)
    means = facts.outside.means(f"{lens} by {respondent}", facts.period, facts.area)
    return of_row(
        ChangeRow,
        of,
        pairs=found["value"],
        mean_before=means and means.before,
        mean_after=means and means.after,
        mean_change=means and means.change,
        ci_low=means and means.low,
        ci_high=means and means.high,
        suppressed=found["suppressed"],
    )


CHANGE: Final = ReportPart("change", change, (listed("change", FIGURE_NAMES["change"], ChangeRow),))
