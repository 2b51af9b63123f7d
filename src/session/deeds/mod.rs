//! What people do to a catalog, as named edits: set a field, grant, revoke, narrow, rename, remove, duplicate.
//!
//! Pure functions of a snapshot. A deed is not made here, only said: the session makes it, the analysis
//! says what it comes to ([`crate::analysis::Analysis::outcome`]).

mod access;
mod cards;
mod cells;
mod fields;
mod grants;
mod names;
mod template;

use crate::analysis::whatif::unknown;
use crate::card::problem::{Level, Problem};
use crate::catalog::{CardEdit, Catalog, Entity};

pub use access::{GrantWords, grant, revoke, set_access};
pub use cards::{References, add, duplicate, remove};
pub use cells::{Listed, set_interaction, set_process, set_skill, toggle_process, toggle_skill};
pub use fields::{Assignment, Sign, assign};
pub use grants::{Bounds, narrow, set_on_grants};
pub use names::{Word, rename, rename_word};
pub use template::{TEMPLATES, Template, from_template, template};

/// Something done to the cards, with its name in the history.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// Such as "rename Git Hub to Forge".
    pub name: String,
    /// How.
    pub edits: Vec<CardEdit>,
}

impl Deed {
    pub(super) fn new(name: impl Into<String>, edits: Vec<CardEdit>) -> Self {
        Self { name: name.into(), edits }
    }
}

/// The one entity that a word names.
///
/// # Errors
/// A sentence where it names none, or several.
pub fn entity(catalog: &Catalog, word: &str) -> Result<Entity, String> {
    match catalog.find(word).as_slice() {
        [one] => Ok(*one),
        [] => {
            let known = catalog.personas.iter().flat_map(|own| [own.id.written(), own.name.written()]);
            let others = catalog.components.iter().map(|own| own.name.written());
            let skills = catalog.skills.iter().map(|own| own.name.written());
            Err(unknown("card", word, known.chain(others).chain(skills)))
        }
        [first, second, ..] => Err(format!(
            "{word} is a {} and a {}; write {}/{word} or {}/{word}",
            catalog.kind(*first).word(),
            catalog.kind(*second).word(),
            catalog.kind(*first).word(),
            catalog.kind(*second).word(),
        )),
    }
}

/// The errors and warnings that one snapshot has and an earlier one has not, wherever their lines are.
#[must_use]
pub fn new_problems<'a>(before: &Catalog, after: &'a Catalog) -> Vec<&'a Problem> {
    let mut known: Vec<&Problem> = before.problems.iter().collect();
    let mut new = Vec::new();
    for problem in after.problems.iter().filter(|problem| problem.level != Level::Note) {
        let same = |own: &&Problem| {
            own.file == problem.file && own.level == problem.level && own.message == problem.message
        };
        match known.iter().position(same) {
            Some(place) => drop(known.swap_remove(place)),
            None => new.push(problem),
        }
    }
    new
}

#[cfg(test)]
mod tests;
