//! The snapshot after an edit, made from the one before it.
//!
//! Where the same entities answer to the same words in the same order, numbers stay as they are: then
//! only the cards of the files that changed are looked up again, and all else is shared. Where that
//! is not so, or not sure, [`again`] gives nothing, and the snapshot is built from all cards. It
//! never guesses: what it gives equals what [`super::build`] gives.

use std::collections::HashSet;

use super::declare::{
    component_shell, decision, person_shell, persona_shell, process_shell, scenario_shell, skill_shell,
    team_shell,
};
use super::*;
use crate::card::path::Segment;
use crate::catalog::types::Party::Unknown;

/// More files than this share of all are not worth the look: one in so many.
const SHARE: usize = 4;

/// The snapshot of other files, where it has the numbers and words of the one before.
pub(in crate::catalog) fn again(before: &Catalog, input: &Input) -> Option<Catalog> {
    let files = changed_files(before, input)?;
    let changed = changed_cards(before, input, &files)?;
    let ids: HashSet<CardId> = changed.iter().map(|(id, _)| *id).collect();
    if names_nobody_known(before, &ids) {
        return None;
    }
    let mut builder = Builder::following(before, &ids);
    builder.resolve_again(before, &changed);
    if !builder.has_numbers_of(before, &ids) {
        return None;
    }
    Some(builder.finish_after(before, input, &files))
}

/// Places of the files of which the content is another; nothing where other files are there, or the
/// catalog is another one.
fn changed_files(before: &Catalog, input: &Input) -> Option<Vec<usize>> {
    let same = before.origin.folder == input.folder
        && before.path == input.path
        && before.origin.problems == input.problems
        && before.sources.len() == input.files.len();
    if !same {
        return None;
    }
    let mut changed = Vec::new();
    for (place, (source, file)) in before.sources.iter().zip(&input.files).enumerate() {
        if Arc::ptr_eq(&source.file, file) {
            continue;
        }
        if source.file.path != file.path {
            return None;
        }
        changed.push(place);
    }
    (changed.len() <= input.files.len().div_ceil(SHARE)).then_some(changed)
}

/// The cards of changed files; nothing where one of them does not declare what it declared.
fn changed_cards<'i>(before: &Catalog, input: &'i Input, files: &[usize]) -> Option<Vec<(CardId, &'i Card)>> {
    let mut changed = Vec::new();
    for &place in files {
        let (old, new) = (&before.sources[place].file, &input.files[place]);
        if old.cards.len() != new.cards.len() {
            return None;
        }
        let number = u32::try_from(place).unwrap_or(u32::MAX);
        let first = before.cards.partition_point(|card| card.file < number);
        for (offset, (old, new)) in old.cards.iter().zip(&new.cards).enumerate() {
            if !declares_the_same(&old.card, &new.card) {
                return None;
            }
            changed.push((CardId::from_index(first + offset), &new.card));
        }
    }
    Some(changed)
}

/// Whether two cards are of one kind, answer to the same words, and have the same steps.
fn declares_the_same(old: &Card, new: &Card) -> bool {
    let name = |old: &Name, new: &Name| old.written() == new.written();
    let header = |old: &Header, new: &Header| {
        let ids = match (&old.id, &new.id) {
            (Some(old), Some(new)) => name(old, new),
            (None, None) => true,
            _ => false,
        };
        let aliases = old.aliases.len() == new.aliases.len();
        ids && aliases
            && name(&old.name, &new.name)
            && old.aliases.iter().zip(&new.aliases).all(|(old, new)| name(old, new))
    };
    match (old, new) {
        (Card::Persona(old), Card::Persona(new)) => header(&old.header, &new.header),
        (Card::Process(old), Card::Process(new)) => {
            let step = |(old, new): (&StepCard, &StepCard)| {
                let id = |step: &StepCard| step.id.as_ref().unwrap_or(&step.name).clone();
                name(&id(old), &id(new)) && name(&old.name, &new.name)
            };
            header(&old.header, &new.header)
                && old.steps.len() == new.steps.len()
                && old.steps.iter().zip(&new.steps).all(step)
        }
        (Card::Component(old), Card::Component(new)) => header(&old.header, &new.header),
        (Card::Skill(old), Card::Skill(new)) => header(&old.header, &new.header),
        (Card::Team(old), Card::Team(new)) => header(&old.header, &new.header),
        (Card::Person(old), Card::Person(new)) => header(&old.header, &new.header),
        (Card::Scenario(old), Card::Scenario(new)) => header(&old.header, &new.header),
        (Card::Decision(_), Card::Decision(_)) => true,
        // The settings are read by all.
        _ => false,
    }
}

