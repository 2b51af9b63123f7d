//! Rules whose findings do not come from the catalog alone: who compares logs with it reports them.
//!
//! They are off the table of rules, since they fire only where there are logs; their severities are set,
//! and their findings decided on, as those of all others.

use std::sync::Arc;

use super::by_entity::ByEntity;
use super::finding::{Finding, Severity};
use super::rules::{Category, Check, Reads, Rule};
use super::{Analysis, decisions, finding};
use crate::catalog::{Catalog, Entity, EntityKind};

/// An event went beyond what its agent is granted.
pub static BEYOND_GRANT: Rule = Rule {
    id: "audit-beyond-grant",
    category: Category::Access,
    summary: "logs show an access beyond what is granted",
    help: include_str!("../../assets/audit/audit-beyond-grant.md"),
    reads: Reads::All,
    check: Check::Catalog(|_, _| {}),
};

/// Events end at no human.
pub static UNATTRIBUTED: Rule = Rule {
    id: "audit-unattributed",
    category: Category::Agents,
    summary: "logs show events for which no human answers",
    help: include_str!("../../assets/audit/audit-unattributed.md"),
    reads: Reads::All,
    check: Check::Catalog(|_, _| {}),
};

/// Logs prove a grant unused.
pub static UNUSED_GRANT: Rule = Rule {
    id: "audit-unused-grant",
    category: Category::Access,
    summary: "logs prove that a granted component is not used",
    help: include_str!("../../assets/audit/audit-unused-grant.md"),
    reads: Reads::All,
    check: Check::Catalog(|_, _| {}),
};

/// These rules, in alphabetical order.
pub static OUTSIDE: &[&Rule] = &[&BEYOND_GRANT, &UNATTRIBUTED, &UNUSED_GRANT];

impl Analysis {
    /// The same, with findings of [`OUTSIDE`] rules among the others. The score stays as it is: it is the
    /// catalog's, whatever logs there are.
    #[must_use]
    pub fn joined(&self, findings: Vec<Finding>) -> Self {
        let copy = Self {
            catalog: self.catalog.clone(),
            day: self.day,
            facts: self.facts.clone(),
            graph: self.graph.clone(),
            findings: self.findings.clone(),
            score: self.score.clone(),
            problems: self.problems.clone(),
            by_entity: ByEntity::default(),
        };
        copy.with_outside(findings)
    }

    /// The same, of an analysis that is not needed without them.
    #[must_use]
    pub fn with_outside(mut self, mut findings: Vec<Finding>) -> Self {
        let (overrides, _) = super::overrides(&self.catalog);
        findings.retain(|finding| !matches!(overrides.get(finding.rule.id), Some(None)));
        super::set_severity(&mut findings, &overrides);
        let mut findings: Vec<Arc<Finding>> = findings.into_iter().map(Arc::new).collect();
        decisions::apply(&self.catalog, self.day, &mut findings);
        self.findings.extend(findings);
        self.findings.sort_by(|left, right| finding::order(&self.catalog, left, right));
        self.by_entity = ByEntity::of(&self.findings);
        self
    }
}

/// Whether a rule is one of [`OUTSIDE`]: its findings come from logs.
#[must_use]
pub fn is_outside(rule: &Rule) -> bool {
    OUTSIDE.iter().any(|known| known.id == rule.id)
}

/// Findings about another snapshot, until they are computed anew for it: what is still there is found by
/// kind and id, and stands at its card.
#[must_use]
pub fn carried(from: &Catalog, to: &Catalog, findings: &[Finding]) -> Vec<Finding> {
    let found = |entity: Entity| {
        let kind = from.kind(entity);
        if kind == EntityKind::Catalog {
            return Some(entity);
        }
        to.find(&from.id(entity)).into_iter().find(|other| to.kind(*other) == kind)
    };
    findings
        .iter()
        .filter_map(|finding| {
            let subject = found(finding.subject)?;
            let object = match finding.object {
                Some(object) => Some(found(object)?),
                None => None,
            };
            let environment = finding.environment.filter(|place| *place < to.settings.environments.len());
            let (place, evidence) = (to.place(subject), Vec::new());
            Some(Finding { subject, object, environment, place, evidence, decision: None, ..finding.clone() })
        })
        .collect()
}

/// The severity of an access that is proven unneeded: by what it would let one do.
#[must_use]
pub fn unused_severity(writes: bool) -> Severity {
    if writes { Severity::Medium } else { Severity::Low }
}
