//! `single-holder`: one active person alone has a skill that the work asks for.
//!
//! Silent where no people are declared: then nobody knows who has what.

use crate::analysis::Context;
use crate::analysis::evidence::{required, stated};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Entity, PersonId, PersonaId, SkillId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "single-holder",
    category: Category::Skills,
    summary: "a required skill is had by exactly one active person",
    help: include_str!("../../../assets/rules/single-holder.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let mut holders: Vec<Vec<PersonId>> = vec![Vec::new(); catalog.skills.len()];
    for (index, person) in catalog.people.iter().enumerate().filter(|(_, person)| person.active) {
        debug_assert!(person.active, "only those who are there can hold a skill");
        for held in &context.facts.people[index] {
            holders[held.skill.index()].push(PersonId::from_index(index));
        }
    }
    for (index, people) in holders.iter().enumerate() {
        let [person] = people.as_slice() else { continue };
        let skill = SkillId::from_index(index);
        let asker = (0..catalog.personas.len()).map(PersonaId::from_index).find_map(|persona| {
            let requirement = context.facts.of_persona(persona).requirements_of(skill).first()?;
            Some((persona, requirement))
        });
        let Some((persona, requirement)) = asker else { continue };
        let held = context.facts.people[person.index()].iter().find(|held| held.skill == skill);
        let mut evidence = required(context, persona, requirement);
        let place = held.map_or(catalog.people[person.index()].place, |held| held.place);
        evidence.push(stated(*person, "alone has", skill, place));
        let message = format!(
            "Only {} has {}, which the work asks for.",
            catalog.label(Entity::Person(*person)),
            catalog.label(skill.into())
        );
        sink.about(skill, Severity::Medium, message).because(Some(place), evidence);
    }
}
