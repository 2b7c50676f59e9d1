"""The version before goes on serving while the tables become those of this one: migrations only add."""

import asyncio
from typing import Final, TypeAlias

import pytest
from alembic import command

from shared import database
from shared.alembic_environment import configuration
from tests.conftest import MakeDatabase
from tests.support.running import ROOT

# The newest revision of each service in the version before, which may still run on what this one has migrated. Whoever
# makes a release writes its own here.
BEFORE: Final = {"registry": "0104", "funding": "0104", "reporting": "0145", "access": "0143"}
# What its statements need to be as it was: (kind, table or function, what of it) → how that is.
THERE: Final = """
    SELECT 'column', table_name, column_name, udt_name FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT 'function', proname, pg_get_function_arguments(oid), pg_get_function_result(oid)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
# What would refuse one of its statements: a column that it does not know and has to fill, a rule that it does not keep.
REFUSES: Final = """
    SELECT 'column', table_name, column_name, '' FROM information_schema.columns
    WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL
        AND is_identity = 'NO' AND is_generated = 'NEVER'
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND contype <> 'n'
    UNION ALL
    SELECT 'index', tablename, indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND indexdef LIKE 'CREATE UNIQUE%'
    UNION ALL
    SELECT 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid) FROM pg_trigger
    WHERE NOT tgisinternal
"""

Found: TypeAlias = set[tuple[str, ...]]


async def _found(url: str, query: str) -> Found:
    connection = await database.connect(url)
    try:
        return {tuple(map(str, row)) for row in await connection.fetch(query) if row[1] != "alembic_version"}
    finally:
        await connection.close()


async def _in_the_way(url: str, service: str, before: str, planted: str = "SELECT 1") -> Found:
    """Give what tables at the head lack of those at a revision, and what in them refuses that one's statements."""
    settings = configuration(ROOT / "services" / service / "migrations", url)
    await asyncio.to_thread(command.downgrade, settings, before)
    was_there, refused = await _found(url, THERE), await _found(url, REFUSES)
    await asyncio.to_thread(command.upgrade, settings, "head")
    connection = await database.connect(url)
    await connection.execute(planted)
    await connection.close()
    tables = {table for kind, table, *_ in was_there if kind == "column"}
    in_the_way = was_there - await _found(url, THERE)
    return in_the_way | {each for each in await _found(url, REFUSES) - refused if each[1] in tables}


@pytest.mark.parametrize("service", sorted(BEFORE))
async def test_the_version_before_serves_on_tables_of_this_one(make_database: MakeDatabase, service: str) -> None:
    """All that its statements name is there as it was, and nothing new refuses what they write."""
    url = await make_database(service)
    assert await _in_the_way(url, service, BEFORE[service]) == set()


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ("ALTER TABLE area ADD COLUMN planted text NOT NULL", ("column", "area", "planted", "")),
        ("ALTER TABLE area ADD CONSTRAINT planted UNIQUE (name)", ("constraint", "area", "planted", "UNIQUE (name)")),
        ("ALTER TABLE area RENAME COLUMN name TO planted", ("column", "area", "name", "text")),
        ("ALTER TABLE area ALTER COLUMN residents TYPE bigint", ("column", "area", "residents", "int4")),
    ],
    ids=["a column to fill", "a rule", "another name", "another type"],
)
async def test_a_migration_that_takes_something_away_is_found(
    make_database: MakeDatabase, planted: str, named: tuple[str, ...]
) -> None:
    """The check above can fail, by each kind of change that an older version does not stand."""
    url = await make_database("registry")
    assert named in await _in_the_way(url, "registry", BEFORE["registry"], planted)
