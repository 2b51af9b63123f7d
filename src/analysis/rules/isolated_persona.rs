//! `isolated-persona`: a persona that works with nobody, and nobody with it.

use std::collections::HashSet;

use crate::analysis::Context;
use crate::analysis::evidence::name_of;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Party, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "isolated-persona",
    category: Category::Structure,
    summary: "a persona names nobody that is known, and nobody names it or its team",
    help: include_str!("../../../assets/rules/isolated-persona.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    // Who names whom, so that one look a persona is enough.
    let mut named_personas = HashSet::new();
    let mut naming_team: std::collections::HashMap<_, Vec<PersonaId>> = std::collections::HashMap::new();
    for (index, persona) in catalog.personas.iter().enumerate() {
        let id = PersonaId::from_index(index);
        for interaction in &persona.interactions {
            match interaction.party {
                Party::Persona(other) if other != id => {
                    named_personas.insert(other);
                }
                Party::Team(team) => naming_team.entry(team).or_default().push(id),
                Party::Persona(_) | Party::Unknown(_) => {}
            }
        }
    }
    for (index, persona) in catalog.personas.iter().enumerate() {
        let id = PersonaId::from_index(index);
        let names = persona.interactions.iter().any(|interaction| match interaction.party {
            Party::Persona(other) => other != id,
            Party::Team(_) => true,
            Party::Unknown(_) => false,
        });
        let by_team = persona
            .team
            .and_then(|team| naming_team.get(&team))
            .is_some_and(|naming| naming.iter().any(|other| *other != id));
        if names || by_team || named_personas.contains(&id) {
            continue;
        }
        let message = format!("{} works with nobody, and nobody with it.", catalog.label(id.into()));
        sink.about(id, Severity::Low, message).because(Some(name_of(catalog, id)), Vec::new());
    }
}
