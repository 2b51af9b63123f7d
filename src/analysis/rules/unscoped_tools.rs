//! `unscoped-tools`: an agent may use every tool of a tool server.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unscoped-tools",
    category: Category::Agents,
    summary: "an agent is granted a tool server without saying which tools",
    help: include_str!("../../../assets/rules/unscoped-tools.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    if !stated.is_agent() {
        return;
    }
    for &index in &context.facts.of_persona(persona).active {
        let grant = &stated.grants[index];
        let component = &catalog.components[grant.component.index()];
        let has_tools = !component.tools.is_empty()
            || component.platform.as_ref().is_some_and(|platform| platform.is("mcp"));
        if !has_tools || !(grant.tools.is_empty() || grant.has_every_tool()) {
            continue;
        }
        let message = format!(
            "{} may use every tool of {}.",
            catalog.label(persona.into()),
            catalog.label(grant.component.into())
        );
        sink.about(persona, Severity::High, message)
            .object(grant.component)
            .because(Some(grant.place), vec![granted(catalog, persona, grant)]);
    }
}
