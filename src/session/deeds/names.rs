//! An entity called otherwise, in all files that name it.

use crate::card::edit::{Change, Route, Step};
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::card::words::Name;
use crate::catalog::{CardEdit, Catalog, Entity};

use super::Deed;

/// Renames what `old` is the id, the name or another word of. What names it by this word follows; what
/// names it by another one stays as it is.
///
/// # Errors
/// A sentence where the new word is taken or empty, or the old one is not its word.
pub fn rename(catalog: &Catalog, entity: Entity, old: &str, new: &str) -> Result<Deed, String> {
    let (from, to) = (Name::new(old), Name::new(new));
    if to.is_empty() {
        return Err("a card needs a name".to_owned());
    }
    if let Entity::Step(_) = entity {
        return step(catalog, entity, new);
    }
    if from != to
        && let Some(taken) = catalog.find(new).into_iter().find(|other| {
            *other != entity && (catalog.kind(*other) == catalog.kind(entity) || share_words(*other, entity))
        })
    {
        return Err(format!("{new} is another {} already", catalog.kind(taken).word()));
    }
    let mut edits = Vec::new();
    if catalog.is_declared(entity)
        && let Some(place) = catalog.place(entity)
    {
        let own = |field: &str| catalog.value_at(place.with(FieldPath::CARD.key(field)));
        let is_old = |node: &Node| matches!(node, Node::Text(word) if Name::new(word) == from);
        let set = |route: Route| CardEdit::Change {
            card: place.card,
            route,
            change: Change::Set(Node::Text(new.into())),
        };
        let route = |field: &str| Route::default().then(field);
        for field in ["id", "name"] {
            if own(field).as_ref().is_some_and(is_old) {
                edits.push(set(route(field)));
            }
        }
        match own("aliases") {
            Some(Node::List(words)) => {
                let places = words.iter().enumerate().filter(|(_, word)| is_old(word));
                edits.extend(places.map(|(at, _)| set(route("aliases").then(at))));
            }
            Some(word) if is_old(&word) => edits.push(set(route("aliases"))),
            _ => {}
        }
        // A card in a list may be a bare name.
        if edits.is_empty() && Name::new(&catalog.name(entity)) == from {
            edits.push(set(route("name")));
        }
        if edits.is_empty() {
            return Err(format!("{old} is not a word that {} calls itself", catalog.label(entity)));
        }
    }
    let mentions = catalog.mentions(entity).into_iter();
    edits.extend(
        mentions
            .filter(|mention| mention.word().is_some_and(|word| Name::new(word) == from))
            .map(|mention| mention.renamed(new)),
    );
    if edits.is_empty() {
        return Err(format!("nothing is called {old}"));
    }
    Ok(Deed::new(format!("rename {old} to {new}"), edits))
}

/// Words of personas, people and teams are looked up in the same fields.
fn share_words(left: Entity, right: Entity) -> bool {
    let named = |entity| matches!(entity, Entity::Persona(_) | Entity::Person(_) | Entity::Team(_));
    named(left) && named(right)
}

/// A step is named within its process, by `next` of other steps.
fn step(catalog: &Catalog, entity: Entity, new: &str) -> Result<Deed, String> {
    let Entity::Step(id) = entity else { return Err("this is no step".to_owned()) };
    let own = &catalog.steps[id.index()];
    let process = catalog.id(own.process.into());
    let taken = catalog.steps.iter().enumerate().any(|(place, other)| {
        place != id.index() && other.process == own.process && (other.name.is(Name::new(new).folded()))
    });
    if taken {
        return Err(format!("{process} has a step {new} already"));
    }
    let route = Route::from(own.place.path);
    let is_bare = matches!(catalog.value_at(own.place), Some(Node::Text(_)));
    let route = if is_bare { route } else { route.then("name") };
    let set = |card, route, change| CardEdit::Change { card, route, change };
    let mut edits = vec![set(own.place.card, route, Change::Set(Node::Text(new.into())))];
    // What names it by its id needs no change.
    if own.id == own.name {
        for other in &catalog.steps {
            for next in other.next.iter().filter(|next| next.step == Some(id)) {
                let at = Route::from(next.place.path);
                match catalog.value_at(next.place) {
                    Some(Node::Text(_)) => {
                        edits.push(set(next.place.card, at, Change::Set(Node::Text(new.into()))));
                    }
                    Some(Node::Map(_)) => edits.push(set(
                        next.place.card,
                        at.then(Step::from("step")),
                        Change::Set(Node::Text(new.into())),
                    )),
                    _ => {}
                }
            }
        }
    }
    Ok(Deed::new(format!("rename step {} of {process} to {new}", own.name), edits))
}
