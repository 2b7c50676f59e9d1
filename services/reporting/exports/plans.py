"""The tables that only the report of a plan and its annual statements have."""

from typing import Final

from services.reporting.exports.columns import AMOUNTS, AREA, BALANCE, COMMITMENT, FIGURES, FUNDER_KIND, NAME, PLAN
from services.reporting.exports.parts import Column, Part, figure, key, upright, value
from services.reporting.exports.words import (
    ATTAINMENTS,
    COST_TYPES,
    FUNDER_KINDS,
    LIFE,
    REVISIONS,
    ROLES,
    STAGES,
    STATES,
)

EFFORT_AREA: Final = key("effort_area", ("Indsatsområde", "Effort area"))
COST_TYPE: Final = key("cost_type", ("Udgiftstype", "Cost type"), words=COST_TYPES)
LINE: Final = key("line", ("Budgetlinje", "Budget line"))
YEAR: Final = key("year", ("År", "Year"))
BUDGET: Final[tuple[Column, ...]] = (
    value("budget_ore", ("Budget", "Budget"), "kroner"),
    value("spent_ore", ("Brugt", "Spent"), "kroner"),
    value("remaining_ore", ("Rest", "Remaining"), "kroner"),
)
STANDING: Final[tuple[Column, ...]] = (
    value("status", ("Status", "Status"), words=STATES),
    value("due_on", ("Frist", "Due"), "day"),
    value("submitted_on", ("Indsendt", "Submitted"), "day"),
    value("decided_on", ("Afgjort", "Decided"), "day"),
    value("auditor_reference", ("Revisors reference", "Auditor's reference")),
    value("remarks", ("Bemærkninger", "Remarks")),
)
VERSION: Final[tuple[Column, ...]] = (
    key("version", ("Version", "Version"), "number"),
    value("kind", ("Art", "Kind"), words=REVISIONS),
    value("approved_on", ("Godkendt", "Approved"), "day"),
    value("approval_reference", ("Reference", "Reference")),
)
CHANGE: Final[tuple[Column, ...]] = (
    key("version", ("Version", "Version")),
    LINE,
    value("value", ("Ændring", "Change"), "kroner"),
)

HEAD: Final = Part(
    "plan",
    ("Planen", "The plan"),
    ("plan",),
    (
        PLAN,
        NAME,
        value("pool", ("Puljeperiode", "Pool")),
        value("areas", ("Områder", "Areas")),
        value("start", ("Begynder", "Start"), "day"),
        value("end", ("Slutter", "End"), "day"),
        value("closed_on", ("Afsluttet", "Closed"), "day"),
        value("elapsed_pct", ("Tid gået", "Time elapsed"), "percent"),
        value("spent_pct", ("Midler brugt", "Money spent"), "percent"),
        value("days_left", ("Dage tilbage", "Days left"), "number"),
    ),
)
GOALS: Final = Part(
    "goals",
    ("Succeskriterier", "Goals"),
    ("goals", "*"),
    (
        PLAN,
        key("goal", ("Kriterium", "Goal")),
        EFFORT_AREA,
        value("title", ("Titel", "Title")),
        value("indicator", ("Indikator", "Indicator")),
        value("baseline", ("Udgangspunkt", "Baseline"), "decimal"),
        value("target", ("Mål", "Target"), "decimal"),
    ),
)
ASSESSMENTS: Final = Part(
    "assessments",
    ("Målopfyldelse", "Attainment"),
    ("goals", "*", "assessments", "*"),
    (
        PLAN,
        key("goal", ("Kriterium", "Goal")),
        YEAR,
        value("attainment", ("Opfyldelse", "Attainment"), words=ATTAINMENTS),
        value("value", ("Værdi", "Value"), "decimal"),
        value("comment", ("Bemærkning", "Comment")),
    ),
)

