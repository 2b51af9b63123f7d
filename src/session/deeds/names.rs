//! An entity called otherwise, in all files that name it.
//!
//! What names it by the word that changes follows; what names it by another one stays as it is.

use crate::card::edit::{Change, Route};
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::card::words::{Name, fold};
use crate::catalog::{CardEdit, CardId, Catalog, Entity, EntityKind, Place, StepId};

use super::Deed;

/// Which word of an entity, whatever it is called by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Its id.
    Id,
    /// Its name.
    Name,
}

/// Renames what `old` is the id, the name or another word of.
///
/// # Errors
/// A sentence where the new word is taken or empty, or the old one is not its word.
pub fn rename(catalog: &Catalog, entity: Entity, old: &str, new: &str) -> Result<Deed, String> {
    // `KIND/WORD` tells apart what is called alike; the word is what is renamed.
    let own = |word: &str| catalog.find(word).contains(&entity);
    let old = match kind_and_word(old) {
        Some((_, rest)) if own(rest) => rest.trim(),
        _ => old,
    };
    if let Entity::Step(id) = entity {
        let full = Name::new(&catalog.id(entity)) == Name::new(old);
        let from = if full { catalog.steps[id.index()].id.clone() } else { Name::new(old) };
        return step(catalog, id, &from, new, &["id", "name"]);
    }
    let edits = renamed(catalog, entity, old, new, &["id", "name", "aliases"], true)?;
    Ok(Deed::new(format!("rename {old} to {new}"), edits))
}

/// Gives an entity another id or another name. An id that its card does not state is added to it.
///
/// # Errors
/// A sentence where it has no such word, or the new one is taken or empty.
pub fn rename_word(catalog: &Catalog, entity: Entity, word: Word, new: &str) -> Result<Deed, String> {
    let has_id = matches!(entity, Entity::Persona(_) | Entity::Step(_));
    if word == Word::Id && !has_id {
        let kind = catalog.kind(entity).word();
        return Err(format!("a {kind} has no id beside its name; rename that"));
    }
    let label = catalog.label(entity);
    let place = catalog.place(entity).filter(|_| catalog.is_declared(entity));
    let place = place.ok_or_else(|| format!("{label} has no card"))?;
    let stated = |field: &str| catalog.value_at(place.with(place.path.key(field)));
    let (id, name) = match entity {
        Entity::Persona(id) => {
            let own = &catalog.personas[id.index()];
            (own.id.clone(), own.name.clone())
        }
        Entity::Step(id) => {
            let own = &catalog.steps[id.index()];
            (own.id.clone(), own.name.clone())
        }
        other => (Name::new(&catalog.id(other)), Name::new(&catalog.name(other))),
    };
    let title = format!("rename {label} to {new}");
    let (field, old, other) = match word {
        Word::Id => ("id", &id, &name),
        Word::Name => ("name", &name, &id),
    };
    if let Entity::Step(step_id) = entity {
        let edits = step(catalog, step_id, old, new, &[field])?.edits;
        return Ok(Deed::new(title, edits));
    }
    if word == Word::Id && stated("id").is_none() {
        free(catalog, entity, old, &Name::new(new), new)?;
        let route = Route::from(place.path).then("id");
        let change = Change::Set(Node::Text(new.into()));
        return Ok(Deed::new(title, vec![CardEdit::Change { card: place.card, route, change }]));
    }
    // Where another of its words is the same, what names it so still does.
    let is_other = stated("id").is_some() && old == other;
    let edits = renamed(catalog, entity, old.written(), new, &[field], !is_other)?;
    Ok(Deed::new(title, edits))
}

/// The edits that change a word in some fields of a card, and in the places that name it so.
fn renamed(
    catalog: &Catalog,
    entity: Entity,
    old: &str,
    new: &str,
    fields: &[&str],
    follow: bool,
) -> Result<Vec<CardEdit>, String> {
    let (from, to) = (Name::new(old), Name::new(new));
    free(catalog, entity, &from, &to, new)?;
    let mut edits = Vec::new();
    if catalog.is_declared(entity)
        && let Some(place) = catalog.place(entity)
    {
        let own = |field: &str| catalog.value_at(place.with(FieldPath::CARD.key(field)));
        let is_old = |node: &Node| matches!(node, Node::Text(word) if Name::new(word) == from);
        let route = |field: &str| Route::default().then(field);
        for field in fields {
            match own(field) {
                Some(Node::List(words)) => {
                    let places = words.iter().enumerate().filter(|(_, word)| is_old(word));
                    edits.extend(places.map(|(at, _)| set(place.card, route(field).then(at), new)));
                }
                Some(word) if is_old(&word) => edits.push(set(place.card, route(field), new)),
                _ => {}
            }
        }
        // A card in a list may be a bare name.
        if edits.is_empty() && Name::new(&catalog.name(entity)) == from {
            edits.push(set(place.card, route("name"), new));
        }
        if edits.is_empty() {
            return Err(format!("{old} is not a word that {} calls itself", catalog.label(entity)));
        }
    }
    // A decision names a step by its process and its id.
    let is_name = Name::new(&catalog.id(entity)) == from;
    let mut wanted: Vec<Entity> = if follow { vec![entity] } else { Vec::new() };
    if let Entity::Process(process) = entity
        && is_name
    {
        wanted.extend(catalog.processes[process.index()].steps.iter().copied().map(Entity::Step));
    }
    for mention in catalog.mentions_of(&wanted) {
        let Some(word) = mention.word() else { continue };
        let follows = match mention.entity {
            Entity::Step(id) => {
                let full = format!("{new} / {}", catalog.steps[id.index()].id);
                followed(word, &Name::new(&catalog.id(mention.entity)), &full)
            }
            _ => followed(word, &from, new),
        };
        edits.extend(follows.map(|word| mention.renamed(&word)));
    }
    if edits.is_empty() {
        return Err(format!("nothing is called {old}"));
    }
    Ok(edits)
}

