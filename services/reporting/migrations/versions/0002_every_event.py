"""Courses, volunteers, mentors, businesses, stories, change, practices and milestones; all is folded again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FOLDED = (
    "activity",
    "activity_month",
    "area",
    "commitment",
    "commitment_month",
    "effort_area",
    "enrolment",
    "freshness",
    "last_event",
    "movement",
    "plan",
    "presence",
    "session",
)


def upgrade() -> None:
    """Go to this revision."""
    # What was read before has left out the events that are folded from now on: from position 0 the consumers read the
    # owners' logs again.
    op.execute(f"TRUNCATE {', '.join(FOLDED)}, position")
    op.create_table(
        "adoption",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("source_activity", sa.Text(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("activity", "source_activity", name=op.f("adoption_key")),
    )
    op.create_table(
        "business",
        sa.Column("business", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("business", name=op.f("business_key")),
    )
    op.create_table(
        "course",
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("course", name=op.f("course_key")),
    )
    op.create_table(
        "leaving",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("activity", "participant", "sequence", name=op.f("leaving_key")),
    )
    op.create_table(
        "measurement",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("lens", sa.Text(), nullable=False),
        sa.Column("respondent", sa.Text(), nullable=False),
        sa.Column("wave", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("score", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("scale_min", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("scale_max", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.PrimaryKeyConstraint(
            "activity", "participant", "course", "lens", "respondent", "wave", name=op.f("measurement_key")
        ),
    )
    op.create_table(
        "mentoring",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_engaged", sa.Boolean(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("activity", "organisation", "sequence", name=op.f("mentoring_key")),
    )
    op.create_table(
        "milestone",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("effort_area", sa.Text(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("plan", "milestone", name=op.f("milestone_key")),
    )
    op.create_table(
        "plan_end",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "sequence", name=op.f("plan_end_key")),
    )
    op.create_table(
        "practice",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("what_works", sa.Text(), nullable=False),
        sa.Column("shared_on", sa.Date(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("activity", name=op.f("practice_key")),
    )
    op.create_table(
        "statement",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "year", name=op.f("statement_key")),
    )
    op.create_table(
        "story",
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=True),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("story", name=op.f("story_key")),
    )
    op.create_table(
        "volunteer_hours",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("volunteer_hours_key")),
    )
    op.create_index(op.f("volunteer_hours_by_worked_on"), "volunteer_hours", ["worked_on"], unique=False)
    op.create_table(
        "volunteering",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("volunteer", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_engaged", sa.Boolean(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("activity", "volunteer", "role", "sequence", name=op.f("volunteering_key")),
    )
    op.add_column("activity", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("activity", sa.Column("reopened_sequence", sa.BigInteger(), nullable=True))
    op.add_column("activity", sa.Column("ended_sequence", sa.BigInteger(), nullable=True))
    op.add_column("activity", sa.Column("anchored_on", sa.Date(), nullable=True))
    op.add_column("activity", sa.Column("anchored_by", sa.Text(), nullable=True))
    op.add_column("activity", sa.Column("anchored_from", sa.Date(), nullable=True))
    op.add_column("activity", sa.Column("anchored_sequence", sa.BigInteger(), nullable=True))
    op.add_column("activity_month", sa.Column("cancelled_sessions", sa.Integer(), nullable=False))
    op.add_column("activity_month", sa.Column("volunteer_hours", sa.Numeric(precision=14, scale=2), nullable=False))
    op.add_column("enrolment", sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False))
    op.add_column("enrolment", sa.Column("course", sa.Text(), nullable=True))
    op.add_column("session", sa.Column("is_cancelled", sa.Boolean(), nullable=False))
    op.drop_constraint("enrolment_key", "enrolment", type_="primary")
    op.create_primary_key("enrolment_key", "enrolment", ["activity", "participant", "sequence"])
