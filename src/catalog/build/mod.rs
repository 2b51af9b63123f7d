//! Files -> a snapshot: entities declared, then references resolved in file order.
//!
//! The order matters twice: of two entities that share a word the first stays, and what is not
//! declared is called as it was first written.

mod again;
mod declare;
mod grants;
mod resolve;
mod settings;
mod words;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use crate::card::CardFile;
use crate::card::edit;
use crate::card::kinds::{
    Card, CatalogCard, ComponentCard, DecisionCard, DutySetCard, GrantCard, GrantFields, Header, Listed,
    PersonCard, PersonaCard, ProcessCard, ScenarioCard, SkillCard, SkillCardRef, SkillLevelCard, StepCard,
    UseCard,
};
use crate::card::path::FieldPath;
use crate::card::problem::{Level as Severity, Problem};
use crate::card::words::{Name, nearest};

use crate::catalog::entity::{
    CardId, ComponentId, DecisionId, DuplicateId, Entity, EntityKind, NameId, PersonId, PersonaId, Place,
    ProcessId, ScenarioId, SkillId, StepId, TeamId,
};
use crate::catalog::lookup::{Index, Lookup, WordMap};
use crate::catalog::settings::{DutySet, DutyTarget, EnvironmentSet, Level, Settings};
use crate::catalog::types::{
    Actor, Alternative, Component, ComponentSkill, Decision, Duplicate, Duty, Embodied, Flow, Grant, Ignore,
    Interaction, Named, NextStep, Party, Performer, Person, Persona, Process, ProcessPart, Role, Scenario,
    Skill, SkillRef, Step, Team, Trigger, UnknownReference, Use,
};
use crate::catalog::{CardInfo, Catalog, Origin, Pending, Source};

pub(super) use again::again;

/// What a snapshot is built from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The folder's name: the catalog's, unless its card says otherwise.
    pub folder: String,
    /// Where it was read from, as the user wrote it.
    pub path: String,
    /// The files, in file order.
    pub files: Vec<Arc<CardFile>>,
    /// What was noticed while the files were looked for.
    pub problems: Vec<Problem>,
}

/// Builds the snapshot. It never fails: what is wrong is among its problems.
#[must_use]
pub fn build(input: Input) -> Catalog {
    let files = &input.files;
    let mut builder = Builder::new(files);
    let settings_card = builder.choose_catalog(files);
    if let Some((id, card)) = settings_card {
        builder.read_settings(id, card);
    }
    builder.declare(files);
    builder.resolve(files, settings_card.map(|(id, _)| id));
    builder.resolve_late(files);
    let name = settings_card
        .and_then(|(_, card)| card.name.as_ref())
        .map_or_else(|| input.folder.clone(), |name| name.written().to_owned());
    builder.finish(name, input)
}

struct Builder {
    settings: Settings,
    lookup: Lookup,
    cards: Vec<CardInfo>,
    personas: Vec<Arc<Persona>>,
    processes: Vec<Arc<Process>>,
    steps: Vec<Arc<Step>>,
    components: Vec<Arc<Component>>,
    skills: Vec<Arc<Skill>>,
    teams: Vec<Arc<Team>>,
    people: Vec<Arc<Person>>,
    scenarios: Vec<Arc<Scenario>>,
    decisions: Vec<Arc<Decision>>,
    duplicates: Vec<Duplicate>,
    unknown_references: Vec<UnknownReference>,
    names: Vec<Name>,
    name_index: WordMap<NameId>,
    step_index: HashMap<(ProcessId, Arc<str>), StepId, foldhash::fast::RandomState>,
    pending: Vec<Pending>,
    /// Uses of what is not declared, where somebody wants to know of them.
    uses_of_undeclared: Option<Vec<Touch>>,
}

/// A use of something that is not declared.
struct Touch {
    entity: Entity,
    name: Name,
    place: Place,
}

