//! `missing-skill`: a persona's work asks for a skill that it has not.
//!
//! Levels of skills are for `skill-level-too-low`; people are for `untrained-person`.

use crate::analysis::Context;
use crate::analysis::evidence::{asks_for, field_of, granted, required};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "missing-skill",
    category: Category::Skills,
    summary: "a persona's processes or components ask for a skill that it does not have",
    help: include_str!("../../../assets/rules/missing-skill.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let facts = context.facts.of_persona(persona);
    let label = catalog.label(persona.into());
    let place = Some(field_of(catalog, persona, "skills"));
    for requirements in facts.required.chunk_by(|left, right| left.skill == right.skill) {
        let Some(first) = requirements.first() else { continue };
        if facts.held(first.skill).is_some() {
            continue;
        }
        let production = requirements.iter().find(|requirement| requirement.in_production);
        let severity = if production.is_some() { Severity::High } else { Severity::Medium };
        let shown = production.unwrap_or(first);
        let mut evidence = required(context, persona, shown);
        let asker = evidence.last().map_or(persona.into(), |edge| edge.from);
        // What else asks for it is said too, each line once.
        for other in requirements {
            if let Some(edge) = required(context, persona, other).pop()
                && !evidence.iter().any(|known| known.place == edge.place)
            {
                evidence.push(edge);
            }
        }
        let message = format!(
            "{label} lacks the skill {}, which the {} {} asks for.",
            catalog.label(first.skill.into()),
            catalog.kind(asker).word(),
            catalog.label(asker)
        );
        sink.about(persona, severity, message).object(first.skill).because(place, evidence);
    }
    // Where a component is granted but not needed, its skills are only perhaps asked for.
    let grants = &catalog.personas[persona.index()].grants;
    for &index in &facts.active {
        let grant = &grants[index];
        if !facts.needs_of(grant.component).is_empty() {
            continue;
        }
        for skill in &catalog.components[grant.component.index()].skills {
            let asked = match (skill.from, grant.highest_level()) {
                (None, _) => true,
                (Some(from), Some(level)) => level >= from,
                (Some(_), None) => false,
            };
            if !asked || facts.held(skill.skill).is_some() {
                continue;
            }
            let message = format!(
                "{label} may lack the skill {}: the component {} asks for it, is granted, but is needed nowhere.",
                catalog.label(skill.skill.into()),
                catalog.label(grant.component.into()),
            );
            let evidence = vec![
                granted(catalog, persona, grant),
                asks_for(catalog, grant.component.into(), skill.skill, skill.level, skill.place),
            ];
            sink.about(persona, Severity::Low, message)
                .object(skill.skill)
                .unsure(true)
                .because(place, evidence);
        }
    }
}
