"""The registry in full."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    _network()
    _plans()
    _activities()
    _people()
    _sharing()


def _network() -> None:
    op.create_table(
        "crossing",
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("effort_area", sa.Text(), nullable=False),
        sa.Column("other_pool", sa.Text(), nullable=False),
        sa.Column("other_effort_area", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["pool"], ["pool.pool"], name=op.f("crossing_pool_known")),
        sa.PrimaryKeyConstraint("pool", "effort_area", "other_pool", "other_effort_area", name=op.f("crossing_key")),
    )
    op.add_column("pool", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))


def _plans() -> None:
    op.create_table(
        "accepted_statement",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "year", name=op.f("accepted_statement_key")),
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
        sa.ForeignKeyConstraint(["plan"], ["plan.plan"], name=op.f("goal_plan_known")),
        sa.PrimaryKeyConstraint("plan", "goal", name=op.f("goal_key")),
    )
    op.create_table(
        "milestone",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("effort_area", sa.Text(), nullable=True),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["plan"], ["plan.plan"], name=op.f("milestone_plan_known")),
        sa.PrimaryKeyConstraint("plan", "milestone", name=op.f("milestone_key")),
    )
    op.create_table(
        "partnership",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint("joined_on <= left_on", name=op.f("partnership_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.organisation"], name=op.f("partnership_organisation_known")
        ),
        sa.ForeignKeyConstraint(["plan"], ["plan.plan"], name=op.f("partnership_plan_known")),
        sa.PrimaryKeyConstraint("plan", "organisation", "role", "joined_on", name=op.f("partnership_key")),
    )
    op.create_index(
        "partnership_open_once",
        "partnership",
        ["plan", "organisation", "role"],
        unique=True,
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.create_table(
        "assessment",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("attainment", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["plan", "goal"], ["goal.plan", "goal.goal"], name="assessment_goal_known"),
        sa.PrimaryKeyConstraint("plan", "goal", "year", name=op.f("assessment_key")),
    )
    op.add_column("plan", sa.Column("closed_on", sa.Date(), nullable=True))
    op.create_check_constraint("plan_closed_after_its_start", "plan", "start_on <= closed_on")


def _activities() -> None:
    op.create_table(
        "anchoring",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("funding_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("anchoring_activity_known")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.organisation"], name=op.f("anchoring_organisation_known")
        ),
        sa.PrimaryKeyConstraint("activity", name=op.f("anchoring_key")),
    )
    op.create_table(
        "business",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("business", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("members", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("founded_on <= closed_on", name=op.f("business_dates_in_order")),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("business_activity_known")),
        sa.PrimaryKeyConstraint("activity", "business", name=op.f("business_key")),
    )
    op.create_table(
        "course",
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("start_on <= closed_on", name=op.f("course_closed_after_its_start")),
        sa.CheckConstraint("start_on <= end_on", name=op.f("course_dates_in_order")),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("course_activity_known")),
        sa.PrimaryKeyConstraint("course", name=op.f("course_key")),
    )
    op.create_index(op.f("course_by_activity"), "course", ["activity"], unique=False)
    op.create_table(
        "mentoring",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("engaged_on", sa.Date(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.CheckConstraint("engaged_on <= released_on", name=op.f("mentoring_dates_in_order")),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("mentoring_activity_known")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.organisation"], name=op.f("mentoring_organisation_known")
        ),
        sa.PrimaryKeyConstraint("activity", "organisation", "engaged_on", name=op.f("mentoring_key")),
    )
    op.create_index(
        "mentoring_open_once",
        "mentoring",
        ["activity", "organisation"],
        unique=True,
        postgresql_where=sa.text("released_on IS NULL"),
    )


def _people() -> None:
    op.create_table(
        "erasure",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("erased_by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("erasure_key")),
    )
    op.create_table(
        "instrument",
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("scale_min", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("scale_max", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.CheckConstraint("scale_min < scale_max", name=op.f("instrument_scale_in_order")),
        sa.PrimaryKeyConstraint("instrument", name=op.f("instrument_key")),
    )
    op.create_table(
        "measurement",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("wave", sa.Text(), nullable=False),
        sa.Column("lens", sa.Text(), nullable=False),
        sa.Column("respondent", sa.Text(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("score", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("measurement_activity_known")),
        sa.ForeignKeyConstraint(["instrument"], ["instrument.instrument"], name=op.f("measurement_instrument_known")),
        sa.PrimaryKeyConstraint(
            "activity", "participant", "course", "wave", "lens", "respondent", name=op.f("measurement_key")
        ),
    )
    op.create_index(op.f("measurement_by_participant"), "measurement", ["participant"], unique=False)
    op.create_table(
        "volunteering",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("engaged_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint("engaged_on <= left_on", name=op.f("volunteering_dates_in_order")),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("volunteering_activity_known")),
        sa.PrimaryKeyConstraint("activity", "volunteer", "role", "engaged_on", name=op.f("volunteering_key")),
    )
    op.create_index(op.f("volunteering_by_volunteer"), "volunteering", ["volunteer"], unique=False)
    op.create_index(
        "volunteering_open_once",
        "volunteering",
        ["activity", "volunteer", "role"],
        unique=True,
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.add_column("attendance", sa.Column("cancelled", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index(op.f("enrolment_by_participant"), "enrolment", ["participant"], unique=False)
    op.create_index(
        "enrolment_open_once",
        "enrolment",
        ["activity", "participant", "course"],
        unique=True,
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.drop_constraint("attendance_counts_one_way", "attendance")
    op.create_check_constraint(
        "attendance_counts_one_way",
        "attendance",
        "num_nonnulls(participants, headcount) = CASE WHEN cancelled THEN 0 ELSE 1 END",
    )
    # Somebody who left may come back: a stay is told from another of the same course by its first day.
    op.drop_constraint("enrolment_key", "enrolment")
    op.create_primary_key("enrolment_key", "enrolment", ["activity", "participant", "course", "enrolled_on"])


def _sharing() -> None:
    op.create_table(
        "practice",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("what_works", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("practice_activity_known")),
        sa.PrimaryKeyConstraint("activity", name=op.f("practice_key")),
    )
    op.create_table(
        "story",
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("lenses", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("consent_reference", sa.Text(), nullable=True),
        sa.Column("published_in", sa.Text(), nullable=True),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN withdrawn THEN num_nonnulls(title, text, consent_reference, published_in) = 0"
            " ELSE num_nulls(title, text, consent_reference) = 0 END",
            name=op.f("story_told_or_withdrawn"),
        ),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("story_activity_known")),
        sa.ForeignKeyConstraint(["area"], ["area.area"], name=op.f("story_area_known")),
        sa.PrimaryKeyConstraint("story", name=op.f("story_key")),
    )
    op.create_index(op.f("story_by_area"), "story", ["area"], unique=False)
    op.create_table(
        "adoption",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("source_activity", sa.Text(), nullable=False),
        sa.Column("adaptation", sa.Text(), nullable=True),
        sa.CheckConstraint("activity <> source_activity", name=op.f("adoption_from_another")),
        sa.ForeignKeyConstraint(["activity"], ["activity.activity"], name=op.f("adoption_activity_known")),
        sa.ForeignKeyConstraint(
            ["source_activity"], ["practice.activity"], name=op.f("adoption_source_activity_known")
        ),
        sa.PrimaryKeyConstraint("activity", "source_activity", name=op.f("adoption_key")),
    )
    op.create_index(op.f("adoption_by_source_activity"), "adoption", ["source_activity"], unique=False)
