"""Which event booked or took back an expense, and which fact moved money; facts of before are named by a rebuild."""

import sqlalchemy as sa
from alembic import op

revision = "0146"
down_revision = "0145"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("expense", sa.Column("booked_sequence", sa.BigInteger(), nullable=True))
    op.add_column("expense", sa.Column("reversed_sequence", sa.BigInteger(), nullable=True))
    op.add_column("movement", sa.Column("fact", sa.Text(), nullable=True))
    op.create_index(op.f("movement_by_commitment_moved_on"), "movement", ["commitment", "moved_on"], unique=False)


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_index(op.f("movement_by_commitment_moved_on"), table_name="movement")
    op.drop_column("movement", "fact")
    op.drop_column("expense", "reversed_sequence")
    op.drop_column("expense", "booked_sequence")