OF_PLAN: Final = (
    Part(
        "activities",
        ("Aktiviteter", "Activities"),
        ("activities", "*"),
        (
            key("activity", ("Aktivitet", "Activity")),
            NAME,
            AREA,
            value("kind", ("Aktivitetstype", "Kind")),
            value("effort_area", ("Indsatsområde", "Effort area")),
            value("status", ("Status", "Status"), words=LIFE),
            value("fixed", ("Fast aktivitet", "Fixed activity")),
            value("capacity", ("Pladser", "Capacity"), "number"),
            value("start", ("Begynder", "Start"), "day"),
            value("end", ("Slutter", "End"), "day"),
            value("started_on", ("Startet", "Started"), "day"),
            value("ended_on", ("Afsluttet", "Ended"), "day"),
            *FIGURES,
        ),
    ),
    GOALS,
    ASSESSMENTS,
    Part(
        "milestones",
        ("Milepæle", "Milestones"),
        ("milestones", "*"),
        (
            key("milestone", ("Milepæl", "Milestone")),
            value("title", ("Titel", "Title")),
            value("effort_area", ("Indsatsområde", "Effort area")),
            value("due", ("Frist", "Due"), "day"),
            value("reached_on", ("Nået", "Reached"), "day"),
            value("overdue", ("Overskredet", "Overdue")),
        ),
    ),
    Part(
        "anchoring",
        ("Forankring", "Anchoring"),
        ("anchoring", "*"),
        (
            key("activity", ("Aktivitet", "Activity")),
            NAME,
            AREA,
            value("organisation", ("Organisation", "Organisation")),
            value("organisation_name", ("Organisationens navn", "Organisation's name")),
            value("from", ("Fra", "From"), "day"),
            value("funding_note", ("Finansiering", "Funding")),
        ),
    ),
    Part(
        "partners",
        ("Partnere", "Partners"),
        ("partners", "*"),
        (
            key("organisation", ("Organisation", "Organisation")),
            NAME,
            value("kind", ("Art", "Kind")),
            key("role", ("Rolle", "Role"), words=ROLES),
            value("from", ("Fra", "From"), "day"),
            value("until", ("Til", "Until"), "day"),
        ),
    ),
    upright(Part("funding", ("Finansiering", "Funding"), ("funding",), (*AMOUNTS, figure("local_share_pct")))),
    Part(
        "funding_by_kind",
        ("Finansiering pr. kilde", "Funding by kind"),
        ("funding", "by_funder_kind", "{funder_kind}"),
        (FUNDER_KIND, *AMOUNTS),
    ),
    Part(
        "funding_regulation_accounts",
        ("Reguleringskonti i alt", "Regulation accounts in all"),
        ("funding", "regulation_accounts", "*"),
        (COMMITMENT, BALANCE),
    ),
    Part(
        "commitments",
        ("Tilsagn", "Commitments"),
        ("funding", "commitments", "*"),
        (
            COMMITMENT,
            value("funder", ("Bevillingsgiver", "Funder")),
            value("funder_name", ("Bevillingsgivers navn", "Funder's name")),
            value("funder_kind", ("Art", "Kind"), words=FUNDER_KINDS),
            value("in_kind", ("Ydet i arbejde", "In kind")),
            value("reference", ("Reference", "Reference")),
            value("date", ("Dato", "Date"), "day"),
            *AMOUNTS,
            value("regulation_account_ore", ("Reguleringskonto", "Regulation account"), "kroner"),
            value("withheld_on", ("Tilbageholdt", "Withheld on"), "day"),
            value("withheld_reason", ("Begrundelse", "Reason")),
            value("resumed_on", ("Genoptaget", "Resumed"), "day"),
        ),
    ),
    upright(
        Part(
            "co_funding_limits",
            ("Grænser for medfinansiering", "Limits of co-funding"),
            ("funding", "co_funding"),
            (
                value("floor_pct", ("Mindste lokale andel", "Local floor"), "percent"),
                value("ceiling_pct", ("Landsbyggefondens loft", "Landsbyggefonden's ceiling"), "percent"),
            ),
        )
    ),
    Part(
        "co_funding",
        ("Medfinansiering", "Co-funding"),
        ("funding", "co_funding", "{stage}"),
        (
            key("stage", ("Trin", "Stage"), words=STAGES),
            value("whole_ore", ("I alt", "Total"), "kroner"),
            value("landsbyggefonden_ore", ("Landsbyggefonden", "Landsbyggefonden"), "kroner"),
            value("local_ore", ("Lokalt", "Local"), "kroner"),
            value("landsbyggefonden_pct", ("Landsbyggefondens andel", "Landsbyggefonden's share"), "percent"),
            value("local_pct", ("Lokal andel", "Local share"), "percent"),
            value("within_ceiling", ("Under loftet", "Within the ceiling")),
            value("above_floor", ("Over gulvet", "Above the floor")),
        ),
    ),
    upright(
        Part(
            "budget",
            ("Budget", "Budget"),
            ("budget",),
            (value("version", ("Version", "Version"), "number"), *BUDGET),
        )
    ),
    Part(
        "budget_lines",
        ("Budgetlinjer", "Budget lines"),
        ("budget", "lines", "*"),
        (
            LINE,
            EFFORT_AREA,
            COST_TYPE,
            YEAR,
            value("first_ore", ("Først godkendt", "First approved"), "kroner"),
            *BUDGET,
            value("overrun", ("Overskredet", "Overrun")),
        ),
    ),
    Part(
        "budget_effort_areas",
        ("Budget pr. indsatsområde", "Budget by effort area"),
        ("budget", "effort_areas", "*"),
        (EFFORT_AREA, *BUDGET),
    ),
    Part(
        "budget_cost_types",
        ("Budget pr. udgiftstype", "Budget by cost type"),
        ("budget", "cost_types", "*"),
        (COST_TYPE, *BUDGET),
    ),
    Part("budget_years", ("Budget pr. år", "Budget by year"), ("budget", "years", "*"), (YEAR, *BUDGET)),
    Part("budget_versions", ("Budgetversioner", "Budget versions"), ("budget", "versions", "*"), VERSION),
    Part(
        "budget_changes",
        ("Budgetændringer", "Budget changes"),
        ("budget", "versions", "*", "changes", "{line}="),
        CHANGE,
    ),
    Part(
        "expenses",
        ("Udgifter", "Expenses"),
        ("expenses", "*"),
        (
            EFFORT_AREA,
            COST_TYPE,
            value("spent_ore", ("Brugt til dato", "Spent to date"), "kroner"),
            value("in_period_ore", ("Brugt i perioden", "Spent in the period"), "kroner"),
        ),
    ),
    Part("statements", ("Årsopgørelser", "Statements"), ("statements", "*"), (YEAR, *STANDING)),
)

