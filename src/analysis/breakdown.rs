//! What a score is made of: each item of a persona with the findings that spoil it, and the grants that
//! the coverage cannot count, with the reasons.
//!
//! The score itself is computed in [`super::score`]; here it is taken apart again.

use crate::catalog::{Entity, PersonaId, ProcessId};

use super::score::{DUTIES, Item};
use super::{Analysis, Severity};

/// The score of a persona, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// Whose.
    pub persona: PersonaId,
    /// Each item, with the places of the findings that spoil it; none where it is clean.
    pub items: Vec<(Item, Vec<usize>)>,
    /// Grants that hold on the day, by their places on the card, and why the coverage cannot count them;
    /// no reason where it can.
    pub grants: Vec<(usize, Vec<Gap>)>,
}

/// Why a grant does not count as covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gap {
    /// It states no environment.
    NoEnvironment,
    /// No level follows from it.
    NoLevel,
    /// Its persona takes part in no process.
    NoProcess,
    /// Its persona takes part in a process that does not say what it uses.
    Undescribed(ProcessId),
}

impl Gap {
    /// "it states no environment".
    #[must_use]
    pub fn phrase(self, analysis: &Analysis) -> String {
        match self {
            Self::NoEnvironment => "it states no environment".to_owned(),
            Self::NoLevel => "it states no level, and no role from which one follows".to_owned(),
            Self::NoProcess => "its persona takes part in no process".to_owned(),
            Self::Undescribed(process) => {
                format!("{} does not say what it uses", analysis.catalog.label(process.into()))
            }
        }
    }
}

/// Takes the score of a persona apart.
#[must_use]
pub fn breakdown(analysis: &Analysis, persona: PersonaId) -> Breakdown {
    let score = &analysis.score.personas[persona.index()];
    let spoils: Vec<(usize, Item)> = analysis
        .about(persona.into())
        .filter(|(_, finding)| {
            finding.is_open()
                && finding.severity.at_least(Severity::Medium)
                && finding.subject == Entity::Persona(persona)
        })
        .filter_map(|(place, finding)| {
            let duty = DUTIES.into_iter().find(|duty| *duty == finding.rule.id);
            Some((place, duty.map(Item::Duty).or_else(|| finding.object.map(Item::Entity))?))
        })
        .collect();
    let items = score
        .items
        .iter()
        .map(|(item, _)| {
            let own = spoils.iter().filter(|(_, spoilt)| spoilt == item).map(|(place, _)| *place);
            (*item, own.collect())
        })
        .collect();
    Breakdown { persona, items, grants: grants(analysis, persona) }
}

fn grants(analysis: &Analysis, persona: PersonaId) -> Vec<(usize, Vec<Gap>)> {
    let own = &analysis.catalog.personas[persona.index()];
    let facts = analysis.facts.of_persona(persona);
    let mut of_all: Vec<Gap> = facts
        .takes_part
        .iter()
        .filter(|process| !analysis.facts.is_described(**process))
        .map(|process| Gap::Undescribed(*process))
        .collect();
    if facts.takes_part.is_empty() {
        of_all.push(Gap::NoProcess);
    }
    let mut active = facts.active.clone();
    active.sort_unstable();
    active
        .into_iter()
        .map(|place| {
            let grant = &own.grants[place];
            let mut gaps = Vec::new();
            gaps.extend(grant.environments.is_empty().then_some(Gap::NoEnvironment));
            gaps.extend(grant.highest_level().is_none().then_some(Gap::NoLevel));
            gaps.extend(&of_all);
            (place, gaps)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    #[test]
    fn the_parts_come_to_the_score_and_the_coverage() {
        let analysis = analysis(
            "kind: PersonaList\nitems:
  - {id: A, name: Agent, type: agent, processes: [Work], component_access: [S, {component: T, level: read, environments: [dev]}]}
  - {id: B, name: Idle, component_access: [{component: T, level: admin, environments: [prod]}]}
---
kind: Process\nname: Work\nsteps: [{name: do, environments: [dev], uses: [T: read], skills: [Go]}]
",
        );
        for index in 0..2 {
            let parts = breakdown(&analysis, PersonaId::from_index(index));
            let score = &analysis.score.personas[index];
            let clean: Vec<bool> = parts.items.iter().map(|(_, spoilt)| spoilt.is_empty()).collect();
            assert_eq!(clean, score.items.iter().map(|(_, clean)| *clean).collect::<Vec<_>>());
        }
        let agent = breakdown(&analysis, PersonaId::from_index(0));
        assert_eq!(agent.grants, [(0, vec![Gap::NoEnvironment, Gap::NoLevel]), (1, vec![])]);
        let idle = breakdown(&analysis, PersonaId::from_index(1));
        assert_eq!(idle.grants, [(0, vec![Gap::NoProcess])]);
    }
}
