"""Releases: what readers outside an area are told of people. They only grow, and no rebuild replaces them.

They tell by age band and gender too, which enrolments have from now on; a rebuild finds those that came before.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
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
    "spent_pass}'"
)
NOW: Final = BEFORE.replace("rejection", "rejection,release,release_memory,released_cells")
# What is told is never changed, nor is it taken back.
ONLY_GROW: Final = ("release", "released_cells")
TRAITS: Final = ("age_band", "gender")


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "release",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("cursor", postgresql.JSONB(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("changed", postgresql.JSONB(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("number > 0 AND months > 0 AND threshold > 0", name=op.f("release_counts_from_one")),
        sa.CheckConstraint(
            "month = begins + make_interval(months => months - 1) AND extract(day FROM begins) = 1",
            name=op.f("release_of_whole_months"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("release_key")),
        sa.UniqueConstraint("month", name=op.f("release_one_a_month")),
    )
    op.create_table(
        "released_cells",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("cells", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("jsonb_typeof(cells) = 'object' AND cells <> '{}'", name=op.f("released_cells_are_some")),
        sa.PrimaryKeyConstraint("number", "area", "part", name=op.f("released_cells_key")),
    )
    op.create_table(
        "release_memory",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("counted", postgresql.JSONB(), nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.Column("hidden", postgresql.JSONB(), nullable=False),
        sa.Column("past", postgresql.JSONB(), nullable=False),
        sa.Column("moves", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("number", "family", "area", name=op.f("release_memory_key")),
    )
    for column in TRAITS:
        op.add_column("enrolment", sa.Column(column, sa.Text(), nullable=True))
    _let_what_is_told_only_grow()
    op.execute(FIGURE_TABLES % NOW)


def _let_what_is_told_only_grow() -> None:
    """Refuse every change of it by a trigger, which holds for the tables' owner too."""
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
        END
        $$
        """
    )
    for table in ONLY_GROW:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Go back to the one before."""
    op.execute(FIGURE_TABLES % BEFORE)
    for table in ("release_memory", "released_cells", "release"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change()")
    for column in TRAITS:
        op.drop_column("enrolment", column)
