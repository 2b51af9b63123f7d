//! `unknown-role`: a grant names a role that neither the component nor the catalog has.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::card::words::nearest;
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unknown-role",
    category: Category::Access,
    summary: "a grant names a role that neither its component nor the catalog has",
    help: include_str!("../../../assets/rules/unknown-role.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let grants = &catalog.personas[persona.index()].grants;
    for &index in &context.facts.of_persona(persona).active {
        let grant = &grants[index];
        let Some(role) = grant.unknown_roles.first() else { continue };
        let component = &catalog.components[grant.component.index()];
        let own = component.roles.iter().map(|role| role.name.written());
        let known = own.chain(catalog.settings.roles.iter().map(|(name, _)| name.written()));
        let guess =
            nearest(role.written(), known).map_or(String::new(), |near| format!(" Did you mean {near}?"));
        let message = format!(
            "{} is granted the role {role} on {}, which has no such role.{guess}",
            catalog.label(persona.into()),
            catalog.label(grant.component.into())
        );
        sink.about(persona, Severity::Medium, message)
            .object(grant.component)
            .because(Some(grant.place), vec![granted(catalog, persona, grant)]);
    }
}
