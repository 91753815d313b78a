#!/usr/bin/env bash
# Installs what the tests need where it is missing, builds once and runs every test. Its last line says how many passed, failed and were
# skipped; its exit status is 0 only when none failed. Needs the .NET SDK of global.json; everything else it looks after itself.
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
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || echo chromium
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

rm -rf "$results"
dotnet restore Portal.sln --locked-mode || fail "The packages could not be restored."
dotnet build Portal.sln --no-restore -nologo -clp:NoSummary || fail "The build failed."
dotnet test Portal.Tests --no-build --results-directory "$results" --logger "trx;LogFileName=tests.trx" --logger "console;verbosity=minimal" \
  --blame-hang-timeout 10m --blame-hang-dump-type none
status=$?

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
