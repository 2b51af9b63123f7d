//! Questions about roles, people and skills.

use crate::card::kinds::Responsibility;
use crate::catalog::{PersonId, PersonaId, ProcessId};

use super::{Sample, against};
use crate::analysis::Analysis;
use crate::analysis::learning::{self, Cover, coverage};

fn personas(analysis: &Analysis) -> impl Iterator<Item = PersonaId> {
    (0..analysis.catalog.personas.len()).map(PersonaId::from_index)
}

pub(super) fn number(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("catalogs");
    let count = analysis.catalog.personas.len();
    let (least, most) = analysis.catalog.settings.persona_count;
    let personas = if count == 1 { "1 persona".to_owned() } else { format!("{count} personas") };
    sample.note = Some(format!("{personas}; {least} to {most} are a good balance"));
    if count == 0 {
        sample.unknown("There is no persona yet.".to_owned());
    } else if (least..=most).contains(&count) {
        sample.good();
    } else {
        let what = if count < least { "few" } else { "many" };
        sample.bad(format!("That is too {what}."));
    }
    sample
}

pub(super) fn cards(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("personas");
    for id in personas(analysis) {
        let own = &analysis.catalog.personas[id.index()];
        let missing: Vec<&str> = [
            ("team", own.team.is_none()),
            ("primary_interaction", own.interactions.is_empty()),
            ("component_access", own.grants.is_empty()),
            ("processes", own.processes.is_empty()),
            ("skills", own.skills.is_empty()),
        ]
        .into_iter()
        .filter_map(|(field, is_missing)| is_missing.then_some(field))
        .collect();
        if missing.is_empty() {
            sample.good();
        } else {
            sample.bad(format!(
                "{} does not say: {}.",
                analysis.catalog.label(id.into()),
                missing.join(", ")
            ));
        }
    }
    sample
}

pub(super) fn owners(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("processes");
    let catalog = &analysis.catalog;
    for index in (0..catalog.processes.len()).filter(|index| catalog.processes[*index].declared) {
        let id = ProcessId::from_index(index);
        let label = catalog.label(id.into());
        let parts = catalog.personas.iter().flat_map(|own| &own.processes).filter(|part| part.process == id);
        let stated: Vec<Responsibility> = parts.filter_map(|part| part.responsibility).collect();
        let count = stated.iter().filter(|part| **part == Responsibility::Accountable).count();
        let takes_part = analysis.facts.personas.iter().any(|facts| facts.takes_part_in(id));
        match count {
            1 => sample.good(),
            0 if !takes_part => sample.bad(format!("No persona takes part in {label}.")),
            0 if stated.is_empty() => sample.unknown(format!("Nobody says who is accountable for {label}.")),
            0 => sample.bad(format!("Parts in {label} are stated, and nobody is accountable.")),
            count => sample.bad(format!("{count} personas are accountable for {label}.")),
        }
    }
    sample
}

pub(super) fn staffed(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("human personas");
    for id in personas(analysis).filter(|id| analysis.catalog.personas[id.index()].is_human()) {
        if analysis.catalog.people.is_empty() {
            sample.unknown(format!(
                "No people are named, so nobody is behind {}.",
                analysis.catalog.label(id.into())
            ));
        } else if analysis.facts.embodied_by[id.index()].is_empty() {
            sample.bad(format!("Nobody who is there embodies {}.", analysis.catalog.label(id.into())));
        } else {
            sample.good();
        }
    }
    sample
}

fn people(analysis: &Analysis) -> impl Iterator<Item = PersonId> + '_ {
    let people = analysis.catalog.people.iter().enumerate().filter(|(_, person)| person.active);
    people.filter(|(_, person)| !person.personas.is_empty()).map(|(index, _)| PersonId::from_index(index))
}

pub(super) fn load(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("people");
    for id in people(analysis) {
        sample.judged(analysis, against(analysis, &["overloaded-person"], id.into(), None));
    }
    sample
}

pub(super) fn skills(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("personas");
    for id in personas(analysis) {
        let facts = analysis.facts.of_persona(id);
        let found = against(analysis, &["missing-skill", "skill-level-too-low"], id.into(), None);
        let found: Vec<_> = found
            .into_iter()
            .filter(|(_, finding)| finding.severity.at_least(crate::analysis::Severity::Medium))
            .collect();
        if found.is_empty() && facts.required.is_empty() {
            sample.unknown(format!(
                "Nothing says which skills the work of {} asks for.",
                analysis.catalog.label(id.into())
            ));
        } else {
            sample.judged(analysis, found);
        }
    }
    sample
}

pub(super) fn trained(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("people");
    for id in people(analysis) {
        let embodied = analysis.catalog.people[id.index()].personas.iter().filter_map(|one| one.persona);
        let is_asked = embodied.into_iter().any(|persona| {
            let own = &analysis.catalog.personas[persona.index()];
            !own.skills.is_empty() || !analysis.facts.of_persona(persona).required.is_empty()
        });
        if is_asked {
            sample.judged(analysis, against(analysis, &["untrained-person"], id.into(), None));
        } else {
            sample.unknown(format!("Nothing says what {} should know.", analysis.catalog.label(id.into())));
        }
    }
    sample
}

pub(super) fn bottlenecks(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("skills that the work of people asks for");
    for one in coverage(analysis) {
        let human = one.asked_by.iter().any(|id| analysis.catalog.personas[id.index()].is_human());
        if !human {
            continue;
        }
        let label = analysis.catalog.label(one.skill.into());
        match one.cover {
            _ if analysis.catalog.people.is_empty() => {
                sample.unknown(format!("No people are named, so nobody is known to have {label}."));
            }
            Cover::Several => sample.good(),
            Cover::One => {
                let names = crate::analysis::people::names(analysis, &one.known_by);
                sample.bad(format!("Only {names} knows {label}."));
            }
            Cover::Nobody | Cover::Agents | Cover::Unasked => {
                sample.bad(format!("Nobody who is there knows {label}."));
            }
        }
    }
    sample
}

pub(super) fn courses(analysis: &Analysis) -> Sample {
    let mut sample = Sample::of("skills that work asks for");
    for one in coverage(analysis).iter().filter(|one| !one.asked_by.is_empty()) {
        if learning::courses(analysis, one.skill).is_empty() {
            sample.bad(format!("No course is stated for {}.", analysis.catalog.label(one.skill.into())));
        } else {
            sample.good();
        }
    }
    sample
}
