#!/usr/bin/env bash
# Runs once, when PostgreSQL has just made its data folder. Each service gets a role that owns its own database and may
# not even connect to another. The services make their tables themselves.
set -euo pipefail

for service in registry funding reporting; do
  # The password is read by psql itself, so that it stands in no process list.
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set service="helhedsnet_$service" \
    --username "$POSTGRES_USER" --dbname postgres <<SQL
\set password \`cat /run/helhedsnet/$service-password\`
CREATE ROLE :"service" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 30 PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<SQL
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
SQL
