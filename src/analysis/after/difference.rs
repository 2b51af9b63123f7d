//! What is another in a later snapshot under the same numbers, and whom that can concern.

use std::sync::Arc;

use crate::analysis::Facts;
use crate::analysis::rules::Reads;
use crate::catalog::{Catalog, ComponentId, PersonId, PersonaId, ProcessId, SkillId};

/// The entities of which the cards, or the first uses, are others. Their words and numbers are not.
#[derive(Debug, Default)]
pub(in crate::analysis) struct Difference {
    pub personas: Vec<PersonaId>,
    /// Those too of which a step is another.
    pub processes: Vec<ProcessId>,
    pub components: Vec<ComponentId>,
    pub skills: Vec<SkillId>,
    pub people: Vec<PersonId>,
    pub scenarios: bool,
    /// Whether what is not declared is first used elsewhere.
    pub first_uses: bool,
}

/// More changed entities than one in so many are not worth the look.
const SHARE: usize = 4;

impl Difference {
    /// What differs; nothing where numbers do, or where so much does that all is computed sooner.
    pub fn between(before: &Catalog, after: &Catalog) -> Option<Self> {
        if !after.has_numbers_of(before) {
            return None;
        }
        let mut processes = differing(&before.processes, &after.processes, ProcessId::from_index);
        let steps = differing(&before.steps, &after.steps, |index| index);
        processes.extend(steps.into_iter().map(|index| after.steps[index].process));
        processes.sort_unstable();
        processes.dedup();
        let difference = Self {
            personas: differing(&before.personas, &after.personas, PersonaId::from_index),
            processes,
            components: differing(&before.components, &after.components, ComponentId::from_index),
            skills: differing(&before.skills, &after.skills, SkillId::from_index),
            people: differing(&before.people, &after.people, PersonId::from_index),
            scenarios: !differing(&before.scenarios, &after.scenarios, |index| index).is_empty(),
            first_uses: false,
        };
        let first_uses = difference.processes.iter().any(|id| !after.processes[id.index()].declared)
            || difference.components.iter().any(|id| !after.components[id.index()].declared)
            || difference.skills.iter().any(|id| !after.skills[id.index()].declared)
            || differing(&before.teams, &after.teams, |index| index)
                .into_iter()
                .any(|index| !after.teams[index].declared);
        (difference.personas.len() <= after.personas.len().div_ceil(SHARE))
            .then_some(Self { first_uses, ..difference })
    }
}

impl Difference {
    /// Whether nothing but cards of personas is another.
    pub fn is_of_personas_only(&self) -> bool {
        let Self { personas: _, processes, components, skills, people, scenarios, first_uses } = self;
        let none = processes.is_empty() && components.is_empty() && skills.is_empty() && people.is_empty();
        none && !scenarios && !first_uses
    }
}

fn differing<T, I>(before: &[Arc<T>], after: &[Arc<T>], id: impl Fn(usize) -> I) -> Vec<I> {
    let pairs = before.iter().zip(after).enumerate();
    pairs.filter(|(_, (before, after))| !Arc::ptr_eq(before, after)).map(|(index, _)| id(index)).collect()
}

/// By persona: whether a rule can find something else about it than before.
#[derive(Debug)]
pub(in crate::analysis) struct Concerned {
    own: Vec<bool>,
    around: Vec<bool>,
}

impl Concerned {
    /// Those whom a difference concerns. `own` are those of whom card or facts are others.
    pub fn by(
        difference: &Difference,
        (before, after): (&Catalog, &Catalog),
        facts: &Facts,
        mut own: Vec<bool>,
    ) -> Self {
        let people = difference.people.iter();
        let embodied = people.flat_map(|id| {
            before.people[id.index()].personas.iter().chain(&after.people[id.index()].personas)
        });
        for persona in embodied.filter_map(|embodied| embodied.persona) {
            own[persona.index()] = true;
        }
        if !difference.components.is_empty() || !difference.skills.is_empty() {
            for (index, own) in own.iter_mut().enumerate().filter(|(_, own)| !**own) {
                let (persona, facts) = (&after.personas[index], &facts.personas[index]);
                let granted = |id: &ComponentId| persona.grants.iter().any(|grant| grant.component == *id);
                *own = difference.components.iter().any(|id| granted(id) || !facts.needs_of(*id).is_empty())
                    || difference
                        .skills
                        .iter()
                        .any(|id| facts.held(*id).is_some() || !facts.requirements_of(*id).is_empty());
            }
        }
        let mut around = own.clone();
        if !difference.personas.is_empty() {
            for (around, facts) in around.iter_mut().zip(&facts.personas).filter(|(around, _)| !**around) {
                *around = difference.personas.iter().any(|id| facts.names.binary_search(id).is_ok());
            }
        }
        Self { own, around }
    }

    /// By persona: whether card, facts, or what these name are others.
    pub fn own(&self) -> Vec<bool> {
        self.own.clone()
    }

    /// By persona, for what a rule reads; nothing where it is all.
    pub fn of(&self, reads: Reads) -> Option<&[bool]> {
        match reads {
            Reads::Own => Some(&self.own),
            Reads::Around => Some(&self.around),
            Reads::Words | Reads::All => None,
        }
    }
}
