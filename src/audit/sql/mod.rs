//! The boundary as tables, and one query that gives the verdicts of [`super::judge`] on the engine that
//! holds the logs: one file an engine, in one table.
//!
//! The query compares each combination of words once, as the workbench does, and then looks it up for
//! every event; it numbers the conditions that fail in the same way. It knows the catalog as it is, and
//! logs in our own fields; what reads other formats, finds duplicates and follows traces is not in it.

mod duckdb;
mod kql;
mod spark;
mod standard;
mod trino;

use super::versions::Versions;
use crate::card::visible::visible;
use crate::catalog::Level;

/// An engine.
pub struct Dialect {
    /// Its name, as in `--emit-sql`.
    pub name: &'static str,
    /// What it is, as half a sentence.
    pub summary: &'static str,
    /// The text for some tables.
    emit: fn(&Tables) -> String,
}

impl std::fmt::Debug for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The engines, in alphabetical order.
pub static DIALECTS: &[&Dialect] = &[&duckdb::DIALECT, &kql::DIALECT, &spark::DIALECT, &trino::DIALECT];

/// The engine of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().copied().find(|dialect| dialect.name == name)
}

/// The boundary of a catalog as it is, and the query, for an engine.
#[must_use]
pub fn emit(dialect: &Dialect, versions: &Versions) -> String {
    (dialect.emit)(&Tables::of(versions))
}

/// The fields of an event, in the order of its schema.
const FIELDS: [&str; 16] = [
    "time",
    "event",
    "agent",
    "component",
    "tool",
    "action",
    "level",
    "environment",
    "phase",
    "risk",
    "decision",
    "outcome",
    "on_behalf_of",
    "approval",
    "parent",
    "trace",
];

/// The fields by which an event is judged, but for its day.
const KEYS: [&str; 8] = ["agent", "component", "tool", "level", "environment", "phase", "risk", "approval"];

/// What parts the words of a list. No folded word holds one.
const TAB: char = '\t';

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A whole number.
    Number,
    /// Text.
    Text,
}

/// A value of a table.
#[derive(Clone, Debug)]
enum Value {
    Null,
    Number(u64),
    Text(String),
}

impl From<Option<u64>> for Value {
    fn from(value: Option<u64>) -> Self {
        value.map_or(Self::Null, Self::Number)
    }
}

