"""The tables that only the report of a plan and its annual statements have."""

from typing import Final

from services.reporting.exports.columns import AMOUNTS, AREA, BALANCE, COMMITMENT, FIGURES, FUNDER_KIND, NAME, PLAN
from services.reporting.exports.parts import Column, Part, figure, key, upright, value
from services.reporting.words import (
    ACTIVITY_STATUSES,
    ATTAINMENTS,
    COST_TYPES,
    DIMENSIONS,
    FIGURE_NAMES,
    FUNDER_KINDS,
    HEADINGS,
    PARTNER_ROLES,
    REVISIONS,
    STAGES,
    STATEMENT_STATUSES,
)

EFFORT_AREA: Final = key("effort_area", DIMENSIONS["effort_area"])
COST_TYPE: Final = key("cost_type", HEADINGS["cost_type"], words=COST_TYPES)
LINE: Final = key("line", HEADINGS["line"])
YEAR: Final = key("year", DIMENSIONS["year"])
BUDGET: Final[tuple[Column, ...]] = (
    value("budget_ore", HEADINGS["budget"], "kroner"),
    value("spent_ore", FIGURE_NAMES["spent_ore"], "kroner"),
    value("remaining_ore", HEADINGS["remaining"], "kroner"),
)
STANDING: Final[tuple[Column, ...]] = (
    value("status", HEADINGS["status"], words=STATEMENT_STATUSES),
    value("due_on", HEADINGS["due"], "day"),
    value("submitted_on", HEADINGS["submitted_on"], "day"),
    value("decided_on", HEADINGS["decided_on"], "day"),
    value("auditor_reference", HEADINGS["auditor_reference"]),
    value("remarks", HEADINGS["remarks"]),
)
VERSION: Final[tuple[Column, ...]] = (
    key("version", ("Version", "Version"), "number"),
    value("kind", ("Art", "Kind"), words=REVISIONS),
    value("approved_on", HEADINGS["approved_on"], "day"),
    value("approval_reference", HEADINGS["reference"]),
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
        value("pool", DIMENSIONS["pool"]),
        value("areas", HEADINGS["areas"]),
        value("start", ("Begynder", "Start"), "day"),
        value("end", ("Slutter", "End"), "day"),
        value("closed_on", ("Afsluttet", "Closed"), "day"),
        value("elapsed_pct", HEADINGS["elapsed_pct"], "percent"),
        value("spent_pct", HEADINGS["spent_pct"], "percent"),
        value("days_left", ("Dage tilbage", "Days left"), "number"),
    ),
)
GOALS: Final = Part(
    "goals",
    HEADINGS["goals"],
    ("goals", "*"),
    (
        PLAN,
        key("goal", HEADINGS["goal"]),
        EFFORT_AREA,
        value("title", ("Titel", "Title")),
        value("indicator", HEADINGS["indicator"]),
        value("baseline", HEADINGS["baseline"], "decimal"),
        value("target", HEADINGS["target"], "decimal"),
    ),
)
ASSESSMENTS: Final = Part(
    "assessments",
    HEADINGS["attainment"],
    ("goals", "*", "assessments", "*"),
    (
        PLAN,
        key("goal", HEADINGS["goal"]),
        YEAR,
        value("attainment", HEADINGS["attainment"], words=ATTAINMENTS),
        value("value", HEADINGS["value"], "decimal"),
        value("comment", ("Bemærkning", "Comment")),
    ),
)

