"""The reports and their parts, in the order in which files have them. Whoever adds a part names it here."""

from collections.abc import Mapping
from typing import Any, Final

from services.reporting.reports.annual_statement import STATEMENT
from services.reporting.reports.answers.shape import ANSWERS
from services.reporting.reports.facts import Facts, PlanSource
from services.reporting.reports.parts.activities import ACTIVITIES
from services.reporting.reports.parts.alumni import ALUMNI
from services.reporting.reports.parts.anchoring import ANCHORING
from services.reporting.reports.parts.areas import AREAS
from services.reporting.reports.parts.attention import ATTENTION
from services.reporting.reports.parts.budget import BUDGET
from services.reporting.reports.parts.change import CHANGE
from services.reporting.reports.parts.context import CONTEXT
from services.reporting.reports.parts.crosswalk import CROSSWALK
from services.reporting.reports.parts.declaring import ReportPart, ReportShape
from services.reporting.reports.parts.effort_areas import EFFORT_AREAS
from services.reporting.reports.parts.expenses import EXPENSES
from services.reporting.reports.parts.goals import GOALS
from services.reporting.reports.parts.head import AREA_HEAD, AS_OF, METHOD, NAMES, PEOPLE, PERIOD
from services.reporting.reports.parts.milestones import MILESTONES
from services.reporting.reports.parts.months import MONTHS
from services.reporting.reports.parts.partners import PARTNERS
from services.reporting.reports.parts.plan_funding import PLAN_FUNDING
from services.reporting.reports.parts.plan_head import PLAN_HEAD
from services.reporting.reports.parts.plans import PLANS
from services.reporting.reports.parts.practices import PRACTICES
from services.reporting.reports.parts.previous import PREVIOUS
from services.reporting.reports.parts.retention import RETENTION
from services.reporting.reports.parts.statements import STATEMENTS
from services.reporting.reports.parts.totals import TOTALS
from services.reporting.reports.parts.traits import AGE_BANDS, GENDERS

_HEAD: Final[tuple[ReportPart[Facts], ...]] = (PERIOD, AS_OF)
_FIGURES: Final[tuple[ReportPart[Facts], ...]] = (
    TOTALS, EFFORT_AREAS, MONTHS, PLANS, AGE_BANDS, GENDERS, CHANGE,
)  # fmt: skip
# Who stays and what others measured is told of areas, not of plans; and a plan is of one pool.
_OF_AREAS: Final[tuple[ReportPart[Facts], ...]] = (CROSSWALK, RETENTION, ALUMNI, CONTEXT)
_REST: Final[tuple[ReportPart[Facts], ...]] = (
    PRACTICES, ATTENTION, AREAS, PREVIOUS, METHOD, NAMES, PEOPLE,
)  # fmt: skip
_OF_PLAN: Final[tuple[ReportPart[PlanSource], ...]] = (
    ACTIVITIES, GOALS, MILESTONES, ANCHORING, PARTNERS, PLAN_FUNDING, BUDGET, EXPENSES, STATEMENTS,
)  # fmt: skip

NETWORK: Final = ReportShape(
    "NetworkReport", ("Netværksrapport", "Network report"), (*_HEAD, *_FIGURES, *_OF_AREAS, *_REST)
)
AREA: Final = ReportShape(
    "AreaReport", ("Områderapport", "Area report"), (AREA_HEAD, *_HEAD, *_FIGURES, *_OF_AREAS, *_REST, GOALS)
)
PLAN: Final = ReportShape[PlanSource](
    "PlanReport", ("Planrapport", "Plan report"), (PLAN_HEAD, *_HEAD, *_FIGURES, *_REST, *_OF_PLAN)
)
SHAPES: Final[Mapping[str, ReportShape[Any]]] = {
    "network": NETWORK,
    "area": AREA,
    "plan": PLAN,
    "statement": STATEMENT,
    "answers": ANSWERS,
}