/// Whether one of the cards names what does not exist. Such names are numbered as they are met.
fn names_nobody_known(before: &Catalog, cards: &HashSet<CardId>) -> bool {
    before.unknown_references.iter().any(|unknown| cards.contains(&unknown.place.card))
        || cards.iter().any(|card| match before.cards[card.index()].entity {
            Some(Entity::Persona(id)) => {
                let mut named = before.personas[id.index()].interactions.iter();
                named.any(|interaction| matches!(interaction.party, Unknown(_)))
            }
            _ => false,
        })
}

impl Builder {
    /// A builder that knows all entities of a snapshot, but not what some of its cards say.
    fn following(before: &Catalog, changed: &HashSet<CardId>) -> Self {
        let noticed = before.origin.noticed.iter();
        Self {
            settings: before.settings.clone(),
            lookup: before.lookup.clone(),
            cards: Vec::new(),
            personas: before.personas.clone(),
            processes: before.processes.clone(),
            steps: before.steps.clone(),
            components: before.components.clone(),
            skills: before.skills.clone(),
            teams: before.teams.clone(),
            people: before.people.clone(),
            scenarios: before.scenarios.clone(),
            decisions: before.decisions.clone(),
            duplicates: Vec::new(),
            unknown_references: Vec::new(),
            names: Vec::new(),
            name_index: HashMap::default(),
            step_index: HashMap::default(),
            pending: noticed.filter(|pending| !changed.contains(&pending.place.card)).cloned().collect(),
            uses_of_undeclared: Some(Vec::new()),
        }
    }

    /// Looks up what the changed cards say, in the phases in which all cards are looked up.
    fn resolve_again(&mut self, before: &Catalog, changed: &[(CardId, &Card)]) {
        if changed.iter().any(|(_, card)| matches!(card, Card::Process(_))) {
            self.index_steps(before, changed);
        }
        for &(card_id, card) in changed {
            let place = Place { card: card_id, path: FieldPath::CARD };
            match (card, before.cards[card_id.index()].entity) {
                (Card::Persona(card), Some(Entity::Persona(id))) => {
                    self.personas[id.index()] = Arc::new(persona_shell(card, place));
                    self.persona_links(id, card, place);
                }
                (Card::Process(card), Some(Entity::Process(id))) => {
                    let header = &card.header;
                    let mut shell = process_shell(Some(header), &header.name, place);
                    shell.steps.clone_from(&before.processes[id.index()].steps);
                    self.processes[id.index()] = Arc::new(shell);
                    self.process_links(id, card, place);
                    let steps = &before.processes[id.index()].steps;
                    for (&step_id, step) in steps.iter().zip(&card.steps) {
                        self.steps[step_id.index()] = Arc::new(self.step(step_id, id, step, place));
                    }
                }
                (Card::Component(card), Some(Entity::Component(id))) => {
                    let header = &card.header;
                    self.components[id.index()] =
                        Arc::new(component_shell(Some(header), &header.name, place));
                    self.component_links(id, card, place);
                }
                (Card::Skill(card), Some(Entity::Skill(id))) => {
                    let header = &card.header;
                    self.skills[id.index()] = Arc::new(skill_shell(Some(header), &header.name, place));
                    self.skill_links(id, card, place);
                }
                (Card::Team(card), Some(Entity::Team(id))) => {
                    let header = &card.header;
                    self.teams[id.index()] = Arc::new(team_shell(Some(header), &header.name, place));
                }
                (Card::Person(card), Some(Entity::Person(id))) => {
                    self.people[id.index()] = Arc::new(person_shell(card, place));
                    self.person_links(id, card, place);
                }
                (Card::Scenario(card), Some(Entity::Scenario(id))) => {
                    self.scenarios[id.index()] = Arc::new(scenario_shell(card, place));
                    self.scenario_links(id, card, place);
                }
                (Card::Decision(card), Some(Entity::Decision(id))) => {
                    self.decisions[id.index()] = Arc::new(decision(card, place));
                }
                (card, Some(Entity::Duplicate(_))) => self.check_words(card, place),
                _ => {}
            }
        }
        for &(card_id, card) in changed {
            let place = Place { card: card_id, path: FieldPath::CARD };
            match (card, before.cards[card_id.index()].entity) {
                (Card::Persona(card), Some(Entity::Persona(id))) => self.late_persona(id, card, place),
                (Card::Process(card), Some(Entity::Process(id))) => self.next_steps(id, card),
                _ => {}
            }
        }
        self.level_grants_again(before, changed);
    }

