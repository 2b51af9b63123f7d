//! What follows from a catalog before anything is judged: who takes part, who performs, what is
//! needed, which skills are required, which are there.
//!
//! Computed once a snapshot and day, for all rules and screens. Nothing here is a finding.

use std::collections::HashMap;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::card::words::Name;
use crate::catalog::{
    Actor, Catalog, ComponentId, EnvironmentSet, Grant, Level, PersonId, PersonaId, Place, ProcessId,
    SkillId, StepId, Use,
};

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
#[derive(Debug)]
pub struct Facts {
    /// By persona.
    pub personas: Vec<PersonaFacts>,
    /// By process: itself and all that it is a part of, transitively.
    pub wholes: Vec<Vec<ProcessId>>,
    /// By process: itself and all its parts, transitively.
    pub parts: Vec<Vec<ProcessId>>,
    /// By process: whether it, a step of it, a whole or a part of it has a use.
    pub described: Vec<bool>,
    /// By skill: itself and all that it implies, transitively.
    pub implied: Vec<Vec<SkillId>>,
    /// By person: what the person knows.
    pub people: Vec<Vec<Held>>,
    /// By persona: the active people who embody it.
    pub embodied_by: Vec<Vec<PersonId>>,
    /// By persona: the humans (personas and people) whom its accountable chain reaches first.
    pub answerable: Vec<Vec<Actor>>,
}

impl Facts {
    /// Computes them for a day.
    #[must_use]
    pub fn of(catalog: &Catalog, day: Date) -> Self {
        let processes = catalog.processes.len();
        let wholes: Vec<Vec<ProcessId>> = (0..processes)
            .map(|index| {
                closure(ProcessId::from_index(index), |id| catalog.processes[id.index()].part_of.as_slice())
            })
            .collect();
        let mut parts = vec![Vec::new(); processes];
        for (index, ancestors) in wholes.iter().enumerate() {
            for whole in ancestors {
                parts[whole.index()].push(ProcessId::from_index(index));
            }
        }
        let has_use: Vec<bool> = catalog
            .processes
            .iter()
            .map(|process| {
                !process.uses.is_empty()
                    || process.steps.iter().any(|step| !catalog.steps[step.index()].uses.is_empty())
            })
            .collect();
        let described = (0..processes)
            .map(|index| wholes[index].iter().chain(&parts[index]).any(|process| has_use[process.index()]))
            .collect();
        let implied = (0..catalog.skills.len())
            .map(|index| {
                closure(SkillId::from_index(index), |id| catalog.skills[id.index()].implies.as_slice())
            })
            .collect();
        let mut facts = Self {
            personas: Vec::new(),
            wholes,
            parts,
            described,
            implied,
            people: Vec::new(),
            embodied_by: vec![Vec::new(); catalog.personas.len()],
            answerable: Vec::new(),
        };
        for (index, person) in catalog.people.iter().enumerate().filter(|(_, person)| person.active) {
            for persona in person.personas.iter().filter_map(|embodied| embodied.persona) {
                let holders = &mut facts.embodied_by[persona.index()];
                let id = PersonId::from_index(index);
                if !holders.contains(&id) {
                    holders.push(id);
                }
            }
        }
        facts.people = catalog
            .people
            .par_iter()
            .map(|person| {
                held(&facts, person.skills.iter().map(|skill| (skill.skill, skill.level, skill.place)))
            })
            .collect();
        let performers = Performers::of(catalog);
        facts.personas = (0..catalog.personas.len())
            .into_par_iter()
            .map(|index| persona_facts(catalog, &facts, &performers, PersonaId::from_index(index), day))
            .collect();
        facts.answerable = (0..catalog.personas.len())
            .into_par_iter()
            .map(|index| {
                first_humans(catalog, PersonaId::from_index(index), |id| {
                    &catalog.personas[id.index()].accountable
                })
            })
            .collect();
        facts
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
    let mut seen = std::collections::HashSet::from([from]);
    let mut queue = vec![from];
    let mut humans = Vec::new();
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
    let has = held(facts, persona.skills.iter().map(|skill| (skill.skill, skill.level, skill.place)));
    let mut active: Vec<usize> =
        (0..persona.grants.len()).filter(|&place| persona.grants[place].is_active(day)).collect();
    active.sort_by_key(|&place| (persona.grants[place].component, place));
    let unsure = takes_part.is_empty()
        || takes_part
            .iter()
            .any(|process| !facts.described[process.index()] || !catalog.processes[process.index()].declared);
    PersonaFacts { takes_part, performs, needs, required, has, active, unsure }
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

fn held(facts: &Facts, listed: impl Iterator<Item = (SkillId, Option<Level>, Place)>) -> Vec<Held> {
    let mut has: Vec<Held> = Vec::new();
    for (through, level, place) in listed {
        for &skill in &facts.implied[through.index()] {
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
