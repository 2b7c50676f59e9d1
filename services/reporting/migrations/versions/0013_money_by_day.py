"""What moved on commitments is summed up by day too, so that no report reads single movements."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision; what was folded before is summed up from the facts."""
    op.create_table(
        "commitment_day",
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("committed_ore", sa.BigInteger(), nullable=False),
        sa.Column("released_ore", sa.BigInteger(), nullable=False),
        sa.Column("received_ore", sa.BigInteger(), nullable=False),
        sa.Column("spent_ore", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("commitment", "day", name=op.f("commitment_day_key")),
    )
    op.execute(
        """
        INSERT INTO commitment_day (commitment, day, committed_ore, released_ore, received_ore, spent_ore)
        SELECT commitment, moved_on, sum(committed_ore), sum(released_ore), sum(received_ore), sum(spent_ore)
        FROM movement GROUP BY commitment, moved_on
        """
    )
    op.create_index(op.f("commitment_day_by_day"), "commitment_day", ["day"], unique=False)
    op.drop_index(op.f("movement_by_moved_on"), table_name="movement")


def downgrade() -> None:
    """Go back to the one before."""
    op.create_index(op.f("movement_by_moved_on"), "movement", ["moved_on"], unique=False)
    op.drop_table("commitment_day")
