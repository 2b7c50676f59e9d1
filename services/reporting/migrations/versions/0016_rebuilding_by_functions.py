"""Rebuilding by functions of the tables' owner: who runs them needs no right to make or move a table (ADR 49).

Which tables are never replaced stands in `figure_tables` alone; a migration that adds one of those replaces it.
"""

from typing import Final

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# They act as their owner, so they look up nothing by a path that the caller could change.
FUNCTIONS: Final = {
    "figure_tables()": """
        RETURNS SETOF name LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
            SELECT relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL (
                '{agreement,alembic_version,event_log,event_log_head,forgery,published_report,rejection,spent_pass}'::name[]
            )
            ORDER BY relname
        $$
    """,
    "clear_rebuilding()": """
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            DROP SCHEMA IF EXISTS rebuilding, replaced CASCADE;
        END $$
    """,
    "begin_rebuilding()": """
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
                EXECUTE format(
                    'GRANT SELECT, INSERT, UPDATE, DELETE ON rebuilding.%I TO %I', figure, session_user
                );
            END LOOP;
        END $$
    """,
    "missing_indexes()": """
        RETURNS SETOF oid LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
            SELECT indexrelid FROM pg_index JOIN pg_class AS indexed ON indexed.oid = indrelid
            WHERE indexed.relnamespace = 'public'::regnamespace
              AND indexed.relname IN (SELECT public.figure_tables())
              AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
            ORDER BY indexrelid::regclass::text
        $$
    """,
    "add_index_to_rebuilding(wanted oid)": """
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            here text := pg_get_indexdef(wanted);
            there text := replace(here, ' ON public.', ' ON rebuilding.');
        BEGIN
            IF there = here OR wanted NOT IN (SELECT public.missing_indexes()) THEN
                RAISE EXCEPTION 'this is no index of a figure: %', here;
            END IF;
            EXECUTE there;
        END $$
    """,
    "count_rebuilding()": """
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            figure name;
        BEGIN
            FOR figure IN SELECT public.figure_tables() LOOP
                EXECUTE format('ANALYZE rebuilding.%I', figure);
            END LOOP;
        END $$
    """,
    "swap_rebuilding()": """
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
            figures name[] := ARRAY(SELECT public.figure_tables());
            figure name;
        BEGIN
            CREATE SCHEMA replaced;
            FOREACH figure IN ARRAY figures LOOP
                EXECUTE format('ALTER TABLE public.%I SET SCHEMA replaced', figure);
                EXECUTE format('ALTER TABLE rebuilding.%I SET SCHEMA public', figure);
            END LOOP;
        END $$
    """,
}


def upgrade() -> None:
    """Go to this revision."""
    for signature, definition in FUNCTIONS.items():
        # A colon would otherwise begin a parameter.
        op.execute(f"CREATE FUNCTION {signature} {definition}".replace(":", r"\:"))
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")


def downgrade() -> None:
    """Go back to the one before."""
    for signature in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {signature}")
