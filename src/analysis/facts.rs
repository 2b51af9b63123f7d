//! What follows from a catalog before anything is judged: who takes part, who performs, what is
//! needed, which skills are required, which are there.
//!
//! Computed once a snapshot and day, for all rules and screens. Nothing here is a finding.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::card::words::Name;
use crate::catalog::{
    Actor, Catalog, ComponentId, Entity, EnvironmentSet, Grant, Level, Named, Party, PersonId, Persona,
    PersonaId, Place, ProcessId, SkillId, StepId, Use,
};
use crate::graph::HandOvers;

use super::after::Difference;

/// Why a component is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NeedSource {
    /// A step that the persona performs, and the place of the use in it.
    Step(StepId, usize),
    /// A process that the persona takes part in, and the place of the use in it.
    Process(ProcessId, usize),
}

/// A need of a persona.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// What is needed.
    pub component: ComponentId,
    /// Where; empty: in "any" environment.
    pub environments: EnvironmentSet,
    /// At which level; none: at no particular one, which justifies any.
    pub level: Option<Level>,
    /// The level that the performer is capped at, where the use asked for more or for none.
    pub capped: bool,
    /// Why.
    pub source: NeedSource,
}

/// Why a skill is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequirementSource {
    /// A step that the persona performs.
    Step(StepId),
    /// A process that the persona takes part in.
    Process(ProcessId),
    /// A component that the persona needs, through the need at this place of its needs.
    Component(ComponentId, usize),
}

/// A skill that a persona should have.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// The skill.
    pub skill: SkillId,
    /// How well, where that is stated.
    pub level: Option<Level>,
    /// Why.
    pub source: RequirementSource,
    /// Whether a step in production or a need in production asks for it.
    pub in_production: bool,
    /// Where that is stated.
    pub place: Place,
}

/// A skill that somebody has.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The skill.
    pub skill: SkillId,
    /// The listed skill that implies it; itself where it is listed.
    pub through: SkillId,
    /// Where that one is listed.
    pub place: Place,
    /// How well, where it is listed itself and says so.
    pub level: Option<Level>,
}

/// A step that a persona performs.
#[derive(Clone, Copy, Debug)]
pub struct Performed {
    /// The step.
    pub step: StepId,
    /// Where the step names the persona; none where it names nobody.
    pub named_at: Option<Place>,
    /// Caps what the step's uses ask for.
    pub cap: Option<Level>,
}

/// What follows for one persona.
#[derive(Clone, Debug, Default)]
pub struct PersonaFacts {
    /// The processes that it takes part in, in order of their numbers.
    pub takes_part: Vec<ProcessId>,
    /// The steps that it performs, in order of their numbers.
    pub performs: Vec<Performed>,
    /// What it needs, component by component.
    pub needs: Vec<Need>,
    /// What it should know, skill by skill.
    pub required: Vec<Requirement>,
    /// What it knows, skill by skill.
    pub has: Vec<Held>,
    /// Places in its grants of those that hold on the day, component by component.
    pub active: Vec<usize>,
    /// Whether what it needs is not known: it takes part in nothing, or in what is not described.
    pub unsure: bool,
    /// The components that it is granted on the day, the processes and skills that it lists, each
    /// once, in order.
    pub items: Box<[Entity]>,
    /// The personas that its card names anywhere, each once, in order of their numbers.
    pub names: Box<[PersonaId]>,
}

impl PersonaFacts {
    /// Its needs of a component.
    #[must_use]
    pub fn needs_of(&self, component: ComponentId) -> &[Need] {
        run(&self.needs, |need| need.component, component)
    }

    /// What requires a skill of it.
    #[must_use]
    pub fn requirements_of(&self, skill: SkillId) -> &[Requirement] {
        run(&self.required, |requirement| requirement.skill, skill)
    }

    /// How it has a skill, if it has it.
    #[must_use]
    pub fn held(&self, skill: SkillId) -> Option<&Held> {
        self.has.binary_search_by_key(&skill, |held| held.skill).ok().map(|place| &self.has[place])
    }

