//! `no-override`: no human is named who can stop an agent.

use crate::analysis::Context;
use crate::analysis::evidence::{name_of, names};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Actor, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "no-override",
    category: Category::Agents,
    summary: "no human is named who can override an agent",
    help: include_str!("../../../assets/rules/no-override.md"),
    reads: Reads::Around,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    let human = |actor: Actor| match actor {
        Actor::Person(_) => true,
        Actor::Persona(id) => catalog.personas[id.index()].is_human(),
    };
    if !stated.is_agent() || stated.override_by.iter().filter_map(|named| named.target).any(human) {
        return;
    }
    let message = format!("No human is named who can override {}.", catalog.label(persona.into()));
    let evidence =
        stated.override_by.iter().filter_map(|named| names(persona, "overridden by", named)).collect();
    let place = stated.override_by.first().map_or_else(|| name_of(catalog, persona), |named| named.place);
    sink.about(persona, Severity::High, message).because(Some(place), evidence);
}
