"""Figures that a rebuild makes can be written anew as those of before, so that what is erased leaves their files."""

from alembic import op

revision = "0151"
down_revision = "0146"
branch_labels = None
depends_on = None

SIGNATURE = "begin_rebuilding()"
# As in 0016, but for the rights to a table, of which the last is PostgreSQL's to maintain it.
DEFINITION = """
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        figure name;
        made record;
    BEGIN
        PERFORM public.clear_rebuilding();
        CREATE SCHEMA rebuilding;
        EXECUTE format('GRANT USAGE ON SCHEMA rebuilding TO %I', session_user);
        FOR figure IN SELECT public.figure_tables() LOOP
            -- Constraints keep their names, which LIKE would make anew.
            EXECUTE format(
                'CREATE TABLE rebuilding.%1$I (LIKE public.%1$I'
                ' INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY INCLUDING STORAGE)', figure
            );
            FOR made IN
                SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
                WHERE conrelid = format('public.%I', figure)::regclass AND contype IN ('p', 'u', 'c', 'x')
                ORDER BY conname
            LOOP
                EXECUTE format(
                    'ALTER TABLE rebuilding.%I ADD CONSTRAINT %I %s', figure, made.name, made.definition
                );
            END LOOP;
            EXECUTE format('GRANT {rights} ON rebuilding.%I TO %I', figure, session_user);
        END LOOP;
    END $$
"""
BEFORE = "SELECT, INSERT, UPDATE, DELETE"


def upgrade() -> None:
    """Go to this revision; the tables of a rebuild before it get the right with what each migration says of rights."""
    _replace(f"{BEFORE}, MAINTAIN")


def downgrade() -> None:
    """Go back to the one before."""
    _replace(BEFORE)


def _replace(rights: str) -> None:
    definition = DEFINITION.replace("{rights}", rights)
    # A colon would otherwise begin a parameter.
    op.execute(f"CREATE OR REPLACE FUNCTION {SIGNATURE} {definition}".replace(":", r"\:"))
