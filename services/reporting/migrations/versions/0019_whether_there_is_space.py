"""Where it is seen whether there is space to write."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


# What a rebuild leaves alone, with the probe and without it.
KEPT: Final = (
    "agreement,alembic_version,event_log,event_log_head,forgery,log_epoch,parting,{probe}published_report,rejection,"
    "spent_pass"
)
FIGURE_TABLES: Final = """
    CREATE OR REPLACE FUNCTION public.figure_tables()
    RETURNS SETOF name LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL ('{%s}'::name[])
        ORDER BY relname
    $$
"""


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "probe",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filling", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("probe_key")),
    )
    op.execute(FIGURE_TABLES % KEPT.format(probe="probe,"))


def downgrade() -> None:
    """Go back to the one before."""
    op.execute(FIGURE_TABLES % KEPT.format(probe=""))
    op.drop_table("probe")
