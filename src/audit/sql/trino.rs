//! Trino, also as Athena and Starburst.

use super::Dialect;
use super::standard::{Words, emit, quoted};

/// The engine.
pub static DIALECT: Dialect = Dialect {
    name: "trino",
    summary: "Trino, Athena, Starburst: tables over object stores",
    emit: |tables| emit(tables, &WORDS),
};

static WORDS: Words = Words {
    head:
        "Give it the logs first: a table or view audit_events, in our own fields, all of them varchar, in the
catalog and schema that are in use, which must take views and tables:
  time, event, agent, component, tool, action, level, environment, phase, risk, decision, outcome,
  on_behalf_of, approval, parent, trace
then each statement of this file, and then ask:
  SELECT verdict, reason, count(*) FROM persona_verdicts GROUP BY 1, 2 ORDER BY 3 DESC;
Tables of an earlier run are to be dropped first.",
    create_table: |name| format!("CREATE TABLE {name} AS"),
    create_view: "CREATE OR REPLACE VIEW persona_verdicts AS",
    literal: quoted,
    text: "varchar",
    fold: |column| {
        format!("lower(trim(regexp_replace(normalize(coalesce({column}, ''), NFC), '\\s+', ' ')))")
    },
    contains: |list, word| format!("strpos({list}, {word}) > 0"),
    day: |column| {
        let day = format!("substr(trim({column}), 1, 10)");
        format!(
            "CASE WHEN regexp_like({day}, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$') AND try_cast({day} AS date) IS NOT NULL THEN {day} ELSE '' END"
        )
    },
};
