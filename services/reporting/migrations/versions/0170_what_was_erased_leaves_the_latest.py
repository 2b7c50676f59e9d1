"""What an area registered last goes with whom it is of, when that person or story is erased."""

import sqlalchemy as sa
from alembic import op

revision = "0170"
down_revision = "0163"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision; of whom those of before were is not known, and they come back when all is folded anew."""
    op.add_column("latest_registration", sa.Column("subjects", sa.ARRAY(sa.Text()), nullable=True))
    op.execute(
        "DELETE FROM latest_registration WHERE split_part(name, '.', 1) IN ('participant', 'volunteer')"
        " OR name IN ('outcome.measured', 'followup.recorded', 'story.published')"
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("latest_registration", "subjects")