    /// The ids of steps, but for those of changed processes, which are met again.
    fn index_steps(&mut self, before: &Catalog, changed: &[(CardId, &Card)]) {
        let met_again: HashSet<ProcessId> = changed
            .iter()
            .filter_map(|(card, _)| match before.cards[card.index()].entity {
                Some(Entity::Process(id)) => Some(id),
                _ => None,
            })
            .collect();
        for (index, step) in before.steps.iter().enumerate() {
            if !met_again.contains(&step.process) {
                self.step_index.insert((step.process, step.id.key()), StepId::from_index(index));
            }
        }
    }

    /// Where a component's roles or tools changed, so may the levels of all grants on it.
    fn level_grants_again(&mut self, before: &Catalog, changed: &[(CardId, &Card)]) {
        let components: HashSet<ComponentId> = changed
            .iter()
            .filter_map(|(card, _)| match before.cards[card.index()].entity {
                Some(Entity::Component(id)) => Some(id),
                _ => None,
            })
            .collect();
        if components.is_empty() {
            return;
        }
        for index in 0..self.personas.len() {
            let grants = &self.personas[index].grants;
            if !grants.iter().any(|grant| components.contains(&grant.component)) {
                continue;
            }
            let new: Vec<Grant> = grants.iter().map(|grant| self.with_levels(grant.clone())).collect();
            if new.iter().zip(grants).any(|(new, old)| !new.has_levels_of(old)) {
                Arc::make_mut(&mut self.personas[index]).grants = new;
            }
        }
    }

    /// Whether nothing was added, and everything that is not declared is still first used where its
    /// number says.
    fn has_numbers_of(&mut self, before: &Catalog, changed: &HashSet<CardId>) -> bool {
        let same_counts = self.unknown_references.is_empty()
            && self.names.is_empty()
            && self.processes.len() == before.processes.len()
            && self.components.len() == before.components.len()
            && self.skills.len() == before.skills.len()
            && self.teams.len() == before.teams.len();
        if !same_counts {
            return false;
        }
        // Numbers go by phase, then card, then place in the card.
        let key = |place: Place| (is_late(place), place.card);
        let uses = self.uses_of_undeclared.take().unwrap_or_default();
        let mut met: HashSet<Entity> = HashSet::new();
        let mut last: HashMap<_, Entity> = HashMap::new();
        for Touch { entity, name, place } in uses {
            let Some(first) = before.place(entity) else { return false };
            if key(place) > key(first) || met.contains(&entity) {
                continue;
            }
            let in_order = last
                .insert((std::mem::discriminant(&entity), key(place)), entity)
                .is_none_or(|earlier| earlier < entity);
            if key(place) < key(first) || before.id(entity) != name.written() || !in_order {
                return false;
            }
            met.insert(entity);
            if place != first {
                self.move_first_use(entity, place);
            }
        }
        let first_here = undeclared(before)
            .filter(|entity| before.place(*entity).is_some_and(|place| changed.contains(&place.card)));
        first_here.count() == met.len()
    }

