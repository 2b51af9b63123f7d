//! Personas merged, removed and taken apart, as edits of cards: all that names them follows.
//!
//! What that means for findings and score is for whoever applies the edits to compute.

use crate::card::edit::{Change, items};
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::catalog::{CardEdit, Catalog, Entity, Mention, PersonaId};

/// The fields of a persona that are lists, in the order of its card.
const LISTS: [&str; 9] = [
    "primary_interaction",
    "component_access",
    "processes",
    "skills",
    "work_items",
    "accountable",
    "escalates_to",
    "invokes",
    "monitored_by",
];

/// The edits that make one persona of two: `into` takes all that `from` has, `from` goes, and what
/// named it names `into`.
#[must_use]
pub fn merge(catalog: &Catalog, into: PersonaId, from: PersonaId) -> Vec<CardEdit> {
    let (own, other) = (&catalog.personas[into.index()], &catalog.personas[from.index()]);
    let mut edits = Vec::new();
    let card =
        |place: crate::catalog::Place, field: &str| catalog.value_at(place.with(FieldPath::CARD.key(field)));
    let defaults = match card(other.place, "grant_defaults") {
        Some(Node::Map(entries)) => entries,
        _ => Vec::new(),
    };
    let same_defaults = card(own.place, "grant_defaults") == card(other.place, "grant_defaults");
    for field in LISTS {
        let theirs = list(card(other.place, field));
        let mut mine = list(card(own.place, field));
        for item in theirs {
            let item =
                if field == "component_access" && !same_defaults { stated(item, &defaults) } else { item };
            if names(catalog, field, &item, into) || names(catalog, field, &item, from) {
                continue;
            }
            let known = mine.iter().any(|known| match field {
                "component_access" => *known == item,
                _ => {
                    *known == item
                        || (word(known, field).is_some() && word(known, field) == word(&item, field))
                }
            });
            if known {
                continue;
            }
            mine.push(item.clone());
            let place = own.place.with(FieldPath::CARD.key(field));
            edits.push(CardEdit::at(place, Change::Insert(usize::MAX, item)));
        }
    }
    let alias = Node::Text(other.name.written().into());
    let place = own.place.with(FieldPath::CARD.key("aliases"));
    edits.push(CardEdit::at(place, Change::Insert(usize::MAX, alias)));
    // Where a list would name it twice, the second mention goes.
    let mentions = catalog.mentions(into.into());
    let beside = |mention: &Mention| {
        mentions.iter().any(|own| {
            own.card == mention.card
                && own.item != mention.item
                && own.field == mention.field
                && parent(own) == parent(mention)
        })
    };
    let id = own.id.written();
    let mut seen: Vec<(crate::catalog::CardId, Vec<crate::card::edit::Step>)> = Vec::new();
    for mention in catalog.mentions(from.into()) {
        let of_itself = mention.card == own.place.card && mention.field.as_ref() != "approval";
        let twice = seen.contains(&(mention.card, parent(&mention)));
        seen.push((mention.card, parent(&mention)));
        edits.push(if of_itself || beside(&mention) || twice {
            mention.removed()
        } else {
            mention.renamed(id)
        });
    }
    edits.retain(|edit| !matches!(edit, CardEdit::Change { card, .. } if *card == other.place.card));
    edits.push(CardEdit::Remove(other.place.card));
    edits
}

fn parent(mention: &Mention) -> Vec<crate::card::edit::Step> {
    mention.item.0.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default()
}

fn list(node: Option<Node>) -> Vec<Node> {
    match node {
        Some(Node::List(items)) => items,
        None | Some(Node::Null) => Vec::new(),
        Some(bare) => vec![bare],
    }
}

fn word(item: &Node, field: &str) -> Option<String> {
    let name = match item {
        Node::Text(text) => Some(&**text),
        other => items::name_of(other, field),
    };
    name.map(crate::card::words::fold)
}

/// Whether an item names a persona: nobody works with, invokes or watches itself.
fn names(catalog: &Catalog, field: &str, item: &Node, persona: PersonaId) -> bool {
    let refers =
        matches!(field, "primary_interaction" | "invokes" | "monitored_by" | "accountable" | "escalates_to");
    refers
        && word(item, field)
            .is_some_and(|word| catalog.find_persona(&crate::card::words::Name::new(&word)) == Some(persona))
}

/// A grant with the defaults of its card written out.
fn stated(item: Node, defaults: &[(Box<str>, Node)]) -> Node {
    if defaults.is_empty() {
        return item;
    }
    let name = items::name_of(&item, "component_access").map(str::to_owned);
    let Some(name) = name else { return item };
    let mut entries = match &item {
        Node::Text(_) => vec![("component".into(), Node::Text(name.into()))],
        Node::Map(own) if item.get("component").is_some() => own.clone(),
        Node::Map(own) => {
            let mut entries: Vec<(Box<str>, Node)> = vec![("component".into(), Node::Text(name.into()))];
            match own.first().map(|(_, value)| value) {
                Some(Node::Map(fields)) => entries.extend(fields.iter().cloned()),
                // A word is a level or a role; which of them is said by the short form alone.
                Some(Node::Text(_) | Node::List(_)) => return item,
                _ => {}
            }
            entries
        }
        _ => return item,
    };
    for (field, value) in defaults {
        if !entries.iter().any(|(known, _)| known == field) {
            entries.push((field.clone(), value.clone()));
        }
    }
    Node::Map(entries)
}

/// The edits that remove an entity's card and all that names it.
#[must_use]
pub fn remove(catalog: &Catalog, entity: Entity) -> Vec<CardEdit> {
    let Some(place) = catalog.place(entity) else { return Vec::new() };
    let mut edits: Vec<CardEdit> = catalog.mentions(entity).iter().map(Mention::removed).collect();
    if catalog.is_declared(entity) {
        edits.retain(|edit| !matches!(edit, CardEdit::Change { card, .. } if *card == place.card));
        edits.push(CardEdit::Remove(place.card));
    }
    edits
}

/// The edits that call an entity otherwise, here and everywhere: its id where that is what names
/// it (personas with an id), else its name.
#[must_use]
pub fn rename(catalog: &Catalog, entity: Entity, field: &str, to: &str) -> Vec<CardEdit> {
    let mut edits = Vec::new();
    if let Some(place) = catalog.place(entity).filter(|_| catalog.is_declared(entity)) {
        let path = FieldPath::CARD.key(field);
        edits.push(CardEdit::at(place.with(path), Change::Set(Node::Text(to.into()))));
    }
    let old = match field {
        "id" => catalog.id(entity),
        _ => catalog.name(entity),
    };
    let old = crate::card::words::fold(&old);
    for mention in catalog.mentions(entity) {
        // A mention by another word of the entity stays good.
        let by = match &mention.node {
            Node::Text(text) => Some(crate::card::words::fold(text)),
            other => items::name_of(other, &mention.field).map(crate::card::words::fold),
        };
        if by.is_none_or(|by| by == old) {
            edits.push(mention.renamed(to));
        }
    }
    edits
}
