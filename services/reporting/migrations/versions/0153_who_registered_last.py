"""What areas registered last, and who did; of before there is nothing until all is folded anew."""

import sqlalchemy as sa
from alembic import op

revision = "0153"
down_revision = "0151"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "latest_registration",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("fact_on", sa.Date(), nullable=True),
        sa.Column("authtype", sa.Text(), nullable=True),
        sa.Column("authid", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("owner", "sequence", name="latest_registration_key"),
    )
    op.create_index("latest_registration_by_area_owner_sequence", "latest_registration", ["area", "owner", "sequence"])


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("latest_registration")
