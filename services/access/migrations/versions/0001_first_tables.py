"""People, invitations, sessions, and keys of programs."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "person",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("areas", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("provider_subject", sa.Text(), nullable=True),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        *_end(),
        sa.PrimaryKeyConstraint("subject", name="person_key"),
        sa.UniqueConstraint("provider", "provider_subject", name="person_of_provider"),
    )
    op.create_table(
        "invitation",
        sa.Column("invitation", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("taken", MOMENT, nullable=True),
        *_end(),
        sa.PrimaryKeyConstraint("invitation", name="invitation_key"),
        sa.UniqueConstraint("secret", name="invitation_secret"),
        sa.ForeignKeyConstraint(["subject"], ["person.subject"], name="invitation_subject_known"),
    )
    op.create_table(
        "session",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("last_used", MOMENT, nullable=True),
        *_end(),
        sa.PrimaryKeyConstraint("session", name="session_key"),
        sa.UniqueConstraint("secret", name="session_secret"),
        sa.ForeignKeyConstraint(["subject"], ["person.subject"], name="session_subject_known"),
    )
    op.create_index("session_by_subject", "session", ["subject"])
    op.create_table(
        "program_key",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("areas", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("last_used", MOMENT, nullable=True),
        *_end(),
        sa.PrimaryKeyConstraint("subject", name="program_key_key"),
    )


def downgrade() -> None:
    """Go back to nothing."""
    for table in ("program_key", "session", "invitation", "person"):
        op.drop_table(table)


def _end() -> tuple[sa.Column[datetime], sa.Column[str]]:
    return sa.Column("ended", MOMENT, nullable=True), sa.Column("ended_by", sa.Text(), nullable=True)
