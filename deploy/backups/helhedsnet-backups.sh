#!/usr/bin/env bash
# Takes the backups of PostgreSQL, and drills a restore: `nightly` each night, `now` at once. As `server` it is how
# PostgreSQL starts, so that its log is archived. `pgbackrest` is run with the key of the backups. What came
# of it is told in one file, which reporting reads; of what goes wrong it says a code.
set -euo pipefail

place=/var/lib/helhedsnet
drill="$place/drill"
told="$place/told/told.json"
key="${HELHEDSNET_SECRETS_DIR:-/run/helhedsnet}/backup-key"
live=/var/lib/postgresql/data
complaint=/tmp/complaint
# Each step ends within this; a night that failed is tried again after an hour.
readonly STEP_SECONDS=14400 RECOVERY_SECONDS=7200 LOOK_SECONDS=3600 ARCHIVED_SECONDS=180 AGAIN_SECONDS=3600
readonly WEEK_SECONDS=561600
# What a drill leaves of the disk, beside half as much again as the data.
readonly SPARE_KB=1048576

say() { printf '%s: %s\n' "$1" "$2" >&2; }
ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --host "${PGHOST:-/run/postgresql}" --username postgres --command "$1"; }
rest() { timeout "$STEP_SECONDS" pgbackrest "$@" 2>&1 | tee "$complaint" >&2; }

# Changes what is told by a program of jq, whole or not at all.
tell() {
  local before='{}'
  if [ -s "$told" ]; then before="$(cat "$told")"; fi
  jq --argjson now "$(date +%s)" "${@:2}" "$1" <<<"$before" >"$told.new"
  mv "$told.new" "$told"
}
failed() { # what, code, detail
  say "$2" "$3"
  tell '.[$what] = (.[$what] // {}) + {tried: $now, code: $code, detail: $detail}' \
    --arg what "$1" --arg code "$2" --arg detail "${3:0:500}"
  return 1
}
why() { tail --lines=1 "$complaint" 2>/dev/null || true; }

newest() { pgbackrest info --output=json 2>"$complaint" | jq "$1"; }

# The log goes to the place of the backups only where that knows this database.
ready() {
  rest stanza-create || {
    # Neither is there then.
    failed drill repository_unusable "$(why)" || failed backup repository_unusable "$(why)"
    return 1
  }
}

# A whole backup each week, and one at once where the log has a new timeline, as after a restore: what was archived
# before it leads nowhere on.
kind_of_backup() {
  local timeline
  timeline="$(ask "SELECT lpad(upper(to_hex(timeline_id)), 8, '0') FROM pg_control_checkpoint()")"
  newest '.[0].backup as $all | ($all | map(select(.type == "full")) | last) as $full
    | if $full == null or ($all | last | .archive.stop[:8]) != "'"$timeline"'"
      or now - $full.timestamp.stop > '"$WEEK_SECONDS"' then "full" else "incr" end' | tr --delete '"'
}

take() {
  rest backup --type="$(kind_of_backup)" || { failed backup backup_failed "$(why)"; return 1; }
  tell '.backup = {tried: $now, good: $good, code: null}' --argjson good "$(newest '.[0].backup | last | .timestamp.stop')"
}

# Restores the newest backup and all of the log since to a point that is made now, and has it looked at.
restore_newest() {
  local point="$1" at deadline=$((SECONDS + ARCHIVED_SECONDS)) data="$drill/data"
  local needed available
  needed=$(($(du --summarize --block-size=1K "$live" | cut --fields=1) * 3 / 2 + SPARE_KB))
  available="$(df --output=avail --block-size=1K "$drill" | tail --lines=1)"
  if [ "$available" -lt "$needed" ]; then
    failed drill no_space "a drill needs $needed KB, and $available are free"
    return 1
  fi
  at="$(ask "SELECT pg_walfile_name(pg_create_restore_point('$point'))")"
  ask 'SELECT pg_switch_wal()' >/dev/null
  until [[ ! "$(ask 'SELECT left(last_archived_wal, 24) FROM pg_stat_archiver')" < "$at" ]]; do
    if [ "$SECONDS" -gt "$deadline" ]; then
      failed drill not_archived "the log is not archived: $(ask "SELECT 'failed ' || failed_count || ' times' FROM pg_stat_archiver")"
      return 1
    fi
    sleep 1
  done
  rest restore --pg1-path="$data" --type=name --target="$point" --target-action=promote --target-timeline=current || {
    failed drill restore_failed "$(why)"
    return 1
  }
  start_restored || {
    failed drill recovery_failed "$(grep --extended-regexp 'ERROR|FATAL' "$drill/log" | tail --lines=1)"
    return 1
  }
}

