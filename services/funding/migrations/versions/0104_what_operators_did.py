"""What operators did that no event says, in a table that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

REFUSED = """
CREATE FUNCTION deed_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'deed only grows';
END $$
"""


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "deed",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("authtype", sa.Text(), nullable=False),
        sa.Column("authid", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="deed_key"),
    )
    op.execute(REFUSED)
    op.execute(
        "CREATE TRIGGER deed_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON deed"
        " FOR EACH STATEMENT EXECUTE FUNCTION deed_only_grows()"
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("deed")
    op.execute("DROP FUNCTION deed_only_grows()")
