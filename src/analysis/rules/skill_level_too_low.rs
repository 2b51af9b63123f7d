//! `skill-level-too-low`: a persona lists a skill at a level below what its work asks for.
//!
//! Levels are compared only where both sides state one.

use crate::analysis::Context;
use crate::analysis::evidence::required;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::PersonaId;

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "skill-level-too-low",
    category: Category::Skills,
    summary: "a persona has a skill, but at a lower level than its work asks for",
    help: include_str!("../../../assets/rules/skill-level-too-low.md"),
    reads: Reads::Own,
    check: Check::Persona(check),
};

fn check(context: &Context<'_>, persona: PersonaId, sink: &mut Sink) {
    let catalog = context.catalog;
    let facts = context.facts.of_persona(persona);
    for requirements in facts.required.chunk_by(|left, right| left.skill == right.skill) {
        let highest = requirements
            .iter()
            .filter(|required| required.level.is_some())
            .max_by_key(|required| required.level);
        let Some(highest) = highest else { continue };
        let Some(held) = facts.held(highest.skill) else { continue };
        if let (Some(has), Some(asked)) = (held.level, highest.level)
            && has < asked
        {
            let message = format!(
                "{} has {} at {}, but its work asks for {}.",
                catalog.label(persona.into()),
                catalog.label(highest.skill.into()),
                catalog.settings.skill_level(has),
                catalog.settings.skill_level(asked)
            );
            sink.about(persona, Severity::Medium, message)
                .object(highest.skill)
                .because(Some(held.place), required(context, persona, highest));
        }
    }
}
