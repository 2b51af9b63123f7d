//! `excess-level`: a grant is higher than any need of the component there.
//!
//! Compared only where every need states a level. Grants without environments are compared once,
//! with all needs.

use crate::analysis::Context;
use crate::analysis::evidence::{granted, in_environment, needed};
use crate::analysis::facts::Need;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{EnvironmentSet, Grant, Level, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "excess-level",
    category: Category::Access,
    summary: "a grant is at a higher level than the persona's work needs",
    help: include_str!("../../../assets/rules/excess-level.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let facts = context.facts.of_persona(persona);
    let grants = &catalog.personas[persona.index()].grants;
    for group in facts.active.chunk_by(|left, right| grants[*left].component == grants[*right].component) {
        let Some(&first) = group.first() else { continue };
        let needs = facts.needs_of(grants[first].component);
        let group: Vec<&Grant> = group.iter().map(|&index| &grants[index]).collect();
        let stated =
            group.iter().map(|grant| grant.environments).fold(EnvironmentSet::NONE, EnvironmentSet::union);
        for environment in stated.iter() {
            let there: Vec<&Need> = needs.iter().filter(|need| need.is_in(environment)).collect();
            let granting: Vec<&Grant> =
                group.iter().copied().filter(|grant| grant.environments.contains(environment)).collect();
            compare(context, persona, &granting, &there, Some(environment), sink);
        }
        let general: Vec<&Grant> =
            group.iter().copied().filter(|grant| grant.environments.is_empty()).collect();
        compare(context, persona, &general, &needs.iter().collect::<Vec<_>>(), None, sink);
    }
}

fn compare(
    context: &Context<'_>,
    persona: PersonaId,
    grants: &[&Grant],
    needs: &[&Need],
    environment: Option<usize>,
    sink: &mut Sink,
) {
    let catalog = context.catalog;
    let level = |grant: &Grant| match environment {
        Some(environment) => grant.level_in(environment),
        None => grant.level_without_environment(),
    };
    let widest = grants.iter().filter(|grant| level(grant).is_some()).max_by_key(|grant| level(grant));
    let Some((widest, has)) = widest.and_then(|grant| Some((*grant, level(grant)?))) else { return };
    let levels: Option<Vec<Level>> = needs.iter().map(|need| need.level).collect();
    let Some(asked) = levels.and_then(|levels| levels.into_iter().max()) else { return };
    if has <= asked {
        return;
    }
    let production = environment == Some(catalog.settings.production());
    let grave = production || has == catalog.settings.top_level();
    let message = format!(
        "{} has {} on {}{}, but needs {} there.",
        catalog.label(persona.into()),
        catalog.settings.level(has),
        catalog.label(widest.component.into()),
        in_environment(catalog, environment),
        catalog.settings.level(asked)
    );
    let mut evidence = vec![granted(catalog, persona, widest)];
    let highest = needs.iter().max_by_key(|need| need.level);
    evidence.extend(highest.into_iter().flat_map(|need| needed(context, persona, need)));
    sink.about(persona, if grave { Severity::High } else { Severity::Medium }, message)
        .object(widest.component)
        .environment(environment)
        .unsure(context.facts.of_persona(persona).unsure)
        .because(Some(widest.place), evidence);
}
