//! The formats of logs: one file each, in one table.
//!
//! A reader turns one record (a line, or a document of many lines) into events. It looks at fields,
//! not at the catalog: whom a word means is decided later. What a record says that is no access (a
//! metric, a heartbeat) gives no event, and is no mistake.

mod azure_activity;
mod cloudevents;
mod cloudtrail;
pub mod csv;
mod events;
mod mcp;
mod otel;

use serde_json::Value;

use super::event::{Event, Text};
use crate::analysis::services;

/// Where the events of a record go.
pub type Sink<'s> = &'s mut dyn FnMut(&Event<'_>);

/// A format.
#[derive(Clone, Copy)]
pub struct Reader {
    /// Its name, as in `--from`.
    pub name: &'static str,
    /// What it is, as half a sentence.
    pub summary: &'static str,
    /// Whether a record looks like it.
    pub sniff: fn(&Value) -> bool,
    /// Reads a record. Says what is wrong with it where it cannot.
    pub read: fn(&[u8], Sink<'_>) -> Result<(), String>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The formats, in alphabetical order. Where a record looks like several, the first is taken; our own
/// is what no other claims.
pub static READERS: &[&Reader] = &[
    &azure_activity::READER,
    &cloudevents::READER,
    &cloudtrail::READER,
    &csv::READER,
    &events::READER,
    &mcp::READER,
    &otel::READER,
];

/// The format of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Reader> {
    READERS.iter().copied().find(|reader| reader.name == name)
}

/// How a log is cut into records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A record a line.
    Lines,
    /// A record a line, but for line breaks in quotes; the first line names the columns.
    Table,
    /// One document, over many lines.
    Document,
}

/// What a log is, by how it begins.
#[must_use]
pub fn sniff(head: &[u8]) -> (&'static Reader, Framing) {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    // A line may be broken; the first of a few that is a record decides.
    for line in head.split(|byte| *byte == b'\n').take(50) {
        if let Ok(value) = serde_json::from_slice::<Value>(line)
            && value.is_object()
        {
            return (of_record(&value), Framing::Lines);
        }
        if let Ok(Value::Array(items)) = serde_json::from_slice::<Value>(line)
            && let Some(first) = items.first()
        {
            return (of_record(first), Framing::Lines);
        }
    }
    let start = head.iter().copied().find(|byte| !byte.is_ascii_whitespace());
    if !matches!(start, Some(b'{' | b'[')) {
        let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let is_table = csv::looks_like(line);
        return if is_table { (&csv::READER, Framing::Table) } else { (&events::READER, Framing::Lines) };
    }
    // The beginning of a document: what it is shows in its keys, and the rest is not here yet.
    let one_line = !head.contains(&b'\n');
    (of_text(head), if one_line { Framing::Lines } else { Framing::Document })
}

fn of_record(value: &Value) -> &'static Reader {
    let first = records(value).first().copied().unwrap_or(value);
    READERS.iter().copied().find(|reader| (reader.sniff)(first)).unwrap_or(&events::READER)
}

/// What a document is of which only the beginning is known.
fn of_text(head: &[u8]) -> &'static Reader {
    let has = |word: &str| memchr::memmem::find(head, word.as_bytes()).is_some();
    let keys: [(&str, &'static Reader); 6] = [
        ("\"resourceSpans\"", &otel::READER),
        ("\"eventSource\"", &cloudtrail::READER),
        ("\"specversion\"", &cloudevents::READER),
        ("\"jsonrpc\"", &mcp::READER),
        ("\"operationName\"", &azure_activity::READER),
        ("\"eventDataId\"", &azure_activity::READER),
    ];
    keys.into_iter().find(|(key, _)| has(key)).map_or(&events::READER, |(_, reader)| reader)
}

/// The records of a value: itself, the items of a list, or what stands under `Records`, `records` or `value`.
fn records(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => ["Records", "records", "value"]
            .iter()
            .find_map(|key| fields.get(*key)?.as_array())
            .map_or_else(|| vec![value], |items| items.iter().collect()),
        _ => vec![value],
    }
}

/// Reads each record of a JSON text; the first mistake is told after all others are read.
fn each(bytes: &[u8], mut read: impl FnMut(&Value) -> Result<(), String>) -> Result<(), String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| not_json(&error))?;
    let mut wrong = Ok(());
    for record in records(&value) {
        if record.is_object() {
            wrong = wrong.and(read(record));
        } else {
            wrong = wrong.and(Err("it is JSON, but no object".to_owned()));
        }
    }
    wrong
}

/// What is wrong with a record, without the place in it, so that equal mistakes are counted together.
fn not_json(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => "it ends in the middle of a record".to_owned(),
        Category::Data => {
            let text = error.to_string();
            let text = text.split(" at line ").next().unwrap_or(&text);
            text.chars().take(120).collect()
        }
        Category::Syntax | Category::Io => "it is not JSON".to_owned(),
    }
}

/// The value at a path of keys.
fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(*key)).filter(|value| !value.is_null())
}

/// The text at a path of keys; numbers and truth values as they are written, else empty.
fn text<'v>(value: &'v Value, path: &[&str]) -> Text<'v> {
    match at(value, path) {
        Some(Value::String(text)) => text.as_str().into(),
        Some(Value::Number(number)) => number.to_string().into(),
        Some(Value::Bool(truth)) => truth.to_string().into(),
        _ => Text::default(),
    }
}

/// The first of several paths that holds text.
fn any<'v>(value: &'v Value, paths: &[&[&str]]) -> Text<'v> {
    paths.iter().map(|path| text(value, path)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// The trace and the parent of a W3C `traceparent`: `00-TRACE-PARENT-01`.
fn traceparent(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.split('-');
    let (_, trace, parent) = (parts.next()?, parts.next()?, parts.next()?);
    (trace.len() == 32 && parent.len() == 16).then_some((trace, parent))
}

#[cfg(test)]
mod tests;
