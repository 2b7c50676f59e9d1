"""A chain over the log, the log's identity, and with whom this service has parted."""

from typing import Final

from alembic import op

from shared.backbone import migration

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FIGURE_TABLES: Final = r"""
CREATE OR REPLACE FUNCTION figure_tables()
    RETURNS SETOF name LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'\:\:regnamespace AND relkind = 'r' AND relname <> ALL (%s\:\:name[])
        ORDER BY relname
    $$
"""
BEFORE: Final = "'{agreement,alembic_version,event_log,event_log_head,forgery,published_report,rejection,spent_pass}'"
NOW: Final = BEFORE.replace("forgery", "forgery,log_epoch,parting")


def upgrade() -> None:
    """Go to this revision."""
    migration.tie_the_log_together()
    op.execute(FIGURE_TABLES % NOW)


def downgrade() -> None:
    """Go back to the one before."""
    op.execute(FIGURE_TABLES % BEFORE)
    migration.untie_the_log()
