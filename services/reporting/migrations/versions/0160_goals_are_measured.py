"""What a goal is measured by; no goal of before says so."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0160"
down_revision = "0153"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("goal", sa.Column("measure", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("goal", "measure")
