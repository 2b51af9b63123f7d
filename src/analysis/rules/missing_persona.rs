//! `missing-persona`: a step names who does it, and none of them exists.

use crate::analysis::Context;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Entity, StepId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "missing-persona",
    category: Category::Staffing,
    summary: "a step names performers, and none of them is a known persona",
    help: include_str!("../../../assets/rules/missing-persona.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    for (index, step) in catalog.steps.iter().enumerate() {
        let Some(first) = step.performers.first() else { continue };
        if step.performers.iter().any(|performer| performer.persona.is_some()) {
            continue;
        }
        let names: Vec<_> = step.performers.iter().map(|performer| performer.name.written()).collect();
        let message = format!(
            "The step {} of {} is for {}, and there is no such persona.",
            step.name,
            catalog.label(step.process.into()),
            names.join(", ")
        );
        let evidence = vec![crate::analysis::evidence::stated(
            step.process,
            "has step",
            StepId::from_index(index),
            step.place,
        )];
        sink.about(Entity::Step(StepId::from_index(index)), Severity::High, message)
            .because(Some(first.place), evidence);
    }
}
