//! `unstaffed-persona`: nobody who is there embodies a human persona.
//!
//! Silent where no people are declared.

use crate::analysis::Context;
use crate::analysis::evidence::{name_of, stated};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{PersonId, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unstaffed-persona",
    category: Category::Staffing,
    summary: "no active person embodies a human persona",
    help: include_str!("../../../assets/rules/unstaffed-persona.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated_persona = &catalog.personas[persona.index()];
    if catalog.people.is_empty()
        || !stated_persona.is_human()
        || !context.facts.embodied_by[persona.index()].is_empty()
    {
        return;
    }
    // Who embodies it but is away is the nearest thing to a proof.
    let away = catalog.people.iter().enumerate().flat_map(|(index, person)| {
        let own = person.personas.iter().filter(|embodied| embodied.persona == Some(persona));
        own.map(move |embodied| {
            stated(PersonId::from_index(index), "is away and embodies", persona, embodied.place)
        })
    });
    let message = format!("Nobody who is there embodies {}.", catalog.label(persona.into()));
    sink.about(persona, Severity::High, message).because(Some(name_of(catalog, persona)), away.collect());
}
