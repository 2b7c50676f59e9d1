"""The tables of who stays: cohorts, those seen again, and where former participants are."""

from typing import Final

from services.reporting.exports.parts import Part, figure, key, value
from services.reporting.exports.words import FOLLOW_UPS

COHORT: Final = key("cohort", ("Første skoleår", "First school year"))
COHORTS: Final = Part(
    "retention",
    ("Fastholdelse", "Staying"),
    ("retention", "*"),
    (
        COHORT,
        figure("new_participants"),
        value("seen_again", ("Set igen i et senere skoleår", "Seen again in a later school year"), "number"),
    ),
)
SEEN_AGAIN: Final = Part(
    "retention_years",
    ("Fastholdelse år for år", "Staying year by year"),
    ("retention", "*", "years", "*"),
    (
        COHORT,
        key("years_later", ("Skoleår senere", "School years later")),
        value("school_year", ("Skoleår", "School year")),
        value("seen", ("Set igen", "Seen again"), "number"),
        value("share_pct", ("Andel af nye", "Share of new"), "percent"),
    ),
)
FORMER: Final = Part(
    "alumni",
    ("Efter deltagelsen", "After taking part"),
    ("alumni",),
    (value("left", ("Er stoppet i en aktivitet", "Left an activity"), "number"),),
)
MONTHS_AFTER: Final = key("months_after", ("Måneder efter", "Months after"))
FOLLOWED_UP: Final = Part(
    "alumni_months",
    ("Opfulgt efter måneder", "Followed up by months"),
    ("alumni", "months", "*"),
    (MONTHS_AFTER, value("followed_up", ("Fulgt op", "Followed up"), "number")),
)
FOLLOW_UP_STATUSES: Final = Part(
    "alumni_statuses",
    ("Hvor tidligere deltagere er", "Where former participants are"),
    ("alumni", "months", "*", "statuses", "*"),
    (
        MONTHS_AFTER,
        key("status", ("Status", "Status"), words=FOLLOW_UPS),
        value("people", ("Personer", "People"), "number"),
        value("share_pct", ("Andel", "Share"), "percent"),
    ),
)

PARTS: Final = (COHORTS, SEEN_AGAIN, FORMER, FOLLOWED_UP, FOLLOW_UP_STATUSES)
