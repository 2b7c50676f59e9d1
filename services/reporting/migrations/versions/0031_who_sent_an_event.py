"""Who sent an event: what kind of sender, and under which opaque name; lines from before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    for name in ("authtype", "authid"):
        op.add_column("event_log", sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    for name in ("authid", "authtype"):
        op.drop_column("event_log", name)
