//! `missing-protocol`: two agents work together, and no card says by which protocol.

use std::collections::HashSet;

use crate::analysis::Context;
use crate::analysis::evidence::stated as edge;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Catalog, Party, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "missing-protocol",
    category: Category::Agents,
    summary: "two agents work together and neither states the protocol",
    help: include_str!("../../../assets/rules/missing-protocol.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let mut seen = HashSet::new();
    for (index, persona) in catalog.personas.iter().enumerate().filter(|(_, persona)| persona.is_agent()) {
        let id = PersonaId::from_index(index);
        let named = persona.interactions.iter().filter_map(|interaction| match interaction.party {
            Party::Persona(other) => Some((other, "interacts with", interaction.place)),
            Party::Team(_) | Party::Unknown(_) => None,
        });
        let invoked =
            persona.invokes.iter().filter_map(|named| Some((named.target?, "invokes", named.place)));
        for (other, verb, place) in named.chain(invoked) {
            let pair = (id.min(other), id.max(other));
            if other == id
                || !catalog.personas[other.index()].is_agent()
                || states_protocol(catalog, id, other)
                || states_protocol(catalog, other, id)
                || !seen.insert(pair)
            {
                continue;
            }
            let (first, second) = pair;
            let message = format!(
                "{} and {} work together, and neither says by which protocol.",
                catalog.label(first.into()),
                catalog.label(second.into())
            );
            sink.about(first, Severity::Low, message)
                .object(second)
                .because(Some(place), vec![edge(id, verb, other, place)]);
        }
    }
}

fn states_protocol(catalog: &Catalog, from: PersonaId, to: PersonaId) -> bool {
    catalog.personas[from.index()]
        .interactions
        .iter()
        .any(|interaction| interaction.party == Party::Persona(to) && interaction.protocol.is_some())
}
