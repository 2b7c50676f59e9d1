-- What the role that reporting runs as may do with the tables, which are another's (ADR 49). Said after each migration.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM :role;
GRANT USAGE ON SCHEMA public TO :role;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :role;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM :role;
-- The log and what was published only grow; beside a line of the log its trace is noted.
REVOKE UPDATE, DELETE ON event_log, published_report FROM :role;
GRANT UPDATE (trace) ON event_log TO :role;
REVOKE INSERT, DELETE ON event_log_head FROM :role;
REVOKE UPDATE, DELETE ON log_epoch FROM :role;
GRANT UPDATE (accepted) ON log_epoch TO :role;
-- A rebuild makes and moves tables through these alone.
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO :role;
