"""When a stay ended that was merged from two pseudonyms, and since when it goes on as one."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    for table in ("enrolment", "volunteering"):
        op.add_column(table, sa.Column("ended_on", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("merged_sequence", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    for table in ("volunteering", "enrolment"):
        op.drop_column(table, "merged_sequence")
        op.drop_column(table, "ended_on")
