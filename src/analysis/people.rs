//! The people behind personas: who embodies a human one, who answers for an agent.
//!
//! It says who they are, and judges nothing.

use crate::catalog::{Actor, PersonId, PersonaId};

use super::Analysis;

/// The active people behind a persona: who embodies it; of an agent or service, who answers for it.
#[must_use]
pub fn behind(analysis: &Analysis, persona: PersonaId) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = analysis.facts.embodied_by[persona.index()].clone();
    if !analysis.catalog.personas[persona.index()].is_human() {
        for actor in &analysis.facts.answerable[persona.index()] {
            people.extend(of_actor(analysis, *actor));
        }
    }
    people.sort_unstable();
    people.dedup();
    people
}

/// The active people that a name on a card stands for.
#[must_use]
pub fn of_actor(analysis: &Analysis, actor: Actor) -> Vec<PersonId> {
    match actor {
        Actor::Persona(id) => behind(analysis, id),
        Actor::Person(id) => {
            Some(id).filter(|id| analysis.catalog.people[id.index()].active).into_iter().collect()
        }
    }
}

/// "Data engineer A, Data engineer B".
#[must_use]
pub fn names(analysis: &Analysis, people: &[PersonId]) -> String {
    let names: Vec<String> = people.iter().map(|id| analysis.catalog.label((*id).into())).collect();
    names.join(", ")
}

/// "GenAI Chat Developer (P007): App developer A".
#[must_use]
pub fn with_people(analysis: &Analysis, actor: Actor) -> String {
    let label = analysis.catalog.label(actor.into());
    match actor {
        Actor::Person(_) => label,
        Actor::Persona(_) => match of_actor(analysis, actor).as_slice() {
            [] if analysis.catalog.people.is_empty() => label,
            [] => format!("{label}: nobody who is there"),
            people => format!("{label}: {}", names(analysis, people)),
        },
    }
}

/// Who answers for a persona, as a phrase: of a human one who embodies it; nothing where the catalog
/// names no people.
#[must_use]
pub fn answer_phrase(analysis: &Analysis, persona: PersonaId) -> Option<String> {
    if analysis.catalog.personas[persona.index()].is_human() {
        if analysis.catalog.people.is_empty() {
            return None;
        }
        return Some(match analysis.facts.embodied_by[persona.index()].as_slice() {
            [] => "nobody who is there embodies it".to_owned(),
            people => names(analysis, people),
        });
    }
    let answers: Vec<String> = analysis.facts.answerable[persona.index()]
        .iter()
        .map(|actor| with_people(analysis, *actor))
        .collect();
    Some(if answers.is_empty() {
        "no human answers for it".to_owned()
    } else {
        format!("answers: {}", answers.join("; "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    #[test]
    fn behind_an_agent_stand_those_who_answer_for_it() {
        let analysis = analysis(
            "kind: PersonaList\nitems: [{id: A, name: Agent, type: agent, accountable: H}, {id: H, name: Human}, {id: L, name: Lone, type: agent}]\n---\nkind: PersonList\nitems: [{name: Ana, personas: [H]}, {name: Bo, personas: [H], active: false}]\n",
        );
        let phrase = |index| answer_phrase(&analysis, PersonaId::from_index(index)).unwrap();
        assert_eq!(phrase(0), "answers: Human (H): Ana");
        assert_eq!(phrase(1), "Ana");
        assert_eq!(phrase(2), "no human answers for it");
        assert_eq!(behind(&analysis, PersonaId::from_index(0)), [PersonId::from_index(0)]);
    }
}
