"""Reporting's first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "activity",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("effort_area", sa.Text(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("activity", name=op.f("activity_key")),
    )
    op.create_table(
        "activity_month",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("attendances", sa.Integer(), nullable=False),
        sa.Column("participant_hours", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.PrimaryKeyConstraint("activity", "month", name=op.f("activity_month_key")),
    )
    op.create_index(op.f("activity_month_by_month"), "activity_month", ["month"], unique=False)
    op.create_table(
        "area",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("area", name=op.f("area_key")),
    )
    op.create_table(
        "commitment",
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("funder_kind", sa.Text(), nullable=False),
        sa.Column("in_kind", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("commitment", name=op.f("commitment_key")),
    )
    op.create_index(op.f("commitment_by_plan"), "commitment", ["plan"], unique=False)
    op.create_table(
        "commitment_month",
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("committed_ore", sa.BigInteger(), nullable=False),
        sa.Column("released_ore", sa.BigInteger(), nullable=False),
        sa.Column("received_ore", sa.BigInteger(), nullable=False),
        sa.Column("spent_ore", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("commitment", "month", name=op.f("commitment_month_key")),
    )
    op.create_table(
        "dead_letter",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("dead_since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "sequence", name=op.f("dead_letter_key")),
    )
    op.create_table(
        "effort_area",
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("effort_area", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pool", "effort_area", name=op.f("effort_area_key")),
    )
    op.create_table(
        "enrolment",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("activity", "participant", name=op.f("enrolment_key")),
    )
    op.create_table(
        "freshness",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_fact_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("owner", name=op.f("freshness_key")),
    )
    op.create_table(
        "last_event",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("stated", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("area", name=op.f("last_event_key")),
    )
    op.create_table(
        "movement",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("committed_ore", sa.BigInteger(), nullable=False),
        sa.Column("released_ore", sa.BigInteger(), nullable=False),
        sa.Column("received_ore", sa.BigInteger(), nullable=False),
        sa.Column("spent_ore", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", "commitment", name=op.f("movement_key")),
    )
    op.create_index(op.f("movement_by_moved_on"), "movement", ["moved_on"], unique=False)
    op.create_table(
        "plan",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("plan", name=op.f("plan_key")),
    )
    op.create_table(
        "position",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("position_key")),
    )
    op.create_table(
        "presence",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("activity", "participant", "month", name=op.f("presence_key")),
    )
    op.create_table(
        "session",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("attendances", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.Column("participants", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("activity", "session", name=op.f("session_key")),
    )
    op.create_index(op.f("session_by_held_on"), "session", ["held_on"], unique=False)
