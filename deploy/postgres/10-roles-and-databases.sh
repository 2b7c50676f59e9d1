#!/usr/bin/env bash
# Gives each service a database, a role that owns it and its tables, and a role that it runs as, which owns nothing and
# may not even connect to another database. PostgreSQL runs this when it has just made its data folder; said again, it
# brings an older installation, whose services owned their tables, to the same state. Tables, and the rights to them,
# are made by `helhedsnet migrate`, as their owner.
set -euo pipefail

secrets="${HELHEDSNET_SECRETS_DIR:-/run/helhedsnet}"
run() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"; }

for service in registry funding reporting access; do
  # The passwords are read by psql itself, so that they stand in no process list.
  export RUN_PASSWORD_FILE="$secrets/$service-password" OWNER_PASSWORD_FILE="$secrets/$service-owner-password"
  run --set role="helhedsnet_$service" --set owner="helhedsnet_${service}_owner" --dbname postgres <<'SQL'
\set password `cat "$RUN_PASSWORD_FILE"`
\set owner_password `cat "$OWNER_PASSWORD_FILE"`
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY[:'role', :'owner']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 60 PASSWORD :'password';
ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 5
  PASSWORD :'owner_password';
SELECT format('CREATE DATABASE %I OWNER %I', :'role', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'role') \gexec
ALTER DATABASE :"role" OWNER TO :"owner";
GRANT pg_checkpoint TO :"role";
REVOKE ALL ON DATABASE :"role" FROM PUBLIC, :"role";
GRANT CONNECT ON DATABASE :"role" TO :"role";
\connect :"role"
SET client_min_messages = warning;
-- What the service itself made while it owned everything.
REASSIGN OWNED BY :"role" TO :"owner";
REVOKE CREATE ON SCHEMA public FROM PUBLIC, :"role";
-- What erasing needs so that nothing is left in a file (ADR 137): statistics hold values of columns, and so does the log.
GRANT MAINTAIN ON pg_catalog.pg_statistic TO :"role";
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO :"role";
SQL
done

run --dbname postgres <<'SQL'
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
SQL