_STATEMENT_FIGURES: Final[tuple[Column, ...]] = (
    value("opening_bank_ore", ("Primo", "Opening balance"), "kroner"),
    value("received_ore", ("Modtaget", "Received"), "kroner"),
    value("spent_ore", ("Brugt", "Spent"), "kroner"),
    value("closing_bank_ore", ("Ultimo", "Closing balance"), "kroner"),
    value("local_share_pct", ("Lokal andel i året", "Local share in the year"), "percent"),
    value("local_share_to_date_pct", ("Lokal andel til dato", "Local share to date"), "percent"),
)
# What the table of the statement itself tells.
STATEMENT_HEAD: Final = frozenset(
    {"plan", "plan_name", "year", *(column.name for column in (*_STATEMENT_FIGURES, *STANDING))}
)
OF_STATEMENT: Final = (
    upright(Part("statement", ("Årsopgørelse", "Annual statement"), (), (*STANDING, *_STATEMENT_FIGURES))),
    Part(
        "instalments",
        ("Rater", "Instalments"),
        ("instalments", "*"),
        (
            key("receipt", ("Rate", "Instalment")),
            COMMITMENT,
            value("received_on", ("Modtaget", "Received"), "day"),
            value("amount_ore", ("Beløb", "Amount"), "kroner"),
            value("reference", ("Reference", "Reference")),
        ),
    ),
    Part(
        "costs",
        ("Udgifter", "Costs"),
        ("costs", "*"),
        (EFFORT_AREA, COST_TYPE, value("amount_ore", ("Beløb", "Amount"), "kroner")),
    ),
    Part(
        "financing",
        ("Reguleringskonti", "Regulation accounts"),
        ("financing", "*"),
        (
            COMMITMENT,
            value("funder", ("Bevillingsgiver", "Funder")),
            value("funder_name", ("Bevillingsgivers navn", "Funder's name")),
            value("funder_kind", ("Art", "Kind"), words=FUNDER_KINDS),
            value("opening_ore", ("Primo", "Opening"), "kroner"),
            value("received_ore", ("Modtaget", "Received"), "kroner"),
            value("carried_ore", ("Andel af udgifter", "Share of expenses"), "kroner"),
            value("closing_ore", ("Ultimo", "Closing"), "kroner"),
        ),
    ),
    Part(
        "financing_by_kind",
        ("Finansiering efter kilde", "Financing by source"),
        ("financing_by_kind", "{funder_kind}"),
        (
            FUNDER_KIND,
            value("received_ore", ("Modtaget", "Received"), "kroner"),
            value("carried_ore", ("Andel af udgifter", "Share of expenses"), "kroner"),
        ),
    ),
    *(
        part
        for name, title in (
            ("reallocations", ("Ombudgetteringer", "Reallocations")),
            ("carry_forwards", ("Rebudgetteringer", "Carry-forwards")),
        )
        for part in (
            Part(name, title, (name, "*"), VERSION),
            Part(
                f"{name}_lines",
                (f"{title[0]}, linjer", f"{title[1]}, lines"),
                (name, "*", "changes", "{line}="),
                CHANGE,
            ),
        )
    ),
    Part(
        "deviations",
        ("Afvigelser", "Deviations"),
        ("deviations", "*"),
        (
            LINE,
            EFFORT_AREA,
            COST_TYPE,
            YEAR,
            value("budget_ore", ("Budget", "Budget"), "kroner"),
            value("spent_ore", ("Brugt", "Spent"), "kroner"),
            value("carried_forward_ore", ("Overført", "Carried forward"), "kroner"),
            value("left_ore", ("Rest", "Left"), "kroner"),
            value("explanation", ("Forklaring", "Explanation")),
        ),
    ),
    Part(
        "vouchers",
        ("Bilag", "Vouchers"),
        ("vouchers", "*"),
        (
            value("booked_on", ("Bogført", "Booked"), "day"),
            value("voucher", ("Bilag", "Voucher")),
            key("expense", ("Udgift", "Expense")),
            value("text", ("Tekst", "Text")),
            value("line", ("Budgetlinje", "Budget line")),
            AREA,
            value("amount_ore", ("Beløb", "Amount"), "kroner"),
            value("reversal", ("Tilbageførsel", "Reversal")),
        ),
    ),
)
