"""Which figure a goal is measured by."""

import sqlalchemy as sa
from alembic import op

revision = "0160"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("goal", sa.Column("figure", sa.Text(), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("goal", "figure")
