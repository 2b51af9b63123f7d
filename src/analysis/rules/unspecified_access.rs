//! `unspecified-access`: grants that do not say how high or where.
//!
//! One finding a persona; the evidence lists the grants.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unspecified-access",
    category: Category::Access,
    summary: "a persona has grants without a level or without environments",
    help: include_str!("../../../assets/rules/unspecified-access.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let grants = &catalog.personas[persona.index()].grants;
    let mut vague: Vec<usize> = context.facts.of_persona(persona).active.clone();
    vague.retain(|&index| grants[index].environments.is_empty() || grants[index].highest_level().is_none());
    vague.sort_unstable();
    let Some(&first) = vague.first() else { return };
    let count = match vague.len() {
        1 => "one grant".to_owned(),
        count => format!("{count} grants"),
    };
    let message =
        format!("{} has {count} without a level or without environments.", catalog.label(persona.into()));
    let evidence = vague.iter().map(|&index| granted(catalog, persona, &grants[index])).collect();
    sink.about(persona, Severity::Low, message).because(Some(grants[first].place), evidence);
}
