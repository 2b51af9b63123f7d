//! `unknown-interaction`: a persona works with somebody who is neither a persona nor a team.

use crate::analysis::Context;
use crate::analysis::evidence::stated;
use crate::analysis::finding::{Severity, Sink};
use crate::card::words::nearest;
use crate::catalog::{Party, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unknown-interaction",
    category: Category::Structure,
    summary: "a persona interacts with a name that is neither a persona nor a team",
    help: include_str!("../../../assets/rules/unknown-interaction.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    for interaction in &catalog.personas[persona.index()].interactions {
        let Party::Unknown(name) = interaction.party else { continue };
        let personas = catalog.personas.iter().map(|persona| persona.name.written());
        let known = personas.chain(catalog.teams.iter().map(|team| team.name.written()));
        let guess = nearest(interaction.name.written(), known)
            .map_or(String::new(), |near| format!(" Did you mean {near}?"));
        let message = format!(
            "{} works with {}, which is neither a persona nor a team.{guess}",
            catalog.label(persona.into()),
            interaction.name
        );
        let evidence = vec![stated(persona, "interacts with", name, interaction.place)];
        sink.about(persona, Severity::Medium, message)
            .object(name)
            .because(Some(interaction.place), evidence);
    }
}
