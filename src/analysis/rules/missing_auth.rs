//! `missing-auth`: an agent crosses to another platform, and nothing says how it authenticates.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "missing-auth",
    category: Category::Agents,
    summary: "an agent crosses to another platform and no authentication is stated",
    help: include_str!("../../../assets/rules/missing-auth.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    if !stated.is_agent() {
        return;
    }
    let home = stated
        .identity
        .as_ref()
        .and_then(|identity| identity.provider.as_ref())
        .map(|provider| if provider.is("entra") { "azure" } else { provider.folded() });
    for &index in &context.facts.of_persona(persona).active {
        let grant = &stated.grants[index];
        let component = &catalog.components[grant.component.index()];
        let Some(platform) = &component.platform else { continue };
        let crosses =
            platform.is("saas") || platform.is("mcp") || home.is_some_and(|home| !platform.is(home));
        if !crosses || grant.auth.is_some() || !component.auth.is_empty() {
            continue;
        }
        let message = format!(
            "{} crosses to {} on {platform}, and nothing says how it authenticates there.",
            catalog.label(persona.into()),
            catalog.label(grant.component.into())
        );
        sink.about(persona, Severity::Medium, message)
            .object(grant.component)
            .because(Some(grant.place), vec![granted(catalog, persona, grant)]);
    }
}
