"""Who is sent mail on Mondays, and who has a calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0143"
down_revision = "0104"
branch_labels = None
depends_on = None

# A rebuild leaves what the list names; whoever comes after this one may have made it longer.
KEPT = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef(CAST('figure_tables()' AS regprocedure)), '%s', '%s');
END $do$
"""
BEFORE, AFTER = "{agreement,", "{agreement,calendar_address,mail_subscription,"


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "mail_subscription",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled", sa.Date(), nullable=False),
        sa.Column("told", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("refused", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name="mail_subscription_key"),
        sa.UniqueConstraint("link", name="mail_subscription_link"),
    )
    op.create_table(
        "calendar_address",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="calendar_address_key"),
        sa.UniqueConstraint("secret", name="calendar_address_secret"),
    )
    op.execute(KEPT % (BEFORE, AFTER))


def downgrade() -> None:
    """Go back to the one before."""
    op.execute(KEPT % (AFTER, BEFORE))
    op.drop_table("calendar_address")
    op.drop_table("mail_subscription")
