//! `unneeded-environment`: a grant states an environment in which the component is not needed.
//!
//! A component that is needed nowhere is for `unneeded-access`. A grant that states no environment
//! exceeds none in particular.

use crate::analysis::Context;
use crate::analysis::evidence::{granted, needed};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{EnvironmentSet, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "unneeded-environment",
    category: Category::Access,
    summary: "a grant reaches into an environment where the component is not needed",
    help: include_str!("../../../assets/rules/unneeded-environment.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let facts = context.facts.of_persona(persona);
    let grants = &catalog.personas[persona.index()].grants;
    for group in facts.active.chunk_by(|left, right| grants[*left].component == grants[*right].component) {
        let Some(&first) = group.first() else { continue };
        let component = grants[first].component;
        let needs = facts.needs_of(component);
        if needs.is_empty() {
            continue;
        }
        let stated = group
            .iter()
            .map(|&index| grants[index].environments)
            .fold(EnvironmentSet::NONE, EnvironmentSet::union);
        for environment in
            stated.iter().filter(|&environment| !needs.iter().any(|need| need.is_in(environment)))
        {
            let production = environment == catalog.settings.production();
            let severity = if production { Severity::High } else { Severity::Medium };
            let elsewhere =
                needs.iter().map(|need| need.environments).fold(EnvironmentSet::NONE, EnvironmentSet::union);
            let message = format!(
                "{} is granted {} in {}, but needs it in {} only.",
                catalog.label(persona.into()),
                catalog.label(component.into()),
                catalog.settings.environment(environment),
                catalog.settings.environment_list(elsewhere)
            );
            let stating: Vec<_> = group
                .iter()
                .map(|&index| &grants[index])
                .filter(|grant| grant.environments.contains(environment))
                .collect();
            let mut evidence: Vec<_> = stating.iter().map(|grant| granted(catalog, persona, grant)).collect();
            evidence.extend(needs.first().into_iter().flat_map(|need| needed(context, persona, need)));
            sink.about(persona, severity, message)
                .object(component)
                .environment(Some(environment))
                .unsure(facts.unsure)
                .because(stating.first().map(|grant| grant.place), evidence);
        }
    }
}