/// What a word becomes that names something by the one that changes; none where it names it otherwise.
fn followed(word: &str, from: &Name, new: &str) -> Option<String> {
    if Name::new(word) == *from {
        return Some(new.to_owned());
    }
    let (kind, rest) = kind_and_word(word)?;
    (Name::new(rest) == *from).then(|| format!("{kind}{new}"))
}

/// The parts of `KIND/WORD` and `KIND:WORD`, the sign with the kind.
fn kind_and_word(word: &str) -> Option<(&str, &str)> {
    let at = word.find([':', '/'])?;
    let is_kind = EntityKind::ALL.into_iter().any(|kind| kind.word() == fold(&word[..at]));
    is_kind.then(|| word.split_at(at + 1))
}

fn free(catalog: &Catalog, entity: Entity, from: &Name, to: &Name, new: &str) -> Result<(), String> {
    if to.is_empty() {
        return Err("a card needs a name".to_owned());
    }
    let taken = catalog.find(new).into_iter().find(|other| {
        *other != entity && (catalog.kind(*other) == catalog.kind(entity) || share_words(*other, entity))
    });
    match taken.filter(|_| from != to) {
        Some(taken) => Err(format!("{new} is another {} already", catalog.kind(taken).word())),
        None => Ok(()),
    }
}

/// Words of personas, people and teams are looked up in the same fields.
fn share_words(left: Entity, right: Entity) -> bool {
    let named = |entity| matches!(entity, Entity::Persona(_) | Entity::Person(_) | Entity::Team(_));
    named(left) && named(right)
}

/// A step is named within its process, by `next` of other steps, and in decisions by both.
fn step(catalog: &Catalog, id: StepId, from: &Name, new: &str, fields: &[&str]) -> Result<Deed, String> {
    let own = &catalog.steps[id.index()];
    let process = catalog.id(own.process.into());
    let to = Name::new(new);
    if to.is_empty() {
        return Err("a step needs a name".to_owned());
    }
    let taken = catalog.steps.iter().enumerate().any(|(place, other)| {
        place != id.index() && other.process == own.process && (other.name == to || other.id == to)
    });
    if taken {
        return Err(format!("{process} has a step {new} already"));
    }
    let route = Route::from(own.place.path);
    let mut edits = Vec::new();
    let mut gets_id = false;
    match catalog.value_at(own.place) {
        Some(Node::Text(name)) if fields == ["id"] => {
            gets_id = true;
            let entries =
                vec![("id".into(), Node::Text(new.into())), ("name".into(), Node::Text(name.clone()))];
            let change = Change::Set(Node::Map(entries));
            edits.push(CardEdit::Change { card: own.place.card, route, change });
        }
        Some(Node::Text(_)) => edits.push(set(own.place.card, route, new)),
        Some(item) => {
            for field in fields {
                if matches!(item.get(field), Some(Node::Text(word)) if Name::new(word) == *from) {
                    edits.push(set(own.place.card, route.then(*field), new));
                }
            }
            if edits.is_empty() && fields == ["id"] {
                gets_id = true;
                edits.push(set(own.place.card, route.then("id"), new));
            }
        }
        None => {}
    }
    if edits.is_empty() {
        return Err(format!("{} is not a word that step {} of {process} calls itself", from, own.name));
    }
    // What names it by another of its words needs no change; by its name it still is called.
    let still = gets_id
        || (own.id == own.name && fields.len() == 1 && own.id == *from && has_both(catalog, own.place));
    if !still {
        for other in &catalog.steps {
            for next in other.next.iter().filter(|next| next.step == Some(id)) {
                let at = Route::from(next.place.path);
                let named = |node: &Node| matches!(node, Node::Text(word) if Name::new(word) == *from);
                match catalog.value_at(next.place) {
                    Some(word @ Node::Text(_)) if named(&word) => edits.push(set(next.place.card, at, new)),
                    Some(item @ Node::Map(_)) if item.get("step").is_some_and(named) => {
                        edits.push(set(next.place.card, at.then("step"), new));
                    }
                    _ => {}
                }
            }
        }
    }
    let whole = Name::new(&catalog.id(Entity::Step(id)));
    let is_id = gets_id
        || (own.id == *from && fields.contains(&"id"))
        || (own.id == *from && !has_both(catalog, own.place));
    let full = format!("{process} / {new}");
    for mention in catalog.mentions(Entity::Step(id)) {
        let Some(word) = mention.word() else { continue };
        let by_both = followed(word, &whole, &full).filter(|_| is_id);
        let follows = by_both.or_else(|| followed(word, from, new).filter(|_| !still));
        edits.extend(follows.map(|word| mention.renamed(&word)));
    }
    Ok(Deed::new(format!("rename step {} of {process} to {new}", own.name), edits))
}

/// Whether a step states an id beside its name.
fn has_both(catalog: &Catalog, place: Place) -> bool {
    matches!(catalog.value_at(place), Some(item) if item.get("id").is_some() && item.get("name").is_some())
}

fn set(card: CardId, route: Route, word: &str) -> CardEdit {
    CardEdit::Change { card, route, change: Change::Set(Node::Text(word.into())) }
}
