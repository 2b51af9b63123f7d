//! `expired-grant`: a grant whose last day has passed still stands on the card.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{GrantState, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "expired-grant",
    category: Category::Access,
    summary: "a grant has expired and still stands on the card",
    help: include_str!("../../../assets/rules/expired-grant.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    for grant in &catalog.personas[persona.index()].grants {
        let (GrantState::Expired, Some(last)) = (grant.state(context.day), grant.expires) else { continue };
        let message = format!(
            "The grant of {} on {} expired on {last}.",
            catalog.label(persona.into()),
            catalog.label(grant.component.into())
        );
        sink.about(persona, Severity::Low, message)
            .object(grant.component)
            .because(Some(grant.place), vec![granted(catalog, persona, grant)]);
    }
}
