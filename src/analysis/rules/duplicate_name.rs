//! `duplicate-name`: two entities of a kind answer to the same word.
//!
//! The later one is not evaluated further: nobody could say which of the two a card means.

use crate::analysis::Context;
use crate::analysis::evidence::stated;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{DuplicateId, Entity};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "duplicate-name",
    category: Category::Structure,
    summary: "two entities of a kind share an id, a name or an alias",
    help: include_str!("../../../assets/rules/duplicate-name.md"),
    reads: Reads::Words,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    for (index, duplicate) in catalog.duplicates.iter().enumerate() {
        let id = Entity::Duplicate(DuplicateId::from_index(index));
        let place = duplicate.place.with(duplicate.place.path.key("name"));
        for (holder, word) in &duplicate.shared {
            let message = format!(
                "The {} {} answers to {word}, as {} does already; it is not evaluated further.",
                duplicate.kind.word(),
                catalog.label(id),
                catalog.label(*holder)
            );
            let mut evidence = vec![stated(id, "shares a name with", *holder, place)];
            evidence
                .extend(catalog.place(*holder).map(|place| stated(*holder, "has the name first", id, place)));
            sink.about(id, Severity::High, message).object(*holder).because(Some(place), evidence);
        }
    }
}
