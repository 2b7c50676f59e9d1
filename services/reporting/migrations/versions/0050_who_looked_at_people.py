"""Who looked at data of single persons; no rebuild touches that."""

from typing import Final

from alembic import op

from shared.backbone import migration

revision = "0050"
down_revision = "0041"
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
BEFORE: Final = (
    "'{agreement,alembic_version,event_log,event_log_head,forgery,log_epoch,parting,published_report,rejection,"
    "release,release_memory,released_cells,spent_pass}'"
)
NOW: Final = BEFORE.replace("parting", "lookup,lookup_head,lookup_person,parting")


def upgrade() -> None:
    """Go to this revision."""
    migration.note_lookups()
    op.execute(FIGURE_TABLES % NOW)


def downgrade() -> None:
    """Go back to the one before."""
    op.execute(FIGURE_TABLES % BEFORE)
    migration.forget_lookups()
