-- What the role that reporting runs as may do with the tables, which are another's (ADR 49). Said after each migration.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM :role;
GRANT USAGE ON SCHEMA public TO :role;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :role;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM :role;
-- The log, what was published and what was released only grow; beside a line of the log its trace is noted.
REVOKE UPDATE, DELETE ON event_log, published_report, release, released_cells, deed FROM :role;
REVOKE UPDATE ON release_memory FROM :role;
GRANT UPDATE (trace) ON event_log TO :role;
REVOKE INSERT, DELETE ON event_log_head FROM :role;
-- Who looked at people only grows; of whoever is erased a digest stays.
REVOKE UPDATE, DELETE ON lookup, lookup_person FROM :role;
GRANT UPDATE (person, salt) ON lookup_person TO :role;
REVOKE INSERT, DELETE ON lookup_head FROM :role;
REVOKE UPDATE, DELETE ON log_epoch FROM :role;
GRANT UPDATE (accepted) ON log_epoch TO :role;
-- A rebuild makes and moves tables through these alone.
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO :role;
-- To write a table anew, so that nothing of what was erased is left in its file (ADR 137).
GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO :role;
