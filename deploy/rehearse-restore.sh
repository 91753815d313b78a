#!/usr/bin/env bash
# Rehearses a restore: backs up while events come in, restores into a scratch directory, recomputes the ledger there from the stored
# events, and compares it with what the backup held. Prints the times; exit status 1 as soon as anything differs.
#
#   deploy/rehearse-restore.sh [ROUNDS]                        SQLite: starts a portal of its own with a growing history, 20 rounds
#   DATA=/srv/portal/data deploy/rehearse-restore.sh [ROUNDS]  SQLite: beside the portal that runs on that directory
#   DATABASE_URL=postgres://… SCRATCH_URL=postgres://…/scratch deploy/rehearse-restore.sh
#                                                              PostgreSQL: pg_dump, pg_restore into the (emptied!) scratch database
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-20}
port=${PORT:-5183}
portal=${PORTAL:-Portal/bin/Debug/net10.0/Portal.dll}
work=$(mktemp -d)
demo=
finish() {
  [ -z "$demo" ] || { kill "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; }
  rm -rf "$work"
}
trap finish EXIT

seconds() { awk -v from="$1" -v to="$(date +%s.%N)" 'BEGIN { printf "%.2f", to - from }'; }
fail() { echo "FAILED: $*" >&2; exit 1; }
[ -f "$portal" ] || dotnet build Portal -clp:ErrorsOnly

if [ -n "${DATABASE_URL:-}" ]; then
  : "${SCRATCH_URL:?name an empty scratch database on the same server version}"
  for round in $(seq 1 "$rounds"); do
    began=$(date +%s.%N)
    pg_dump --format=custom --file="$work/portal.dump" "$DATABASE_URL"
    dumped=$(seconds "$began")
    began=$(date +%s.%N)
    # Emptied whole: pg_restore --clean cannot drop the keys of partitions one by one.
    psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --dbname="$SCRATCH_URL" --command='SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public'
    pg_restore --no-owner --exit-on-error --jobs=2 --dbname="$SCRATCH_URL" "$work/portal.dump"
    restored=$(seconds "$began")
    Database__Provider=Postgres ConnectionStrings__Portal="${SCRATCH_CONNECTION:?the scratch database as an ADO.NET connection string}" \
      dotnet "$portal" ledger verify >"$work/verify" || { cat "$work/verify"; fail "round $round: the restored ledger differs from what its events say"; }
    echo "round $round: dumped in $dumped s, restored in $restored s; $(grep -h 'rebuilt' "$work/verify" | sed 's/; rebuilt.*//' | tr '\n' '|')"
  done
  echo "$rounds of $rounds restores verified"
  exit 0
fi

if [ -z "${DATA:-}" ]; then
  DATA=$work/data
  Urls=http://localhost:$port Portal__DataDirectory=$DATA Demo__Customers=${CUSTOMERS:-5000} dotnet "$portal" --demo >"$work/log" 2>&1 &
  demo=$!
  for _ in $(seq 1 120); do curl -fsS "http://localhost:$port/healthz/ready" >/dev/null 2>&1 && break; sleep 0.5; done
  curl -fsS "http://localhost:$port/healthz/ready" >/dev/null || { cat "$work/log"; fail "the portal did not start"; }
fi

first=
for round in $(seq 1 "$rounds"); do
  rm -rf "$work/kept" "$work/restored"; mkdir -p "$work/kept" "$work/restored"
  Portal__DataDirectory=$DATA dotnet "$portal" backup "$work/kept" >"$work/backup" 2>&1 || { cat "$work/backup"; fail "round $round: no backup"; }
  events=$(sed -n '1s/.* \([0-9]*\) events up to.*/\1/p' "$work/backup"); first=${first:-$events}

  # As after a crash on the old machine: something is left over beside the place where the backup goes.
  [ ! -f "$DATA/portal.db-wal" ] || cp "$DATA/portal.db-wal" "$work/restored/portal.db-wal"
  began=$(date +%s.%N)
  cp "$work/kept/portal.db" "$work/restored/portal.db"; rm -f "$work/restored/portal.db-wal" "$work/restored/portal.db-shm"; sync "$work/restored/portal.db"
  copied=$(seconds "$began")

  began=$(date +%s.%N)
  Portal__DataDirectory=$work/restored dotnet "$portal" ledger verify >"$work/verify" 2>&1 || { cat "$work/verify"; fail "round $round: the restored ledger differs from what its events say"; }
  verified=$(seconds "$began")
  for environment in sandbox production; do
    held=$(sed -n "s/^$environment: .* ledger //p" "$work/backup")
    rebuilt=$(sed -n "s/^$environment: .*rebuilt \([0-9a-f]*\), stored .*/\1/p" "$work/verify")
    [ -n "$held" ] && [ "$held" = "$rebuilt" ] || fail "round $round: $environment held $held and was rebuilt to $rebuilt"
    [ "$environment" = production ] || ledger=${rebuilt:0:12}
  done
  echo "round $round: $(sed -n '1s/.*: \([0-9]* bytes, [0-9]* events\).* in \([0-9.]* s\).*/\1, backed up in \2/p' "$work/backup"), copied back in $copied s, verified in $verified s, Sandbox's ledger $ledger"
done
echo "$rounds of $rounds backups restored and rebuilt to the ledger they held; the history grew from $first to $events events meanwhile"
