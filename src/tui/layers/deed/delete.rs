//! Cards that go, and what becomes of the places that name them.

use super::create::choices_of;
use super::{Plan, Question, Wish, choice, found, one_by_one};
use crate::analysis::Analysis;
use crate::catalog::Entity;
use crate::session::deeds::{Deed, References, remove};

const LEAVE: &str = "leave them";
const REMOVE: &str = "remove them";
const REPLACE: &str = "name another";

pub(super) fn title(analysis: &Analysis, wish: &Wish) -> String {
    match wish.about.as_slice() {
        [_] => format!("Delete {}", wish.label(analysis)),
        several => format!("Delete {} cards", several.len()),
    }
}

pub(super) fn ask(analysis: &Analysis, wish: &Wish) -> Vec<Question> {
    let kind = wish.about.first().map(|(kind, _)| *kind);
    let mut others = kind.map(|kind| choices_of(analysis, kind)).unwrap_or_default();
    others.retain(|other| !wish.about.iter().any(|(_, id)| *id == other.word));
    let mut ways =
        vec![choice(REMOVE, "they go with the card"), choice(LEAVE, "they lead nowhere then, and are gaps")];
    if !others.is_empty() {
        ways.push(choice(REPLACE, "in its place, wherever it is named"));
    }
    let mut questions = vec![Question::one("references", "references", ways, REMOVE)];
    if wish.word("references") == REPLACE {
        let first = others.first().map_or(String::new(), |other| other.word.clone());
        questions.push(Question::one("with", "name", others, &first));
    }
    questions
}

pub(super) fn plan(analysis: &Analysis, wish: &Wish) -> Result<Plan, String> {
    let catalog = &analysis.catalog;
    let with = (wish.word("references") == REPLACE).then(|| wish.word("with").to_owned());
    let kind = wish.about.first().map(|(kind, _)| *kind).ok_or("nothing is selected")?;
    let references = |now: &crate::catalog::Catalog| match (&with, wish.word("references")) {
        (Some(id), _) => {
            found(now, &(kind, id.clone())).map(References::Replace).ok_or_else(|| format!("{id} is gone"))
        }
        (None, LEAVE) => Ok(References::Leave),
        (None, _) => Ok(References::Remove),
    };
    let notes = notes(analysis, &wish.entities(catalog));
    let deed = match wish.about.as_slice() {
        [_] => remove(catalog, wish.first(catalog)?, references(catalog)?)?,
        several => {
            let edits = one_by_one(catalog, several, |now, entity| {
                // What has no card of its own is only a name, and goes with the places that name it.
                remove(now, entity, references(now)?).map(Some)
            })?;
            Deed { name: format!("remove {} cards", several.len()), edits }
        }
    };
    Ok(Plan { notes, ..Plan::of(deed) })
}

/// Every place that names what goes.
fn notes(analysis: &Analysis, going: &[Entity]) -> Vec<String> {
    let lines = analysis.catalog.mentioned_elsewhere(going);
    match lines.len() {
        0 => vec!["Nothing refers to it.".to_owned()],
        count => {
            let places =
                if count == 1 { "1 place names it".to_owned() } else { format!("{count} places name it") };
            let places = if going.len() > 1 { places.replace("it", "one of them") } else { places };
            let lines = lines.into_iter().map(|line| format!("  {line}"));
            std::iter::once(format!("{places}:")).chain(lines).collect()
        }
    }
}
