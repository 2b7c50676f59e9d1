"""A report at an older place of the logs sees no release that was made later: a view hides them in the second set."""

from alembic import op

revision = "0145"
down_revision = "0143"
branch_labels = None
depends_on = None

SIGNATURE = "hide_later_releases(last bigint)"
# It acts as its owner, as all that concerns the second set of tables does (ADR 49).
DEFINITION = """
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        EXECUTE format('CREATE VIEW rebuilding.release AS SELECT * FROM public.release WHERE sequence <= %s', last);
        EXECUTE format('GRANT SELECT ON rebuilding.release TO %I', session_user);
    END $$
"""


def upgrade() -> None:
    """Go to this revision."""
    op.execute(f"CREATE FUNCTION {SIGNATURE} {DEFINITION}".replace(":", r"\:"))
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")


def downgrade() -> None:
    """Go back to the one before."""
    op.execute(f"DROP FUNCTION {SIGNATURE}")
