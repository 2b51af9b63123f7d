//! Our own events: one JSON object a line, as `assets/schema/audit-event-1.json` says.
//!
//! Fields that are not known are passed over; a field that is there twice, or is no text, makes the
//! line a bad one. This is the reader that has to be fast: words are borrowed from the line.

use serde::Deserialize;
use serde_json::Value;
use smallvec::smallvec;

use super::{Reader, Sink, at, not_json, records};
use crate::audit::event::{Event, Text};

/// The reader.
pub static READER: Reader = Reader {
    name: "events",
    summary: "our own JSON Lines: time, event, agent, component, tool, action, level, ...",
    sniff: |value| {
        at(value, &["agent"]).is_some() && at(value, &["component"]).or(at(value, &["tool"])).is_some()
    },
    read,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Own<'a> {
    #[serde(borrow)]
    time: Text<'a>,
    #[serde(borrow)]
    event: Text<'a>,
    #[serde(borrow)]
    agent: Text<'a>,
    #[serde(borrow)]
    component: Text<'a>,
    #[serde(borrow)]
    tool: Text<'a>,
    #[serde(borrow)]
    action: Text<'a>,
    #[serde(borrow)]
    level: Text<'a>,
    #[serde(borrow)]
    environment: Text<'a>,
    #[serde(borrow)]
    phase: Text<'a>,
    #[serde(borrow)]
    risk: Text<'a>,
    #[serde(borrow)]
    decision: Text<'a>,
    #[serde(borrow)]
    outcome: Text<'a>,
    #[serde(borrow)]
    on_behalf_of: Text<'a>,
    #[serde(borrow)]
    approval: Text<'a>,
    #[serde(borrow)]
    parent: Text<'a>,
    #[serde(borrow)]
    trace: Text<'a>,
}

impl<'a> Own<'a> {
    pub(super) fn event(self) -> Event<'a> {
        Event {
            time: self.time,
            event: self.event,
            agents: smallvec![self.agent],
            components: smallvec![self.component],
            tool: self.tool,
            action: self.action,
            level: self.level,
            environment: self.environment,
            phase: self.phase,
            risk: self.risk,
            decision: self.decision,
            outcome: self.outcome,
            on_behalf_of: self.on_behalf_of,
            approval: self.approval,
            shows_approval: true,
            parent: self.parent,
            trace: self.trace,
            ..Event::default()
        }
    }
}

fn read(bytes: &[u8], sink: Sink<'_>) -> Result<(), String> {
    if bytes.first() == Some(&b'{') {
        return match serde_json::from_slice::<Own<'_>>(bytes) {
            Ok(own) => {
                sink(&own.event());
                Ok(())
            }
            Err(error) => Err(not_json(&error)),
        };
    }
    // A list of events, or a line that is none; serde would take a list for the fields in order.
    let value: Value = serde_json::from_slice(bytes).map_err(|error| not_json(&error))?;
    let mut wrong = Ok(());
    for record in records(&value) {
        if !record.is_object() {
            wrong = wrong.and(Err("it is JSON, but no object".to_owned()));
            continue;
        }
        match Own::deserialize(record) {
            Ok(own) => sink(&own.event()),
            Err(error) => wrong = wrong.and(Err(not_json(&error))),
        }
    }
    wrong
}
