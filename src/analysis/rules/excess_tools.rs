//! `excess-tools`: a grant lists tools of a tool server that no need states.
//!
//! Compared only where every need of the component states tools.

use crate::analysis::Context;
use crate::analysis::evidence::{granted, needed};
use crate::analysis::finding::{Severity, Sink};
use crate::card::words::Name;
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "excess-tools",
    category: Category::Access,
    summary: "a grant lists tools that the persona's work does not need",
    help: include_str!("../../../assets/rules/excess-tools.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let facts = context.facts.of_persona(persona);
    let grants = &catalog.personas[persona.index()].grants;
    for &index in &facts.active {
        let grant = &grants[index];
        let needs = facts.needs_of(grant.component);
        if grant.tools.is_empty()
            || needs.is_empty()
            || needs.iter().any(|need| need.tools(catalog).is_empty())
        {
            continue;
        }
        let every = &catalog.components[grant.component.index()].tools;
        let listed: Vec<&Name> = if grant.has_every_tool() {
            every.iter().map(|(tool, _)| tool).collect()
        } else {
            grant.tools.iter().collect()
        };
        let excess: Vec<&str> = listed
            .into_iter()
            .filter(|tool| !needs.iter().any(|need| need.tools(catalog).contains(tool)))
            .map(Name::written)
            .collect();
        if excess.is_empty() {
            continue;
        }
        let message = format!(
            "{} may use {} of {}, which nothing that it does needs.",
            catalog.label(persona.into()),
            excess.join(", "),
            catalog.label(grant.component.into())
        );
        let mut evidence = vec![granted(catalog, persona, grant)];
        evidence.extend(needs.iter().take(3).flat_map(|need| needed(context, persona, need)));
        sink.about(persona, Severity::Medium, message)
            .object(grant.component)
            .unsure(facts.unsure)
            .because(Some(grant.place), evidence);
    }
}
