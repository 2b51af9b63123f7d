#!/usr/bin/env python3
"""Runs the SQL that `persona audit --emit-sql` writes in the real engine, and compares its verdicts with
the built-in ones, row by row. Exits with 1 where any differs.

    compare_sql.py PERSONA ENGINE [EVENTS]     ENGINE is duckdb or spark

The engine's package (duckdb, pyspark) must be there; Spark needs a Java runtime too."""

import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FIELDS = ("time event agent component tool action level environment phase risk decision outcome "
          "on_behalf_of approval parent trace").split()
# What is compared, and what the rows of the built-in call it.
COMPARED = {"actor": "actor", "granted_on": "granted_on", "verdict": "verdict", "reason": "reason",
            "grant_line": "grant", "chain": "chain"}


def statements(text):
    """The statements of a file. Each ends with a semicolon at the end of a line."""
    lines = [line for line in text.split("\n") if not line.startswith("--")]
    return [one.strip().rstrip(";") for one in "\n".join(lines).split(";\n") if one.strip()]


def duckdb(sql, log):
    import duckdb

    connection = duckdb.connect()
    columns = ", ".join(f"{field}: 'VARCHAR'" for field in FIELDS)
    path = str(log).replace("'", "''")
    connection.execute(f"CREATE VIEW audit_events AS SELECT * FROM read_json('{path}', "
                       f"format = 'newline_delimited', columns = {{{columns}}})")
    connection.execute(sql)
    names = ", ".join(["event", *COMPARED])
    return connection.execute(f"SELECT {names} FROM persona_verdicts").fetchall()


def spark(sql, log):
    from pyspark.sql import SparkSession

    session = (SparkSession.builder.master("local[2]").appName("audit").config("spark.ui.enabled", "false")
               .config("spark.sql.shuffle.partitions", "2").getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    schema = ", ".join(f"{field} string" for field in FIELDS)
    session.read.schema(schema).json(str(log)).createOrReplaceTempView("audit_events")
    for statement in statements(sql):
        session.sql(statement)
    rows = session.sql(f"SELECT {', '.join(['event', *COMPARED])} FROM persona_verdicts").collect()
    session.stop()
    return [tuple(row) for row in rows]


def compare(persona, engine, catalog, log):
    """How many rows are compared, and what differs."""
    run = [persona, "audit", "--in", str(catalog)]
    built_in = subprocess.run([*run, str(log), "--format", "jsonl"], capture_output=True, text=True)
    if built_in.returncode not in (0, 1):
        sys.exit(f"persona audit failed: {built_in.stderr}")
    expected = {}
    for line in built_in.stdout.splitlines():
        row = json.loads(line)
        expected[row["event"]] = tuple(row[name] for name in COMPARED.values())
    sql = subprocess.run([*run, "--emit-sql", engine], capture_output=True, text=True, check=True).stdout
    rows = {"duckdb": duckdb, "spark": spark}[engine](sql, log)
    found = {row[0]: tuple(row[1:]) for row in rows}
    wrong = [f"{event}: built in {expected.get(event)}, {engine} {found.get(event)}"
             for event in sorted(expected.keys() | found.keys()) if expected.get(event) != found.get(event)]
    if len(rows) != len(expected):
        wrong.append(f"{len(expected)} rows built in, {len(rows)} in {engine}")
    kinds = {row[2:4] for row in expected.values()}
    return len(expected), len(kinds), wrong


def main():
    persona, engine = sys.argv[1], sys.argv[2]
    events = sys.argv[3] if len(sys.argv) > 3 else "20000"
    bad = False
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        rich = folder / "rich"
        rich.mkdir()
        (rich / "catalog.yaml").write_text((HERE / "catalog.yaml").read_text())
        large = folder / "large"
        subprocess.run([persona, "generate", "--personas", "200", "--seed", "5", str(large)], check=True,
                       stdout=subprocess.DEVNULL)
        example = HERE.parent.parent / "personas"
        cases = [("hostile", rich, HERE / "hostile.jsonl")]
        for seed, (name, catalog) in enumerate([("rich", rich), ("large", large), ("example", example)], 1):
            log = folder / f"{name}.jsonl"
            subprocess.run([persona, "generate", "--events", events, "--seed", str(seed), "--in", str(catalog),
                            str(log)], check=True)
            cases.append((name, catalog, log))
        for name, catalog, log in cases:
            count, kinds, wrong = compare(persona, engine, catalog, log)
            print(f"{engine}: {name}: {count} rows with {kinds} kinds of verdict, {len(wrong)} differ")
            for line in wrong[:10]:
                print(f"  {line}")
            bad = bad or bool(wrong)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