OF_PLAN: Final = (
    Part(
        "activities",
        HEADINGS["activities"],
        ("activities", "*"),
        (
            key("activity", DIMENSIONS["activity"]),
            NAME,
            AREA,
            value("kind", DIMENSIONS["kind"]),
            value("effort_area", DIMENSIONS["effort_area"]),
            value("status", HEADINGS["status"], words=ACTIVITY_STATUSES),
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
        HEADINGS["milestones"],
        ("milestones", "*"),
        (
            key("milestone", HEADINGS["milestone"]),
            value("title", ("Titel", "Title")),
            value("effort_area", DIMENSIONS["effort_area"]),
            value("due", HEADINGS["due"], "day"),
            value("reached_on", ("Nået", "Reached"), "day"),
            value("overdue", ("Overskredet", "Overdue")),
        ),
    ),
    Part(
        "anchoring",
        HEADINGS["anchoring"],
        ("anchoring", "*"),
        (
            key("activity", DIMENSIONS["activity"]),
            NAME,
            AREA,
            value("organisation", HEADINGS["organisation"]),
            value("organisation_name", ("Organisationens navn", "Organisation's name")),
            value("from", HEADINGS["from"], "day"),
            value("funding_note", HEADINGS["funding"]),
        ),
    ),
    Part(
        "partners",
        HEADINGS["partners"],
        ("partners", "*"),
        (
            key("organisation", HEADINGS["organisation"]),
            NAME,
            value("kind", ("Art", "Kind")),
            key("role", HEADINGS["role"], words=PARTNER_ROLES),
            value("from", HEADINGS["from"], "day"),
            value("until", HEADINGS["until"], "day"),
        ),
    ),
    upright(Part("funding", HEADINGS["funding"], ("funding",), (*AMOUNTS, figure("local_share_pct")))),
    Part(
        "funding_by_kind",
        ("Planens finansieringskilder", "The plan's funders"),
        ("funding", "by_funder_kind", "{funder_kind}"),
        (FUNDER_KIND, *AMOUNTS),
    ),
    Part(
        "funding_regulation_accounts",
        ("Reguleringskonti i alt", "Regulation accounts, total"),
        ("funding", "regulation_accounts", "*"),
        (COMMITMENT, BALANCE),
    ),
    Part(
        "commitments",
        HEADINGS["commitments"],
        ("funding", "commitments", "*"),
        (
            COMMITMENT,
            value("funder", HEADINGS["funder"]),
            value("funder_name", HEADINGS["funder_name"]),
            value("funder_kind", HEADINGS["funder_kind"], words=FUNDER_KINDS),
            value("in_kind", ("Ydet i arbejde", "In kind")),
            value("reference", HEADINGS["reference"]),
            value("date", HEADINGS["date"], "day"),
            *AMOUNTS,
            value("regulation_account_ore", HEADINGS["regulation_account"], "kroner"),
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
                value("floor_pct", ("Krav om lokal medfinansiering", "Local minimum"), "percent"),
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
            value("whole_ore", HEADINGS["total"], "kroner"),
            value("landsbyggefonden_ore", ("Landsbyggefonden", "Landsbyggefonden"), "kroner"),
            value("local_ore", ("Lokalt", "Local"), "kroner"),
            value("landsbyggefonden_pct", ("Landsbyggefondens andel", "Landsbyggefonden's share"), "percent"),
            value("local_pct", FIGURE_NAMES["local_share_pct"], "percent"),
            value("within_ceiling", ("Under loftet", "Within the ceiling")),
            value("above_floor", ("Opfylder kravet", "Meets the minimum")),
        ),
    ),
    upright(
        Part(
            "budget",
            HEADINGS["budget"],
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
        ("Budget pr. udgiftsart", "Budget by cost type"),
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
        HEADINGS["expenses"],
        ("expenses", "*"),
        (
            EFFORT_AREA,
            COST_TYPE,
            value("spent_ore", ("Forbrug til dato", "Spent to date"), "kroner"),
            value("in_period_ore", ("Forbrug i perioden", "Spent in the period"), "kroner"),
        ),
    ),
    Part("statements", HEADINGS["statements"], ("statements", "*"), (YEAR, *STANDING)),
)

_STATEMENT_FIGURES: Final[tuple[Column, ...]] = (
    value("opening_bank_ore", HEADINGS["opening_bank"], "kroner"),
    value("received_ore", FIGURE_NAMES["received_ore"], "kroner"),
    value("spent_ore", FIGURE_NAMES["spent_ore"], "kroner"),
    value("closing_bank_ore", HEADINGS["closing_bank"], "kroner"),
    value("local_share_pct", ("Lokal medfinansiering i året", "Local co-funding in the year"), "percent"),
    value("local_share_to_date_pct", ("Lokal medfinansiering til dato", "Local co-funding to date"), "percent"),
)
# What the table of the statement itself tells.
STATEMENT_HEAD: Final = frozenset(
    {"plan", "plan_name", "year", *(column.name for column in (*_STATEMENT_FIGURES, *STANDING))}
)
OF_STATEMENT: Final = (
    upright(Part("statement", HEADINGS["statement"], (), (*STANDING, *_STATEMENT_FIGURES))),
    Part(
        "instalments",
        HEADINGS["instalments"],
        ("instalments", "*"),
        (
            key("receipt", ("Rate", "Instalment")),
            COMMITMENT,
            value("received_on", HEADINGS["received_on"], "day"),
            value("amount_ore", HEADINGS["amount"], "kroner"),
            value("reference", HEADINGS["reference"]),
        ),
    ),
    Part(
        "costs",
        HEADINGS["expenses"],
        ("costs", "*"),
        (EFFORT_AREA, COST_TYPE, value("amount_ore", HEADINGS["amount"], "kroner")),
    ),
    Part(
        "financing",
        HEADINGS["regulation_accounts"],
        ("financing", "*"),
        (
            COMMITMENT,
            value("funder", HEADINGS["funder"]),
            value("funder_name", HEADINGS["funder_name"]),
            value("funder_kind", HEADINGS["funder_kind"], words=FUNDER_KINDS),
            value("opening_ore", HEADINGS["opening"], "kroner"),
            value("received_ore", FIGURE_NAMES["received_ore"], "kroner"),
            value("carried_ore", HEADINGS["carried"], "kroner"),
            value("closing_ore", HEADINGS["closing"], "kroner"),
        ),
    ),
    Part(
        "financing_by_kind",
        HEADINGS["funders"],
        ("financing_by_kind", "{funder_kind}"),
        (
            FUNDER_KIND,
            value("received_ore", FIGURE_NAMES["received_ore"], "kroner"),
            value("carried_ore", HEADINGS["carried"], "kroner"),
        ),
    ),
    *(
        part
        for name, title in (
            ("reallocations", REVISIONS["reallocation"]),
            ("carry_forwards", REVISIONS["carry_forward"]),
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
            value("budget_ore", HEADINGS["budget"], "kroner"),
            value("spent_ore", FIGURE_NAMES["spent_ore"], "kroner"),
            value("carried_forward_ore", HEADINGS["carried_forward"], "kroner"),
            value("left_ore", HEADINGS["deviation"], "kroner"),
            value("explanation", ("Forklaring", "Explanation")),
        ),
    ),
    Part(
        "vouchers",
        HEADINGS["vouchers"],
        ("vouchers", "*"),
        (
            value("booked_on", ("Bogført", "Booked"), "day"),
            value("voucher", HEADINGS["voucher"]),
            key("expense", HEADINGS["expense"]),
            value("text", HEADINGS["text"]),
            value("line", HEADINGS["line"]),
            AREA,
            value("amount_ore", HEADINGS["amount"], "kroner"),
            value("reversal", ("Tilbageførsel", "Reversal")),
        ),
    ),
)
