"""The trace that an event was posted in, where traces are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("event_log", sa.Column("trace", sa.Text(), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("event_log", "trace")
