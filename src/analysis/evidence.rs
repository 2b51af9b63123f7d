//! The edges that prove findings, and the phrases that findings share.
//!
//! One function an edge, so that the same edge reads the same in every finding.

use crate::card::path::FieldPath;
use crate::catalog::{Actor, Catalog, Entity, Grant, Level, Named, PersonaId, Place, SkillId};

use super::Context;
use super::facts::{Need, NeedSource, Requirement, RequirementSource};
use super::finding::Evidence;

/// A persona's grant.
#[must_use]
pub fn granted(catalog: &Catalog, persona: PersonaId, grant: &Grant) -> Evidence {
    Evidence {
        from: persona.into(),
        relation: "is granted",
        to: grant.component.into(),
        detail: grant_phrase(catalog, grant),
        place: grant.place,
    }
}

/// How a need follows: persona, step or process, component.
#[must_use]
pub fn needed(context: &Context<'_>, persona: PersonaId, need: &Need) -> Vec<Evidence> {
    let catalog = context.catalog;
    let used = need.asked_by(catalog);
    let (mut path, through) = match need.source {
        NeedSource::Step(step, _) => (performs(context, persona, step), Entity::Step(step)),
        NeedSource::Process(process, _) => (takes_part(context, persona, process), Entity::Process(process)),
    };
    path.push(Evidence {
        from: through,
        relation: "uses",
        to: need.component.into(),
        detail: need_phrase(catalog, need),
        place: used.place,
    });
    path
}

/// How a skill is required: persona, what asks for it, skill.
#[must_use]
pub fn required(context: &Context<'_>, persona: PersonaId, requirement: &Requirement) -> Vec<Evidence> {
    let (mut path, from) = match requirement.source {
        RequirementSource::Step(step) => (performs(context, persona, step), Entity::Step(step)),
        RequirementSource::Process(process) => {
            (takes_part(context, persona, process), Entity::Process(process))
        }
        RequirementSource::Component(component, need) => {
            let need = &context.facts.of_persona(persona).needs[need];
            (needed(context, persona, need), Entity::Component(component))
        }
    };
    path.push(asks_for(context.catalog, from, requirement.skill, requirement.level, requirement.place));
    path
}

/// What asks for a skill.
#[must_use]
pub fn asks_for(
    catalog: &Catalog,
    from: Entity,
    skill: SkillId,
    level: Option<Level>,
    place: Place,
) -> Evidence {
    let detail = level.map_or(String::new(), |level| catalog.settings.skill_level(level).to_owned());
    Evidence { from, relation: "asks for", to: skill.into(), detail, place }
}

/// How a persona comes to perform a step.
#[must_use]
pub fn performs(context: &Context<'_>, persona: PersonaId, step: crate::catalog::StepId) -> Vec<Evidence> {
    let facts = context.facts.of_persona(persona);
    let performed = facts.performs.iter().find(|performed| performed.step == step);
    if let Some((performed, place)) = performed.and_then(|performed| Some((performed, performed.named_at?))) {
        let detail = performed
            .cap
            .map_or(String::new(), |cap| format!("with {} at most", context.catalog.settings.level(cap)));
        return vec![Evidence { from: persona.into(), relation: "performs", to: step.into(), detail, place }];
    }
    let stated = &context.catalog.steps[step.index()];
    let mut path = takes_part(context, persona, stated.process);
    path.push(Evidence {
        from: stated.process.into(),
        relation: "has step",
        to: step.into(),
        detail: "which names nobody".to_owned(),
        place: stated.place,
    });
    path
}

