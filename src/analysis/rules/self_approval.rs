//! `self-approval`: what an agent may do is approved by agents and services alone.

use crate::analysis::Context;
use crate::analysis::evidence::{granted, names};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Actor, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "self-approval",
    category: Category::Agents,
    summary: "an agent's grant is approved by agents or services only",
    help: include_str!("../../../assets/rules/self-approval.md"),
    reads: Reads::Around,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    if !stated.is_agent() {
        return;
    }
    let unattended =
        |actor: Actor| matches!(actor, Actor::Persona(id) if !catalog.personas[id.index()].is_human());
    for &index in &context.facts.of_persona(persona).active {
        let grant = &stated.grants[index];
        if grant.approval.is_empty()
            || !grant.approval.iter().all(|named| named.target.is_some_and(unattended))
        {
            continue;
        }
        let message = format!(
            "What {} may do with {} is approved by no human.",
            catalog.label(persona.into()),
            catalog.label(grant.component.into())
        );
        let mut evidence = vec![granted(catalog, persona, grant)];
        evidence.extend(grant.approval.iter().filter_map(|named| names(persona, "approved by", named)));
        sink.about(persona, Severity::High, message)
            .object(grant.component)
            .because(Some(grant.place), evidence);
    }
}