impl Builder {
    fn new(files: &[Arc<CardFile>]) -> Self {
        let mut cards = Vec::new();
        for (file, content) in files.iter().enumerate() {
            let file = u32::try_from(file).unwrap_or(u32::MAX);
            cards.extend(content.cards.iter().map(|card| CardInfo { file, spot: card.spot, entity: None }));
        }
        Self {
            settings: Settings::defaults(),
            lookup: Lookup::default(),
            cards,
            personas: Vec::new(),
            processes: Vec::new(),
            steps: Vec::new(),
            components: Vec::new(),
            skills: Vec::new(),
            teams: Vec::new(),
            people: Vec::new(),
            scenarios: Vec::new(),
            decisions: Vec::new(),
            duplicates: Vec::new(),
            unknown_references: Vec::new(),
            names: Vec::new(),
            name_index: WordMap::default(),
            step_index: HashMap::default(),
            pending: Vec::new(),
            uses_of_undeclared: None,
        }
    }

    fn warn(&mut self, place: Place, message: String, hint: String) {
        self.pending.push(Pending { place, level: Severity::Warning, message, hint });
    }

    fn finish(self, name: String, input: Input) -> Catalog {
        let Input { folder, path, files, problems: found } = input;
        let problems = found.iter().chain(files.iter().flat_map(|file| &file.problems)).cloned().collect();
        let ignores = files.iter().flat_map(ignores).collect();
        let sources = files.into_iter().map(|file| Arc::new(Source { file, map: OnceLock::new() })).collect();
        let origin = Origin { folder, problems: found, noticed: Arc::new(self.pending) };
        let mut catalog = Catalog {
            name,
            path,
            settings: self.settings,
            problems: Vec::new(),
            personas: self.personas,
            processes: self.processes,
            steps: self.steps,
            components: self.components,
            skills: self.skills,
            teams: self.teams,
            people: self.people,
            scenarios: self.scenarios,
            decisions: self.decisions,
            ignores,
            duplicates: self.duplicates,
            unknown_references: self.unknown_references,
            names: self.names,
            cards: Arc::new(self.cards),
            sources,
            lookup: self.lookup,
            origin,
            numbering: Arc::new(()),
        };
        let noticed = catalog.origin.noticed.clone();
        catalog.problems = all_problems(&catalog, problems, noticed.iter());
        catalog
    }
}

/// Problems of files, and what was noticed while cards were looked up, in file order.
fn all_problems<'p>(
    catalog: &Catalog,
    mut problems: Vec<Problem>,
    noticed: impl Iterator<Item = &'p Pending>,
) -> Vec<Problem> {
    problems.extend(noticed.map(|pending| {
        let location = catalog.locate(pending.place);
        Problem {
            file: location.file.to_owned(),
            line: location.position.line,
            column: location.position.column,
            level: pending.level,
            message: pending.message.clone(),
            hint: pending.hint.clone(),
        }
    }));
    if problems.len() < 2 {
        return problems;
    }
    let order: HashMap<&str, usize> =
        catalog.files().enumerate().map(|(place, file)| (&*file.path, place)).collect();
    problems.sort_by(|left, right| {
        let key = |problem: &Problem| {
            (order.get(problem.file.as_str()).copied().unwrap_or(usize::MAX), problem.line, problem.column)
        };
        key(left).cmp(&key(right)).then_with(|| left.cmp(right))
    });
    problems
}

/// The comments of a file that ignore findings: `# persona: ignore[RULE] reason`.
fn ignores(file: &Arc<CardFile>) -> Vec<Ignore> {
    if !file.text.contains("ignore[") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (line, comments) in edit::comments(&file.text, "persona:") {
        for comment in comments.split('#').skip(1) {
            let Some(rest) = comment.trim_start().strip_prefix("persona:") else { continue };
            let Some(rest) = rest.trim_start().strip_prefix("ignore[") else { continue };
            let Some((rule, reason)) = rest.split_once(']') else { continue };
            found.push(Ignore {
                file: file.path.clone(),
                line,
                rule: Name::new(rule),
                reason: reason.trim().to_owned(),
            });
        }
    }
    found
}

/// Every card of every file, with its number.
fn every_card(files: &[Arc<CardFile>]) -> impl Iterator<Item = (CardId, &Arc<CardFile>, &Card)> {
    files
        .iter()
        .flat_map(|file| file.cards.iter().map(move |placed| (file, &placed.card)))
        .enumerate()
        .map(|(place, (file, card))| (CardId::from_index(place), file, card))
}
