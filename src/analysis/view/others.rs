//! The cards of skills, teams, people and scenarios.

use crate::analysis::Analysis;
use crate::catalog::{Entity, Named, Party, PersonId, PersonaId, ScenarioId, SkillId, TeamId};

use super::persona::source;
use super::{CardView, Field, Mark, Value};

pub(super) fn skill(analysis: &Analysis, id: SkillId, view: &mut CardView) {
    let catalog = &analysis.catalog;
    let skill = &catalog.skills[id.index()];
    view.description.clone_from(&skill.description);
    let (mut has, mut lacks, mut asks) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..catalog.personas.len() {
        let persona = PersonaId::from_index(index);
        let facts = analysis.facts.of_persona(persona);
        let requirements = facts.requirements_of(id);
        if let Some(held) = facts.held(id) {
            let mut value = Value::of(analysis, persona.into()).at(held.place);
            if held.through != id {
                value.detail = format!("through {}", catalog.label(held.through.into()));
            } else if let Some(level) = held.level {
                catalog.settings.skill_level(level).clone_into(&mut value.detail);
            }
            value.mark = if requirements.is_empty() { Mark::Plain } else { Mark::Needed };
            has.push(value);
        } else if let Some(first) = requirements.first() {
            let mut value = Value::of(analysis, persona.into())
                .detail(format!("{} asks for it", catalog.label(source(first.source))))
                .at(first.place);
            value.mark = Mark::Missing;
            value.findings = analysis
                .about(persona.into())
                .filter(|(_, finding)| finding.object == Some(id.into()))
                .map(|(place, _)| place)
                .collect();
            lacks.push(value);
        }
        for requirement in requirements {
            let asker = source(requirement.source);
            if !asks.iter().any(|value: &Value| value.entity == Some(asker)) {
                asks.push(Value::of(analysis, asker).at(requirement.place));
            }
        }
    }
    let people = analysis.facts.people.iter().enumerate().filter_map(|(index, known)| {
        let held = known.iter().find(|held| held.skill == id)?;
        let away = if catalog.people[index].active { "" } else { "away" };
        Some(Value::of(analysis, PersonId::from_index(index).into()).detail(away).at(held.place))
    });
    let implied_by = catalog.skills.iter().enumerate().filter(|(_, other)| other.implies.contains(&id));
    let learn = skill.learn.iter().map(|course| {
        let place = skill.place.with(skill.place.path.item("learn", course.at));
        let url = course.url.clone().unwrap_or_default();
        match &course.title {
            Some(title) => Value::plain(title).detail(url).at(place),
            None => Value::plain(url).at(place),
        }
    });
    view.fields = vec![
        Field { title: "Who has it", values: has },
        Field { title: "Who lacks it", values: lacks },
        Field { title: "What asks for it", values: asks },
        Field { title: "People who have it", values: people.collect() },
        Field {
            title: "Implies",
            values: skill.implies.iter().map(|other| Value::of(analysis, (*other).into())).collect(),
        },
        Field {
            title: "Implied by",
            values: implied_by
                .map(|(index, _)| Value::of(analysis, SkillId::from_index(index).into()))
                .collect(),
        },
        Field { title: "Courses", values: learn.collect() },
    ];
}

pub(super) fn team(analysis: &Analysis, id: TeamId, view: &mut CardView) {
    let catalog = &analysis.catalog;
    view.description.clone_from(&catalog.teams[id.index()].description);
    let (mut members, mut named) = (Vec::new(), Vec::new());
    for (index, persona) in catalog.personas.iter().enumerate() {
        let entity = PersonaId::from_index(index).into();
        if persona.team == Some(id) {
            members.push(Value::of(analysis, entity).detail(persona.persona_type.word()));
        }
        if let Some(interaction) = persona.interactions.iter().find(|named| named.party == Party::Team(id)) {
            named.push(Value::of(analysis, entity).at(interaction.place));
        }
    }
    view.fields = vec![
        Field { title: "Members", values: members },
        Field { title: "Who works with it", values: named },
    ];
}

pub(super) fn person(analysis: &Analysis, id: PersonId, view: &mut CardView) {
    let catalog = &analysis.catalog;
    let person = &catalog.people[id.index()];
    view.description.clone_from(&person.description);
    let personas = person.personas.iter().map(|embodied| {
        let mut value = match embodied.persona {
            Some(persona) => Value::of(analysis, persona.into()),
            None => Value::plain(embodied.name.written()),
        };
        if embodied.persona.is_none() {
            value.mark = Mark::Unknown;
        }
        value.detail(embodied.context.clone().unwrap_or_default()).at(embodied.place)
    });
    let skills = person.skills.iter().map(|skill| {
        let level = skill.level.map_or(String::new(), |level| catalog.settings.skill_level(level).to_owned());
        Value::of(analysis, skill.skill.into()).detail(level).at(skill.place)
    });
    let lacks = analysis
        .about(id.into())
        .filter(|(_, finding)| finding.rule.id == "untrained-person")
        .filter_map(|(place, finding)| {
            let mut value = Value::of(analysis, finding.object?).because(finding.message.clone());
            value.mark = Mark::Missing;
            value.findings = vec![place];
            Some(value)
        });
    let answers = analysis.facts.answerable.iter().enumerate().filter(|(index, ends)| {
        !catalog.personas[*index].is_human() && ends.contains(&crate::catalog::Actor::Person(id))
    });
    view.fields = vec![
        Field { title: "Embodies", values: personas.collect() },
        Field { title: "Skills", values: skills.chain(lacks).collect() },
        Field {
            title: "Answers for",
            values: answers
                .map(|(index, _)| Value::of(analysis, PersonaId::from_index(index).into()))
                .collect(),
        },
    ];
}

pub(super) fn scenario(analysis: &Analysis, id: ScenarioId, view: &mut CardView) {
    let catalog = &analysis.catalog;
    let scenario = &catalog.scenarios[id.index()];
    view.description.clone_from(&scenario.description);
    let named = |named: &Named<PersonaId>| {
        let mut value = match named.target {
            Some(persona) => Value::of(analysis, Entity::Persona(persona)),
            None => Value::plain(named.name.written()),
        };
        if named.target.is_none() {
            value.mark = Mark::Unknown;
        }
        value.at(named.place)
    };
    let triggers = scenario.triggers.iter().map(|trigger| {
        let words = |names: &[Named<PersonaId>]| {
            names.iter().map(|named| named.name.written()).collect::<Vec<_>>().join(", ")
        };
        let mut detail = format!("to {}", words(&trigger.route));
        if !trigger.joins.is_empty() {
            detail = format!("{detail}; {} joins", words(&trigger.joins));
        }
        if !trigger.leaves.is_empty() {
            detail = format!("{detail}; {} leaves", words(&trigger.leaves));
        }
        let unknown = trigger.route.iter().chain(&trigger.joins).any(|named| named.target.is_none());
        let change = trigger.change.as_ref().map_or("any change", |change| change.written());
        let mut value = Value::plain(change).detail(detail).at(trigger.place);
        if unknown {
            value.mark = Mark::Unknown;
        }
        value
    });
    view.fields = vec![
        Field { title: "Router", values: scenario.router.iter().map(named).collect() },
        Field { title: "Triggers", values: triggers.collect() },
    ];
}
