//! `performer-without-process`: a step names a persona whose card does not list the process.
//!
//! It performs the step all the same.

use crate::analysis::Context;
use crate::analysis::evidence::stated;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Entity, StepId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "performer-without-process",
    category: Category::Structure,
    summary: "a persona performs a step of a process that its card does not list",
    help: include_str!("../../../assets/rules/performer-without-process.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    for (index, step) in catalog.steps.iter().enumerate() {
        let id = StepId::from_index(index);
        let (wholes, parts) =
            (&context.facts.wholes[step.process.index()], &context.facts.parts[step.process.index()]);
        for performer in &step.performers {
            let Some(persona) = performer.persona else { continue };
            let listed = catalog.personas[persona.index()]
                .processes
                .iter()
                .any(|part| wholes.contains(&part.process) || parts.contains(&part.process));
            if listed {
                continue;
            }
            let message = format!(
                "{} performs {} of {}, which its card does not list.",
                catalog.label(persona.into()),
                step.name,
                catalog.label(step.process.into())
            );
            let evidence = vec![
                stated(Entity::Persona(persona), "performs", id, performer.place),
                stated(step.process, "has step", id, step.place),
            ];
            sink.about(persona, Severity::Low, message)
                .object(step.process)
                .because(Some(performer.place), evidence);
        }
    }
}
