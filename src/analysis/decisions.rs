//! Decisions and ignores: which findings are marked as decided on.
//!
//! They stay in every list; they leave the score and the exit status. When a decision's last day
//! has passed, its finding counts again.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::card::kinds::{DecisionAction, EntityCardRef};
use crate::card::words::Name;
use crate::catalog::{Catalog, Decision, DecisionId, Entity, Ignore};

use super::finding::{Decided, Finding};

/// Marks the findings that a decision in force or an ignore covers, and no others.
pub fn apply(catalog: &Catalog, day: Date, findings: &mut [Arc<Finding>]) {
    let mut by_rule: HashMap<&str, Vec<(DecisionId, &Decision)>> = HashMap::new();
    for (index, decision) in catalog.decisions.iter().enumerate() {
        if let Some(rule) = decision.rule.as_ref().filter(|_| in_force(decision, day)) {
            by_rule.entry(rule.folded()).or_default().push((DecisionId::from_index(index), decision));
        }
    }
    findings.par_iter_mut().with_min_len(256).for_each(|finding| {
        let decided = decided(catalog, &by_rule, finding);
        if finding.decision != decided {
            // Where an earlier analysis shares it, that one keeps it as it was.
            Arc::make_mut(finding).decision = decided;
        }
    });
}

fn decided(
    catalog: &Catalog,
    by_rule: &HashMap<&str, Vec<(DecisionId, &Decision)>>,
    finding: &Finding,
) -> Option<Decided> {
    let decisions = by_rule.get(finding.rule.id).into_iter().flatten();
    let mut decisions = decisions.filter(|(_, decision)| matches(catalog, decision, finding));
    if let Some((id, _)) = decisions.next() {
        return Some(Decided::Card(*id));
    }
    let mut ignores = catalog.ignores.iter();
    let ignore = ignores.find(|ignore| !ignore.reason.is_empty() && silences(catalog, ignore, finding));
    ignore.map(|ignore| Decided::Ignored(ignore.reason.clone()))
}

/// Whether a decision keeps its finding out of score and exit status on a day.
#[must_use]
pub fn in_force(decision: &Decision, day: Date) -> bool {
    matches!(decision.action, Some(DecisionAction::Accept | DecisionAction::Defer))
        && decision.decided.is_none_or(|decided| decided <= day)
        && decision.until.is_some_and(|until| day <= until)
}

/// Whether a decision is about a finding: rule, subject, object and environment are the same.
#[must_use]
pub fn matches(catalog: &Catalog, decision: &Decision, finding: &Finding) -> bool {
    let environment = finding.environment.map(|environment| &catalog.settings.environments[environment]);
    decision.rule.as_ref().is_some_and(|rule| rule.is(finding.rule.id))
        && decision.environment.as_ref() == environment
        && decision.subject.as_ref().is_some_and(|subject| names(catalog, subject, finding.subject))
        && match (&decision.object, finding.object) {
            (None, None) => true,
            (Some(named), Some(object)) => names(catalog, named, object),
            _ => false,
        }
}

/// What was decided, in words: `accepted until 2027-02-01 by Ana: moves in spring`.
#[must_use]
pub fn words(catalog: &Catalog, decided: &Decided) -> String {
    match decided {
        Decided::Ignored(reason) => format!("ignored: {reason}"),
        Decided::Card(id) => {
            let card = &catalog.decisions[id.index()];
            let action = match card.action {
                Some(DecisionAction::Defer) => "deferred",
                _ => "accepted",
            };
            let until = card.until.map_or(String::new(), |day| format!(" until {day}"));
            let by = card.by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
            let reason = card.reason.as_deref().map_or(String::new(), |reason| format!(": {reason}"));
            format!("{action}{until}{by}{reason}")
        }
    }
}

/// Whether an ignore stands on a line that causes a finding of its rule: where the finding points,
/// or at a grant or a skill of its proof.
#[must_use]
pub fn silences(catalog: &Catalog, ignore: &Ignore, finding: &Finding) -> bool {
    if !ignore.rule.is(finding.rule.id) {
        return false;
    }
    let causes = finding
        .evidence
        .iter()
        .filter(|edge| matches!(edge.relation, "is granted" | "asks for" | "lists"))
        .map(|edge| edge.place);
    let places = finding.place.into_iter().chain(causes);
    places
        .filter(|place| catalog.file_of(place.card).path == ignore.file)
        .any(|place| catalog.locate(place).position.line == ignore.line)
}

fn names(catalog: &Catalog, named: &EntityCardRef, entity: Entity) -> bool {
    if named.kind.as_ref().is_some_and(|kind| !kind.is(catalog.kind(entity).word())) {
        return false;
    }
    let id = Name::new(&catalog.id(entity));
    id == named.name || Name::new(&catalog.name(entity)) == named.name || {
        catalog.find(named.name.written()).contains(&entity)
    }
}
