"""What is sent to people who are not signed in, by whose rights of that moment."""

import sqlalchemy as sa
from alembic import op

revision = "0143"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "subscription",
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subject"], ["person.subject"], name="subscription_subject_known"),
        sa.PrimaryKeyConstraint("secret", name="subscription_key"),
    )
    op.create_index("subscription_by_subject", "subscription", ["subject"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("subscription")