/// A table.
#[derive(Debug)]
struct Table {
    name: &'static str,
    columns: Vec<(&'static str, Kind)>,
    rows: Vec<Vec<Value>>,
}

/// The tables of a boundary.
#[derive(Debug)]
struct Tables {
    /// The catalog's name, on one line.
    catalog: String,
    tables: Vec<Table>,
}

impl Tables {
    fn of(versions: &Versions) -> Self {
        use Kind::{Number, Text};
        let boundary = versions.now();
        let catalog = &boundary.analysis.catalog;
        let number = |number: u32| Value::Number(u64::from(number));
        let level = |level: Option<Level>| Value::from(level.map(|level| u64::from(level.0)));
        let text = |text: &str| Value::Text(visible(text).into_owned());
        let list = |words: &[String]| {
            Value::Text(words.iter().fold(TAB.to_string(), |list, word| list + word + &TAB.to_string()))
        };
        let mut actors = Vec::new();
        for (place, acting) in boundary.actors.iter().enumerate() {
            let Some(acting) = acting else { continue };
            let answers = acting.answers.join("; ");
            actors.push(vec![
                Value::Number(place as u64),
                text(&acting.id),
                text(&acting.label),
                Value::Number(u64::from(acting.answered)),
                text(if acting.answered { &answers } else { "" }),
                text(&acting.chain),
            ]);
        }
        let mut components = Vec::new();
        for (place, component) in boundary.components.iter().enumerate() {
            if component.is_some() {
                components
                    .push(vec![Value::Number(place as u64), text(&versions.directory.components[place])]);
            }
        }
        let mut rows: Vec<(u32, u32)> = boundary
            .rows_of
            .iter()
            .flat_map(|((actor, _), rows)| rows.iter().map(move |row| (*row, *actor)))
            .collect();
        rows.sort_unstable();
        let grants = rows.into_iter().map(|(place, actor)| {
            let row = &boundary.rows[place as usize];
            let location = catalog.locate(row.place);
            let approvers: Vec<String> = row.approvers.iter().map(u32::to_string).collect();
            vec![
                number(place),
                number(actor),
                number(row.component),
                Value::from(row.environment.map(|environment| environment as u64)),
                level(row.level),
                row.tools.as_deref().map_or(Value::Null, list),
                if row.phases.is_empty() { Value::Null } else { list(&row.phases) },
                level(row.max_risk),
                row.starts.map_or(Value::Null, |day| Value::Text(day.to_string())),
                row.expires.map_or(Value::Null, |day| Value::Text(day.to_string())),
                if row.needs_approval { list(&approvers) } else { Value::Null },
                text(&format!("{}:{}", location.file, location.position.line)),
            ]
        });
        let mut tools: Vec<Vec<Value>> = boundary
            .tool_levels
            .iter()
            .map(|((component, tool), of)| {
                vec![number(*component), Value::Text(tool.clone()), level(Some(*of))]
            })
            .collect();
        tools.sort_by_cached_key(|row| format!("{row:?}"));
        let table = |name, target, mut rows: Vec<(String, u64)>| {
            rows.sort_unstable();
            let rows = rows.into_iter().map(|(word, to)| vec![Value::Text(word), Value::Number(to)]);
            Table { name, columns: vec![("word", Text), (target, Number)], rows: rows.collect() }
        };
        let numbers = |map: &'_ std::collections::HashMap<String, u32>| -> Vec<(String, u64)> {
            map.iter().map(|(word, number)| (word.clone(), u64::from(*number))).collect()
        };
        let levels = |map: &'_ std::collections::HashMap<String, Level>| -> Vec<(String, u64)> {
            map.iter().map(|(word, level)| (word.clone(), u64::from(level.0))).collect()
        };
        let environments: Vec<(String, u64)> =
            boundary.environment_words.iter().map(|(word, place)| (word.clone(), *place as u64)).collect();
        Self {
            catalog: visible(&catalog.name).into_owned(),
            tables: vec![
                Table {
                    name: "persona_actor",
                    columns: vec![
                        ("actor", Number),
                        ("id", Text),
                        ("label", Text),
                        ("answered", Number),
                        ("answers", Text),
                        ("chain", Text),
                    ],
                    rows: actors,
                },
                table("persona_actor_word", "actor", numbers(&boundary.actor_words)),
                Table {
                    name: "persona_component",
                    columns: vec![("component", Number), ("name", Text)],
                    rows: components,
                },
                table("persona_component_word", "component", numbers(&boundary.component_words)),
                table("persona_environment_word", "environment", environments),
                table("persona_level_word", "access_level", levels(&boundary.level_words)),
                table("persona_risk_word", "risk_level", levels(&boundary.risk_words)),
                Table {
                    name: "persona_tool",
                    columns: vec![("component", Number), ("tool", Text), ("access_level", Number)],
                    rows: tools,
                },
                table("persona_tool_component", "component", numbers(&boundary.tool_components)),
                Table {
                    name: "persona_boundary",
                    columns: vec![
                        ("row_number", Number),
                        ("actor", Number),
                        ("component", Number),
                        ("environment", Number),
                        ("access_level", Number),
                        ("tools", Text),
                        ("phases", Text),
                        ("max_risk", Number),
                        ("starts", Text),
                        ("expires", Text),
                        ("approvers", Text),
                        ("grant_line", Text),
                    ],
                    rows: grants.collect(),
                },
            ],
        }
    }
}

/// The condition that fails, by its bit.
const CONDITIONS: [(&str, u64); 7] = [
    ("environment", 64),
    ("level", 32),
    ("tool", 16),
    ("phase", 8),
    ("risk", 4),
    ("window", 2),
    ("approval", 1),
];
