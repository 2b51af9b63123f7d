//! `unneeded-access`: a component is granted that nothing the persona does asks for.
//!
//! Too wide a grant on something that *is* needed is for `unneeded-environment`, `excess-level`
//! and `excess-tools`.

use crate::analysis::Context;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unneeded-access",
    category: Category::Access,
    summary: "a persona is granted a component that its work does not need",
    help: include_str!("../../../assets/rules/unneeded-access.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let facts = context.facts.of_persona(persona);
    let grants = &catalog.personas[persona.index()].grants;
    let production = catalog.settings.production();
    let top = catalog.settings.top_level();
    for group in facts.active.chunk_by(|left, right| grants[*left].component == grants[*right].component) {
        let Some(&first) = group.first() else { continue };
        let component = grants[first].component;
        if !facts.needs_of(component).is_empty() {
            continue;
        }
        let grave = group.iter().find(|&&index| {
            grants[index].environments.contains(production) || grants[index].highest_level() == Some(top)
        });
        let severity = if grave.is_some() { Severity::High } else { Severity::Medium };
        let shown = &grants[grave.copied().unwrap_or(first)];
        let doubt = if facts.unsure { ", as far as its processes are described" } else { "" };
        let message = format!(
            "{} is granted {}, and nothing that it does needs it{doubt}.",
            catalog.label(persona.into()),
            catalog.label(component.into())
        );
        let evidence = group.iter().map(|&index| granted(catalog, persona, &grants[index])).collect();
        sink.about(persona, severity, message)
            .object(component)
            .unsure(facts.unsure)
            .because(Some(shown.place), evidence);
    }
}
