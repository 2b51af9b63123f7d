//! All cards of a catalog as one immutable snapshot, with every reference resolved.
//!
//! Entities have small numbers ([`PersonaId`], [`ComponentId`], ...) that index the snapshot's
//! tables. What is used but not declared exists all the same, without a card. A snapshot is never
//! changed: an edit makes a new one. What follows from a catalog (needs, gaps) is not known here.

mod build;
mod edit;
mod entity;
mod lookup;
mod mentions;
mod settings;
mod types;

pub use crate::card::FileChange;
pub use build::{Input, build};
pub use edit::CardEdit;
pub use entity::{
    CardId, ComponentId, DecisionId, DuplicateId, DutySetId, Entity, EntityKind, IgnoreId, NameId, PersonId,
    PersonaId, Place, ProcessId, ScenarioId, SkillId, StepId, TeamId,
};
pub use mentions::Mention;
pub use settings::{DutySet, DutyTarget, EnvironmentSet, Level, Settings};
pub use types::{
    Actor, Alternative, Approval, Component, ComponentSkill, Decision, Duplicate, Duty, Embodied, Flow,
    Grant, GrantState, Ignore, Interaction, Named, NextStep, Party, Performer, Person, Persona, Process,
    ProcessPart, Role, Scenario, Skill, SkillRef, Step, Team, Trigger, UnknownReference, Use,
};

use std::sync::{Arc, OnceLock};

use crate::card::CardFile;
use crate::card::problem::Problem;
use crate::card::source::{Position, SourceMap};
use lookup::Lookup;

/// A snapshot of a catalog.
#[derive(Debug)]
pub struct Catalog {
    /// Its name: the card's, or the folder's.
    pub name: String,
    /// Where it was read from, as the user wrote it.
    pub path: String,
    /// Vocabularies and settings.
    pub settings: Settings,
    /// Problems of the files, errors and warnings and notes, in file order.
    pub problems: Vec<Problem>,
    /// Personas, in file order.
    pub personas: Vec<Arc<Persona>>,
    /// Processes: the declared in file order, then the undeclared as they were met.
    pub processes: Vec<Arc<Process>>,
    /// Steps, process by process.
    pub steps: Vec<Arc<Step>>,
    /// Components, ordered as processes are.
    pub components: Vec<Arc<Component>>,
    /// Skills, ordered as processes are.
    pub skills: Vec<Arc<Skill>>,
    /// Teams, ordered as processes are.
    pub teams: Vec<Arc<Team>>,
    /// People, in file order.
    pub people: Vec<Arc<Person>>,
    /// Scenarios, in file order.
    pub scenarios: Vec<Arc<Scenario>>,
    /// Decisions, in file order.
    pub decisions: Vec<Arc<Decision>>,
    /// Comments that ignore findings, in file order.
    pub ignores: Vec<Ignore>,
    /// Later entities that share a word with an earlier one of their kind.
    pub duplicates: Vec<Duplicate>,
    /// Names of personas or people that do not exist.
    pub unknown_references: Vec<UnknownReference>,
    /// Names that lead nowhere, as first written.
    pub names: Vec<crate::card::words::Name>,
    cards: Arc<Vec<CardInfo>>,
    sources: Vec<Arc<Source>>,
    lookup: Lookup,
    origin: Origin,
    /// Snapshots that share this have the same entities under the same numbers and words.
    numbering: Arc<()>,
}

/// What a snapshot keeps of its input, to be built again from other texts.
#[derive(Clone, Debug)]
struct Origin {
    folder: String,
    problems: Vec<Problem>,
    /// What was noticed while cards were looked up, with its place rather than its line.
    noticed: Arc<Vec<Pending>>,
}

/// A problem of which the line is found when the snapshot stands.
#[derive(Clone, Debug)]
struct Pending {
    place: Place,
    level: crate::card::problem::Level,
    message: String,
    hint: String,
}

#[derive(Clone, Debug)]
struct CardInfo {
    file: u32,
    spot: crate::card::Spot,
    /// What the card declares, or the duplicate that it is; nothing where it is neither.
    entity: Option<Entity>,
}

#[derive(Debug)]
struct Source {
    file: Arc<CardFile>,
    /// Filled when a position in this file is first wanted.
    map: OnceLock<SourceMap>,
}

/// A place in a file, for people and for other programs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location<'c> {
    /// The file, relative to the catalog's root, with `/` between folders.
    pub file: &'c str,
    /// Where in the file.
    pub position: Position,
}

impl Catalog {
    /// Whether the same entities answer to the same words under the same numbers as in another
    /// snapshot, the settings are the same, and so are the names that lead nowhere.
    #[must_use]
    pub fn has_numbers_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.numbering, &other.numbering)
    }

    /// Whether anything is decided on or ignored.
    #[must_use]
    pub fn has_decisions(&self) -> bool {
        !self.decisions.is_empty() || !self.ignores.is_empty()
    }

    /// The files, in file order.
    pub fn files(&self) -> impl Iterator<Item = &Arc<CardFile>> {
        self.sources.iter().map(|source| &source.file)
    }

    /// The file that a card stands in.
    #[must_use]
    pub fn file_of(&self, card: CardId) -> &Arc<CardFile> {
        &self.sources[self.cards[card.index()].file as usize].file
    }

    /// Where something stands, computed when it is wanted.
    #[must_use]
    pub fn locate(&self, place: Place) -> Location<'_> {
        let info = &self.cards[place.card.index()];
        let source = &self.sources[info.file as usize];
        let map = source.map.get_or_init(|| SourceMap::new(&source.file.text));
        Location { file: &source.file.path, position: map.locate(info.spot, place.path) }
    }

    /// The problems that are errors or warnings: what a check reports.
    pub fn real_problems(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.level != crate::card::problem::Level::Note)
    }

    /// What was passed over without being wrong.
    pub fn notes(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.level == crate::card::problem::Level::Note)
    }
}
