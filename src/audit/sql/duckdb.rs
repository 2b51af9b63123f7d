//! DuckDB.

use super::Dialect;
use super::standard::{Words, emit, quoted};

/// The engine.
pub static DIALECT: Dialect = Dialect {
    name: "duckdb",
    summary: "DuckDB: one machine, files of any size",
    emit: |tables| emit(tables, &WORDS),
};

static WORDS: Words = Words {
    head: "Give it the logs first, in our own fields, all of them text:
  CREATE VIEW audit_events AS SELECT * FROM read_json('logs/*.jsonl', format = 'newline_delimited',
    columns = {time: 'VARCHAR', event: 'VARCHAR', agent: 'VARCHAR', component: 'VARCHAR', tool: 'VARCHAR',
      action: 'VARCHAR', level: 'VARCHAR', environment: 'VARCHAR', phase: 'VARCHAR', risk: 'VARCHAR',
      decision: 'VARCHAR', outcome: 'VARCHAR', on_behalf_of: 'VARCHAR', approval: 'VARCHAR',
      parent: 'VARCHAR', trace: 'VARCHAR'});
then this file, and then ask:
  SELECT verdict, reason, count(*) FROM persona_verdicts GROUP BY ALL ORDER BY 3 DESC;",
    create_table: |name| format!("CREATE OR REPLACE TABLE {name} AS"),
    create_view: "CREATE OR REPLACE VIEW persona_verdicts AS",
    literal: quoted,
    text: "VARCHAR",
    fold: |column| {
        format!("lower(trim(regexp_replace(nfc_normalize(coalesce({column}, '')), '[\\s\\x0b]+', ' ', 'g')))")
    },
    contains: |list, word| format!("strpos({list}, {word}) > 0"),
    day: |column| {
        let day = format!("substr(trim({column}), 1, 10)");
        format!(
            "CASE WHEN regexp_full_match({day}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') AND TRY_CAST({day} AS DATE) IS NOT NULL THEN {day} ELSE '' END"
        )
    },
};
