//! `unaccountable-agent`: an agent or service for which no human answers in the end.
//!
//! Chains are followed through agents and services to the first humans.

use crate::analysis::Context;
use crate::analysis::evidence::{name_of, names};
use crate::analysis::finding::{Severity, Sink};
use crate::card::kinds::PersonaType;
use crate::catalog::{Actor, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unaccountable-agent",
    category: Category::Agents,
    summary: "nobody who is there answers for an agent or service",
    help: include_str!("../../../assets/rules/unaccountable-agent.md"),
    reads: Reads::All,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    let severity = match stated.persona_type {
        PersonaType::Human => return,
        PersonaType::Agent => Severity::Critical,
        PersonaType::Service => Severity::High,
    };
    let ends = &context.facts.answerable[persona.index()];
    let answered = ends.iter().any(|end| match end {
        Actor::Person(id) => catalog.people[id.index()].active,
        Actor::Persona(id) => context.facts.is_embodied(catalog, *id),
    });
    if answered {
        return;
    }
    let why = match ends.as_slice() {
        [] if stated.accountable.is_empty() => "its card names nobody".to_owned(),
        [] => "the chain that its card begins reaches no human".to_owned(),
        ends => {
            let names: Vec<_> = ends.iter().map(|end| catalog.label((*end).into())).collect();
            format!("nobody who is there stands behind {}", names.join(", "))
        }
    };
    let message = format!("Nobody answers for {}: {why}.", catalog.label(persona.into()));
    let evidence =
        stated.accountable.iter().filter_map(|named| names(persona, "accountable to", named)).collect();
    let place = stated.accountable.first().map_or_else(|| name_of(catalog, persona), |named| named.place);
    sink.about(persona, severity, message).because(Some(place), evidence);
}