    fn move_first_use(&mut self, entity: Entity, place: Place) {
        match entity {
            Entity::Process(id) => Arc::make_mut(&mut self.processes[id.index()]).place = place,
            Entity::Component(id) => Arc::make_mut(&mut self.components[id.index()]).place = place,
            Entity::Skill(id) => Arc::make_mut(&mut self.skills[id.index()]).place = place,
            Entity::Team(id) => Arc::make_mut(&mut self.teams[id.index()]).place = place,
            _ => {}
        }
    }

    fn finish_after(self, before: &Catalog, input: &Input, changed: &[usize]) -> Catalog {
        let mut sources = before.sources.clone();
        let mut cards = before.cards.clone();
        for &place in changed {
            let file = &input.files[place];
            sources[place] = Arc::new(Source { file: file.clone(), map: OnceLock::new() });
            let number = u32::try_from(place).unwrap_or(u32::MAX);
            let first = cards.partition_point(|card| card.file < number);
            for (offset, card) in file.cards.iter().enumerate() {
                if cards[first + offset].spot != card.spot {
                    Arc::make_mut(&mut cards)[first + offset].spot = card.spot;
                }
            }
        }
        let is_changed = |path: &str| changed.iter().any(|&place| *input.files[place].path == *path);
        let kept = before.problems.iter().filter(|problem| !is_changed(&problem.file));
        let of_files = changed.iter().flat_map(|&place| &input.files[place].problems);
        let of_origin = input.problems.iter().filter(|problem| is_changed(&problem.file));
        let problems = kept.chain(of_origin).chain(of_files).cloned().collect();
        let mut catalog = Catalog {
            name: before.name.clone(),
            path: before.path.clone(),
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
            ignores: ignores_after(before, input, changed),
            duplicates: before.duplicates.clone(),
            unknown_references: before.unknown_references.clone(),
            names: before.names.clone(),
            cards,
            sources,
            lookup: before.lookup.clone(),
            origin: Origin { noticed: Arc::new(self.pending), ..before.origin.clone() },
            numbering: before.numbering.clone(),
        };
        let noticed = catalog.origin.noticed.clone();
        let of_changed =
            noticed.iter().filter(|pending| is_changed(&catalog.file_of(pending.place.card).path));
        catalog.problems = all_problems(&catalog, problems, of_changed);
        catalog
    }
}

/// Whether a place is looked up after all others: what follows a step.
fn is_late(place: Place) -> bool {
    place.path.segments().any(|segment| matches!(segment, Segment::Key("next")))
}

/// Everything that is used and has no card.
fn undeclared(catalog: &Catalog) -> impl Iterator<Item = Entity> {
    fn last<'t, T, I: Into<Entity> + 't>(
        table: &'t [Arc<T>],
        declared: fn(&T) -> bool,
        id: fn(usize) -> I,
    ) -> impl Iterator<Item = Entity> + 't {
        // They stand behind all that have one.
        let numbers = (0..table.len()).rev().take_while(move |&index| !declared(&table[index]));
        numbers.map(move |index| id(index).into())
    }
    last(&catalog.processes, |process| process.declared, ProcessId::from_index)
        .chain(last(&catalog.components, |component| component.declared, ComponentId::from_index))
        .chain(last(&catalog.skills, |skill| skill.declared, SkillId::from_index))
        .chain(last(&catalog.teams, |team| team.declared, TeamId::from_index))
}

fn ignores_after(before: &Catalog, input: &Input, changed: &[usize]) -> Vec<Ignore> {
    let new: Vec<Ignore> = changed.iter().flat_map(|&place| ignores(&input.files[place])).collect();
    let is_changed = |path: &str| changed.iter().any(|&place| *input.files[place].path == *path);
    if new.is_empty() && !before.ignores.iter().any(|ignore| is_changed(&ignore.file)) {
        return before.ignores.clone();
    }
    let order: HashMap<&str, usize> =
        input.files.iter().enumerate().map(|(place, file)| (&*file.path, place)).collect();
    let kept = before.ignores.iter().filter(|ignore| !is_changed(&ignore.file)).cloned();
    let mut all: Vec<Ignore> = kept.chain(new).collect();
    all.sort_by_key(|ignore| order.get(&*ignore.file).copied());
    all
}
