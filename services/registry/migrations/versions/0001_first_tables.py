"""The registry's first tables."""

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
        "area",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column("departments", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("area", name=op.f("area_key")),
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
        "event_log",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("event_log_key")),
        sa.UniqueConstraint("source", "id", name=op.f("event_log_identity")),
    )
    op.create_table(
        "event_log_head",
        sa.Column("only_row", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("only_row", name=op.f("event_log_head_only_row")),
        sa.PrimaryKeyConstraint("only_row", name=op.f("event_log_head_key")),
    )
    op.create_table(
        "organisation",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cvr", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("organisation", name=op.f("organisation_key")),
    )
    op.create_table(
        "pool",
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("effort_areas", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("effort_area_names", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("start_on <= end_on", name=op.f("pool_dates_in_order")),
        sa.PrimaryKeyConstraint("pool", name=op.f("pool_key")),
    )
    op.create_table(
        "position",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("position_key")),
    )
    op.create_table(
        "plan",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("approval_reference", sa.Text(), nullable=False),
        sa.CheckConstraint("cardinality(areas) > 0", name=op.f("plan_has_an_area")),
        sa.CheckConstraint("start_on <= end_on", name=op.f("plan_dates_in_order")),
        sa.ForeignKeyConstraint(["pool"], ["pool.pool"], name=op.f("plan_pool_known")),
        sa.PrimaryKeyConstraint("plan", name=op.f("plan_key")),
    )
    op.create_index("plan_by_areas", "plan", ["areas"], unique=False, postgresql_using="gin")
    op.create_table(
        "activity",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effort_area", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("target_group", sa.Text(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.CheckConstraint("ended_on IS NULL OR started_on <= ended_on", name=op.f("activity_started_before_ended")),
        sa.CheckConstraint("enrolled >= 0 AND enrolled <= capacity", name=op.f("activity_within_capacity")),
        sa.CheckConstraint("start_on <= end_on", name=op.f("activity_dates_in_order")),
        sa.ForeignKeyConstraint(["area"], ["area.area"], name=op.f("activity_area_known")),
        sa.ForeignKeyConstraint(["plan"], ["plan.plan"], name=op.f("activity_plan_known")),
        sa.PrimaryKeyConstraint("activity", name=op.f("activity_key")),
    )
    op.create_index(op.f("activity_by_area"), "activity", ["area"], unique=False)
    op.create_index(op.f("activity_by_plan"), "activity", ["plan"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("participants", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Numeric(precision=4, scale=2), nullable=True),
        sa.CheckConstraint("(participants IS NULL) <> (headcount IS NULL)", name=op.f("attendance_counts_one_way")),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("attendance_activity_known")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("attendance_key")),
    )
    op.create_index("attendance_by_session", "attendance", ["activity", "session", "sequence"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("age_band", sa.Text(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.CheckConstraint("left_on IS NULL OR enrolled_on <= left_on", name=op.f("enrolment_dates_in_order")),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("enrolment_activity_known")),
        sa.PrimaryKeyConstraint("activity", "participant", "course", name=op.f("enrolment_key")),
    )
    op.execute("INSERT INTO event_log_head (only_row, sequence) VALUES (true, 0)")
