//! `static-credential`: a grant rests on a secret that can be copied.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "static-credential",
    category: Category::Access,
    summary: "a grant authenticates with a key, password, token or connection string",
    help: include_str!("../../../assets/rules/static-credential.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

/// Ways to authenticate that rest on a secret which can be copied.
pub const STATIC: [&str; 4] = ["api-key", "connection-string", "password", "pat"];

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    for &index in &context.facts.of_persona(persona).active {
        let grant = &stated.grants[index];
        let Some(auth) = grant.auth.as_ref().filter(|auth| STATIC.contains(&auth.folded())) else { continue };
        let severity = if stated.is_human() { Severity::Medium } else { Severity::High };
        let message = format!(
            "{} authenticates to {} with {auth}, a secret that can be copied.",
            catalog.label(persona.into()),
            catalog.label(grant.component.into())
        );
        sink.about(persona, severity, message)
            .object(grant.component)
            .because(Some(grant.place), vec![granted(catalog, persona, grant)]);
    }
}