# Starts what was restored, which only this folder leads to, and waits until it has come to the point.
start_restored() {
  local deadline=$((SECONDS + RECOVERY_SECONDS))
  printf 'local all all trust\n' >"$drill/hba.conf"
  mkdir --parents "$drill/socket"
  pg_ctl --pgdata "$drill/data" --silent --wait --log "$drill/log" --timeout "$RECOVERY_SECONDS" start --options \
    "-c listen_addresses='' -c unix_socket_directories='$drill/socket' -c hba_file='$drill/hba.conf' -c hot_standby=off \
     -c archive_mode=off -c shared_buffers=64MB -c log_error_verbosity=terse" >/dev/null || return 1
  until [ "$(PGHOST="$drill/socket" ask 'SELECT NOT pg_is_in_recovery()' 2>/dev/null)" = t ]; do
    pg_ctl --pgdata "$drill/data" status >/dev/null && [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 1
  done
}

# Asks the container `drill`, and gives what it found.
look() {
  local point="$1" deadline=$((SECONDS + LOOK_SECONDS))
  printf '%s' "$point" >"$drill/asked.new"
  mv "$drill/asked.new" "$drill/asked"
  until [ "$(jq --raw-output .asked "$drill/found.json" 2>/dev/null)" = "$point" ]; do
    if [ "$SECONDS" -gt "$deadline" ]; then
      failed drill not_looked_at "the container drill did not look at it"
      return 1
    fi
    sleep 1
  done
  if [ "$(jq .code "$drill/found.json")" != null ]; then
    failed drill "$(jq --raw-output .code "$drill/found.json")" "$(jq --raw-output .detail "$drill/found.json")"
    return 1
  fi
  tell '.drill = ($found[0] | del(.asked)) + {tried: $now, good: $now}' --slurpfile found "$drill/found.json"
}

clear_drill() {
  if [ -s "$drill/data/postmaster.pid" ]; then
    pg_ctl --pgdata "$drill/data" --silent --mode immediate stop >/dev/null 2>&1 || true
  fi
  rm --recursive --force "$drill/data" "$drill/socket" "$drill/asked" "$drill/found.json" "$drill/log"
}

try_restore() {
  local point is_good=yes
  point="drill-$(date +%s)"
  clear_drill
  { restore_newest "$point" && look "$point"; } || is_good=no
  clear_drill
  [ "$is_good" = yes ]
}

# What there is is tried with all of the log since, and then backed up anew; what there is not, is taken first.
night() {
  exec 9>/tmp/night.lock
  flock --nonblock 9 || { say already_running "a backup or a drill is going on"; return 1; }
  local is_good=yes
  ready || return 1
  if [ "$(kind_of_backup)" = full ]; then
    take || return 1
    try_restore || is_good=no
  else
    try_restore || is_good=no
    take || is_good=no
  fi
  exec 9>&-
  [ "$is_good" = yes ]
}

# Whether the log is archived is told each minute: until it is again, what is new is on this machine alone.
tell_of_archive() {
  local since
  since="$(ask "SELECT coalesce(extract(epoch FROM CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity')
    THEN last_failed_time END)::bigint::text, 'null') FROM pg_stat_archiver" 2>/dev/null)" || return 0
  tell '.archive = {tried: $now, failed: $failed}' --argjson failed "$since"
}

next_night() {
  local at
  at="$(date --date="today ${HELHEDSNET_BACKUPS_AT:-02:15}" +%s)"
  if [ "$at" -le "$(date +%s)" ]; then at="$(date --date="tomorrow ${HELHEDSNET_BACKUPS_AT:-02:15}" +%s)"; fi
  printf '%s' "$at"
}

nightly() {
  local at
  trap 'clear_drill; exit 0' TERM INT
  clear_drill
  # At the first start, and after a restore, there is nothing yet that leads here: it is taken at once.
  if [ "$(ready >/dev/null 2>&1 && kind_of_backup || printf full)" = full ]; then at=0; else at="$(next_night)"; fi
  while true; do
    if [ "$(date +%s)" -ge "$at" ]; then
      if (night); then at="$(next_night)"; else at=$(($(date +%s) + AGAIN_SECONDS)); fi
    fi
    tell_of_archive
    sleep 60 &
    wait $!
  done
}

case "${1:-}" in
  server)
    shift
    if [ "${1:-}" != postgres ]; then exec docker-entrypoint.sh "$@"; fi
    exec docker-entrypoint.sh "$@" -c archive_mode=on -c archive_timeout=60 \
      -c 'archive_command=helhedsnet-backups pgbackrest archive-push %p'
    ;;
esac
if [ ! -s "$key" ]; then
  say key_missing "$key holds no key: put the one of these backups there, or start anew in a place that is empty"
  exit 1
fi
PGBACKREST_REPO1_CIPHER_PASS="$(cat "$key")"
export PGBACKREST_REPO1_CIPHER_PASS
case "${1:-}" in
  nightly) nightly ;;
  now) night ;;
  pgbackrest) exec "$@" ;;
  *)
    say unknown_command "say nightly, now, server, or pgbackrest and what it shall do"
    exit 2
    ;;
esac
