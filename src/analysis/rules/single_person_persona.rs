//! `single-person-persona`: one person alone embodies a human persona.

use crate::analysis::Context;
use crate::analysis::evidence::{name_of, stated};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "single-person-persona",
    category: Category::Staffing,
    summary: "exactly one active person embodies a human persona",
    help: include_str!("../../../assets/rules/single-person-persona.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let [person] = context.facts.embodied_by[persona.index()].as_slice() else { return };
    if !catalog.personas[persona.index()].is_human() {
        return;
    }
    let embodied = catalog.people[person.index()].personas.iter().find(|own| own.persona == Some(persona));
    let message =
        format!("Only {} embodies {}.", catalog.label((*person).into()), catalog.label(persona.into()));
    let evidence = embodied.map(|own| stated(*person, "alone embodies", persona, own.place)).into_iter();
    sink.about(persona, Severity::Low, message).because(Some(name_of(catalog, persona)), evidence.collect());
}
