//! CloudEvents 1.0 in JSON, one or a batch a line.
//!
//! Our own fields are taken from `data`, where it is an object. Else the envelope says what it can: who
//! by the extension `authid`, on what by `subject` or `source`, and what by `type`.

use serde::Deserialize as _;
use serde_json::Value;
use smallvec::SmallVec;

use super::{Reader, Sink, any, at, each, events, not_json, text, traceparent};
use crate::audit::event::{Candidates, Event, Text};

/// The reader.
pub static READER: Reader = Reader {
    name: "cloudevents",
    summary: "CloudEvents 1.0 in JSON, with our fields in data",
    sniff: |value| at(value, &["specversion"]).is_some() && at(value, &["type"]).is_some(),
    read: |bytes, sink| each(bytes, |record| read(record, sink)),
};

fn read(record: &Value, sink: Sink<'_>) -> Result<(), String> {
    if text(record, &["specversion"]).is_empty() {
        return Err("it is no CloudEvent: it has no specversion".to_owned());
    }
    let mut event = match at(record, &["data"]) {
        Some(data) if data.is_object() => {
            events::Own::deserialize(data).map_err(|error| not_json(&error))?.event()
        }
        _ => Event::default(),
    };
    fill(&mut event.time, text(record, &["time"]));
    fill(&mut event.event, text(record, &["id"]));
    fill(&mut event.action, text(record, &["type"]));
    let auth = any(record, &[&["authid"], &["principalid"]]);
    add(&mut event.agents, auth);
    add(&mut event.components, text(record, &["subject"]));
    add(&mut event.components, text(record, &["source"]));
    let parent = text(record, &["traceparent"]);
    if let Some((trace, span)) = traceparent(parent.get()) {
        fill(&mut event.trace, trace.to_owned().into());
        fill(&mut event.parent, span.to_owned().into());
    }
    sink(&event);
    Ok(())
}

fn fill<'a>(field: &mut Text<'a>, other: Text<'a>) {
    if field.is_empty() {
        *field = other;
    }
}

fn add<'a>(candidates: &mut Candidates<'a>, other: Text<'a>) {
    let mut kept: Candidates<'a> = SmallVec::new();
    kept.extend(candidates.drain(..).chain([other]).filter(|text| !text.is_empty()));
    *candidates = kept;
}
