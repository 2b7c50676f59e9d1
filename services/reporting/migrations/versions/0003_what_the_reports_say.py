"""Goals, partners, follow-ups, crosswalks, budgets, vouchers and statements in full; all is folded again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FOLDED = (
    "activity",
    "activity_month",
    "adoption",
    "area",
    "business",
    "commitment",
    "commitment_month",
    "course",
    "effort_area",
    "enrolment",
    "freshness",
    "last_event",
    "leaving",
    "measurement",
    "mentoring",
    "milestone",
    "movement",
    "plan",
    "plan_end",
    "practice",
    "presence",
    "session",
    "story",
    "volunteer_hours",
    "volunteering",
)


def upgrade() -> None:
    """Go to this revision."""
    # What was read before has left out the events that are folded from now on: from position 0 the consumers read the
    # owners' logs again.
    op.execute(f"TRUNCATE {', '.join(FOLDED)}, position")
    op.create_table(
        "assessment",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attainment", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "goal", "year", name=op.f("assessment_key")),
    )
    op.create_table(
        "budget_line",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("effort_area", sa.Text(), nullable=False),
        sa.Column("cost_type", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "line", name=op.f("budget_line_key")),
    )
    op.create_table(
        "budget_version",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("approval_reference", sa.Text(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("plan", "sequence", name=op.f("budget_version_key")),
    )
    op.create_table(
        "expense",
        sa.Column("expense", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("line", sa.Text(), nullable=True),
        sa.Column("amount_ore", sa.BigInteger(), nullable=True),
        sa.Column("incurred_on", sa.Date(), nullable=True),
        sa.Column("voucher", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("reversal", sa.Text(), nullable=True),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("expense", name=op.f("expense_key")),
    )
    op.create_index(op.f("expense_by_plan_incurred_on"), "expense", ["plan", "incurred_on"], unique=False)
    op.create_index(op.f("expense_by_plan_reversed_on"), "expense", ["plan", "reversed_on"], unique=False)
    op.create_table(
        "followup",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("followed_on", sa.Date(), nullable=False),
        sa.Column("months_after", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("activity", "participant", "sequence", name=op.f("followup_key")),
    )
    op.create_table(
        "goal",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("effort_area", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("baseline", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("target", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "goal", name=op.f("goal_key")),
    )
    op.create_table(
        "line_month",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("spent_ore", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "line", "area", "activity", "month", name=op.f("line_month_key")),
    )
    op.create_table(
        "organisation",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name=op.f("organisation_key")),
    )
    op.create_table(
        "partnership",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("has_joined", sa.Boolean(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "organisation", "role", "sequence", name=op.f("partnership_key")),
    )
    op.create_table(
        "plan_close",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("plan", name=op.f("plan_close_key")),
    )
    op.create_table(
        "pool",
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("crosswalk", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pool", name=op.f("pool_key")),
    )
    op.create_table(
        "receipt",
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("receipt", name=op.f("receipt_key")),
    )
    op.create_index(op.f("receipt_by_commitment"), "receipt", ["commitment"], unique=False)
    op.create_table(
        "statement_word",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("auditor_reference", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("explanations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("plan", "year", "sequence", name=op.f("statement_word_key")),
    )
    op.create_table(
        "withholding",
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_withheld", sa.Boolean(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("commitment", "sequence", name=op.f("withholding_key")),
    )
    op.drop_table("statement")
    op.add_column("activity", sa.Column("is_fixed", sa.Boolean(), nullable=True))
    op.add_column("activity", sa.Column("capacity", sa.Integer(), nullable=True))
    op.add_column("activity", sa.Column("anchored_note", sa.Text(), nullable=True))
    op.add_column("commitment", sa.Column("funder", sa.Text(), nullable=False))
    op.add_column("commitment", sa.Column("reference", sa.Text(), nullable=False))
    op.add_column("commitment", sa.Column("committed_on", sa.Date(), nullable=False))
