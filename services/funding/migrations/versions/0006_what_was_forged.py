"""What stood on a stream and was not signed by its owner."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "forgery",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("messages > 0", name=op.f("forgery_has_messages")),
        sa.PrimaryKeyConstraint("owner", name=op.f("forgery_key")),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("forgery")
