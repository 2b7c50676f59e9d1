"""What was held and worked is summed up by day too, so that no report reads single sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision; what was folded before is summed up from the facts."""
    op.create_table(
        "activity_day",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("cancelled_sessions", sa.Integer(), nullable=False),
        sa.Column("attendances", sa.Integer(), nullable=False),
        sa.Column("participant_hours", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("volunteer_hours", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.PrimaryKeyConstraint("activity", "day", name=op.f("activity_day_key")),
    )
    op.execute(
        """
        INSERT INTO activity_day (
            activity, day, sessions, cancelled_sessions, attendances, participant_hours, volunteer_hours
        )
        SELECT activity, day, sum(held), sum(cancelled), sum(attendances), sum(attendances * hours), sum(worked)
        FROM (
            SELECT activity, held_on AS day, (NOT is_cancelled)::int AS held, is_cancelled::int AS cancelled,
                   attendances, hours, 0 AS worked
            FROM session
            UNION ALL
            SELECT activity, worked_on, 0, 0, 0, 0, hours FROM volunteer_hours
        ) AS fact
        GROUP BY activity, day
        """
    )
    op.create_index(op.f("activity_day_by_day"), "activity_day", ["day"], unique=False)
    op.drop_index(op.f("session_by_held_on"), table_name="session")
    op.drop_index(op.f("volunteer_hours_by_worked_on"), table_name="volunteer_hours")


def downgrade() -> None:
    """Go back to the one before."""
    op.create_index(op.f("volunteer_hours_by_worked_on"), "volunteer_hours", ["worked_on"], unique=False)
    op.create_index(op.f("session_by_held_on"), "session", ["held_on"], unique=False)
    op.drop_table("activity_day")
