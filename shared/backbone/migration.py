"""What the migration that ties a log together does, alike in the three services. Later migrations do not change it."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# The chain after each line of a run, by the content of each. A loop takes half as long as an aggregate over a window.
CHAINED: Final = """
CREATE FUNCTION chained(before bytea, contents bytea[]) RETURNS bytea[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    chain bytea := before;
    chains bytea[] := '{}';
    content bytea;
BEGIN
    FOREACH content IN ARRAY contents LOOP
        chain := sha256(chain || content);
        chains := chains || chain;
    END LOOP;
    RETURN chains;
END $$
"""
CHAIN: Final = """
DO $$
DECLARE
    before bytea := '';
    line record;
BEGIN
    FOR line IN
        SELECT sequence, sha256(
            digest || int8send((extract(epoch FROM recorded) * 1000000)\\:\\:bigint)
            || convert_to(coalesce(outcome, ''), 'UTF8')
        ) AS content
        FROM event_log ORDER BY sequence
    LOOP
        before := sha256(before || line.content);
        UPDATE event_log SET chain = before WHERE sequence = line.sequence;
    END LOOP;
END $$
"""
HEAD: Final = """
UPDATE event_log_head SET
    chain = coalesce((SELECT chain FROM event_log ORDER BY sequence DESC LIMIT 1), ''),
    recorded = (SELECT max(recorded) FROM event_log)
"""


def tie_the_log_together() -> None:
    """Give each line of the log its chain, the log its identity, and positions the place of both."""
    op.execute(CHAINED)
    op.add_column("event_log", sa.Column("chain", sa.LargeBinary(), nullable=True))
    op.execute(CHAIN)
    op.alter_column("event_log", "chain", nullable=False)
    op.add_column("event_log_head", sa.Column("chain", sa.LargeBinary(), nullable=True))
    op.add_column("event_log_head", sa.Column("recorded", sa.DateTime(timezone=True), nullable=True))
    op.add_column("event_log_head", sa.Column("key", sa.LargeBinary(), nullable=True))
    op.execute(HEAD)
    op.alter_column("event_log_head", "chain", nullable=False)
    op.create_table(
        "log_epoch",
        sa.Column("number", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("epoch", postgresql.UUID(), nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("log_epoch_key")),
        sa.UniqueConstraint("epoch", name="log_epoch_once"),
    )
    op.execute(
        "INSERT INTO log_epoch (epoch, begun, sequence, reason)"
        " SELECT gen_random_uuid(), now(), sequence, 'founded' FROM event_log_head"
    )
    op.add_column("position", sa.Column("epoch", postgresql.UUID(), nullable=True))
    op.add_column("position", sa.Column("chain", sa.LargeBinary(), nullable=True))
    op.create_table(
        "parting",
        sa.Column("follower", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("follower", "owner", name=op.f("parting_key")),
    )


def untie_the_log() -> None:
    """Take all of that away again."""
    op.drop_table("parting")
    op.drop_column("position", "chain")
    op.drop_column("position", "epoch")
    op.drop_table("log_epoch")
    op.drop_column("event_log_head", "key")
    op.drop_column("event_log_head", "recorded")
    op.drop_column("event_log_head", "chain")
    op.drop_column("event_log", "chain")
    op.execute("DROP FUNCTION chained(bytea, bytea[])")


def note_lookups() -> None:
    """Make the tables of who looked at data of single persons."""
    op.create_table(
        "lookup",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("authtype", "authid", "route", "collection")),
        sa.Column("reason", sa.Text(), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("people", "chain")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("lookup_key")),
    )
    op.create_table(
        "lookup_head",
        sa.Column("only_row", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("only_row", name="lookup_head_only_row"),
        sa.PrimaryKeyConstraint("only_row", name=op.f("lookup_head_key")),
    )
    op.execute("INSERT INTO lookup_head (only_row, sequence, chain) VALUES (true, 0, '')")
    op.create_table(
        "lookup_person",
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.CheckConstraint("num_nulls(person, salt) IN (0, 2)", name="lookup_person_erased_whole"),
        sa.ForeignKeyConstraint(["sequence"], ["lookup.sequence"], name=op.f("lookup_person_sequence_known")),
        sa.PrimaryKeyConstraint("sequence", "place", name=op.f("lookup_person_key")),
    )
    op.create_index(op.f("lookup_person_by_person"), "lookup_person", ["person"])


def forget_lookups() -> None:
    """Take them away again."""
    for table in ("lookup_person", "lookup_head", "lookup"):
        op.drop_table(table)
