"""Which pseudonyms are one person, and under which consent was withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "merging",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("participant", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.Text(), nullable=False),
        sa.CheckConstraint("participant <> merged_into", name="merging_of_two"),
        sa.ForeignKeyConstraint(["area"], ["area.area"], name=op.f("merging_area_references_area")),
        sa.PrimaryKeyConstraint("area", "participant", name=op.f("merging_key")),
    )
    op.create_index(op.f("merging_by_participant"), "merging", ["participant"])
    op.create_index(op.f("merging_by_merged_into"), "merging", ["merged_into"])
    op.create_table(
        "withdrawn",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["area"], ["area.area"], name=op.f("withdrawn_area_references_area")),
        sa.PrimaryKeyConstraint("area", "digest", name=op.f("withdrawn_key")),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("withdrawn")
    op.drop_table("merging")
