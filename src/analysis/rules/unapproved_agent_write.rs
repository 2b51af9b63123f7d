//! `unapproved-agent-write`: an agent may change production, and nobody approves.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unapproved-agent-write",
    category: Category::Agents,
    summary: "an agent may change something in production without approval",
    help: include_str!("../../../assets/rules/unapproved-agent-write.md"),
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
    for &index in &context.facts.of_persona(persona).active {
        let grant = &stated.grants[index];
        if !grant.environments.contains(production) || !grant.approval.is_empty() {
            continue;
        }
        let Some(level) =
            grant.level_in(production).filter(|level| *level >= catalog.settings.second_level())
        else {
            continue;
        };
        let message = format!(
            "{} has {} on {} in {}, and nobody approves.",
            catalog.label(persona.into()),
            catalog.settings.level(level),
            catalog.label(grant.component.into()),
            catalog.settings.environment(production)
        );
        sink.about(persona, Severity::High, message)
            .object(grant.component)
            .because(Some(grant.place), vec![granted(catalog, persona, grant)]);
    }
}
