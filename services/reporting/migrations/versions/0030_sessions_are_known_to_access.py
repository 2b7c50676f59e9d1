"""Invitations and sessions are known to access."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.drop_table("spent_pass")


def downgrade() -> None:
    """Go back to the one before."""
    op.create_table(
        "spent_pass",
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("identifier", name=op.f("spent_pass_key")),
    )
