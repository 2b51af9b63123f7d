//! From one analysis to the next: what an edit cannot have changed is taken over.
//!
//! [`Analysis::after`] gives what [`Analysis::of`] gives, and never anything else; it is only sooner.
//! What a rule reads stands in its static data ([`Reads`]): a finding stays where nothing of that
//! changed. Where entities have other numbers or words, or it is another day, all is computed.

mod difference;

use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::catalog::{Catalog, Entity, PersonaId};

use super::rules::{Among, Check, RULES, Reads};
use super::{Analysis, ByEntity, Context, Finding, Overrides, decisions, finding};

use difference::Concerned;
pub(super) use difference::Difference;

impl Analysis {
    /// Analyses a later snapshot of the same catalog, or the same one on another day.
    ///
    /// The result equals [`Analysis::of`]. It is quick where the snapshot was made with
    /// [`Catalog::with`] or [`Catalog::followed_by`] from this analysis's own, on the same day.
    #[must_use]
    pub fn after(&self, catalog: Arc<Catalog>, day: Date) -> Self {
        match Difference::between(&self.catalog, &catalog) {
            Some(difference) if day == self.day => self.follow(catalog, &difference),
            _ => Self::of(catalog, day),
        }
    }

    fn follow(&self, catalog: Arc<Catalog>, difference: &Difference) -> Self {
        let day = self.day;
        let (facts, own) = self.facts.after(&self.catalog, &catalog, difference, day);
        let facts = Arc::new(facts);
        let before = (&*self.catalog, &*self.facts);
        let graph = self.graph.after(before, (&catalog, &facts), difference, &own);
        let concerned = Concerned::by(difference, (&self.catalog, &catalog), &facts, own);
        let context = Context { catalog: &catalog, facts: &facts, graph: &graph, day };
        let (overrides, mut problems) = super::overrides(&catalog);
        problems.extend(decisions::problems(&catalog));
        let (kept, found) = self.findings_after(&context, difference, &concerned, &overrides);
        let mut findings = merged(&catalog, kept, found);
        if self.catalog.has_decisions() || catalog.has_decisions() {
            decisions::apply(&catalog, day, &mut findings);
            let last = super::run_last(&context, &overrides, &findings);
            findings = merged(&catalog, findings, sorted(&catalog, last));
        }
        let score = self.score.after(&context, (&self.findings, &findings), concerned.own());
        let by_entity = ByEntity::of(&findings);
        Self { catalog, day, facts, graph, findings, score, problems, by_entity }
    }

    /// The findings that cannot have changed, and those of what can, both in order.
    fn findings_after(
        &self,
        context: &Context<'_>,
        difference: &Difference,
        concerned: &Concerned,
        overrides: &Overrides,
    ) -> (Vec<Arc<Finding>>, Vec<Arc<Finding>>) {
        let mut changed = vec![false; context.catalog.personas.len()];
        for id in &difference.personas {
            changed[id.index()] = true;
        }
        let stays = |finding: &Finding| match (finding.rule.check, finding.rule.reads) {
            (Check::Persona(_), reads) => match (concerned.of(reads), finding.subject) {
                (Some(concerned), Entity::Persona(id)) => !concerned[id.index()],
                _ => false,
            },
            (Check::Pairs(_), _) => {
                let is_changed =
                    |entity| matches!(entity, Entity::Persona(id) if changed[PersonaId::index(id)]);
                !is_changed(finding.subject) && !finding.object.is_some_and(is_changed)
            }
            (Check::Catalog(_), Reads::Words) => !difference.first_uses,
            (Check::Catalog(_) | Check::Findings(_), _) => false,
        };
        let kept =
            self.findings.par_iter().with_min_len(1024).filter(|finding| stays(finding)).cloned().collect();
        let found: Vec<Arc<Finding>> = RULES
            .par_iter()
            .filter(|rule| !matches!(overrides.get(rule.id), Some(None)))
            .flat_map(|rule| {
                let mut findings = match rule.check {
                    Check::Persona(check) => match concerned.of(rule.reads) {
                        Some(concerned) => {
                            let ids = (0..concerned.len()).filter(|&index| concerned[index]);
                            let ids: Vec<PersonaId> = ids.map(PersonaId::from_index).collect();
                            super::run_personas(rule, context, check, &ids)
                        }
                        None => {
                            super::run_personas(rule, context, check, &super::all_personas(context.catalog))
                        }
                    },
                    Check::Pairs(check) => {
                        let mut sink = finding::Sink::new(rule);
                        check(context, Among::With(&difference.personas), &mut sink);
                        sink.take()
                    }
                    Check::Catalog(_) if rule.reads == Reads::Words && !difference.first_uses => Vec::new(),
                    Check::Catalog(check) => {
                        let mut sink = finding::Sink::new(rule);
                        check(context, &mut sink);
                        sink.take()
                    }
                    Check::Findings(_) => Vec::new(),
                };
                super::set_severity(&mut findings, overrides);
                findings.into_iter().map(Arc::new).collect::<Vec<_>>()
            })
            .collect();
        (kept, sorted(context.catalog, found))
    }
}

fn sorted(catalog: &Catalog, mut findings: Vec<Arc<Finding>>) -> Vec<Arc<Finding>> {
    findings.par_sort_by(|left, right| finding::order(catalog, left, right));
    findings
}

/// One list in order of two; the second is the short one.
fn merged(catalog: &Catalog, long: Vec<Arc<Finding>>, short: Vec<Arc<Finding>>) -> Vec<Arc<Finding>> {
    if short.is_empty() {
        return long;
    }
    let mut merged = Vec::with_capacity(long.len() + short.len());
    let mut from = 0;
    for finding in short {
        let until =
            from + long[from..].partition_point(|other| finding::order(catalog, other, &finding).is_lt());
        merged.extend_from_slice(&long[from..until]);
        merged.push(finding);
        from = until;
    }
    merged.extend_from_slice(&long[from..]);
    merged
}
