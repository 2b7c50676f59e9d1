"""Who changed whose access, noted by the database itself, in a table that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

# Which statement on which table is noted as what; a session that its own person ends changes nobody's access.
NOTED = """
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    new_row jsonb := to_jsonb(NEW);
    old_row jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;
    what text;
    changed_by text;
    changed_at timestamptz := now();
BEGIN
    IF old_row IS NULL THEN
        what := 'made'; changed_by := new_row ->> 'made_by'; changed_at := (new_row ->> 'made')::timestamptz;
    ELSIF old_row ->> 'ended' IS NULL AND new_row ->> 'ended' IS NOT NULL THEN
        what := 'ended'; changed_by := new_row ->> 'ended_by'; changed_at := (new_row ->> 'ended')::timestamptz;
    ELSIF old_row ->> 'taken' IS NULL AND new_row ->> 'taken' IS NOT NULL THEN
        what := 'taken'; changed_by := new_row ->> 'subject'; changed_at := (new_row ->> 'taken')::timestamptz;
    ELSIF (old_row -> 'role', old_row -> 'areas') IS DISTINCT FROM (new_row -> 'role', new_row -> 'areas') THEN
        what := 'changed'; changed_by := coalesce('provider:' || (new_row ->> 'provider'), 'unknown');
    ELSE
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'session' AND (what <> 'ended' OR changed_by = new_row ->> 'subject') THEN
        RETURN NULL;
    END IF;
    INSERT INTO access_change (changed_at, changed_by, what, kind, name, role, areas)
    VALUES (changed_at, changed_by, what, TG_TABLE_NAME, new_row ->> TG_ARGV[0], new_row ->> 'role',
            CASE WHEN new_row ? 'areas' THEN ARRAY(SELECT jsonb_array_elements_text(new_row -> 'areas')) END);
    RETURN NULL;
END $$
"""
REFUSED = """
CREATE FUNCTION access_change_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'access_change only grows';
END $$
"""
NAMES = {"person": "subject", "invitation": "invitation", "session": "session", "program_key": "subject"}


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "access_change",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("areas", sa.ARRAY(sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("number", name="access_change_key"),
    )
    op.execute(NOTED)
    op.execute(REFUSED)
    for table, name in NAMES.items():
        op.execute(
            f"CREATE TRIGGER noted AFTER INSERT OR UPDATE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION note_change('{name}')"
        )
    op.execute(
        "CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON access_change"
        " FOR EACH STATEMENT EXECUTE FUNCTION access_change_only_grows()"
    )


def downgrade() -> None:
    """Go back to the revision before."""
    for table in NAMES:
        op.execute(f"DROP TRIGGER noted ON {table}")
    op.drop_table("access_change")
    op.execute("DROP FUNCTION note_change()")
    op.execute("DROP FUNCTION access_change_only_grows()")