/// How a persona comes to take part in a process.
#[must_use]
pub fn takes_part(
    context: &Context<'_>,
    persona: PersonaId,
    process: crate::catalog::ProcessId,
) -> Vec<Evidence> {
    let catalog = context.catalog;
    let parts = &catalog.personas[persona.index()].processes;
    let wholes = &context.facts.wholes[process.index()];
    let own = parts.iter().filter(|part| part.takes_part());
    let own = own.clone().find(|part| part.process == process).or_else(|| {
        let mut own = own;
        own.find(|part| wholes.contains(&part.process))
    });
    let Some(part) = own else { return Vec::new() };
    let mut path = vec![Evidence {
        from: persona.into(),
        relation: "takes part in",
        to: part.process.into(),
        detail: part.responsibility.map_or(String::new(), |part| part.word().to_owned()),
        place: part.place,
    }];
    if part.process != process {
        let stated = &catalog.processes[process.index()];
        path.push(Evidence {
            from: part.process.into(),
            relation: "has part",
            to: process.into(),
            detail: String::new(),
            place: stated.place.with(stated.place.path.key("part_of")),
        });
    }
    path
}

/// An edge from a persona to somebody that a field names.
#[must_use]
pub fn names(persona: PersonaId, relation: &'static str, named: &Named<Actor>) -> Option<Evidence> {
    Some(Evidence {
        from: persona.into(),
        relation,
        to: named.target?.into(),
        detail: String::new(),
        place: named.place,
    })
}

/// An edge that only says where something stands.
#[must_use]
pub fn stated(
    from: impl Into<Entity>,
    relation: &'static str,
    to: impl Into<Entity>,
    place: Place,
) -> Evidence {
    Evidence { from: from.into(), relation, to: to.into(), detail: String::new(), place }
}

/// The line of a persona's card that a finding about the persona as a whole points at.
#[must_use]
pub fn name_of(catalog: &Catalog, persona: PersonaId) -> Place {
    let place = catalog.personas[persona.index()].place;
    place.with(place.path.key("name"))
}

/// A field of a persona's card; the name where the card does not have it is for the reader to see.
#[must_use]
pub fn field_of(catalog: &Catalog, persona: PersonaId, field: &str) -> Place {
    let place = catalog.personas[persona.index()].place;
    place.with(FieldPath::CARD.key(field))
}

/// "write in dev, read in stage, prod as Operator, jit": the level that holds in each environment.
#[must_use]
pub fn grant_phrase(catalog: &Catalog, grant: &Grant) -> String {
    let settings = &catalog.settings;
    let word = |level: Option<Level>| level.map_or("no stated level", |level| settings.level(level));
    let mut phrase = if grant.environments.is_empty() {
        word(grant.level_without_environment()).to_owned()
    } else {
        // Environments in which the same level holds are named together.
        let mut groups: Vec<(Option<Level>, Vec<&str>)> = Vec::new();
        for environment in grant.environments.iter() {
            let level = grant.level_in(environment);
            match groups.iter_mut().find(|(known, _)| *known == level) {
                Some((_, names)) => names.push(settings.environment(environment)),
                None => groups.push((level, vec![settings.environment(environment)])),
            }
        }
        let groups: Vec<String> = groups
            .into_iter()
            .map(|(level, names)| format!("{} in {}", word(level), names.join(", ")))
            .collect();
        groups.join(", ")
    };
    if !grant.roles.is_empty() {
        let roles: Vec<_> = grant.roles.iter().map(crate::card::words::Name::written).collect();
        phrase = format!("{phrase} as {}", roles.join(", "));
    }
    if !grant.tools.is_empty() {
        let tools: Vec<_> = grant.tools.iter().map(crate::card::words::Name::written).collect();
        phrase = format!("{phrase} with {}", tools.join(", "));
    }
    match grant.mode {
        Some(mode) => format!("{phrase}, {}", mode.word()),
        None => phrase,
    }
}

/// "write in dev".
#[must_use]
pub fn need_phrase(catalog: &Catalog, need: &Need) -> String {
    let settings = &catalog.settings;
    let level = need.level.map_or("at no particular level", |level| settings.level(level));
    let cap = if need.capped { " (capped)" } else { "" };
    if need.environments.is_empty() {
        format!("{level}{cap}")
    } else {
        format!("{level}{cap} in {}", settings.environment_list(need.environments))
    }
}

/// " in prod", or nothing where there is no environment.
#[must_use]
pub fn in_environment(catalog: &Catalog, environment: Option<usize>) -> String {
    environment
        .map_or(String::new(), |environment| format!(" in {}", catalog.settings.environment(environment)))
}
