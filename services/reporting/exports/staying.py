"""The tables of who stays: cohorts, those seen again, and where former participants are."""

from typing import Final

from services.reporting.exports.parts import Part, figure, key, value
from services.reporting.words import DIMENSIONS, FOLLOW_UPS, HEADINGS

COHORT: Final = key("cohort", HEADINGS["cohort"])
COHORTS: Final = Part(
    "retention",
    HEADINGS["retention"],
    ("retention", "*"),
    (
        COHORT,
        figure("new_participants"),
        value("seen_again", HEADINGS["seen_again"], "number"),
    ),
)
SEEN_AGAIN: Final = Part(
    "retention_years",
    ("Fastholdelse år for år", "Retention year by year"),
    ("retention", "*", "years", "*"),
    (
        COHORT,
        key("years_later", HEADINGS["years_later"]),
        value("school_year", DIMENSIONS["school_year"]),
        value("seen", HEADINGS["seen_again"], "number"),
        value("share_pct", ("Andel af nye", "Share of new"), "percent"),
    ),
)
FORMER: Final = Part(
    "alumni",
    ("Efter deltagelsen", "After taking part"),
    ("alumni",),
    (value("left", HEADINGS["left"], "number"),),
)
MONTHS_AFTER: Final = key("months_after", HEADINGS["months_after"])
FOLLOWED_UP: Final = Part(
    "alumni_months",
    ("Opfulgt efter måneder", "Followed up by months"),
    ("alumni", "months", "*"),
    (MONTHS_AFTER, value("followed_up", HEADINGS["followed_up"], "number")),
)
FOLLOW_UP_STATUSES: Final = Part(
    "alumni_statuses",
    ("Hvor tidligere deltagere er", "Where former participants are"),
    ("alumni", "months", "*", "statuses", "*"),
    (
        MONTHS_AFTER,
        key("status", HEADINGS["status"], words=FOLLOW_UPS),
        value("people", ("Personer", "People"), "number"),
        value("share_pct", HEADINGS["share"], "percent"),
    ),
)

PARTS: Final = (COHORTS, SEEN_AGAIN, FORMER, FOLLOWED_UP, FOLLOW_UP_STATUSES)
