"""That an entry's event is in the log is checked once per event, by its seal."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.drop_constraint("ledger_entry_event_known", "ledger_entry", type_="foreignkey")


def downgrade() -> None:
    """Go back to the one before."""
    op.create_foreign_key("ledger_entry_event_known", "ledger_entry", "event_log", ["sequence"], ["sequence"])