    /// Whether it takes part in a process.
    #[must_use]
    pub fn takes_part_in(&self, process: ProcessId) -> bool {
        self.takes_part.binary_search(&process).is_ok()
    }
}

/// What follows for the whole catalog.
#[derive(Clone, Debug)]
pub struct Facts {
    /// By persona.
    pub personas: Vec<Arc<PersonaFacts>>,
    /// By process: itself and all that it is a part of, transitively.
    pub wholes: Arc<Vec<Vec<ProcessId>>>,
    /// By process: itself and all its parts, transitively.
    pub parts: Arc<Vec<Vec<ProcessId>>>,
    /// By process: whether it, a step of it, a whole or a part of it has a use.
    pub described: Arc<Vec<bool>>,
    /// By skill: itself and all that it implies, transitively.
    pub implied: Arc<Vec<Vec<SkillId>>>,
    /// By person: what the person knows.
    pub people: Arc<Vec<Vec<Held>>>,
    /// By persona: the active people who embody it.
    pub embodied_by: Arc<Vec<Vec<PersonId>>>,
    /// By persona: the humans (personas and people) whom its accountable chain reaches first.
    pub answerable: Arc<Vec<Vec<Actor>>>,
    /// Who sets whom to work.
    pub hand_overs: Arc<HandOvers>,
}

impl Facts {
    /// Whether somebody who is there embodies a persona. Where a catalog names nobody, nobody is missed.
    #[must_use]
    pub fn is_embodied(&self, catalog: &Catalog, persona: PersonaId) -> bool {
        catalog.people.is_empty() || !self.embodied_by[persona.index()].is_empty()
    }

    /// Computes them for a day.
    #[must_use]
    pub fn of(catalog: &Catalog, day: Date) -> Self {
        let (wholes, parts) = structure(catalog);
        let described = described(catalog, &wholes, &parts);
        let implied = implied(catalog);
        let mut facts = Self {
            personas: Vec::new(),
            people: Arc::new(people(catalog, &implied)),
            wholes: Arc::new(wholes),
            parts: Arc::new(parts),
            described: Arc::new(described),
            implied: Arc::new(implied),
            embodied_by: Arc::new(embodied_by(catalog)),
            answerable: Arc::new(answerable(catalog)),
            hand_overs: Arc::new(HandOvers::of(catalog)),
        };
        let performers = Performers::of(catalog);
        facts.personas = (0..catalog.personas.len())
            .into_par_iter()
            .with_min_len(64)
            .map(|index| {
                Arc::new(persona_facts(catalog, &facts, &performers, PersonaId::from_index(index), day))
            })
            .collect();
        facts
    }

