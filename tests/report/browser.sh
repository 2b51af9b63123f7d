#!/usr/bin/env bash
# Opens the report in a headless Chromium and uses it as a reader does, with real clicks and keys.
# Exits with 77 where it cannot: no Node, or no Chromium.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

skip() {
    echo "the report was NOT tried in a browser: $1"
    exit 77
}
command -v node >/dev/null 2>&1 || skip "there is no node"
browser=
for candidate in chromium chromium-browser google-chrome; do
    if command -v "$candidate" >/dev/null 2>&1; then browser=$(command -v "$candidate") && break; fi
done
[[ -n $browser ]] || skip "there is no Chromium"
cargo build --locked
target=${CARGO_TARGET_DIR:-target}
exec node tests/report/browser.mjs "$target/debug/persona" "$browser"
