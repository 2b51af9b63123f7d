//! `separation-of-duties`: one holder combines duties that should be apart.
//!
//! A person holds the duties of the personas embodied, and of the agents and services answered for.

use crate::analysis::Context;
use crate::analysis::evidence::{granted, stated};
use crate::analysis::finding::{Evidence, Severity, Sink};
use crate::catalog::{Actor, DutySet, DutySetId, DutyTarget, Entity, PersonId, PersonaId};

use super::{Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "separation-of-duties",
    category: Category::Staffing,
    summary: "a persona or person combines duties that should be apart",
    help: include_str!("../../../assets/rules/separation-of-duties.md"),
    reads: Reads::All,
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    if catalog.settings.duty_sets.is_empty() {
        return;
    }
    let behind = personas_behind_people(context);
    for (index, set) in catalog.settings.duty_sets.iter().enumerate() {
        let id = DutySetId::from_index(index);
        let held: Vec<Vec<Option<Evidence>>> = (0..catalog.personas.len())
            .map(PersonaId::from_index)
            .map(|persona| set.duties.iter().map(|duty| holds(context, persona, &duty.target)).collect())
            .collect();
        for (index, evidence) in held.iter().enumerate() {
            report(context, PersonaId::from_index(index).into(), id, set, evidence.clone(), sink);
        }
        for (person, personas) in &behind {
            let together = (0..set.duties.len())
                .map(|duty| personas.iter().find_map(|persona| held[persona.index()][duty].clone()))
                .collect();
            report(context, (*person).into(), id, set, together, sink);
        }
    }
}

fn report(
    context: &Context<'_>,
    holder: Entity,
    id: DutySetId,
    set: &DutySet,
    held: Vec<Option<Evidence>>,
    sink: &mut Sink,
) {
    let evidence: Vec<Evidence> = held.into_iter().flatten().collect();
    if evidence.len() <= set.max {
        return;
    }
    let catalog = context.catalog;
    let duties: Vec<_> = evidence.iter().map(|edge| catalog.label(edge.to)).collect();
    let message = format!(
        "{} combines {} of {}, of which at most {} should meet: {}.",
        catalog.label(holder),
        evidence.len(),
        set.name,
        set.max,
        duties.join(", ")
    );
    let place = evidence.first().map(|edge| edge.place);
    sink.about(holder, Severity::High, message).object(id).because(place, evidence);
}

/// How a persona holds a duty, if it does.
fn holds(context: &Context<'_>, persona: PersonaId, duty: &DutyTarget) -> Option<Evidence> {
    let catalog = context.catalog;
    let own = &catalog.personas[persona.index()];
    match duty {
        DutyTarget::Process(process) => own
            .processes
            .iter()
            .find(|part| part.process == *process)
            .map(|part| stated(persona, "takes part in", *process, part.place)),
        DutyTarget::Component(component, level) => context
            .facts
            .of_persona(persona)
            .active
            .iter()
            .map(|&index| &own.grants[index])
            .find(|grant| {
                grant.component == *component
                    && level.is_none_or(|asked| grant.highest_level().is_some_and(|has| has >= asked))
            })
            .map(|grant| granted(catalog, persona, grant)),
    }
}

/// By active person: the personas embodied, and the agents and services that end at these or at
/// the person.
fn personas_behind_people(context: &Context<'_>) -> Vec<(PersonId, Vec<PersonaId>)> {
    let catalog = context.catalog;
    let mut behind = Vec::new();
    for (index, person) in catalog.people.iter().enumerate().filter(|(_, person)| person.active) {
        let id = PersonId::from_index(index);
        let mut personas: Vec<PersonaId> = person.personas.iter().filter_map(|own| own.persona).collect();
        let embodied = personas.clone();
        for (index, ends) in context.facts.answerable.iter().enumerate() {
            let mine = ends.iter().any(|end| match end {
                Actor::Person(end) => *end == id,
                Actor::Persona(end) => embodied.contains(end),
            });
            if mine && !catalog.personas[index].is_human() {
                personas.push(PersonaId::from_index(index));
            }
        }
        personas.dedup();
        behind.push((id, personas));
    }
    behind
}
