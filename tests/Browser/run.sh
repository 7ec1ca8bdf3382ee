#!/usr/bin/env bash
# The browser test: brings playwright-core and, on Debian, Chromium; then drives the built platform. Arguments go to run.mjs.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v chromium >/dev/null && [ -z "${CHROMIUM:-}" ]; then apt-get update -q && apt-get install -y -q --no-install-recommends chromium; fi
if [ ! node_modules/.installed -nt package-lock.json ]; then
  npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error
  touch node_modules/.installed
fi
exec node run.mjs "$@"
