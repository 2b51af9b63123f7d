//! A row an event: what the log says, whom it belongs to, and the verdict; for other programs.
//!
//! A row is written by the worker that judged the event, all but its end: who set the agent to work
//! can hang on events of other blocks, and is added when rows are collected.

use serde::Serialize;

use super::collect::SetToWork;
use super::engine::Source;
use super::event::Event;
use super::judge::{Judgement, Known};
use super::versions::Versions;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// A JSON object a line.
    JsonLines,
    /// A table.
    Csv,
}

/// The columns of a table of rows.
const COLUMNS: [&str; 24] = [
    "log",
    "line",
    "time",
    "event",
    "agent",
    "actor",
    "component",
    "granted_on",
    "tool",
    "action",
    "level",
    "environment",
    "phase",
    "risk",
    "approval",
    "verdict",
    "reason",
    "grant",
    "refused",
    "answers",
    "chain",
    "set_to_work_by",
    "set_to_work_how",
    "duplicate",
];

/// A row, but for its end.
#[derive(Debug, Serialize)]
struct Row<'a> {
    log: &'a str,
    line: u64,
    time: &'a str,
    event: &'a str,
    agent: &'a str,
    actor: Option<&'a str>,
    component: &'a str,
    granted_on: Option<&'a str>,
    tool: &'a str,
    action: &'a str,
    level: Option<&'a str>,
    environment: Option<&'a str>,
    phase: &'a str,
    risk: &'a str,
    approval: &'a str,
    verdict: &'static str,
    reason: Option<&'static str>,
    grant: Option<&'a str>,
    refused: bool,
    answers: &'a [std::sync::Arc<str>],
    chain: Option<&'a str>,
}

impl Rows {
    /// What stands before the first row.
    #[must_use]
    pub fn head(self) -> String {
        match self {
            Self::JsonLines => String::new(),
            Self::Csv => COLUMNS.join(",") + "\n",
        }
    }

    /// Writes a row without its end, for a line of a log; `grant` is where the nearest grant stands.
    pub fn write(
        self,
        out: &mut Vec<u8>,
        versions: &Versions,
        (source, line): (&Source, u64),
        event: &Event<'_>,
        judgement: &Judgement,
        grant: Option<&str>,
    ) {
        let boundary = versions.version(judgement.version as usize);
        let settings = &boundary.analysis.catalog.settings;
        let acting = judgement.actor.number().and_then(|number| boundary.acting(number));
        let component = match &judgement.component {
            Known::Number(number) => Some(&*versions.directory.components[*number as usize]),
            Known::Word(_) => None,
        };
        let row = Row {
            log: &source.name,
            line,
            time: event.time.get(),
            event: event.event.get(),
            agent: Event::first(&event.agents),
            actor: acting.map(|acting| &*acting.id),
            component: Event::first(&event.components),
            granted_on: component,
            tool: event.tool.get(),
            action: event.action.get(),
            level: judgement.level.map(|level| settings.level(level)),
            environment: match judgement.environment {
                Some(environment) => Some(settings.environment(environment)),
                None => Some(event.environment.get()).filter(|word| !word.is_empty()),
            },
            phase: event.phase.get(),
            risk: event.risk.get(),
            approval: event.approval.get(),
            verdict: judgement.verdict.word(),
            reason: judgement.reason.map(|reason| reason.word()),
            grant,
            refused: judgement.refused,
            answers: acting.filter(|acting| acting.answered).map_or(&[][..], |acting| &acting.answers),
            chain: acting.map(|acting| &*acting.chain),
        };
        match self {
            Self::JsonLines => {
                // Writing to memory does not fail.
                let _ = serde_json::to_writer(&mut *out, &row);
                out.pop();
            }
            Self::Csv => {
                let answers = row.answers.join("; ");
                let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
                let fields = [
                    row.log.to_owned(),
                    row.line.to_string(),
                    row.time.to_owned(),
                    row.event.to_owned(),
                    row.agent.to_owned(),
                    text(row.actor),
                    row.component.to_owned(),
                    text(row.granted_on),
                    row.tool.to_owned(),
                    row.action.to_owned(),
                    text(row.level),
                    text(row.environment),
                    row.phase.to_owned(),
                    row.risk.to_owned(),
                    row.approval.to_owned(),
                    row.verdict.to_owned(),
                    text(row.reason),
                    text(row.grant),
                    row.refused.to_string(),
                    answers,
                    text(row.chain),
                ];
                for field in fields {
                    csv_field(out, &field);
                    out.push(b',');
                }
            }
        }
    }

    /// The end of a row.
    #[must_use]
    pub fn end(self, set: Option<(&str, SetToWork)>, duplicate: bool) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::JsonLines => {
                let set = set.map(|(id, how)| serde_json::json!({"id": id, "how": how.word()}));
                let end = serde_json::json!({"set_to_work_by": set, "duplicate": duplicate});
                let end = end.to_string();
                out.push(b',');
                out.extend(end.as_bytes().get(1..).unwrap_or_default());
            }
            Self::Csv => {
                csv_field(&mut out, set.map_or("", |(id, _)| id));
                out.push(b',');
                csv_field(&mut out, set.map_or("", |(_, how)| how.word()));
                out.extend(format!(",{duplicate}").as_bytes());
            }
        }
        out.push(b'\n');
        out
    }
}

/// A field of a table. What a spreadsheet would take for a formula is led by an apostrophe.
fn csv_field(out: &mut Vec<u8>, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !formula && !text.contains([',', '"', '\n', '\r']) {
        out.extend(text.as_bytes());
        return;
    }
    out.push(b'"');
    if formula {
        out.push(b'\'');
    }
    out.extend(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}
