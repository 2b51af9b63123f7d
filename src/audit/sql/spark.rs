//! Spark SQL, also on Databricks and Synapse.

use super::Dialect;
use super::standard::{Words, emit};

/// The engine.
pub static DIALECT: Dialect = Dialect {
    name: "spark",
    summary: "Spark SQL: a cluster, a lake; Databricks and Synapse too",
    emit: |tables| emit(tables, &WORDS),
};

static WORDS: Words = Words {
    head: "Give it the logs first, in our own fields, all of them text:
  CREATE OR REPLACE TEMPORARY VIEW audit_events AS SELECT * FROM from_json_lines;  -- or a table of the lake;
in Python: spark.read.schema('time string, event string, agent string, component string, tool string,
  action string, level string, environment string, phase string, risk string, decision string,
  outcome string, on_behalf_of string, approval string, parent string, trace string')
  .json('logs/*.jsonl').createOrReplaceTempView('audit_events')
then each statement of this file, and then ask:
  SELECT verdict, reason, count(*) FROM persona_verdicts GROUP BY verdict, reason ORDER BY 3 DESC;",
    create_table: |name| format!("CREATE OR REPLACE TEMPORARY VIEW {name} AS"),
    create_view: "CREATE OR REPLACE TEMPORARY VIEW persona_verdicts AS",
    // A backslash in text begins an escape.
    literal: |text| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
    text: "STRING",
    fold: |column| format!("lower(trim(regexp_replace(coalesce({column}, ''), '\\\\s+', ' ')))"),
    contains: |list, word| format!("instr({list}, {word}) > 0"),
    day: |column| {
        let day = format!("substr(trim({column}), 1, 10)");
        format!(
            "CASE WHEN {day} RLIKE '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' AND try_cast({day} AS DATE) IS NOT NULL THEN {day} ELSE '' END"
        )
    },
};
