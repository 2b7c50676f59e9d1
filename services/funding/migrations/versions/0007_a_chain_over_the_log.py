"""A chain over the log, the log's identity, and with whom this service has parted."""

from shared.backbone import migration

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    migration.tie_the_log_together()


def downgrade() -> None:
    """Go back to the one before."""
    migration.untie_the_log()
