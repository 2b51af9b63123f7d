//! Another id or name, followed in all files that use it.

use super::{Plan, Question, Then, Wish, choice, trimmed};
use crate::analysis::Analysis;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::card::words::Name;
use crate::catalog::{Catalog, Entity};
use crate::session::deeds::{Word, rename, rename_word};
use crate::tui::form::words::Choice;

const ID: &str = "id";
const NAME: &str = "name";

pub(super) fn title(analysis: &Analysis, wish: &Wish) -> String {
    format!("Rename {}", wish.label(analysis))
}

pub(super) fn ask(analysis: &Analysis, wish: &Wish) -> Vec<Question> {
    let catalog = &analysis.catalog;
    let Ok(entity) = wish.first(catalog) else { return Vec::new() };
    let words = words(catalog, entity);
    let now = old(catalog, entity, wish.word("word"));
    let mut questions = Vec::new();
    if words.len() > 1 {
        questions.push(Question::one("word", "which", words, NAME));
    }
    questions.push(Question::line("to", "new", now));
    questions
}

pub(super) fn plan(analysis: &Analysis, wish: &Wish) -> Result<Plan, String> {
    let catalog = &analysis.catalog;
    let entity = wish.first(catalog)?;
    let which = wish.word("word");
    let (now, to) = (old(catalog, entity, which), trimmed(wish.word("to")));
    if to == now {
        return Err(format!("Write what {now} is to be called."));
    }
    let deed = match (which, entity) {
        (ID, _) => rename_word(catalog, entity, Word::Id, &to)?,
        (NAME, Entity::Persona(_)) => rename_word(catalog, entity, Word::Name, &to)?,
        _ => rename(catalog, entity, &now, &to)?,
    };
    // What is known by the word is known by the new one.
    let id = catalog.id(entity).into_owned();
    let is_id = match entity {
        Entity::Persona(own) => {
            let stated = catalog.personas[own.index()].place.with(FieldPath::CARD.key("id"));
            which == ID || catalog.value_at(stated).is_none()
        }
        _ => Name::new(&id) == Name::new(&now),
    };
    let then = match entity {
        Entity::Step(_) | Entity::Name(_) => Then::Stay,
        _ => Then::Show((catalog.kind(entity), if is_id { to } else { id })),
    };
    Ok(Plan::of(deed).then(then))
}

/// The word that is renamed, as it is now.
fn old(catalog: &Catalog, entity: Entity, which: &str) -> String {
    match which {
        "" | NAME => catalog.name(entity).into_owned(),
        ID => match entity {
            Entity::Step(step) => catalog.steps[step.index()].id.written().to_owned(),
            _ => catalog.id(entity).into_owned(),
        },
        alias => alias.to_owned(),
    }
}

/// The words that an entity calls itself.
fn words(catalog: &Catalog, entity: Entity) -> Vec<Choice> {
    let mut words = vec![choice(NAME, old(catalog, entity, NAME))];
    if let Entity::Persona(_) | Entity::Step(_) = entity {
        words.push(choice(ID, old(catalog, entity, ID)));
    }
    let aliases = catalog
        .place(entity)
        .filter(|_| catalog.is_declared(entity) && !matches!(entity, Entity::Step(_)))
        .and_then(|place| catalog.value_at(place.with(FieldPath::CARD.key("aliases"))));
    let aliases = match aliases {
        Some(Node::List(items)) => items,
        Some(one @ Node::Text(_)) => vec![one],
        _ => Vec::new(),
    };
    for alias in aliases {
        if let Node::Text(word) = alias
            && !words.iter().any(|known| known.word == *word)
        {
            words.push(choice(&*word, "an alias"));
        }
    }
    words
}
