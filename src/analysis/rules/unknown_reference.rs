//! `unknown-reference`: a field names a persona or a person who does not exist.
//!
//! Whom a persona *works with* is for `unknown-interaction`.

use crate::analysis::Context;
use crate::analysis::evidence::stated;
use crate::analysis::finding::{Severity, Sink};
use crate::card::words::nearest;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unknown-reference",
    category: Category::Structure,
    summary: "a field names a persona or a person who does not exist",
    help: include_str!("../../../assets/rules/unknown-reference.md"),
    reads: Reads::Words,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    for unknown in &catalog.unknown_references {
        let name = &catalog.names[unknown.name.index()];
        let personas = catalog.personas.iter().flat_map(|persona| [&persona.id, &persona.name]);
        let known = personas.chain(catalog.people.iter().map(|person| &person.name));
        let guess = nearest(name.written(), known.map(crate::card::words::Name::written))
            .map_or(String::new(), |near| format!(" Did you mean {near}?"));
        let who = match unknown.field {
            "accountable" | "approval" | "escalates_to" | "override" => "persona or person",
            _ => "persona",
        };
        let message = format!(
            "`{}` of {} names {name}, and there is no such {who}.{guess}",
            unknown.field,
            catalog.label(unknown.subject)
        );
        let evidence = vec![stated(unknown.subject, "names", unknown.name, unknown.place)];
        sink.about(unknown.subject, Severity::High, message)
            .object(unknown.name)
            .because(Some(unknown.place), evidence);
    }
}