    /// Computes them for a later snapshot and the same day: those that a difference concerns. Beside
    /// them, by persona, whether its card or what follows for it is computed again.
    pub(super) fn after(
        &self,
        before: &Catalog,
        catalog: &Catalog,
        difference: &Difference,
        day: Date,
    ) -> (Self, Vec<bool>) {
        let mut facts = self.clone();
        let mut all = false;
        let moved =
            |id: &ProcessId| before.processes[id.index()].part_of != catalog.processes[id.index()].part_of;
        if difference.processes.iter().any(moved) {
            let (wholes, parts) = structure(catalog);
            (facts.wholes, facts.parts) = (Arc::new(wholes), Arc::new(parts));
            all = true;
        }
        let mut processes = vec![false; catalog.processes.len()];
        if !difference.processes.is_empty() {
            let described = described(catalog, &facts.wholes, &facts.parts);
            for (index, process) in processes.iter_mut().enumerate() {
                *process = described[index] != self.described[index];
            }
            for process in &difference.processes {
                processes[process.index()] = true;
            }
            facts.described = Arc::new(described);
        }
        let learnt = |id: &SkillId| before.skills[id.index()].implies != catalog.skills[id.index()].implies;
        if difference.skills.iter().any(learnt) {
            facts.implied = Arc::new(implied(catalog));
            all = true;
        }
        if all || !difference.people.is_empty() {
            facts.people = Arc::new(people(catalog, &facts.implied));
            facts.embodied_by = Arc::new(embodied_by(catalog));
        }
        let personas = || difference.personas.iter().map(|id| id.index());
        let answers = |index: usize| {
            let (old, new) = (&before.personas[index], &catalog.personas[index]);
            let targets = |names: &[Named<Actor>]| -> Vec<Option<Actor>> {
                names.iter().map(|named| named.target).collect()
            };
            old.persona_type != new.persona_type || targets(&old.accountable) != targets(&new.accountable)
        };
        if personas().any(answers) {
            facts.answerable = Arc::new(answerable(catalog));
        }
        let invokes = |index: usize| {
            !before.personas[index].invokes.is_empty() || !catalog.personas[index].invokes.is_empty()
        };
        if difference.scenarios || personas().any(invokes) {
            facts.hand_overs = Arc::new(HandOvers::of(catalog));
        }
        let mut again = vec![all; catalog.personas.len()];
        for index in personas() {
            again[index] = true;
        }
        facts.mark_concerned(catalog, difference, &processes, &mut again);
        if again.contains(&true) {
            let performers = Performers::of(catalog);
            let new: Vec<(usize, PersonaFacts)> = (0..again.len())
                .into_par_iter()
                .with_min_len(64)
                .filter(|&index| again[index])
                .map(|index| {
                    (index, persona_facts(catalog, &facts, &performers, PersonaId::from_index(index), day))
                })
                .collect();
            for (index, new) in new {
                facts.personas[index] = Arc::new(new);
            }
        }
        (facts, again)
    }

    /// Marks the personas for whom something else may follow from other processes or components.
    fn mark_concerned(
        &self,
        catalog: &Catalog,
        difference: &Difference,
        processes: &[bool],
        again: &mut [bool],
    ) {
        if difference.processes.is_empty() && difference.components.is_empty() {
            return;
        }
        for (facts, again) in self.personas.iter().zip(again.iter_mut()).filter(|(_, again)| !**again) {
            let mut takes_part = facts.takes_part.iter();
            let mut performs = facts.performs.iter();
            let mut components = difference.components.iter();
            *again = takes_part.any(|process| processes[process.index()])
                || performs.any(|own| processes[catalog.steps[own.step.index()].process.index()])
                || components.any(|component| !facts.needs_of(*component).is_empty());
        }
        // Steps may name others than they did.
        for process in &difference.processes {
            for step in &catalog.processes[process.index()].steps {
                let performers = catalog.steps[step.index()].performers.iter();
                for persona in performers.filter_map(|performer| performer.persona) {
                    again[persona.index()] = true;
                }
            }
        }
    }

    /// What follows for a persona.
    #[must_use]
    pub fn of_persona(&self, persona: PersonaId) -> &PersonaFacts {
        &self.personas[persona.index()]
    }

    /// Whether a process has a use somewhere in it, above it or below it.
    #[must_use]
    pub fn is_described(&self, process: ProcessId) -> bool {
        self.described[process.index()]
    }
}

impl Need {
    /// The use that asks for it.
    #[must_use]
    pub fn asked_by<'c>(&self, catalog: &'c Catalog) -> &'c Use {
        match self.source {
            NeedSource::Step(step, place) => &catalog.steps[step.index()].uses[place],
            NeedSource::Process(process, place) => &catalog.processes[process.index()].uses[place],
        }
    }

    /// The tools it states.
    #[must_use]
    pub fn tools<'c>(&self, catalog: &'c Catalog) -> &'c [Name] {
        &self.asked_by(catalog).tools
    }

    /// Whether it is a need in this environment, or in "any".
    #[must_use]
    pub fn is_in(&self, environment: usize) -> bool {
        self.environments.is_empty() || self.environments.contains(environment)
    }
}

