"""A number that moves with every fold which may have changed a count of people."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "frame_version",
        sa.Column("only_row", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("only_row", name=op.f("frame_version_only_row")),
        sa.PrimaryKeyConstraint("only_row", name=op.f("frame_version_key")),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("frame_version")
