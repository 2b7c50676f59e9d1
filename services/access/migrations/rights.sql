-- What the role that access runs as may do with the tables, which are another's (ADR 49). Said after each migration.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM :role;
GRANT USAGE ON SCHEMA public TO :role;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :role;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM :role;
-- Only the database itself notes changes of access, and nobody takes one back.
REVOKE INSERT, UPDATE, DELETE ON access_change FROM :role;