/// Whether an active grant covers a need in an environment (none: in "any").
#[must_use]
pub fn covers(catalog: &Catalog, grant: &Grant, need: &Need, environment: Option<usize>) -> bool {
    let level = match environment {
        Some(environment) => {
            if !grant.environments.is_empty() && !grant.environments.contains(environment) {
                return false;
            }
            grant.level_in(environment)
        }
        None => grant.highest_level(),
    };
    let high_enough = match (level, need.level) {
        (Some(granted), Some(needed)) => granted >= needed,
        _ => true,
    };
    let tools = need.tools(catalog);
    high_enough
        && (grant.tools.is_empty()
            || grant.has_every_tool()
            || tools.iter().all(|tool| grant.tools.contains(tool)))
}

/// The first humans along a chain: followed through agents and services, each once.
pub(crate) fn first_humans<'c>(
    catalog: &Catalog,
    from: PersonaId,
    next: impl Fn(PersonaId) -> &'c [crate::catalog::Named<Actor>],
) -> Vec<Actor> {
    let mut humans = Vec::new();
    if next(from).is_empty() {
        return humans;
    }
    let mut seen = std::collections::HashSet::from([from]);
    let mut queue = vec![from];
    let mut at = 0;
    while let Some(&persona) = queue.get(at) {
        at += 1;
        for actor in next(persona).iter().filter_map(|named| named.target) {
            match actor {
                Actor::Persona(id) if !catalog.personas[id.index()].is_human() => {
                    if seen.insert(id) {
                        queue.push(id);
                    }
                }
                human => {
                    if !humans.contains(&human) {
                        humans.push(human);
                    }
                }
            }
        }
    }
    humans
}

/// By process: itself and its wholes, and itself and its parts.
fn structure(catalog: &Catalog) -> (Vec<Vec<ProcessId>>, Vec<Vec<ProcessId>>) {
    let processes = catalog.processes.len();
    let wholes: Vec<Vec<ProcessId>> = (0..processes)
        .map(|index| closure(ProcessId::from_index(index), |id| &catalog.processes[id.index()].part_of))
        .collect();
    let mut parts = vec![Vec::new(); processes];
    for (index, ancestors) in wholes.iter().enumerate() {
        for whole in ancestors {
            parts[whole.index()].push(ProcessId::from_index(index));
        }
    }
    (wholes, parts)
}

fn described(catalog: &Catalog, wholes: &[Vec<ProcessId>], parts: &[Vec<ProcessId>]) -> Vec<bool> {
    let has_use: Vec<bool> = catalog
        .processes
        .iter()
        .map(|process| {
            !process.uses.is_empty()
                || process.steps.iter().any(|step| !catalog.steps[step.index()].uses.is_empty())
        })
        .collect();
    (0..wholes.len())
        .map(|index| wholes[index].iter().chain(&parts[index]).any(|process| has_use[process.index()]))
        .collect()
}

fn implied(catalog: &Catalog) -> Vec<Vec<SkillId>> {
    (0..catalog.skills.len())
        .map(|index| closure(SkillId::from_index(index), |id| &catalog.skills[id.index()].implies))
        .collect()
}

fn people(catalog: &Catalog, implied: &[Vec<SkillId>]) -> Vec<Vec<Held>> {
    catalog
        .people
        .par_iter()
        .map(|person| {
            held(implied, person.skills.iter().map(|skill| (skill.skill, skill.level, skill.place)))
        })
        .collect()
}

fn embodied_by(catalog: &Catalog) -> Vec<Vec<PersonId>> {
    let mut embodied_by = vec![Vec::new(); catalog.personas.len()];
    for (index, person) in catalog.people.iter().enumerate().filter(|(_, person)| person.active) {
        for persona in person.personas.iter().filter_map(|embodied| embodied.persona) {
            let holders: &mut Vec<PersonId> = &mut embodied_by[persona.index()];
            let id = PersonId::from_index(index);
            if !holders.contains(&id) {
                holders.push(id);
            }
        }
    }
    embodied_by
}

fn answerable(catalog: &Catalog) -> Vec<Vec<Actor>> {
    (0..catalog.personas.len())
        .into_par_iter()
        .with_min_len(256)
        .map(|index| {
            first_humans(catalog, PersonaId::from_index(index), |id| {
                &catalog.personas[id.index()].accountable
            })
        })
        .collect()
}

