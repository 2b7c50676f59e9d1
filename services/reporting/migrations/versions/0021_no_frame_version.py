"""Nothing is decided while somebody reads, so that no number has to say when."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.drop_table("frame_version")


def downgrade() -> None:
    """Go back to the revision before."""
    op.create_table(
        "frame_version",
        sa.Column("only_row", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("only_row", name="frame_version_only_row"),
        sa.PrimaryKeyConstraint("only_row"),
    )
