"""The installation's name in the file of what has ended."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "memory",
        sa.Column("installation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("installation", name="memory_key"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("memory")
