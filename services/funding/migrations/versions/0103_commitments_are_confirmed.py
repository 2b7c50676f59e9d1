"""When the network confirmed what an area had stated; commitments from before wait for its word."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("commitment", sa.Column("confirmed_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("commitment", "confirmed_on")
