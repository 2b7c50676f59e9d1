"""Sessions that are planned; guests and who did not come, which the sessions of before have none of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "planned_session",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Text(), nullable=True),
        sa.Column("hours", sa.Numeric(precision=4, scale=2), nullable=True),
        sa.PrimaryKeyConstraint("activity", "session", name=op.f("planned_session_key")),
    )
    op.add_column("session", sa.Column("guests", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("session", sa.Column("absent", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("session", sa.Column("headcount", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    for name in ("headcount", "absent", "guests"):
        op.drop_column("session", name)
    op.drop_table("planned_session")
