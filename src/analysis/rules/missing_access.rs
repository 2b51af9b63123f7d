//! `missing-access`: work asks for an access that no grant gives.

use crate::analysis::Context;
use crate::analysis::evidence::{field_of, granted, in_environment, needed};
use crate::analysis::facts::{Need, covers};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "missing-access",
    category: Category::Access,
    summary: "a persona's work needs an access that no grant gives",
    help: include_str!("../../../assets/rules/missing-access.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let facts = context.facts.of_persona(persona);
    for need in &facts.needs {
        if need.environments.is_empty() {
            look(context, persona, need, None, sink);
        } else {
            for environment in need.environments.iter() {
                look(context, persona, need, Some(environment), sink);
            }
        }
    }
}

fn look(context: &Context<'_>, persona: PersonaId, need: &Need, environment: Option<usize>, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    let mut grants = context
        .facts
        .of_persona(persona)
        .active
        .iter()
        .map(|&index| &stated.grants[index])
        .filter(|grant| grant.component == need.component);
    if grants.clone().any(|grant| covers(catalog, grant, need, environment)) {
        return;
    }
    let level = need.level.map_or("access", |level| catalog.settings.level(level));
    let place = in_environment(catalog, environment);
    let component = catalog.label(need.component.into());
    let label = catalog.label(persona.into());
    let nearest = grants.next();
    let message = match nearest {
        None => format!("{label} needs {level} on {component}{place}, and is not granted it."),
        Some(_) => format!("{label} needs {level} on {component}{place}, and no grant gives that."),
    };
    let mut evidence = needed(context, persona, need);
    evidence.extend(nearest.map(|grant| granted(catalog, persona, grant)));
    let at = nearest.map_or_else(|| field_of(catalog, persona, "component_access"), |grant| grant.place);
    sink.about(persona, Severity::Medium, message)
        .object(need.component)
        .environment(environment)
        .because(Some(at), evidence);
}
