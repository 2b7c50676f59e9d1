#!/usr/bin/env bash
# Puts a backup into the empty folder of PostgreSQL's data: all of it, or nothing. Without an argument it is the one that
# comes on standard input; with a moment, or the word `newest`, it is what `deploy/backups` has archived up to there. It
# is checked beside its place, started there once, so that it is whole, and given the passwords of this installation. Of
# what it refuses, it says the code and the way out.
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

# What came on standard input, checked against the manifest that it carries.
unpack() {
  local is_whole=yes version
  tar --extract --directory "$staging" 2>"$log" || is_whole=no
  if grep --quiet --fixed-strings 'No space left on device' "$log"; then
    refuse no_space "the disk of the volume has no room for the backup: make room, and restore it again"
  fi
  if [ ! -e "$staging/backup_label" ]; then
    refuse no_backup "this is no backup of pg_basebackup. A dump of one service is none either: docs/operations.md \
says what is done with one"
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
}

# What was archived: the newest backup before the moment, and the log from there on, along the backup's own timeline.
fetch() {
  local target=(--type=default)
  if [ "$1" != newest ]; then
    date --date="$1" >/dev/null 2>&1 || refuse no_moment "'$1' is no moment: say it as '2026-11-30 14:05:07+01'"
    target=(--type=time --target="$(date --utc --date="$1" '+%Y-%m-%d %H:%M:%S.%6N+00')" --target-action=promote)
  fi
  PGBACKREST_REPO1_CIPHER_PASS="$(cat "$(dirname "$POSTGRES_PASSWORD_FILE")/backup-key")" || exit 1
  export PGBACKREST_REPO1_CIPHER_PASS
  archived="$(pgbackrest info --output=json 2>/dev/null | jq --raw-output '.[0].archive | last | .max // ""')" || true
  pgbackrest restore --pg1-path="$staging" --target-timeline=current "${target[@]}" >"$log" 2>&1 || {
    tail --lines=5 "$log" >&2
    if grep --quiet --fixed-strings 'No space left on device' "$log"; then
      refuse no_space "the disk of the volume has no room for the backup: make room, and restore it again"
    fi
    if grep --quiet --fixed-strings 'unable to find backup set' "$log"; then
      refuse no_moment "there is no backup from before '$1': \`docker compose exec backups helhedsnet-backups pgbackrest info\` \
says which there are"
    fi
    refuse archive_unusable "the place of the backups cannot be read, holds none, or one that is damaged, or the key \
is not theirs"
  }
}

# A log of which a part in the middle is gone ends there for PostgreSQL, without a word.
see_that_all_is_there() {
  local replayed
  replayed="$(run --dbname postgres --command 'SELECT pg_walfile_name(pg_last_wal_replay_lsn())')"
  if [ "$1" = newest ] && [[ "${replayed:8}" < "${archived:8}" ]]; then
    refuse archive_gap "the log is archived up to ${archived:8}, and ends at ${replayed:8} for a part that is missing or \
damaged: restore to a moment before it"
  fi
  # The next restore takes the next number.
  pgbackrest --pg1-path="$staging" archive-push "$staging"/pg_wal/"${replayed:0:8}".history 2>>"$log" || true
  sed --in-place '/^restore_command\|^recovery_target/d' "$staging/postgresql.auto.conf"
  moment="$(run --dbname postgres --command "SELECT pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC'")"
}

trap leave_nothing EXIT
mkdir --mode=700 "$staging"
if [ $# = 0 ]; then unpack; else fetch "$1"; fi

# Nobody reaches it but over the socket in this folder.
printf 'local all all trust\n' > "$hba"
export PGHOST="$staging"
began() {
  pg_ctl --pgdata "$staging" --silent --log "$log" --timeout 7200 start --options \
    "-c listen_addresses='' -c unix_socket_directories='$staging' -c hba_file='$hba' -c hot_standby=off" || return 1
  # It says that it has started before it has come to the moment.
  until [ "$(run --dbname postgres --command 'SELECT NOT pg_is_in_recovery()' 2>/dev/null)" = t ]; do
    pg_ctl --pgdata "$staging" status >/dev/null || return 1
    sleep 1
  done
}
began || {
  tail --lines=20 "$log" >&2
  if grep --quiet --fixed-strings 'recovery ended before configured recovery target was reached' "$log"; then
    refuse no_moment "what is archived ends before '$1', or a part of it is missing or damaged: take an earlier moment, \
or \`newest\`"
  fi
  refuse backup_damaged "PostgreSQL does not start on the backup: take a different one"
}
moment=
if [ $# != 0 ]; then see_that_all_is_there "$1"; fi
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
say restored "the data is in place${moment:+, up to $moment UTC}; start the installation, then let it recover"
