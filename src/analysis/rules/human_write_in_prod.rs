//! `human-write-in-prod`: a human may always change things in production.
//!
//! Grants that must be activated first are not meant: they are the way out.

use crate::analysis::Context;
use crate::analysis::evidence::{granted, needed};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "human-write-in-prod",
    category: Category::Access,
    summary: "a human has standing access to change something in production",
    help: include_str!("../../../assets/rules/human-write-in-prod.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let stated = &catalog.personas[persona.index()];
    if !stated.is_human() {
        return;
    }
    let facts = context.facts.of_persona(persona);
    let production = catalog.settings.production();
    for &index in &facts.active {
        let grant = &stated.grants[index];
        if !grant.is_standing() || !grant.environments.contains(production) {
            continue;
        }
        let Some(level) =
            grant.level_in(production).filter(|level| *level >= catalog.settings.second_level())
        else {
            continue;
        };
        let need = facts
            .needs_of(grant.component)
            .iter()
            .find(|need| need.is_in(production) && need.level.is_none_or(|asked| asked >= level));
        let (severity, why) = match need {
            Some(_) => (Severity::Medium, "It needs that at times, not always"),
            None => (Severity::High, "Nothing that it does needs that there"),
        };
        let message = format!(
            "{} always has {} on {} in {}. {why}.",
            catalog.label(persona.into()),
            catalog.settings.level(level),
            catalog.label(grant.component.into()),
            catalog.settings.environment(production)
        );
        let mut evidence = vec![granted(catalog, persona, grant)];
        evidence.extend(need.into_iter().flat_map(|need| needed(context, persona, need)));
        sink.about(persona, severity, message).object(grant.component).because(Some(grant.place), evidence);
    }
}
