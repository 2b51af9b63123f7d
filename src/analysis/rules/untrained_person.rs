//! `untrained-person`: somebody embodies a persona and lacks a skill of it.
//!
//! Only active people count.

use crate::analysis::Context;
use crate::analysis::evidence::{required, stated};
use crate::analysis::finding::{Evidence, Severity, Sink};
use crate::catalog::{Entity, PersonId, SkillId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "untrained-person",
    category: Category::Skills,
    summary: "an active person embodies a persona and lacks a skill that it requires or lists",
    help: include_str!("../../../assets/rules/untrained-person.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    for (index, person) in catalog.people.iter().enumerate().filter(|(_, person)| person.active) {
        let id = PersonId::from_index(index);
        let knows = &context.facts.people[index];
        for embodied in &person.personas {
            let Some(persona) = embodied.persona else { continue };
            let facts = context.facts.of_persona(persona);
            let only = context.facts.embodied_by[persona.index()].len() == 1;
            let severity = if only { Severity::High } else { Severity::Medium };
            let listed = &catalog.personas[persona.index()].skills;
            let required_skills = facts.required.iter().map(|required| required.skill);
            let mut skills: Vec<SkillId> =
                required_skills.chain(listed.iter().map(|skill| skill.skill)).collect();
            skills.sort_unstable();
            skills.dedup();
            for skill in skills {
                if knows.iter().any(|held| held.skill == skill) {
                    continue;
                }
                let mut evidence = vec![stated(id, "embodies", persona, embodied.place)];
                match facts.requirements_of(skill).first() {
                    Some(requirement) => evidence.extend(required(context, persona, requirement)),
                    None => {
                        evidence.extend(listed.iter().filter(|own| own.skill == skill).map(|own| Evidence {
                            from: persona.into(),
                            relation: "lists",
                            to: skill.into(),
                            detail: String::new(),
                            place: own.place,
                        }))
                    }
                }
                let alone = if only { ", as its only one," } else { "" };
                let message = format!(
                    "{} embodies {}{alone} and lacks {}.",
                    catalog.label(id.into()),
                    catalog.label(Entity::Persona(persona)),
                    catalog.label(skill.into())
                );
                sink.about(id, severity, message).object(skill).because(Some(embodied.place), evidence);
            }
        }
    }
}
