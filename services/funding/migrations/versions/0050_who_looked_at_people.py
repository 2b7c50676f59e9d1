"""Who looked at data of single persons."""

from shared.backbone import migration

revision = "0050"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    migration.note_lookups()


def downgrade() -> None:
    """Go back to the one before."""
    migration.forget_lookups()
