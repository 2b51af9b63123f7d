//! Cells of the matrices of skills and processes: on what was off, off what was on.

use crate::card::node::Node;
use crate::catalog::{Catalog, PersonaId, ProcessId, SkillId};

use super::Deed;
use super::fields::{Assignment, Sign, assign};

/// Adds a skill to a persona that does not list it, or takes it.
///
/// # Errors
/// A sentence where the card cannot be found any more.
pub fn toggle_skill(catalog: &Catalog, persona: PersonaId, skill: SkillId) -> Result<Deed, String> {
    let has = catalog.personas[persona.index()].skills.iter().any(|own| own.skill == skill);
    toggle(catalog, persona, "skills", &catalog.id(skill.into()), has)
}

/// Lets a persona take part in a process, or no more.
///
/// # Errors
/// A sentence where the card cannot be found any more.
pub fn toggle_process(catalog: &Catalog, persona: PersonaId, process: ProcessId) -> Result<Deed, String> {
    let has = catalog.personas[persona.index()].processes.iter().any(|own| own.process == process);
    toggle(catalog, persona, "processes", &catalog.id(process.into()), has)
}

fn toggle(catalog: &Catalog, persona: PersonaId, field: &str, word: &str, has: bool) -> Result<Deed, String> {
    let sign = if has { Sign::Take } else { Sign::Add };
    let one = Assignment::of(field, sign, Some(Node::Text(word.into())));
    let id = catalog.id(persona.into());
    let name = if has { format!("take {word} from {id}") } else { format!("give {id} {word}") };
    Ok(Deed::new(name, assign(catalog, &[persona.into()], &[one])?.edits))
}
