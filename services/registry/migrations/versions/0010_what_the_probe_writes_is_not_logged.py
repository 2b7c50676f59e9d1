"""What is written to see whether there is space does not go through PostgreSQL's own log."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.execute("ALTER TABLE probe SET UNLOGGED")


def downgrade() -> None:
    """Go back to the one before."""
    op.execute("ALTER TABLE probe SET LOGGED")
