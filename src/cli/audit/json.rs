//! JSON, as `assets/schema/audit-1.json` says.

use serde::Serialize;

use super::super::report::CatalogPart;
use super::report::Shown;
use crate::audit::engine::{BadLine, Tally};
use crate::audit::event::written;
use crate::audit::judge::Known;
use crate::audit::summary::Counts;
use crate::audit::usage::{Usage, Use};

/// The schema's name.
const SCHEMA: &str = "persona-workbench/audit/1";

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    catalog: CatalogPart<'a>,
    at: String,
    versions: usize,
    first: Option<String>,
    last: Option<String>,
    #[serde(flatten)]
    counts: CountsPart,
    unattributed_share: Option<f64>,
    agents: Vec<AgentPart>,
    reasons: Vec<ReasonPart>,
    crossings: Vec<CrossingPart>,
    components: Vec<ComponentPart>,
    usage: Option<UsagePart>,
    logs: LogsPart<'a>,
    remarks: Vec<String>,
}

#[derive(Serialize)]
struct CountsPart {
    events: u64,
    allowed: u64,
    beyond: u64,
    unjudged: u64,
    refused: u64,
    unattributed: u64,
}

impl From<Counts> for CountsPart {
    fn from(counts: Counts) -> Self {
        let Counts { events, allowed, beyond, unjudged, refused, unattributed } = counts;
        Self { events, allowed, beyond, unjudged, refused, unattributed }
    }
}

/// Who, or what: known to the catalog, or a word of the log.
#[derive(Serialize)]
struct KnownPart {
    known: bool,
    id: String,
}

#[derive(Serialize)]
struct AgentPart {
    #[serde(flatten)]
    who: KnownPart,
    name: String,
    #[serde(flatten)]
    counts: CountsPart,
    first: Option<String>,
    last: Option<String>,
    answers: Vec<String>,
    chain: Option<String>,
    reasons: std::collections::BTreeMap<&'static str, u64>,
    set_to_work_by: Vec<SetPart>,
}

#[derive(Serialize)]
struct SetPart {
    id: String,
    how: &'static str,
    events: u64,
}

#[derive(Serialize)]
struct ReasonPart {
    reason: &'static str,
    events: u64,
}

#[derive(Serialize)]
struct CrossingPart {
    agent: KnownPart,
    component: KnownPart,
    environment: Option<String>,
    reason: &'static str,
    events: u64,
    refused: u64,
    first: Option<String>,
    last: Option<String>,
    grant: Option<String>,
}

#[derive(Serialize)]
struct ComponentPart {
    #[serde(flatten)]
    what: KnownPart,
    #[serde(flatten)]
    counts: CountsPart,
}

#[derive(Serialize)]
struct UsagePart {
    days: u32,
    covered_days: i64,
    creep: Option<f64>,
    personas: Vec<CreepPart>,
    unused: Vec<GrantPart>,
    used_below: Vec<GrantPart>,
    open: std::collections::BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct CreepPart {
    name: String,
    creep: f64,
}

#[derive(Serialize)]
struct GrantPart {
    persona: String,
    component: String,
    line: String,
    last: Option<String>,
}

#[derive(Serialize)]
struct LogsPart<'a> {
    read: usize,
    bytes: u64,
    duplicates: u64,
    passed_over: u64,
    out_of_order: u64,
    before_parent: u64,
    future: u64,
    without_time: u64,
    bad_lines: u64,
    mistakes: &'a std::collections::BTreeMap<String, u64>,
    bad: Vec<BadPart<'a>>,
    unreadable: Vec<UnreadablePart<'a>>,
}

#[derive(Serialize)]
struct BadPart<'a> {
    log: &'a str,
    line: u64,
    message: &'a str,
}

#[derive(Serialize)]
struct UnreadablePart<'a> {
    log: &'a str,
    message: &'a str,
}

/// The report.
///
/// # Errors
/// Never, but for what cannot be written as JSON.
pub fn print(shown: &Shown<'_>) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&report(shown))? + "\n")
}

fn round(value: f64, digits: i32) -> f64 {
    let factor = 10_f64.powi(digits);
    (value * factor).round() / factor
}

fn when(tally: Tally) -> (Option<String>, Option<String>) {
    (tally.first.map(written), tally.last.map(written))
}

