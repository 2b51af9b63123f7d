//! A play from a seed: its events to a file or the terminal, and what it came to.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;

use super::super::style::{Style, safe, table};
use crate::analysis::Analysis;
use crate::audit::event::written;
use crate::audit::judge::Verdict;
use crate::audit::simulate::{Expected, Plan, Played, TrailEvent, play};
use crate::catalog::Actor;

/// How events are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A JSON object a line.
    Events,
    /// A plain line each.
    Plain,
    /// For people.
    Terminal,
}

/// Plays, and prints.
///
/// # Errors
/// Where there is nothing to play, or it cannot be written.
pub fn run(
    analysis: &Analysis,
    plan: &Plan,
    told: Told,
    file: Option<&Path>,
    style: Style,
) -> anyhow::Result<()> {
    let mut out: Box<dyn Write> = match file {
        None => Box::new(std::io::BufWriter::with_capacity(1 << 16, std::io::stdout())),
        Some(path) => Box::new(std::io::BufWriter::with_capacity(
            1 << 16,
            std::fs::File::create(path)
                .with_context(|| format!("{} could not be written", path.display()))?,
        )),
    };
    let mut sink = |event: &TrailEvent, expected: Expected| -> std::io::Result<()> {
        if file.is_some() || told == Told::Events {
            serde_json::to_writer(&mut out, event)?;
            return out.write_all(b"\n");
        }
        out.write_all(line(event, expected, told, style).as_bytes())
    };
    let played = play(analysis, plan, &mut sink).map_err(|why| anyhow::anyhow!("{}", safe(&why)))??;
    out.flush()?;
    drop(out);
    if file.is_none() && told == Told::Events {
        return Ok(());
    }
    let text = match told {
        Told::Plain => came_to(analysis, plan, &played)
            .into_iter()
            .map(|(what, how)| format!("{what}: {how}\n"))
            .collect(),
        Told::Events | Told::Terminal => {
            let rows: Vec<Vec<String>> =
                came_to(analysis, plan, &played).into_iter().map(|(what, how)| vec![what, how]).collect();
            let gap = if file.is_some() { "" } else { "\n" };
            format!("{gap}{}", table(&rows))
        }
    };
    super::super::print(&text)
}

/// "2026-11-23 09:00:31Z  P011  write on Azure DevOps in dev  allowed".
fn line(event: &TrailEvent, expected: Expected, told: Told, style: Style) -> String {
    let mut what = event.action.clone();
    if !event.component.is_empty() {
        let tool = if event.tool.is_empty() { String::new() } else { format!("{} of ", event.tool) };
        what.push_str(&format!(" {tool}{}", event.component));
        // The action of a plain access is its level.
        if !event.level.is_empty() && event.level != event.action {
            what.push_str(&format!(" ({})", event.level));
        }
        if !event.environment.is_empty() {
            what.push_str(&format!(" in {}", event.environment));
        }
        if !event.approval.is_empty() {
            what.push_str(&format!(", approved by {}", event.approval));
        }
    }
    let verdict = match (expected.verdict, expected.reason) {
        (Verdict::Beyond, Some(reason)) => format!("refused: {}", reason.word()),
        (Verdict::Beyond, None) => "refused".to_owned(),
        (Verdict::Allowed, _) if event.decision == "deny" => "refused".to_owned(),
        (Verdict::Allowed, _) => "allowed".to_owned(),
        (Verdict::Unjudged, _) if event.outcome == "failure" => "failed".to_owned(),
        (Verdict::Unjudged, _) => String::new(),
    };
    let (time, agent, what) = (safe(&event.time), safe(&event.agent), safe(&what));
    if told == Told::Plain {
        let verdict = if verdict.is_empty() { verdict } else { format!(": {verdict}") };
        return format!("{time}: {} {agent}: {what}{verdict}\n", safe(&event.trace));
    }
    let verdict = match expected.verdict {
        Verdict::Beyond => style.severity(crate::analysis::Severity::High, &verdict),
        Verdict::Allowed => style.added(&verdict),
        Verdict::Unjudged => verdict,
    };
    let gap = if verdict.is_empty() { "" } else { "  " };
    format!("{}  {}  {what}{gap}{verdict}\n", style.faint(&time), style.strong(&agent))
}

/// "once", "12 times".
fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// What it came to, fact by fact.
fn came_to(analysis: &Analysis, plan: &Plan, played: &Played) -> Vec<(String, String)> {
    let catalog = &analysis.catalog;
    let scenario = &catalog.scenarios[plan.scenario.index()];
    let label = |actor: Actor| safe(&catalog.label(actor.into()));
    let mut out = Vec::new();
    let mut put = |what: &str, how: String| out.push((what.to_owned(), how));
    let span = played
        .span
        .map_or_else(String::new, |(first, last)| format!(", {} to {}", written(first), written(last)));
    put("events", format!("{}{span}, seed {}", played.events, plan.seed));
    for (trigger, (all, through)) in scenario.triggers.iter().zip(&played.triggers) {
        let change = trigger.change.as_ref().map_or("any change", |change| change.written());
        put("changes", format!("{}: {all}, of which {through} got to the end", safe(change)));
    }
    for ((trigger, place, why), count) in &played.stuck {
        let at = match place.checked_sub(1) {
            None => "the router".to_owned(),
            Some(place) => scenario.triggers[*trigger].route[place].name.to_string(),
        };
        let change =
            scenario.triggers[*trigger].change.as_ref().map_or("any change", |change| change.written());
        put("stuck", safe(&format!("{change} at {at}: {why}, {}", times(*count))));
    }
    put(
        "taken",
        format!("{} accesses; {} activated, {} revoked", played.taken, played.activated, played.revoked),
    );
    for ((persona, lack), count) in &played.refused {
        let why = lack.map_or("no grant", |lack| lack.word());
        put("refused", format!("{}: {why}, {}", safe(&catalog.label((*persona).into())), times(*count)));
    }
    for (actor, (asked, refused)) in &played.asked {
        put("asked", format!("{}: {}, of which {refused} refused", label(*actor), times(*asked)));
    }
    if played.unasked > 0 {
        put("asked", format!("nobody who is there could approve, {}", times(played.unasked)));
    }
    put("handed over", times(played.handed_over));
    for (actor, count) in &played.escalated {
        put("escalated", format!("to {}: {}", label(*actor), times(*count)));
    }
    if played.unescalated > 0 {
        put("escalated", format!("to nobody: {}", times(played.unescalated)));
    }
    out
}
