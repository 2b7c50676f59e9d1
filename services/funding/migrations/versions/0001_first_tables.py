"""Funding's first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "activity",
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("activity", name=op.f("activity_key")),
    )
    op.create_table(
        "dead_letter",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("dead_since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "sequence", name=op.f("dead_letter_key")),
    )
    op.create_table(
        "event_log",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("event_log_key")),
        sa.UniqueConstraint("source", "id", name=op.f("event_log_identity")),
    )
    op.create_table(
        "event_log_head",
        sa.Column("only_row", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("only_row", name=op.f("event_log_head_only_row")),
        sa.PrimaryKeyConstraint("only_row", name=op.f("event_log_head_key")),
    )
    op.create_table(
        "plan",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("agreed_ore", sa.BigInteger(), nullable=False),
        sa.Column("spent_ore", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("spent_ore BETWEEN 0 AND agreed_ore", name=op.f("plan_spent_within_agreed")),
        sa.PrimaryKeyConstraint("plan", name=op.f("plan_key")),
    )
    op.create_table(
        "position",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("position_key")),
    )
    op.create_table(
        "account",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("balance_ore", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("account_has_an_entry")),
        sa.ForeignKeyConstraint(["plan"], ["plan.plan"], name=op.f("account_plan_known")),
        sa.PrimaryKeyConstraint("plan", "account", name=op.f("account_key")),
    )
    op.create_table(
        "commitment",
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=False),
        sa.Column("funder_kind", sa.Text(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("in_kind", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("committed_on", sa.Date(), nullable=False),
        sa.Column("released_ore", sa.BigInteger(), nullable=False),
        sa.Column("received_ore", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_ore > 0", name=op.f("commitment_amount_positive")),
        sa.CheckConstraint("received_ore BETWEEN 0 AND released_ore", name=op.f("commitment_received_within_released")),
        sa.CheckConstraint("released_ore BETWEEN 0 AND amount_ore", name=op.f("commitment_released_within_committed")),
        sa.ForeignKeyConstraint(["plan"], ["plan.plan"], name=op.f("commitment_plan_known")),
        sa.PrimaryKeyConstraint("commitment", name=op.f("commitment_key")),
    )
    op.create_index(op.f("commitment_by_plan"), "commitment", ["plan"], unique=False)
    op.create_table(
        "expense",
        sa.Column("expense", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("incurred_on", sa.Date(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("shares", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("amount_ore > 0", name=op.f("expense_amount_positive")),
        sa.ForeignKeyConstraint(["plan"], ["plan.plan"], name=op.f("expense_plan_known")),
        sa.PrimaryKeyConstraint("expense", name=op.f("expense_key")),
    )
    op.create_index(op.f("expense_by_plan"), "expense", ["plan"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.Column("from_account", sa.Text(), nullable=False),
        sa.Column("from_before_ore", sa.BigInteger(), nullable=False),
        sa.Column("from_after_ore", sa.BigInteger(), nullable=False),
        sa.Column("from_version", sa.BigInteger(), nullable=False),
        sa.Column("to_account", sa.Text(), nullable=False),
        sa.Column("to_before_ore", sa.BigInteger(), nullable=False),
        sa.Column("to_after_ore", sa.BigInteger(), nullable=False),
        sa.Column("to_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_ore > 0", name=op.f("ledger_entry_amount_positive")),
        sa.CheckConstraint("from_account <> to_account", name=op.f("ledger_entry_between_two_accounts")),
        sa.CheckConstraint("from_after_ore = from_before_ore - amount_ore", name=op.f("ledger_entry_from_adds_up")),
        sa.CheckConstraint("to_after_ore = to_before_ore + amount_ore", name=op.f("ledger_entry_to_adds_up")),
        sa.ForeignKeyConstraint(["sequence"], ["event_log.sequence"], name="ledger_entry_event_known"),
        sa.PrimaryKeyConstraint("sequence", "place", name=op.f("ledger_entry_key")),
    )
    op.create_index("ledger_entry_by_plan", "ledger_entry", ["plan", "sequence", "place"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["commitment"], ["commitment.commitment"], name=op.f("receipt_commitment_known")),
        sa.PrimaryKeyConstraint("receipt", name=op.f("receipt_key")),
    )
    op.execute("INSERT INTO event_log_head (only_row, sequence) VALUES (true, 0)")