fn report<'a>(shown: &'a Shown<'a>) -> Report<'a> {
    let (summary, totals, versions) = (shown.summary, shown.totals, shown.versions());
    let analysis = &versions.now().analysis;
    let id =
        |number: u32| versions.directory.actors.get(number as usize).map_or("?", |(_, id)| &**id).to_owned();
    let who = |known: &Known| match known {
        Known::Number(number) => KnownPart { known: true, id: id(*number) },
        Known::Word(word) => KnownPart { known: false, id: word.to_string() },
    };
    let what = |known: &Known| match known {
        Known::Number(_) => KnownPart { known: true, id: shown.component(known).to_string() },
        Known::Word(word) => KnownPart { known: false, id: word.to_string() },
    };
    let agents = summary.agents.iter().map(|line| {
        let acting = line.actor.number().and_then(|number| versions.acting(number));
        let (first, last) = when(line.when);
        AgentPart {
            who: who(&line.actor),
            name: shown.actor(&line.actor).to_string(),
            counts: line.counts.into(),
            first,
            last,
            answers: acting
                .filter(|acting| acting.answered)
                .map(|acting| acting.answers.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            chain: shown.chain(line).map(|chain| chain.to_string()),
            reasons: line.reasons.iter().map(|(reason, count)| (reason.word(), *count)).collect(),
            set_to_work_by: line
                .set_by
                .iter()
                .map(|(number, how, events)| SetPart { id: id(*number), how: how.word(), events: *events })
                .collect(),
        }
    });
    let crossings = summary.crossings.iter().map(|one| {
        let (first, last) = when(one.when);
        CrossingPart {
            agent: who(&one.actor),
            component: what(&one.component),
            environment: shown.environment(one.environment).map(str::to_owned),
            reason: one.reason.word(),
            events: one.when.count,
            refused: one.refused,
            first,
            last,
            grant: shown.place(one),
        }
    });
    let (first, last) = when(summary.when);
    Report {
        schema: SCHEMA,
        catalog: super::super::report::catalog(&analysis.catalog),
        at: analysis.day.to_string(),
        versions: versions.count(),
        first,
        last,
        counts: summary.counts.into(),
        unattributed_share: summary.unattributed_share().map(|share| round(share, 4)),
        agents: agents.collect(),
        reasons: summary
            .reasons
            .iter()
            .map(|(reason, events)| ReasonPart { reason: reason.word(), events: *events })
            .collect(),
        crossings: crossings.collect(),
        components: summary
            .components
            .iter()
            .map(|(component, counts)| ComponentPart { what: what(component), counts: (*counts).into() })
            .collect(),
        usage: shown.usage.map(|usage| usage_part(shown, usage)),
        logs: LogsPart {
            read: totals.sources,
            bytes: totals.bytes,
            duplicates: totals.duplicates,
            passed_over: totals.passed_over,
            out_of_order: totals.out_of_order.0,
            before_parent: totals.before_parent.0,
            future: totals.future,
            without_time: totals.without_time,
            bad_lines: totals.wrong.values().sum(),
            mistakes: &totals.wrong,
            bad: totals
                .bad
                .iter()
                .map(|BadLine { source, line, what }| BadPart { log: source, line: *line, message: what })
                .collect(),
            unreadable: totals
                .unreadable
                .iter()
                .map(|(log, message)| UnreadablePart { log, message })
                .collect(),
        },
        remarks: shown.remarks(),
    }
}

fn usage_part(shown: &Shown<'_>, usage: &Usage) -> UsagePart {
    let grants = |wanted: &dyn Fn(Use) -> bool| {
        usage
            .grants
            .iter()
            .filter(|one| wanted(one.used))
            .map(|one| {
                let (persona, component, line) = shown.grant(one);
                GrantPart { persona, component, line, last: one.last.map(written) }
            })
            .collect()
    };
    UsagePart {
        days: usage.days,
        covered_days: usage.covered,
        creep: Usage::creep(&usage.grants).map(|creep| round(creep, 1)),
        personas: shown
            .creeps()
            .into_iter()
            .map(|(name, creep)| CreepPart { name, creep: round(creep, 1) })
            .collect(),
        unused: grants(&|used| used == Use::Unused),
        used_below: grants(&|used| matches!(used, Use::Below(_))),
        open: usage.open().into_iter().map(|(why, count)| (why.phrase(), count)).collect(),
    }
}