/// Which personas each step names, turned round.
struct Performers {
    /// By persona: the steps that name it.
    named: HashMap<PersonaId, Vec<Performed>>,
    /// By process: the steps that name nobody.
    open: HashMap<ProcessId, Vec<StepId>>,
}

impl Performers {
    fn of(catalog: &Catalog) -> Self {
        let mut named: HashMap<PersonaId, Vec<Performed>> = HashMap::new();
        let mut open: HashMap<ProcessId, Vec<StepId>> = HashMap::new();
        for (index, step) in catalog.steps.iter().enumerate() {
            let id = StepId::from_index(index);
            if step.performers.is_empty() {
                open.entry(step.process).or_default().push(id);
            }
            for performer in &step.performers {
                let Some(persona) = performer.persona else {
                    continue;
                };
                let steps = named.entry(persona).or_default();
                let new = Performed { step: id, named_at: Some(performer.place), cap: performer.cap };
                // Named twice with two caps, it performs the step in both ways.
                if !steps.iter().any(|known| known.step == id && known.cap == new.cap) {
                    steps.push(new);
                }
            }
        }
        Self { named, open }
    }
}

fn persona_facts(
    catalog: &Catalog,
    facts: &Facts,
    performers: &Performers,
    id: PersonaId,
    day: Date,
) -> PersonaFacts {
    let persona = &catalog.personas[id.index()];
    let mut takes_part: Vec<ProcessId> = persona
        .processes
        .iter()
        .filter(|part| part.takes_part())
        .flat_map(|part| facts.parts[part.process.index()].iter().copied())
        .collect();
    takes_part.sort_unstable();
    takes_part.dedup();

    let mut performs = performers.named.get(&id).cloned().unwrap_or_default();
    for process in &takes_part {
        let open = performers.open.get(process).into_iter().flatten();
        performs.extend(open.map(|&step| Performed { step, named_at: None, cap: None }));
    }
    performs.sort_by_key(|performed| performed.step);

    let needs = needs(catalog, &takes_part, &performs);
    let required = required(catalog, &takes_part, &performs, &needs);
    let has =
        held(&facts.implied, persona.skills.iter().map(|skill| (skill.skill, skill.level, skill.place)));
    let mut active: Vec<usize> =
        (0..persona.grants.len()).filter(|&place| persona.grants[place].is_active(day)).collect();
    active.sort_by_key(|&place| (persona.grants[place].component, place));
    let unsure = takes_part.is_empty()
        || takes_part
            .iter()
            .any(|process| !facts.described[process.index()] || !catalog.processes[process.index()].declared);
    let items = items(persona, &active);
    let names = names(persona);
    PersonaFacts { takes_part, performs, needs, required, has, active, unsure, items, names }
}

fn items(persona: &Persona, active: &[usize]) -> Box<[Entity]> {
    let granted = active.iter().map(|&place| Entity::from(persona.grants[place].component));
    let processes = persona.processes.iter().map(|part| Entity::from(part.process));
    let skills = persona.skills.iter().map(|skill| Entity::from(skill.skill));
    let mut items: Vec<Entity> = granted.chain(processes).chain(skills).collect();
    items.sort_unstable();
    items.dedup();
    items.into()
}

fn names(persona: &Persona) -> Box<[PersonaId]> {
    let parties = persona.interactions.iter().filter_map(|named| match named.party {
        Party::Persona(id) => Some(id),
        Party::Team(_) | Party::Unknown(_) => None,
    });
    let approvals = persona.grants.iter().flat_map(|grant| &grant.approval);
    let actors = persona.accountable.iter().chain(&persona.escalates_to).chain(&persona.override_by);
    let actors = actors.chain(approvals).filter_map(|named| match named.target {
        Some(Actor::Persona(id)) => Some(id),
        Some(Actor::Person(_)) | None => None,
    });
    let others = persona.invokes.iter().chain(&persona.monitored_by).filter_map(|named| named.target);
    let mut names: Vec<PersonaId> = parties.chain(actors).chain(others).collect();
    names.sort_unstable();
    names.dedup();
    names.into()
}

