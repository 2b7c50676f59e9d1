"""Where it is seen whether there is space to write."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "probe",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filling", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("probe_key")),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("probe")
