"""Withheld payouts, reversals, budgets, annual statements, and a journal that only grows and is sealed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSERT_ONLY = ("ledger_entry", "ledger_seal", "budget_version")


def upgrade() -> None:
    """Go to this revision."""
    _learn_more_of_what_is_there()
    _add_budget_and_statements()
    _seal_the_journal()
    _let_the_journal_only_grow()


def _learn_more_of_what_is_there() -> None:
    op.add_column("commitment", sa.Column("withheld_on", sa.Date(), nullable=True))
    op.add_column("commitment", sa.Column("withheld_reason", sa.Text(), nullable=True))
    op.add_column("receipt", sa.Column("amount_ore", sa.BigInteger(), nullable=True))
    op.add_column("receipt", sa.Column("received_on", sa.Date(), nullable=True))
    op.add_column("receipt", sa.Column("reference", sa.Text(), nullable=True))
    # What a receipt said is in the log.
    op.execute(
        """
        UPDATE receipt SET amount_ore = told.amount_ore, received_on = told.date, reference = told.reference
        FROM event_log,
             jsonb_to_record(event_log.body::jsonb -> 'data')
             AS told(receipt text, amount_ore bigint, date date, reference text)
        WHERE event_log.type = 'dk.helhedsnet.funding.received.v1' AND told.receipt = receipt.receipt
        """
    )
    op.alter_column("receipt", "amount_ore", nullable=False)
    op.alter_column("receipt", "received_on", nullable=False)
    op.create_check_constraint(op.f("receipt_amount_positive"), "receipt", "amount_ore > 0")
    op.create_index(op.f("receipt_by_commitment"), "receipt", ["commitment"])
    op.add_column("expense", sa.Column("reversal", sa.Text(), nullable=True))
    op.add_column("expense", sa.Column("reversed_on", sa.Date(), nullable=True))
    op.add_column("expense", sa.Column("reversal_reason", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("expense_reversed_after"),
        "expense",
        "(reversal IS NULL) = (reversed_on IS NULL) AND reversed_on >= incurred_on",
    )
    op.create_unique_constraint(op.f("expense_reversal_once"), "expense", ["reversal"])
    op.drop_index(op.f("expense_by_plan"), "expense")
    op.create_index("expense_by_plan", "expense", ["plan", "incurred_on", "expense"])


def _add_budget_and_statements() -> None:
    op.create_table(
        "pool",
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("effort_areas", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("pool", name=op.f("pool_key")),
    )
    op.create_table(
        "budget_line",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("effort_area", sa.Text(), nullable=False),
        sa.Column("cost_type", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_ore >= 0", name=op.f("budget_line_not_below_zero")),
        sa.ForeignKeyConstraint(["plan"], ["plan.plan"], name=op.f("budget_line_plan_known")),
        sa.PrimaryKeyConstraint("plan", "line", name=op.f("budget_line_key")),
    )
    op.create_table(
        "budget_version",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("approval_reference", sa.Text(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "kind IN ('approved', 'reallocation', 'carry_forward')", name=op.f("budget_version_kind_known")
        ),
        sa.ForeignKeyConstraint(["plan"], ["plan.plan"], name=op.f("budget_version_plan_known")),
        sa.PrimaryKeyConstraint("plan", "version", name=op.f("budget_version_key")),
    )
    op.create_table(
        "statement",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("auditor_reference", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("explanations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("status IN ('submitted', 'returned', 'accepted')", name=op.f("statement_status_known")),
        sa.CheckConstraint(
            "(status = 'submitted') = (decided_on IS NULL)", name=op.f("statement_decided_or_submitted")
        ),
        sa.ForeignKeyConstraint(["plan"], ["plan.plan"], name=op.f("statement_plan_known")),
        sa.PrimaryKeyConstraint("plan", "year", name=op.f("statement_key")),
    )


def _seal_the_journal() -> None:
    for column, kind, before in (
        ("budget_version", sa.Integer(), "0"),
        ("seals", sa.BigInteger(), "0"),
        ("seal", sa.LargeBinary(), "''"),
    ):
        op.add_column("plan", sa.Column(column, kind, nullable=False, server_default=sa.text(before)))
        op.alter_column("plan", column, server_default=None)
    op.create_table(
        "ledger_seal",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sequence"], ["event_log.sequence"], name="ledger_seal_event_known"),
        sa.PrimaryKeyConstraint("sequence", name=op.f("ledger_seal_key")),
        sa.UniqueConstraint("plan", "number", name=op.f("ledger_seal_one_chain")),
    )


def _let_the_journal_only_grow() -> None:
    """Refuse every change of what is written: by a trigger, which holds for the owner too, and by taking the right."""
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
        END
        $$
        """
    )
    for table in INSERT_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER")
