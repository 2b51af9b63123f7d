#!/usr/bin/env bash
# Runs the SQL of `persona audit --emit-sql ENGINE` in the real engine, and compares its verdicts with the
# built-in ones: tests/audit/sql.sh duckdb|spark [EVENTS]. Gets the engine itself, into target/tools.
# Exits with 77 where it cannot: no Python, no Java (Spark), or a registry that cannot be reached.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

engine=${1:?which engine: duckdb or spark}
events=${2:-20000}
case $engine in
    duckdb) package=duckdb==2.0.1 ;;
    spark) package=pyspark==4.3.0 ;;
    *) echo "there is no engine $engine; known are duckdb and spark" && exit 64 ;;
esac
skip() {
    echo "the SQL for $engine was NOT compared: $1"
    exit 77
}
command -v python3 >/dev/null 2>&1 || skip "there is no python3"
if [[ $engine == spark ]]; then
    command -v java >/dev/null 2>&1 || skip "Spark needs a Java runtime, and there is none"
fi
place="$PWD/target/tools/$engine"
python="$place/bin/python"
if [[ ! -x $python ]]; then
    python3 -m venv "$place" || { rm -rf "$place"; skip "python3 makes no environment (venv)"; }
fi
if ! "$python" -m pip show -q "${package%%==*}" >/dev/null 2>&1; then
    "$python" -m pip install -q --disable-pip-version-check "$package" || skip "$package cannot be fetched"
fi
cargo build --locked
target=${CARGO_TARGET_DIR:-target}
exec "$python" tests/audit/compare_sql.py "$target/debug/persona" "$engine" "$events"
