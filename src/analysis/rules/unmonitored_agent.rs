//! `unmonitored-agent`: nobody else watches an agent.

use crate::analysis::Context;
use crate::analysis::evidence::name_of;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unmonitored-agent",
    category: Category::Agents,
    summary: "an agent's card names nobody else who monitors it",
    help: include_str!("../../../assets/rules/unmonitored-agent.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    let watched =
        stated.monitored_by.iter().filter_map(|named| named.target).any(|watcher| watcher != persona);
    if !stated.is_agent() || watched {
        return;
    }
    let message = format!("Nobody else monitors {}.", catalog.label(persona.into()));
    sink.about(persona, Severity::Medium, message).because(Some(name_of(catalog, persona)), Vec::new());
}
