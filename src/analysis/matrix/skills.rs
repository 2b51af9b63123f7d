//! Persona x skill and person x skill: what is had, and what is asked for.

use std::collections::BTreeMap;

use crate::analysis::effective::Context;
use crate::analysis::{Analysis, Confidence, Held, Requirement, RequirementSource};
use crate::catalog::{Entity, Level, PersonId, PersonaId, SkillId};

use super::{Amount, Judged, State, findings_between, unless_decided};

/// The cells of a persona.
pub(super) fn of_persona(analysis: &Analysis, id: PersonaId, context: &Context) -> Vec<(Entity, Judged)> {
    let facts = analysis.facts.of_persona(id);
    let persona = &analysis.catalog.personas[id.index()];
    let mut skills: Vec<SkillId> = persona.skills.iter().map(|skill| skill.skill).collect();
    skills.extend(facts.required.iter().map(|requirement| requirement.skill));
    for (_, finding) in analysis.about(id.into()) {
        if let ("missing-skill", Some(Entity::Skill(skill))) = (finding.rule.id, finding.object) {
            skills.push(skill);
        }
    }
    skills.sort_unstable();
    skills.dedup();
    skills
        .into_iter()
        .filter_map(|skill| {
            let required: Vec<&Requirement> = facts
                .requirements_of(skill)
                .iter()
                .filter(|requirement| concerns(analysis, id, requirement, context))
                .collect();
            let held = facts.held(skill);
            let right = amount(!required.is_empty(), required.iter().filter_map(|asked| asked.level).max());
            let state = match (held, required.is_empty()) {
                (Some(_), true) => State::Plain,
                (Some(held), false) => compared(held, required.iter().filter_map(|asked| asked.level).max()),
                (None, false) => State::Missing,
                (None, true) => doubtful(analysis, id, skill)?,
            };
            let found: Vec<_> =
                findings_between(analysis, id.into(), skill.into()).map(|(_, finding)| finding).collect();
            let state = match state {
                State::Missing | State::TooLow | State::Unsure => {
                    unless_decided(state, &found, &["missing-skill", "skill-level-too-low"])
                }
                other => other,
            };
            Some((skill.into(), Judged::new(state, has(held), right)))
        })
        .collect()
}

/// The cells of a person: what the personas that the person embodies ask for together.
pub(super) fn of_person(analysis: &Analysis, id: PersonId) -> Vec<(Entity, Judged)> {
    let catalog = &analysis.catalog;
    let person = &catalog.people[id.index()];
    let knows = &analysis.facts.people[id.index()];
    let mut asked: BTreeMap<SkillId, Option<Level>> = BTreeMap::new();
    for persona in person.personas.iter().filter_map(|embodied| embodied.persona) {
        let required = &analysis.facts.of_persona(persona).required;
        let required = required.iter().map(|requirement| (requirement.skill, requirement.level));
        let listed = catalog.personas[persona.index()].skills.iter().map(|skill| (skill.skill, None));
        for (skill, level) in required.chain(listed) {
            let most = asked.entry(skill).or_default();
            *most = (*most).max(level);
        }
    }
    let mut skills: Vec<SkillId> = asked.keys().copied().collect();
    skills.extend(person.skills.iter().map(|skill| skill.skill));
    skills.sort_unstable();
    skills.dedup();
    skills
        .into_iter()
        .filter_map(|skill| {
            let held = knows.iter().find(|held| held.skill == skill);
            let wanted = asked.get(&skill).copied();
            let right = amount(wanted.is_some(), wanted.flatten());
            let state = match (held, wanted) {
                (Some(_), _) if !person.active => State::Inactive,
                (None, _) if !person.active => return None,
                (Some(_), None) => State::Plain,
                (Some(held), Some(level)) => compared(held, level),
                (None, _) => State::Missing,
            };
            let found: Vec<_> =
                findings_between(analysis, id.into(), skill.into()).map(|(_, finding)| finding).collect();
            let alone = held.is_some()
                && analysis
                    .about(skill.into())
                    .any(|(_, finding)| finding.rule.id == "single-holder" && finding.is_open());
            let state = match state {
                State::Missing | State::TooLow => unless_decided(state, &found, &["untrained-person"]),
                State::Right | State::Implied if alone => State::Flawed,
                other => other,
            };
            Some((skill.into(), Judged::new(state, has(held), right)))
        })
        .collect()
}

fn has(held: Option<&Held>) -> Amount {
    amount(held.is_some(), held.and_then(|held| held.level))
}

fn amount(any: bool, level: Option<Level>) -> Amount {
    match (any, level) {
        (false, _) => Amount::Nothing,
        (true, None) => Amount::Unstated,
        (true, Some(level)) => Amount::Skill(level),
    }
}

/// What is had against what is asked for; levels count only where both state one.
fn compared(held: &Held, asked: Option<Level>) -> State {
    match (held.level, asked) {
        (Some(has), Some(asked)) if has < asked => State::TooLow,
        _ if held.through != held.skill => State::Implied,
        _ => State::Right,
    }
}

/// A skill that only a component asks for which is granted and not needed.
fn doubtful(analysis: &Analysis, id: PersonaId, skill: SkillId) -> Option<State> {
    let mut found = findings_between(analysis, id.into(), skill.into());
    found.any(|(_, finding)| finding.confidence == Confidence::Low).then_some(State::Unsure)
}

/// Whether a requirement is one in the context's environment.
pub(super) fn concerns(
    analysis: &Analysis,
    id: PersonaId,
    requirement: &Requirement,
    context: &Context,
) -> bool {
    let Some(environment) = context.environment else { return true };
    match requirement.source {
        RequirementSource::Step(step) => {
            let environments = analysis.catalog.steps[step.index()].environments;
            environments.is_empty() || environments.contains(environment)
        }
        RequirementSource::Process(_) => true,
        RequirementSource::Component(_, need) => {
            analysis.facts.of_persona(id).needs.get(need).is_some_and(|need| need.is_in(environment))
        }
    }
}
