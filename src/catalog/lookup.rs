//! Words -> entities, kind by kind.
//!
//! Two entities of a kind never share a word here: the later one is a duplicate and is left out.

use std::collections::HashMap;
use std::sync::Arc;

use crate::card::words::{Name, fold};

use super::entity::{
    ComponentId, Entity, EntityKind, PersonId, PersonaId, ProcessId, ScenarioId, SkillId, StepId, TeamId,
};
use super::{Actor, Catalog, Party};

/// Shared, since most edits leave words alone.
pub(super) type Index<T> = Arc<WordMap<T>>;

/// Folded words, each with what it names.
pub(super) type WordMap<T> = HashMap<Arc<str>, T, foldhash::fast::RandomState>;

/// Folded words of all entities.
#[derive(Clone, Debug, Default)]
pub(super) struct Lookup {
    pub(super) personas: Index<PersonaId>,
    pub(super) processes: Index<ProcessId>,
    pub(super) components: Index<ComponentId>,
    pub(super) skills: Index<SkillId>,
    pub(super) teams: Index<TeamId>,
    pub(super) people: Index<PersonId>,
    pub(super) scenarios: Index<ScenarioId>,
}

impl Catalog {
    /// The persona of an id, name or alias.
    #[must_use]
    pub fn find_persona(&self, word: &Name) -> Option<PersonaId> {
        self.lookup.personas.get(word.folded()).copied()
    }

    /// The process of a name or alias.
    #[must_use]
    pub fn find_process(&self, word: &Name) -> Option<ProcessId> {
        self.lookup.processes.get(word.folded()).copied()
    }

    /// The component of a name or alias.
    #[must_use]
    pub fn find_component(&self, word: &Name) -> Option<ComponentId> {
        self.lookup.components.get(word.folded()).copied()
    }

    /// The skill of a name or alias.
    #[must_use]
    pub fn find_skill(&self, word: &Name) -> Option<SkillId> {
        self.lookup.skills.get(word.folded()).copied()
    }

    /// The team of a name or alias.
    #[must_use]
    pub fn find_team(&self, word: &Name) -> Option<TeamId> {
        self.lookup.teams.get(word.folded()).copied()
    }

    /// The person of a name or alias.
    #[must_use]
    pub fn find_person(&self, word: &Name) -> Option<PersonId> {
        self.lookup.people.get(word.folded()).copied()
    }

    /// A persona, else a person.
    #[must_use]
    pub fn find_actor(&self, word: &Name) -> Option<Actor> {
        self.find_persona(word).map(Actor::Persona).or_else(|| self.find_person(word).map(Actor::Person))
    }

    /// A persona, else a team.
    #[must_use]
    pub fn find_party(&self, word: &Name) -> Option<Party> {
        self.find_persona(word).map(Party::Persona).or_else(|| self.find_team(word).map(Party::Team))
    }

    /// Everything that a word names, of whatever kind: `KIND/WORD` or `KIND:WORD` narrows it to a
    /// kind, `PROCESS / STEP` names a step. Exact words only.
    #[must_use]
    pub fn find(&self, word: &str) -> Vec<Entity> {
        if let Some((prefix, rest)) = word.split_once([':', '/'])
            && let Some(kind) = EntityKind::ALL.into_iter().find(|kind| kind.word() == fold(prefix))
        {
            let found = self.find_all(rest);
            let of_kind: Vec<_> = found.into_iter().filter(|entity| self.kind(*entity) == kind).collect();
            if !of_kind.is_empty() {
                return of_kind;
            }
        }
        self.find_all(word)
    }

    fn find_all(&self, word: &str) -> Vec<Entity> {
        let word = Name::new(word);
        let mut found = Vec::new();
        found.extend(self.find_persona(&word).map(Entity::Persona));
        found.extend(self.find_process(&word).map(Entity::Process));
        found.extend(self.find_component(&word).map(Entity::Component));
        found.extend(self.find_skill(&word).map(Entity::Skill));
        found.extend(self.find_team(&word).map(Entity::Team));
        found.extend(self.find_person(&word).map(Entity::Person));
        found.extend(self.lookup.scenarios.get(word.folded()).copied().map(Entity::Scenario));
        if found.is_empty() {
            found.extend(self.find_steps(&word).into_iter().map(Entity::Step));
        }
        found
    }

    /// Steps by `PROCESS / STEP`, or by their own id or name.
    fn find_steps(&self, word: &Name) -> Vec<StepId> {
        (0..self.steps.len())
            .map(StepId::from_index)
            .filter(|&id| {
                let step = &self.steps[id.index()];
                step.id == *word || step.name == *word || Name::new(&self.id(Entity::Step(id))) == *word
            })
            .collect()
    }
}
