"""What the last comparison with the ledger found, and room for any sum of attendance that can be posted."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ROLLUPS = ("activity_month", "activity_day")


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "agreement",
        sa.Column("only_row", sa.Boolean(), nullable=False),
        sa.Column("compared", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("plans", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("only_row", name=op.f("agreement_only_row")),
        sa.CheckConstraint("(since IS NULL) = (plans = '{}')", name=op.f("agreement_since_it_differs")),
        sa.PrimaryKeyConstraint("only_row", name=op.f("agreement_key")),
    )
    for table in ROLLUPS:
        op.execute(
            f"ALTER TABLE {table} ALTER attendances TYPE bigint, ALTER participant_hours TYPE numeric(20, 2),"
            " ALTER volunteer_hours TYPE numeric(20, 2)"
        )


def downgrade() -> None:
    """Go back to the one before."""
    for table in ROLLUPS:
        op.execute(
            f"ALTER TABLE {table} ALTER attendances TYPE integer, ALTER participant_hours TYPE numeric(14, 2),"
            " ALTER volunteer_hours TYPE numeric(14, 2)"
        )
    op.drop_table("agreement")
