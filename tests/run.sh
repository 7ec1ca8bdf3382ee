#!/usr/bin/env bash
# The tests of QuadTurbo.
#   tests/run.sh             build, format check, every fast test (under 5 minutes), the dashboard in a browser
#   tests/run.sh --long      the long versions too (kill -9 x 500, planted worlds x 20 seeds, ...)
#   tests/run.sh --coverage  the fast tests with a line-coverage report under coverage/
#   tests/run.sh --filter F  only the tests whose full name contains F
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

filter='Category!=Long'
coverage=()
while [ $# -gt 0 ]; do
  case "$1" in
    --long) filter='' ;;
    --coverage) coverage=(--collect 'XPlat Code Coverage' --results-directory coverage) ;;
    --filter) shift; filter="FullyQualifiedName~$1"; browser=0 ;;
    *) echo "tests/run.sh: unknown option '$1'; use --long, --coverage or --filter NAME" >&2; exit 2 ;;
  esac
  shift
done

if command -v ldconfig >/dev/null && ! ldconfig -p | grep -q libsqlite3.so.0; then apt-get update -q && apt-get install -y -q libsqlite3-0; fi

dotnet restore Platform.sln --locked-mode
dotnet build Platform.sln -c Release --no-restore
dotnet format Platform.sln --verify-no-changes --no-restore

# The committed OpenAPI document is one that two generators and the TypeScript compiler accept.
(cd tests/Generators && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent check)

[ ${#coverage[@]} -eq 0 ] || rm -rf coverage
passed=0; failed=0; skipped=0; status=0
for project in tests/*.Tests; do
  log=$(mktemp)
  dotnet test "$project" -c Release --no-build ${filter:+--filter "$filter"} "${coverage[@]}" 2>&1 | tee "$log" || status=1
  count() { sed -n "s/.*$1: *\([0-9]*\).*/\1/p" "$log" | tail -n 1; }
  passed=$((passed + $(count Passed || echo 0) + 0))
  failed=$((failed + $(count Failed || echo 0) + 0))
  skipped=$((skipped + $(count Skipped || echo 0) + 0))
  rm -f "$log"
done
if [ "${browser:-1}" = 1 ]; then
  log=$(mktemp)
  tests/Browser/run.sh 2>&1 | tee "$log" || status=1
  last=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log" | tail -n 1)
  passed=$((passed + ${last% *} + 0)); failed=$((failed + ${last#* } + 0))
  [ -n "$last" ] || failed=$((failed + 1))
  rm -f "$log"
fi
[ ${#coverage[@]} -eq 0 ] || tests/coverage.sh coverage
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
