//! `uncovered-skill`: a skill that is required somewhere, and that no persona has.
//!
//! Which persona lacks it is for `missing-skill`; here it is about the team as a whole.

use crate::analysis::Context;
use crate::analysis::evidence::required;
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Entity, PersonaId, SkillId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "uncovered-skill",
    category: Category::Skills,
    summary: "a skill is required, and no persona has it",
    help: include_str!("../../../assets/rules/uncovered-skill.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let mut covered = vec![false; catalog.skills.len()];
    for held in context.facts.personas.iter().flat_map(|facts| &facts.has) {
        covered[held.skill.index()] = true;
    }
    if !covered.contains(&false) {
        return;
    }
    let mut wanted: Vec<Vec<(PersonaId, usize)>> = vec![Vec::new(); catalog.skills.len()];
    for (index, facts) in context.facts.personas.iter().enumerate() {
        let id = PersonaId::from_index(index);
        let mut last = None;
        for (place, requirement) in facts.required.iter().enumerate() {
            if last != Some(requirement.skill) && !covered[requirement.skill.index()] {
                wanted[requirement.skill.index()].push((id, place));
            }
            last = Some(requirement.skill);
        }
    }
    for (index, askers) in wanted.into_iter().enumerate().filter(|(_, askers)| !askers.is_empty()) {
        let skill = SkillId::from_index(index);
        let evidence = askers.iter().take(3).flat_map(|&(persona, place)| {
            required(context, persona, &context.facts.of_persona(persona).required[place])
        });
        let message = match askers.len() {
            1 => format!("No persona has {}, which the work of one asks for.", catalog.label(skill.into())),
            count => {
                format!("No persona has {}, which the work of {count} asks for.", catalog.label(skill.into()))
            }
        };
        sink.about(skill, Severity::High, message)
            .because(catalog.place(Entity::Skill(skill)), evidence.collect());
    }
}
