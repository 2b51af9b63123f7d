//! What a meeting is about: the open gaps that its words let through, those that are new, and decisions
//! that have run out.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::analysis::decisions::matches;
use crate::analysis::filter::Words;
use crate::analysis::key::keys;
use crate::analysis::{Analysis, Finding, Severity};
use crate::card::kinds::DecisionAction;
use crate::catalog::{Catalog, Decision, Entity};

use super::Known;

/// Since when a gap must be there to be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Since {
    /// None is left out.
    #[default]
    Ever,
    /// Those that the last review looked at are.
    Review,
    /// Those that there were at a commit of git are.
    Commit(String),
}

/// What an agenda is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The words of a filter.
    pub words: String,
    /// Which gaps are left out because they are not new.
    pub since: Since,
    /// How bad a gap must be at least.
    pub severity: Option<Severity>,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.severity {
            Some(Severity::Critical) => f.write_str("critical gaps")?,
            Some(severity) => write!(f, "gaps of {} severity or worse", severity.word())?,
            None => f.write_str("all open gaps")?,
        }
        if !self.words.trim().is_empty() {
            write!(f, " that match {}", self.words.trim())?;
        }
        match &self.since {
            Since::Ever => Ok(()),
            Since::Review => f.write_str(", new or worse since the last review"),
            Since::Commit(name) => write!(f, ", new or worse since {name}"),
        }
    }
}

/// The places of the findings that belong on an agenda, worst first. Of those that were known, only what
/// has become worse does, and what was decided for a time that has passed.
#[must_use]
pub fn agenda(analysis: &Analysis, scope: &Scope, known: Option<&Known>) -> Vec<usize> {
    let words = Words::new(&scope.words);
    let run_out = expired(analysis);
    let keys = known.map(|known| (known, keys(analysis)));
    let is_new = |place: usize, finding: &Finding| {
        run_out.contains_key(&place)
            || keys.as_ref().is_none_or(|(known, keys)| {
                let hash = keys.get(place).map(|key| hash(&key.to_string()));
                hash.and_then(|hash| known.get(&hash)).is_none_or(|severity| finding.severity < *severity)
            })
    };
    analysis
        .findings
        .iter()
        .enumerate()
        .filter(|(place, finding)| {
            finding.is_open()
                && scope.severity.is_none_or(|least| finding.severity.at_least(least))
                && words.finding_with_text(analysis, finding)
                && is_new(*place, finding)
                // Its gap comes back itself, and says so; once is enough.
                && !is_about_expired(analysis, finding)
        })
        .map(|(place, _)| place)
        .collect()
}

/// The findings on which was decided for a time that has passed, by place, each with what was decided.
#[must_use]
pub fn expired(analysis: &Analysis) -> HashMap<usize, String> {
    let catalog = &analysis.catalog;
    let cards: Vec<&Decision> =
        catalog.decisions.iter().map(|card| &**card).filter(|card| has_run_out(card, analysis.day)).collect();
    if cards.is_empty() {
        return HashMap::new();
    }
    let of = |finding: &Finding| {
        let card = cards.iter().find(|card| matches(catalog, card, finding))?;
        finding.is_open().then(|| said(card))
    };
    analysis.findings.iter().enumerate().filter_map(|(place, finding)| Some((place, of(finding)?))).collect()
}

/// What was decided about an open finding and did not close it: it was rejected, or is tracked.
pub(super) fn earlier(analysis: &Analysis, finding: &Finding) -> Option<String> {
    let catalog = &analysis.catalog;
    catalog.decisions.iter().find(|card| matches(catalog, card, finding)).map(|card| said(card))
}

/// All findings of an analysis as known ones.
#[must_use]
pub fn known_of(analysis: &Analysis) -> Known {
    let severities = analysis.findings.iter().map(|finding| finding.severity);
    keys(analysis).iter().map(|key| hash(&key.to_string())).zip(severities).collect()
}

/// 64 bits of a key, the same on every machine and in every version.
pub(super) fn hash(key: &str) -> u64 {
    let print = crate::analysis::key::fingerprint(key);
    print.get(..16).and_then(|half| u64::from_str_radix(half, 16).ok()).unwrap_or_default()
}

fn has_run_out(card: &Decision, day: jiff::civil::Date) -> bool {
    matches!(card.action, Some(DecisionAction::Accept | DecisionAction::Defer))
        && card.until.is_some_and(|until| until < day)
}

fn is_about_expired(analysis: &Analysis, finding: &Finding) -> bool {
    let catalog: &Catalog = &analysis.catalog;
    match finding.subject {
        Entity::Decision(id) => {
            let card = &catalog.decisions[id.index()];
            has_run_out(card, analysis.day)
                && analysis.findings.iter().any(|other| matches(catalog, card, other))
        }
        _ => false,
    }
}

/// "accepted until 2026-11-01 by Ana: until the move".
fn said(card: &Decision) -> String {
    let action = match card.action {
        Some(DecisionAction::Accept) => "accepted",
        Some(DecisionAction::Defer) => "deferred",
        Some(DecisionAction::Reject) => "rejected",
        Some(DecisionAction::Fix) => "to be fixed",
        None => "decided on",
    };
    let mut out = action.to_owned();
    let mut add = |word: &str, value: Option<String>| {
        if let Some(value) = value {
            out.push_str(&format!(" {word} {value}"));
        }
    };
    add("until", card.until.map(|day| day.to_string()));
    add("as", card.work_item.as_ref().map(ToString::to_string));
    add("by", card.by.as_ref().map(ToString::to_string));
    match card.reason.as_deref() {
        Some(reason) => format!("{out}: {reason}"),
        None => out,
    }
}
