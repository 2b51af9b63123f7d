//! Tables: CSV with a line of column names, which are guessed, or named in a mapping file's `columns`.
//!
//! The columns are found once, from the first line; a record is then read by place. A table shows
//! approvals where it has a column for them.

use csv::{ByteRecord, ReaderBuilder};
use smallvec::smallvec;

use super::{Reader, Sink};
use crate::audit::event::{Event, Text};
use crate::audit::mapping::Mapping;
use crate::card::words::fold;

/// The reader. Its records need [`Columns`], so that only [`Columns::read`] reads them.
pub static READER: Reader = Reader {
    name: "csv",
    summary: "a table with a line of column names",
    sniff: |_| false,
    read: |_, _| Err("it is a table without column names".to_owned()),
};

/// The fields of an event, each with what tables call it.
const FIELDS: [(&str, &[&str]); 16] = [
    ("action", &["operation", "operation name", "verb", "event name", "method"]),
    ("agent", &["actor", "caller", "principal", "identity", "user", "persona", "client", "who"]),
    ("approval", &["approved by", "approver"]),
    ("component", &["resource", "service", "system", "target", "object"]),
    ("decision", &["effect", "policy decision"]),
    ("environment", &["env", "stage", "deployment environment"]),
    ("event", &["event id", "id", "request id"]),
    ("level", &["access", "access level", "permission"]),
    ("on_behalf_of", &["on behalf of", "delegator", "initiated by"]),
    ("outcome", &["result", "status"]),
    ("parent", &["parent id", "parent event", "causation id"]),
    ("phase", &[]),
    ("risk", &["risk level"]),
    ("time", &["timestamp", "date", "datetime", "event time", "time generated", "when"]),
    ("tool", &["tool name", "function"]),
    ("trace", &["trace id", "correlation id", "session id"]),
];

/// Where the fields of an event stand in a table.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    places: [Option<usize>; FIELDS.len()],
    delimiter: u8,
}

/// Whether a first line looks like column names: two or more, one of which is known.
#[must_use]
pub fn looks_like(line: &[u8]) -> bool {
    let columns = Columns::of(line, &Mapping::default());
    columns.places.iter().flatten().count() >= 2
}

impl Columns {
    /// Finds the columns in the first line of a table.
    #[must_use]
    pub fn of(line: &[u8], mapping: &Mapping) -> Self {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let count = |delimiter: u8| line.iter().filter(|byte| **byte == delimiter).count();
        let delimiter =
            [b',', b';', b'\t'].into_iter().max_by_key(|one| (count(*one), *one == b',')).unwrap_or(b',');
        let record = record(line, delimiter).unwrap_or_default();
        let names: Vec<String> =
            record.iter().map(|name| fold(&String::from_utf8_lossy(name)).replace(['_', '-'], " ")).collect();
        let mut places = [None; FIELDS.len()];
        for (place, (field, others)) in places.iter_mut().zip(FIELDS) {
            let find =
                |word: &str| names.iter().position(|name| *name == fold(word).replace(['_', '-'], " "));
            *place = match mapping.columns.get(field) {
                Some(column) => find(column),
                None => find(field).or_else(|| others.iter().find_map(|word| find(word))),
            };
        }
        Self { places, delimiter }
    }

    /// Reads a record.
    ///
    /// # Errors
    /// Where it is no record of a table.
    pub fn read(&self, bytes: &[u8], sink: Sink<'_>) -> Result<(), String> {
        let record = record(bytes, self.delimiter).ok_or("it is no line of a table")?;
        let field = |name: &str| {
            let place = FIELDS.iter().position(|(field, _)| *field == name);
            let bytes = place.and_then(|place| record.get(self.places[place]?)).unwrap_or_default();
            Text(String::from_utf8_lossy(bytes))
        };
        let has_approvals =
            FIELDS.iter().zip(self.places).any(|((field, _), place)| *field == "approval" && place.is_some());
        let event = Event {
            time: field("time"),
            event: field("event"),
            agents: smallvec![field("agent")],
            components: smallvec![field("component")],
            tool: field("tool"),
            action: field("action"),
            level: field("level"),
            environment: field("environment"),
            phase: field("phase"),
            risk: field("risk"),
            decision: field("decision"),
            outcome: field("outcome"),
            on_behalf_of: field("on_behalf_of"),
            approval: field("approval"),
            shows_approval: has_approvals,
            parent: field("parent"),
            trace: field("trace"),
            ..Event::default()
        };
        if event.agents.iter().all(Text::is_empty) && event.components.iter().all(Text::is_empty) {
            return Err("it names neither an agent nor a component".to_owned());
        }
        sink(&event);
        Ok(())
    }
}

fn record(line: &[u8], delimiter: u8) -> Option<ByteRecord> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(line);
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record).ok().filter(|found| *found)?;
    Some(record)
}
