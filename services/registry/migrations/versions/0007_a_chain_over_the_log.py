"""A chain over the log, the log's identity, and with whom this service has parted."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from shared.backbone import migration

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What a line said that was rewritten before this is not known; it is taken for what stands there now.
REWRITTEN: Final = """
UPDATE erasure SET content = told.content, rewritten = told.rewritten FROM (
    SELECT sequence, sha256(digest || beyond) AS content,
           sha256(sha256(convert_to(body, 'UTF8')) || beyond) AS rewritten
    FROM (
        SELECT sequence, digest, body, int8send((extract(epoch FROM recorded) * 1000000)\\:\\:bigint)
               || convert_to(coalesce(outcome, ''), 'UTF8') AS beyond
        FROM event_log JOIN erasure USING (sequence)
    ) AS line
) AS told WHERE erasure.sequence = told.sequence
"""


def upgrade() -> None:
    """Go to this revision."""
    migration.tie_the_log_together()
    for column in ("content", "rewritten"):
        op.add_column("erasure", sa.Column(column, sa.LargeBinary(), nullable=True))
    op.execute(REWRITTEN)
    for column in ("content", "rewritten"):
        op.alter_column("erasure", column, nullable=False)


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_column("erasure", "rewritten")
    op.drop_column("erasure", "content")
    migration.untie_the_log()
