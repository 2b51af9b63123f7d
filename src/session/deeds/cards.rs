//! Whole cards: new ones, copies, and removed ones with what refers to them.

use std::sync::Arc;

use crate::card::edit::{self, Change, Edit, Route};
use crate::card::kinds::Kind;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::card::words::{Name, slug};
use crate::catalog::{CardEdit, Catalog, Entity, FileChange};

use super::Deed;

/// What becomes of the places that name a card that is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum References {
    /// They stay, and lead nowhere.
    Leave,
    /// They go too.
    Remove,
    /// They name this one instead.
    Replace(Entity),
}

/// Removes a card. [`Catalog::mentions`] lists what refers to it.
///
/// # Errors
/// A sentence where it has none, or is to be replaced by another kind or by itself.
pub fn remove(catalog: &Catalog, entity: Entity, references: References) -> Result<Deed, String> {
    let label = catalog.label(entity);
    let place = catalog.place(entity).filter(|_| catalog.is_declared(entity));
    let place = place.ok_or_else(|| format!("{label} has no card"))?;
    if let References::Replace(other) = references
        && (other == entity || catalog.kind(other) != catalog.kind(entity))
    {
        return Err(format!("{label} can be replaced by another {} only", catalog.kind(entity).word()));
    }
    let is_card = place.path == FieldPath::CARD;
    let own = Route::from(place.path);
    let mut edits =
        vec![if is_card { CardEdit::Remove(place.card) } else { CardEdit::at(place, Change::Remove) }];
    let mut mentions = catalog.mentions(entity);
    // What stands in the card itself goes with it.
    mentions.retain(|mention| mention.card != place.card || !(is_card || mention.item.0.starts_with(&own.0)));
    match references {
        References::Leave => {}
        References::Remove => edits.extend(mentions.iter().map(crate::catalog::Mention::removed)),
        References::Replace(other) => {
            let beside = catalog.mentions(other);
            let id = catalog.id(other);
            let list = |item: &Route| item.0.split_last().map(|(_, rest)| rest.to_vec());
            let mut seen = Vec::new();
            for mention in &mentions {
                let spot = (mention.card, list(&mention.item));
                let in_list = matches!(mention.item.0.last(), Some(edit::Step::Index(_)));
                let twice = in_list
                    && (seen.contains(&spot) || beside.iter().any(|own| (own.card, list(&own.item)) == spot));
                seen.push(spot);
                edits.push(if twice { mention.removed() } else { mention.renamed(&id) });
            }
        }
    }
    Ok(Deed::new(format!("remove {label}"), edits))
}

/// A copy of a card under another id and name. A file that holds it alone is copied with its comments.
///
/// # Errors
/// A sentence where it has no card, or the new words are taken.
pub fn duplicate(catalog: &Catalog, entity: Entity, id: &str, name: &str) -> Result<Deed, String> {
    let label = catalog.label(entity);
    let place =
        catalog.place(entity).filter(|place| catalog.is_declared(entity) && place.path == FieldPath::CARD);
    let place = place.ok_or_else(|| format!("{label} has no card of its own"))?;
    let file = catalog.file_of(place.card);
    let spot = catalog.spot_of(place.card);
    let kind = file.cards.iter().find(|placed| placed.spot == spot).map(|placed| placed.card.kind());
    let kind = kind.ok_or_else(|| format!("{label} has no card of its own"))?;
    for word in [id, name].into_iter().filter(|word| !word.is_empty()) {
        free(catalog, kind, word)?;
    }
    let title = format!("duplicate {label} as {name}");
    let alone = file.cards.len() == 1 && spot.item.is_none();
    let text = |word: &str| Node::Text(word.into());
    let has_id = catalog.value_at(place.with(FieldPath::CARD.key("id"))).is_some();
    if alone {
        let mut edits = vec![Edit::new(spot, Route::default().then("name"), Change::Set(text(name)))];
        if has_id {
            edits.push(Edit::new(spot, Route::default().then("id"), Change::Set(text(id))));
        }
        if catalog.value_at(place.with(FieldPath::CARD.key("aliases"))).is_some() {
            edits.push(Edit::new(spot, Route::default().then("aliases"), Change::Remove));
        }
        let copy = edit::apply(&file.text, &edits).map_err(|refusal| refusal.to_string())?;
        let stem = slug(format!("{} {}", if has_id { id } else { "" }, name.to_lowercase()).trim());
        let folder = file.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let path = (1..10_000)
            .map(|number: usize| {
                if number == 1 {
                    format!("{folder}{stem}.yaml")
                } else {
                    format!("{folder}{stem}-{number}.yaml")
                }
            })
            .find(|path| !catalog.files().any(|file| *file.path == **path))
            .ok_or_else(|| format!("there is no free file name for {stem}.yaml"))?;
        let write = FileChange { path: path.into(), before: None, after: Some(Arc::from(copy)) };
        return Ok(Deed::new(title, vec![CardEdit::Write(write)]));
    }
    let Some(Node::Map(mut fields)) = catalog.value_at(place) else {
        return Err(format!("{label} is only a name; there is nothing to copy"));
    };
    fields.retain(|(key, _)| !matches!(&**key, "kind" | "aliases"));
    for (key, value) in &mut fields {
        match &**key {
            "id" => *value = text(id),
            "name" => *value = text(name),
            _ => {}
        }
    }
    Ok(Deed::new(title, vec![CardEdit::Add { kind, fields }]))
}

/// A new card with these fields, where cards of its kind stand.
///
/// # Errors
/// A sentence where one of its words is taken.
pub fn add(catalog: &Catalog, kind: Kind, fields: Vec<(Box<str>, Node)>) -> Result<Deed, String> {
    let mut name = String::new();
    for (key, value) in &fields {
        if let ("id" | "name", Node::Text(word)) = (&**key, value) {
            free(catalog, kind, word)?;
            name = word.to_string();
        }
    }
    Ok(Deed::new(format!("add {} {name}", kind.word().to_lowercase()), vec![CardEdit::Add { kind, fields }]))
}

pub(super) fn free(catalog: &Catalog, kind: Kind, word: &str) -> Result<(), String> {
    let name = Name::new(word);
    if name.is_empty() {
        return Err("a card needs a name".to_owned());
    }
    let own = kind.word().to_lowercase();
    let taken = catalog
        .find(word)
        .into_iter()
        .any(|other| catalog.is_declared(other) && catalog.kind(other).word() == own);
    if taken { Err(format!("there is a {own} called {word} already")) } else { Ok(()) }
}
