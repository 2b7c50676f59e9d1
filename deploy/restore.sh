#!/usr/bin/env bash
# Puts the backup that comes on standard input into the empty folder of PostgreSQL's data: all of it, or nothing. It is
# checked beside its place against the manifest that it carries, started there once, so that it is whole, and given the
# passwords of this installation. Of what it refuses, it says the code and the way out.
set -euo pipefail

data="$PGDATA"
staging="$data/restoring"
log=/tmp/restoring.log
hba=/tmp/restoring_hba.conf

say() { printf '%s: %s\n' "$1" "$2" >&2; }
refuse() {
  say "$1" "$2"
  exit 1
}
clear_data() { find "$data" -mindepth 1 -delete; }
leave_nothing() {
  if [ -s "$staging/postmaster.pid" ]; then pg_ctl --pgdata "$staging" --silent --mode immediate stop || true; fi
  clear_data
}
run() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"; }

# What a restore that was broken off has left is no database yet: the file of the version is put in place last.
if [ -d "$staging" ] && [ ! -e "$data/PG_VERSION" ]; then clear_data; fi
if [ -n "$(find "$data" -mindepth 1 -maxdepth 1 -print -quit)" ]; then
  refuse data_present "the volume of the data holds something; nothing was changed. Restore into a new installation, or \
remove the volume, after \`docker compose down\`, by \`docker volume rm\`"
fi

trap leave_nothing EXIT
mkdir --mode=700 "$staging"
is_whole=yes
tar --extract --directory "$staging" 2>"$log" || is_whole=no
if grep --quiet --fixed-strings 'No space left on device' "$log"; then
  refuse no_space "the disk of the volume has no room for the backup: make room, and restore it again"
fi
if [ ! -e "$staging/backup_label" ]; then
  refuse no_backup "this is no backup of pg_basebackup. A dump of one service is none either: docs/operations.md says \
what is done with one"
fi
version="$(postgres --version | grep --only-matching --extended-regexp '[0-9]+' | head --lines=1)"
if [ -s "$staging/PG_VERSION" ] && [ "$(cat "$staging/PG_VERSION")" != "$version" ]; then
  refuse another_version "the backup is of PostgreSQL $(cat "$staging/PG_VERSION"), and this is $version: restore it \
with an image of its version"
fi
if [ "$is_whole" = no ] || ! pg_verifybackup --quiet --exit-on-error "$staging" >>"$log" 2>&1; then
  refuse backup_damaged "the backup is cut off or changed ($(tail --lines=1 "$log")): take one that ended with 0, and \
copy it whole"
fi

# Nobody reaches it but over the socket in this folder.
printf 'local all all trust\n' > "$hba"
pg_ctl --pgdata "$staging" --silent --log "$log" --timeout 600 start \
  --options "-c listen_addresses='' -c unix_socket_directories='$staging' -c hba_file='$hba'" || {
  tail --lines=20 "$log" >&2
  refuse backup_damaged "PostgreSQL does not start on the backup: take a different one"
}
export PGHOST="$staging"
missing="$(run --dbname postgres <<'SQL'
SELECT string_agg(name, ', ') FROM unnest(ARRAY['helhedsnet_registry', 'helhedsnet_funding', 'helhedsnet_reporting',
  'helhedsnet_access']) AS name WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name)
SQL
)"
if [ -n "$missing" ]; then
  refuse foreign_backup "the backup holds no database $missing: it is of something else than Helhedsnet"
fi
# The passwords are those of the installation that it was taken from.
run --dbname postgres --set role="$POSTGRES_USER" <<'SQL'
\set password `cat "$POSTGRES_PASSWORD_FILE"`
ALTER ROLE :"role" PASSWORD :'password';
SQL
bash /docker-entrypoint-initdb.d/10-roles-and-databases.sh
pg_ctl --pgdata "$staging" --silent --mode fast --timeout 600 stop
rm --force "$staging"/backup_manifest "$staging"/*.old

chmod 700 "$data"
find "$staging" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv --target-directory="$data" {} +
sync
trap - EXIT
mv "$staging/PG_VERSION" "$data/PG_VERSION"
rmdir "$staging"
say restored "the data is in place; start the installation, then let it recover"
