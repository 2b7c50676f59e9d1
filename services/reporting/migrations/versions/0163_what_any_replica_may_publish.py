"""What any replica may publish, though another one has made it."""

import sqlalchemy as sa
from alembic import op

revision = "0163"
down_revision = "0160"
branch_labels = None
depends_on = None

# A rebuild leaves what the list names; whoever comes after this one may have made it longer.
KEPT = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef(CAST('figure_tables()' AS regprocedure)), '%s', '%s');
END $do$
"""
BEFORE, AFTER = "{agreement,", "{agreement,made_report,"


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "made_report",
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("etag", name="made_report_key"),
    )
    op.execute(KEPT % (BEFORE, AFTER))


def downgrade() -> None:
    """Go back to the one before."""
    op.execute(KEPT % (AFTER, BEFORE))
    op.drop_table("made_report")
