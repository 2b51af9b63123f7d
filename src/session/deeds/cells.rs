//! Cells of the matrices of skills, processes and interactions: what a card lists, and how.

use crate::card::edit::{Change, items};
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::catalog::{CardEdit, Catalog, Entity, PersonaId, Place, ProcessId, SkillId};

use super::Deed;
use super::access::is_level;

/// How something is to stand in a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Listed {
    /// Not at all.
    Not,
    /// By its name alone.
    Plainly,
    /// With a level of a skill, or a responsibility for a process.
    With(Node),
}

/// Lets a persona or a person have a skill, at a level or at none in particular, or not.
///
/// # Errors
/// A sentence where it is neither, or has no card.
pub fn set_skill(catalog: &Catalog, whose: Entity, skill: SkillId, to: Listed) -> Result<Deed, String> {
    let (place, skills) = match whose {
        Entity::Persona(id) => (catalog.personas[id.index()].place, &catalog.personas[id.index()].skills),
        Entity::Person(id) => (catalog.people[id.index()].place, &catalog.people[id.index()].skills),
        _ => return Err(format!("{} has no skills", catalog.label(whose))),
    };
    let there = skills.iter().find(|own| own.skill == skill).map(|own| own.place);
    set(catalog, (whose, place), ("skills", "level"), skill.into(), there, to)
}

/// Lets a persona take part in a process, with a responsibility or none in particular, or not.
///
/// # Errors
/// A sentence where the card cannot be found any more.
pub fn set_process(
    catalog: &Catalog,
    persona: PersonaId,
    process: ProcessId,
    to: Listed,
) -> Result<Deed, String> {
    let own = &catalog.personas[persona.index()];
    let there = own.processes.iter().find(|part| part.process == process).map(|part| part.place);
    set(catalog, (persona.into(), own.place), ("processes", "responsibility"), process.into(), there, to)
}

/// Lets a persona name another persona or a team as one that it works with, or not.
///
/// # Errors
/// A sentence where the card cannot be found any more.
pub fn set_interaction(
    catalog: &Catalog,
    persona: PersonaId,
    other: Entity,
    to: Listed,
) -> Result<Deed, String> {
    let own = &catalog.personas[persona.index()];
    let named = own.interactions.iter().find(|named| Entity::from(named.party) == other);
    let there = named.map(|named| named.place);
    set(catalog, (persona.into(), own.place), ("primary_interaction", "protocol"), other, there, to)
}

/// Adds a skill to a persona that does not list it, or takes it.
///
/// # Errors
/// A sentence where the card cannot be found any more.
pub fn toggle_skill(catalog: &Catalog, persona: PersonaId, skill: SkillId) -> Result<Deed, String> {
    let has = catalog.personas[persona.index()].skills.iter().any(|own| own.skill == skill);
    set_skill(catalog, persona.into(), skill, if has { Listed::Not } else { Listed::Plainly })
}

/// Lets a persona take part in a process, or no more.
///
/// # Errors
/// A sentence where the card cannot be found any more.
pub fn toggle_process(catalog: &Catalog, persona: PersonaId, process: ProcessId) -> Result<Deed, String> {
    let has = catalog.personas[persona.index()].processes.iter().any(|own| own.process == process);
    set_process(catalog, persona, process, if has { Listed::Not } else { Listed::Plainly })
}

fn set(
    catalog: &Catalog,
    (whose, card): (Entity, Place),
    (list, field): (&'static str, &str),
    what: Entity,
    there: Option<Place>,
    to: Listed,
) -> Result<Deed, String> {
    let (id, word) = (catalog.id(whose), catalog.id(what));
    let naming = items::naming_field(list).ok_or_else(|| format!("{list} names nothing"))?;
    let text = |word: &str| Node::Text(word.into());
    let add =
        |item| vec![CardEdit::at(card.with(FieldPath::CARD.key(list)), Change::Insert(usize::MAX, item))];
    let with = |value: Option<Node>| {
        let Some(place) = there else { return Vec::new() };
        let item = catalog.value_at(place);
        let level = |word: &str| is_level(catalog, word);
        let changes = item
            .map(|item| items::set_field(&item, list, &place.path.into(), field, value, level))
            .unwrap_or_default();
        let card = place.card;
        changes.into_iter().map(|(route, change)| CardEdit::Change { card, route, change }).collect()
    };
    let (name, edits) = match (to, there) {
        (Listed::Not, None) => (format!("{id} has no {word}"), Vec::new()),
        (Listed::Not, Some(place)) => {
            // A list that would be empty goes as a whole.
            let whole = card.with(FieldPath::CARD.key(list));
            let is_last = matches!(catalog.value_at(whole), Some(Node::List(items)) if items.len() == 1);
            let place = if is_last { whole } else { place };
            (format!("take {word} from {id}"), vec![CardEdit::at(place, Change::Remove)])
        }
        (Listed::Plainly, None) => (format!("give {id} {word}"), add(text(&word))),
        (Listed::Plainly, Some(_)) => (format!("{id}: {word} without {field}"), with(None)),
        (Listed::With(value), there) => {
            let said = match &value {
                Node::Text(word) => word.to_string(),
                Node::Int(number) => number.to_string(),
                other => format!("{other:?}"),
            };
            let name = format!("{id}: {word}, {field} {said}");
            let edits = match there {
                Some(_) => with(Some(value)),
                None => add(Node::Map(vec![(naming.into(), text(&word)), (field.into(), value)])),
            };
            (name, edits)
        }
    };
    Ok(Deed::new(name, edits))
}
