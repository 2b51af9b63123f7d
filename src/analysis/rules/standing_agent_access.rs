//! `standing-agent-access`: an agent's access is always on.
//!
//! A grant that does not say how it is held is standing; that the card says so weighs more.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Grant, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "standing-agent-access",
    category: Category::Agents,
    summary: "an agent has standing access where just in time would do",
    help: include_str!("../../../assets/rules/standing-agent-access.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    if !stated.is_agent() {
        return;
    }
    let production = catalog.settings.production();
    let standing: Vec<&Grant> = context
        .facts
        .of_persona(persona)
        .active
        .iter()
        .map(|&index| &stated.grants[index])
        .filter(|grant| grant.is_standing())
        .collect();
    for group in standing.chunk_by(|left, right| left.component == right.component) {
        let Some(first) = group.first() else { continue };
        let said: Vec<&&Grant> = group.iter().filter(|grant| grant.mode.is_some()).collect();
        let grave = said.iter().find(|grant| grant.environments.contains(production));
        let (severity, shown) = match (grave, said.first()) {
            (Some(grave), _) => (Severity::High, **grave),
            (None, Some(said)) => (Severity::Medium, **said),
            (None, None) => (Severity::Low, *first),
        };
        let how = if said.is_empty() {
            "has standing access (its mode is not stated)"
        } else {
            "always has access"
        };
        let message = format!(
            "{} {how} to {}: just in time would do.",
            catalog.label(persona.into()),
            catalog.label(first.component.into())
        );
        let evidence = group.iter().map(|grant| granted(catalog, persona, grant)).collect();
        sink.about(persona, severity, message).object(first.component).because(Some(shown.place), evidence);
    }
}
