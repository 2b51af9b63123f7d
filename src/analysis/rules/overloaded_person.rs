//! `overloaded-person`: somebody embodies more personas than the time allows.
//!
//! Whether the person is there just now does not matter: the load waits.

use crate::analysis::Context;
use crate::analysis::evidence::stated;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{PersonId, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "overloaded-person",
    category: Category::Staffing,
    summary: "a person embodies more than three personas for a full week",
    help: include_str!("../../../assets/rules/overloaded-person.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    for (index, person) in catalog.people.iter().enumerate() {
        let mut embodied: Vec<(PersonaId, crate::catalog::Place)> =
            person.personas.iter().filter_map(|own| Some((own.persona?, own.place))).collect();
        embodied.sort_by_key(|(persona, _)| *persona);
        embodied.dedup_by_key(|(persona, _)| *persona);
        #[expect(clippy::cast_precision_loss, reason = "nobody embodies 2^52 personas")]
        let load = embodied.len() as f64 / person.allocation;
        if embodied.len() <= 3 && load <= 3.0 {
            continue;
        }
        let id = PersonId::from_index(index);
        let message = format!(
            "{} embodies {} personas in {:.0} % of a week.",
            catalog.label(id.into()),
            embodied.len(),
            person.allocation * 100.0
        );
        let evidence =
            embodied.iter().map(|(persona, place)| stated(id, "embodies", *persona, *place)).collect();
        sink.about(id, Severity::Medium, message).because(Some(person.place), evidence);
    }
}
