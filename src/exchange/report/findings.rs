//! Findings for a report: the sentence, the path that proves it, and what would close it.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Serialize;
use similar::TextDiff;

use super::data::Numbers;
use crate::analysis::fixes::Proven;
use crate::analysis::key::keys;
use crate::analysis::outside::OUTSIDE;
use crate::analysis::view::line_of;
use crate::analysis::{Analysis, Confidence, Decided, RULES, Severity};
use crate::card::visible::visible;
use crate::catalog::{Entity, FileChange};

/// Ways out are tried for so many open findings, the worst first. Each takes an analysis of its own, and
/// so the fewer the larger the catalog is.
fn tried(personas: usize) -> usize {
    (8_000 / personas.max(1)).clamp(8, 250)
}

#[derive(Serialize)]
pub(super) struct FindingData {
    /// What it is known by, also tomorrow.
    key: String,
    pub(super) rule: &'static str,
    category: &'static str,
    /// From 0, the worst.
    severity: u8,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unsure: bool,
    subject: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<usize>,
    message: String,
    /// From, relation, to, detail, line.
    evidence: Vec<(u32, &'static str, u32, String, String)>,
    place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<Vec<FixData>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<String>,
}

#[derive(Serialize)]
pub(super) struct FixData {
    title: String,
    way: &'static str,
    /// What it comes to.
    effect: String,
    diff: String,
}

#[derive(Serialize)]
pub(super) struct RuleData {
    summary: &'static str,
    why: String,
}

/// All findings, in their order.
pub(super) fn findings(analysis: &Analysis, numbers: &mut Numbers) -> Vec<FindingData> {
    let catalog = &analysis.catalog;
    let shown = |text: &str| visible(text).into_owned();
    let open = analysis.findings.iter().enumerate().filter(|(_, finding)| finding.is_open());
    let tried: Vec<usize> = open.map(|(place, _)| place).take(self::tried(catalog.personas.len())).collect();
    let mut fixes: HashMap<usize, Vec<FixData>> = tried
        .into_par_iter()
        .map(|place| (place, analysis.fixes(place).iter().map(|own| fix(analysis, own)).collect()))
        .collect();
    let keys = keys(analysis);
    analysis
        .findings
        .iter()
        .zip(keys)
        .enumerate()
        .map(|(place, (finding, key))| FindingData {
            key: format!("{}-{}", finding.rule.id, &key.fingerprint()[..12]),
            rule: finding.rule.id,
            category: finding.rule.category.word(),
            severity: Severity::ALL
                .iter()
                .zip(0..)
                .find(|(severity, _)| **severity == finding.severity)
                .map_or(0, |(_, place)| place),
            unsure: finding.confidence == Confidence::Low,
            subject: numbers.number(finding.subject),
            object: finding.object.map(|object| numbers.number(object)),
            environment: finding.environment,
            message: shown(&finding.message),
            evidence: finding
                .evidence
                .iter()
                .map(|edge| {
                    let (from, to) = (numbers.number(edge.from), numbers.number(edge.to));
                    (from, edge.relation, to, shown(&edge.detail), shown(&line_of(analysis, edge.place)))
                })
                .collect(),
            place: match finding.subject {
                Entity::Ignore(_) => shown(&catalog.id(finding.subject)),
                _ => finding.place.map_or(String::new(), |place| shown(&line_of(analysis, place))),
            },
            fixes: fixes.remove(&place),
            decision: finding.decision.as_ref().map(|decided| shown(&decision(analysis, decided))),
        })
        .collect()
}

/// The rules that found something, with why they matter.
pub(super) fn rules(findings: &[FindingData]) -> BTreeMap<&'static str, RuleData> {
    let found: std::collections::HashSet<&str> = findings.iter().map(|finding| finding.rule).collect();
    let known = RULES.iter().chain(OUTSIDE).filter(|rule| found.contains(rule.id));
    known.map(|rule| (rule.id, RuleData { summary: rule.summary, why: why(rule.help) })).collect()
}

/// What a page of help says below "Why it matters", on one line.
fn why(help: &str) -> String {
    let Some((_, rest)) = help.split_once("## Why it matters") else { return String::new() };
    let section = rest.split("\n## ").next().unwrap_or_default();
    section.replace(['`', '*'], "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn fix(analysis: &Analysis, own: &Proven) -> FixData {
    let way = own.fix.way.word();
    let title = visible(&own.fix.title).into_owned();
    let Some(outcome) = &own.outcome else {
        return FixData { title, way, effect: "Advice: no card changes".to_owned(), diff: String::new() };
    };
    let gaps = |count: usize| if count == 1 { "1 gap".to_owned() } else { format!("{count} gaps") };
    let mut effect = format!("Closes {}", gaps(outcome.gone.len()));
    if let Some(worst) = outcome.worst_new() {
        effect.push_str(&format!(", opens {} ({} at worst)", outcome.new.len(), worst.word()));
    }
    if let (Some(before), Some(after)) = (analysis.score.value, outcome.after.score.value) {
        effect.push_str(&format!("; score {before:.1} to {after:.1}"));
    }
    FixData { title, way, effect, diff: outcome.changes.iter().map(difference).collect() }
}

/// What becomes of a file, as a patch.
fn difference(change: &FileChange) -> String {
    let (before, after) = (change.before.as_deref(), change.after.as_deref());
    let name = |side: &str, text: Option<&str>| match text {
        Some(_) => format!("{side}/{}", change.path),
        None => "/dev/null".to_owned(),
    };
    let diff = TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
    let text =
        diff.unified_diff().context_radius(3).header(&name("a", before), &name("b", after)).to_string();
    text.lines().map(|line| format!("{}\n", visible(line))).collect()
}

fn decision(analysis: &Analysis, decided: &Decided) -> String {
    match decided {
        Decided::Ignored(reason) => format!("Ignored on its line: {reason}"),
        Decided::Card(id) => {
            let card = &analysis.catalog.decisions[id.index()];
            let mut out = match card.action.map_or("accept", |action| action.word()) {
                "accept" => "Accepted".to_owned(),
                "defer" => "Deferred".to_owned(),
                other => other.to_owned(),
            };
            if let Some(until) = card.until {
                out.push_str(&format!(" until {until}"));
            }
            if let Some(by) = &card.by {
                out.push_str(&format!(" by {}", by.written()));
            }
            if let Some(reason) = &card.reason {
                out.push_str(&format!(": {reason}"));
            }
            if let Some(item) = &card.work_item {
                out.push_str(&format!(" ({})", item.written()));
            }
            out
        }
    }
}
