//! `persona-count`: fewer or more personas than make a good balance.

use crate::analysis::Context;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::Entity;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "persona-count",
    category: Category::Structure,
    summary: "the catalog has fewer or more personas than make a good balance",
    help: include_str!("../../../assets/rules/persona-count.md"),
    reads: Reads::Words,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let (fewest, most) = catalog.settings.persona_count;
    let count = catalog.personas.len();
    let cost = if count < fewest {
        "too few make least privilege hard to keep"
    } else if count > most {
        "too many are work to maintain"
    } else {
        return;
    };
    let message =
        format!("The catalog has {count} personas, and {fewest} to {most} are a good balance: {cost}.");
    sink.about(Entity::Catalog, Severity::Info, message).because(catalog.settings.place, Vec::new());
}
