//! `one-way-interaction`: a persona names another that does not name it back, nor its team.

use crate::analysis::Context;
use crate::analysis::evidence::stated;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Party, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "one-way-interaction",
    category: Category::Structure,
    summary: "a persona names another one, which names neither it nor its team",
    help: include_str!("../../../assets/rules/one-way-interaction.md"),
    reads: Reads::Around,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let own = &catalog.personas[persona.index()];
    for interaction in &own.interactions {
        let Party::Persona(other) = interaction.party else { continue };
        let back = catalog.personas[other.index()].interactions.iter().any(|named| match named.party {
            Party::Persona(id) => id == persona,
            Party::Team(id) => own.team == Some(id),
            Party::Unknown(_) => false,
        });
        if back || other == persona {
            continue;
        }
        let message = format!(
            "{} names {}, which names neither it nor its team.",
            catalog.label(persona.into()),
            catalog.label(other.into())
        );
        let evidence = vec![stated(persona, "interacts with", other, interaction.place)];
        sink.about(persona, Severity::Info, message).object(other).because(Some(interaction.place), evidence);
    }
}
