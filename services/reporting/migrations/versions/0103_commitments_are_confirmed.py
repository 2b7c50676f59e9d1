"""When the network confirmed what an area had stated; commitments from before wait for its word."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "confirmation",
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("commitment", name=op.f("confirmation_key")),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("confirmation")
