//! Decisions and ignores: which findings are marked as decided on.
//!
//! They stay in every list; they leave the score and the exit status. When a decision's last day
//! has passed, its finding counts again.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::card::kinds::{DecisionAction, EntityCardRef};
use crate::card::path::FieldPath;
use crate::card::problem::Problem;
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

/// What decisions say that cannot be meant, as warnings.
#[must_use]
pub fn problems(catalog: &Catalog) -> Vec<Problem> {
    let mut problems = Vec::new();
    for decision in &catalog.decisions {
        let needs_end = matches!(decision.action, Some(DecisionAction::Accept | DecisionAction::Defer));
        if needs_end && decision.until.is_none() {
            let word = decision.action.map_or("", |action| action.word());
            problems.push(super::warning(
                catalog,
                decision.place,
                format!("this decision has no `until`, and {word} needs one: until then it holds nothing"),
                "Add `until:` with the last day on which it holds, as 2027-03-31.".to_owned(),
            ));
        }
        if let Some(rule) = decision.rule.as_ref().filter(|rule| super::known_rule(rule).is_none()) {
            problems.push(super::unknown_rule(catalog, decision.place, rule));
        }
    }
    problems
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
    // What is not on a card at all is said of its first line; its name is as good.
    let name = finding.place.filter(|place| {
        catalog.locate(place.with(FieldPath::CARD)).position.line == catalog.locate(*place).position.line
    });
    let name = name.map(|place| place.with(FieldPath::CARD.key("name")));
    let places = finding.place.into_iter().chain(name).chain(causes);
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

#[cfg(test)]
mod tests {
    use crate::analysis::testing::analysis;

    #[test]
    fn what_a_decision_cannot_mean_is_said() {
        let decision = |rest: &str| {
            let text = format!(
                "kind: Persona\nid: A\nname: Ann\n---\nkind: Decision\nfinding: {{rule: isolated-persona, subject: A}}\n{rest}"
            );
            let analysis = analysis(&text);
            analysis.problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            decision("action: accept\nreason: x\n"),
            ["this decision has no `until`, and accept needs one: until then it holds nothing"]
        );
        assert!(decision("action: accept\nreason: x\nuntil: 2030-01-01\n").is_empty());
        assert!(decision("action: fix\nreason: x\n").is_empty());
        let unknown = analysis("kind: Decision\nfinding: {rule: isolated-person, subject: A}\naction: fix\n");
        assert_eq!(unknown.problems[0].message, "there is no rule `isolated-person`");
        assert!(unknown.problems[0].hint.contains("isolated-persona"));
    }

    #[test]
    fn an_ignore_on_a_name_hits_what_is_missing_from_the_card() {
        let text = "kind: Process\nname: Build\nsteps: [{name: one, skills: [Rust]}]\n---\nkind: Persona\nid: A\nname: Ann # persona: ignore[missing-skill] learns it\nprocesses: [Build]\n";
        let analysis = analysis(text);
        let found = analysis.findings.iter().find(|finding| finding.rule.id == "missing-skill").unwrap();
        assert!(!found.is_open());
        assert!(!analysis.findings.iter().any(|finding| finding.rule.id == "stale-decision"));
    }
}
