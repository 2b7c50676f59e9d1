"""Which areas a plan was approved for, and which of them have consented."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision; the plans that are known belong to all of their areas."""
    op.create_table(
        "plan_consent",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "area", name=op.f("plan_consent_key")),
    )
    op.add_column("plan", sa.Column("approved_areas", postgresql.ARRAY(sa.Text()), nullable=True))
    op.execute("UPDATE plan SET approved_areas = areas")
    op.alter_column("plan", "approved_areas", nullable=False)


def downgrade() -> None:
    """Go back to the one before; a plan stays with the areas that have consented to it."""
    op.drop_column("plan", "approved_areas")
    op.drop_table("plan_consent")
