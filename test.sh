#!/usr/bin/env bash
# Installs what the tests need where it is missing, builds once and runs every test on SQLite, and then on a PostgreSQL of its own every test that
# knows a database. Its last line says how many passed, failed and were skipped; its exit status is 0 only when none failed. Needs the .NET SDK
# of global.json; everything else it looks after itself. TEST_ON=sqlite and TEST_ON=postgres run one part only.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
results="$PWD/TestResults"

fail() {
  echo "$1" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

missing_packages() {
  ldconfig -p 2>/dev/null | grep -q 'libsqlite3\.so\.0' || echo libsqlite3-0
  [ -n "$(postgres_programs)" ] || echo postgresql
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || echo chromium
}

# Where initdb and pg_ctl are: Debian keeps them out of the path, one folder for each version.
postgres_programs() {
  dirname "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -1 || command -v initdb)" 2>/dev/null | grep -v '^\.$'
}

install_packages() {
  local as=()
  command -v apt-get >/dev/null || { echo "Missing, and there is no apt-get to install them: $*" >&2; return 1; }
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Missing, and only root can install them: $*" >&2; return 1; }
    as=(sudo -n)
  fi
  "${as[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${as[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

PATH="$PATH:/sbin:/usr/sbin"
command -v dotnet >/dev/null || fail "The .NET SDK $(sed -n 's/.*"version": "\([^"]*\)".*/\1/p' global.json) is needed: https://dotnet.microsoft.com/download"
packages=$(missing_packages)
if [ -n "$packages" ]; then
  echo "Installing $(echo $packages)"
  install_packages $packages || echo "Going on without $(echo $packages); what needs them will fail and say so." >&2
fi

# What the tests of the client scripts take from npm, pinned by its lock file.
(cd Portal.Tests/Scripts && npm ci --no-audit --no-fund --loglevel=error >/dev/null) || echo "npm could not install what Portal.Tests/Scripts/package.json names; the tests that need it will fail and say so." >&2

# A PostgreSQL on a free port, in a folder that goes away with this script; it does not flush, for nothing in it is to be kept.
# It refuses to run as root, so root lends it another user.
start_postgres() {
  local programs as=()
  programs=$(postgres_programs)
  [ -n "$programs" ] || return 1
  postgres_home=$(mktemp -d)
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$postgres_home"
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  fi
  postgres_port=$(( 20000 + RANDOM % 20000 ))
  "${as[@]}" "$programs/initdb" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -D "$postgres_home/data" >"$postgres_home/initdb.log" 2>&1 \
    && "${as[@]}" "$programs/pg_ctl" -D "$postgres_home/data" -l "$postgres_home/log" -w \
      -o "-p $postgres_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$postgres_home -c max_connections=300 -c fsync=off -c full_page_writes=off -c max_locks_per_transaction=256" start >/dev/null \
    || { cat "$postgres_home/initdb.log" "$postgres_home/log" 2>/dev/null >&2; return 1; }
  stop_postgres=("${as[@]}" "$programs/pg_ctl" -D "$postgres_home/data" -m immediate stop)
  trap 'cd /; "${stop_postgres[@]}" >/dev/null 2>&1; rm -rf "$postgres_home"' EXIT
  trap 'exit 130' INT TERM
}

run_tests() {
  dotnet test Portal.Tests --no-build --results-directory "$results" --filter "$2" --logger "trx;LogFileName=$1.trx" --logger "console;verbosity=minimal" \
    --blame-hang-timeout 10m --blame-hang-dump-type none
}

rm -rf "$results"
dotnet restore Portal.sln --locked-mode || fail "The packages could not be restored."
dotnet build Portal.sln --no-restore -nologo -clp:NoSummary || fail "The build failed."
status=0
if [ "${TEST_ON:-sqlite}" = sqlite ]; then
  echo "On SQLite:"
  run_tests sqlite 'Database!=Postgres' || status=$?
fi
if [ "${TEST_ON:-postgres}" = postgres ]; then
  start_postgres || fail "PostgreSQL could not be started for the tests."
  echo "On PostgreSQL:"
  PORTAL_TEST_POSTGRES="Host=127.0.0.1;Port=$postgres_port;Username=postgres" run_tests postgres 'Database!=Sqlite&Database!=Without' || status=$?
fi

# The figures are the sums over every result file, so that a run that broke off shows too.
counters=$(grep -ho '<Counters [^>]*' "$results"/*.trx 2>/dev/null)
[ -n "$counters" ] || fail "No test left a result."
sum() { echo "$counters" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ total += $1 } END { print total + 0 }'; }
total=$(sum total) passed=$(sum passed) executed=$(sum executed)
failed=$((executed - passed)) skipped=$((total - executed))
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "The test run broke off (exit status $status)." >&2
  failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