fn needs(catalog: &Catalog, takes_part: &[ProcessId], performs: &[Performed]) -> Vec<Need> {
    let mut needs = Vec::new();
    for performed in performs {
        let step = &catalog.steps[performed.step.index()];
        for (place, used) in step.uses.iter().enumerate() {
            let environments =
                if used.environments.is_empty() { step.environments } else { used.environments };
            let level = match (used.level, performed.cap) {
                (Some(level), Some(cap)) => Some(level.min(cap)),
                (level, cap) => level.or(cap),
            };
            needs.push(Need {
                component: used.component,
                environments,
                level,
                capped: level != used.level,
                source: NeedSource::Step(performed.step, place),
            });
        }
    }
    for &process in takes_part {
        for (place, used) in catalog.processes[process.index()].uses.iter().enumerate() {
            needs.push(Need {
                component: used.component,
                environments: used.environments,
                level: used.level,
                capped: false,
                source: NeedSource::Process(process, place),
            });
        }
    }
    needs.sort_by_key(|need| need.component);
    needs
}

fn required(
    catalog: &Catalog,
    takes_part: &[ProcessId],
    performs: &[Performed],
    needs: &[Need],
) -> Vec<Requirement> {
    let production = catalog.settings.production();
    let mut required = Vec::new();
    for performed in performs {
        let step = &catalog.steps[performed.step.index()];
        required.extend(step.skills.iter().map(|skill| Requirement {
            skill: skill.skill,
            level: skill.level,
            source: RequirementSource::Step(performed.step),
            in_production: step.environments.contains(production),
            place: skill.place,
        }));
    }
    for &process in takes_part {
        required.extend(catalog.processes[process.index()].skills.iter().map(|skill| Requirement {
            skill: skill.skill,
            level: skill.level,
            source: RequirementSource::Process(process),
            in_production: false,
            place: skill.place,
        }));
    }
    for (place, need) in needs.iter().enumerate() {
        for skill in &catalog.components[need.component.index()].skills {
            let asked = match (skill.from, need.level) {
                (None, _) => true,
                (Some(from), Some(level)) => level >= from,
                (Some(_), None) => false,
            };
            if asked {
                required.push(Requirement {
                    skill: skill.skill,
                    level: skill.level,
                    source: RequirementSource::Component(need.component, place),
                    in_production: need.environments.contains(production),
                    place: skill.place,
                });
            }
        }
    }
    required.sort_by_key(|requirement| requirement.skill);
    required
}

fn held(
    implied: &[Vec<SkillId>],
    listed: impl Iterator<Item = (SkillId, Option<Level>, Place)>,
) -> Vec<Held> {
    let mut has: Vec<Held> = Vec::new();
    for (through, level, place) in listed {
        for &skill in &implied[through.index()] {
            let level = level.filter(|_| skill == through);
            has.push(Held { skill, through, place, level });
        }
    }
    // Listed before implied, and of two listings the higher level.
    has.sort_by_key(|held| (held.skill, held.skill != held.through, std::cmp::Reverse(held.level)));
    has.dedup_by_key(|held| held.skill);
    has
}

/// `start` and all that `next` leads to, each once, `start` first.
fn closure<'c, T: Copy + Eq + std::hash::Hash + 'c>(start: T, next: impl Fn(T) -> &'c [T]) -> Vec<T> {
    if next(start).is_empty() {
        return vec![start];
    }
    let mut seen = std::collections::HashSet::from([start]);
    let mut all = vec![start];
    let mut at = 0;
    while let Some(&item) = all.get(at) {
        at += 1;
        all.extend(next(item).iter().copied().filter(|found| seen.insert(*found)));
    }
    all
}

/// The run of items with a key in a list sorted by it.
fn run<T, K: Ord>(items: &[T], key: impl Fn(&T) -> K, wanted: K) -> &[T] {
    let start = items.partition_point(|item| key(item) < wanted);
    let length = items[start..].partition_point(|item| key(item) <= wanted);
    &items[start..start + length]
}
