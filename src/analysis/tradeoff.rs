//! How many personas: for each number, the best merge or split found, and the excess access that it
//! causes or saves.
//!
//! The unit is a *part*: one persona's work in one process, with what that work needs. A persona is
//! a set of parts, and whoever works in one of them holds what all of them need. Its **excess** is
//! the sum, over its parts and over components and environments, of the steps of level that the
//! whole needs above what the part needs (no access is 0, the lowest level 1). Merging adds excess,
//! splitting takes it away; what is granted beyond any need is not counted here, since no number of
//! personas changes it. Humans, agents and services are never merged with each other. Merges and
//! splits are chosen one after another, each the best at its place; that the result is the best of
//! all is not proven.

use std::collections::BTreeMap;

use crate::card::kinds::PersonaType;
use crate::catalog::{ComponentId, PersonaId, ProcessId};

use super::facts::NeedSource;
use super::{Analysis, Need};

/// More personas than this are not merged: every pair would have to be looked at.
pub const MOST: usize = 2_000;

/// One number of personas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// How many personas.
    pub personas: usize,
    /// The excess of all of them.
    pub excess: u64,
    /// What to do, from the number nearer to today's; nothing for today's own.
    pub change: Option<Reshape>,
}

/// One merge or split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reshape {
    /// The personas of today that are together after it.
    Merge(Vec<PersonaId>),
    /// The processes that a persona of today gives away.
    Split(PersonaId, Vec<ProcessId>),
}

type Cell = (ComponentId, usize);

#[derive(Clone, Debug)]
struct Part {
    persona: PersonaId,
    process: Option<ProcessId>,
    needs: BTreeMap<Cell, u64>,
}

/// Some parts together.
#[derive(Clone, Debug)]
struct Cluster {
    kind: PersonaType,
    parts: Vec<usize>,
    most: BTreeMap<Cell, u64>,
    sum: u64,
}

impl Cluster {
    fn of(kind: PersonaType, places: Vec<usize>, all: &[Part]) -> Self {
        let mut most: BTreeMap<Cell, u64> = BTreeMap::new();
        let mut sum = 0;
        for (cell, level) in places.iter().flat_map(|place| &all[*place].needs) {
            let own = most.entry(*cell).or_default();
            *own = (*own).max(*level);
            sum += level;
        }
        Self { kind, parts: places, most, sum }
    }

    fn excess(&self) -> u64 {
        self.most.values().sum::<u64>() * self.parts.len() as u64 - self.sum
    }

    /// The excess of two together.
    fn with(&self, other: &Self) -> u64 {
        let mut most: u64 = self.most.values().sum();
        for (cell, level) in &other.most {
            most += level.saturating_sub(self.most.get(cell).copied().unwrap_or(0));
        }
        most * (self.parts.len() + other.parts.len()) as u64 - self.sum - other.sum
    }
}

/// The best found for each number of personas from `least` to `most`, in order; numbers that cannot
/// be reached are left out. Nothing where there are more than [`MOST`] personas.
#[must_use]
pub fn tradeoff(analysis: &Analysis, least: usize, most: usize) -> Vec<Point> {
    let count = analysis.catalog.personas.len();
    if count == 0 || count > MOST {
        return Vec::new();
    }
    let parts = parts(analysis);
    let today: Vec<Cluster> = (0..count)
        .map(|index| {
            let own = (0..parts.len()).filter(|place| parts[*place].persona.index() == index).collect();
            Cluster::of(analysis.catalog.personas[index].persona_type, own, &parts)
        })
        .collect();
    let total = |clusters: &[Cluster]| clusters.iter().map(Cluster::excess).sum();
    let mut points = vec![Point { personas: count, excess: total(&today), change: None }];
    points.extend(merges(today.clone(), &parts, least));
    let mut now = today;
    while now.len() < most {
        let Some((place, given)) = best_split(&now, &parts) else { break };
        let own = now[place].clone();
        let rest: Vec<usize> = own.parts.iter().copied().filter(|part| !given.contains(part)).collect();
        let persona = parts[given[0]].persona;
        let processes = given.iter().filter_map(|part| parts[*part].process).collect();
        now[place] = Cluster::of(own.kind, rest, &parts);
        now.push(Cluster::of(own.kind, given, &parts));
        points.push(Point {
            personas: now.len(),
            excess: total(&now),
            change: Some(Reshape::Split(persona, processes)),
        });
    }
    points.retain(|point| (least..=most).contains(&point.personas));
    points.sort_by_key(|point| point.personas);
    points
}

/// The persona that adds the least excess when it is merged with this one; of equals the one that
/// shares most of its work, then the first. None where there is no other of its type, or there are
/// more than [`MOST`] personas.
#[must_use]
pub fn partner_of(analysis: &Analysis, persona: PersonaId) -> Option<PersonaId> {
    let catalog = &analysis.catalog;
    if catalog.personas.len() > MOST {
        return None;
    }
    let parts = parts(analysis);
    let cluster = |of: PersonaId| {
        let own = (0..parts.len()).filter(|place| parts[*place].persona == of).collect();
        Cluster::of(catalog.personas[of.index()].persona_type, own, &parts)
    };
    let own = cluster(persona);
    let listed = |of: PersonaId| catalog.personas[of.index()].processes.iter().map(|part| part.process);
    (0..catalog.personas.len())
        .map(PersonaId::from_index)
        .filter(|other| *other != persona)
        .map(|other| (other, cluster(other)))
        .filter(|(_, other)| other.kind == own.kind)
        .min_by_key(|(id, other)| {
            let cost = own.with(other) - own.excess() - other.excess();
            let shared = listed(*id).filter(|process| listed(persona).any(|own| own == *process)).count();
            (cost, std::cmp::Reverse(shared), *id)
        })
        .map(|(id, _)| id)
}

/// The processes that a persona gives away where that takes the most excess away; nothing where it
/// could not be split.
#[must_use]
pub fn best_split_of(analysis: &Analysis, persona: PersonaId) -> Vec<ProcessId> {
    let parts = parts_of(analysis, persona);
    let kind = analysis.catalog.personas[persona.index()].persona_type;
    let own = [Cluster::of(kind, (0..parts.len()).collect(), &parts)];
    let Some((_, given)) = best_split(&own, &parts) else { return Vec::new() };
    let listed = &analysis.catalog.personas[persona.index()].processes;
    let given: Vec<ProcessId> = given.into_iter().filter_map(|place| parts[place].process).collect();
    // A persona keeps at least one of those that it lists.
    if listed.iter().all(|part| given.contains(&part.process)) { Vec::new() } else { given }
}

fn parts(analysis: &Analysis) -> Vec<Part> {
    (0..analysis.catalog.personas.len())
        .map(PersonaId::from_index)
        .flat_map(|persona| parts_of(analysis, persona))
        .collect()
}

/// The parts of one persona.
fn parts_of(analysis: &Analysis, persona: PersonaId) -> Vec<Part> {
    let catalog = &analysis.catalog;
    let mut own: BTreeMap<Option<ProcessId>, BTreeMap<Cell, u64>> = BTreeMap::new();
    // A process that it lists counts with all its parts, since a persona is split along these.
    let listed: Vec<ProcessId> =
        catalog.personas[persona.index()].processes.iter().map(|part| part.process).collect();
    for process in &listed {
        own.entry(Some(*process)).or_default();
    }
    for need in &analysis.facts.of_persona(persona).needs {
        let process = match need.source {
            NeedSource::Step(step, _) => catalog.steps[step.index()].process,
            NeedSource::Process(process, _) => process,
        };
        let wholes = &analysis.facts.wholes[process.index()];
        let whole = listed.iter().copied().find(|listed| wholes.contains(listed));
        let cells = own.entry(whole).or_default();
        for (environment, level) in cells_of(analysis, need) {
            let known = cells.entry((need.component, environment)).or_default();
            *known = (*known).max(level);
        }
    }
    if own.is_empty() {
        own.insert(None, BTreeMap::new());
    }
    own.into_iter().map(|(process, needs)| Part { persona, process, needs }).collect()
}

/// Environments and steps of level of a need; a need in "any" counts everywhere, one without a level
/// as the lowest.
fn cells_of(analysis: &Analysis, need: &Need) -> Vec<(usize, u64)> {
    let level = need.level.map_or(1, |level| u64::from(level.0) + 1);
    (0..analysis.catalog.settings.environments.len())
        .filter(|environment| need.is_in(*environment))
        .map(|environment| (environment, level))
        .collect()
}

/// Merges, one after another, each the cheapest there is, down to `least`.
fn merges(today: Vec<Cluster>, parts: &[Part], least: usize) -> Vec<Point> {
    let mut points = Vec::new();
    let mut count = today.len();
    let mut excess: u64 = today.iter().map(Cluster::excess).sum();
    let mut slots: Vec<Option<Cluster>> = today.into_iter().map(Some).collect();
    // By cluster: the cheapest merge with a later one, so that a merge leaves most answers good.
    let mut nearest: Vec<Option<(u64, usize)>> =
        (0..slots.len()).map(|place| partner(&slots, place)).collect();
    while count > least {
        let best = nearest
            .iter()
            .enumerate()
            .filter_map(|(left, near)| near.map(|(cost, right)| (cost, left, right)));
        let Some((cost, left, right)) = best.min() else { break };
        let (Some(own), Some(other)) = (slots[left].take(), slots[right].take()) else { break };
        let merged = Cluster::of(own.kind, own.parts.iter().chain(&other.parts).copied().collect(), parts);
        let mut personas: Vec<PersonaId> = merged.parts.iter().map(|place| parts[*place].persona).collect();
        personas.sort_unstable();
        personas.dedup();
        slots[left] = Some(merged);
        nearest[right] = None;
        for (place, near) in nearest.iter_mut().enumerate() {
            let stale = near.is_some_and(|(_, near)| near == left || near == right);
            if place == left || stale {
                *near = partner(&slots, place);
            } else if place < left
                && let Some(cost) = cost_of(&slots, place, left)
            {
                *near = (*near).min(Some((cost, left))).or(Some((cost, left)));
            }
        }
        count -= 1;
        excess += cost;
        points.push(Point { personas: count, excess, change: Some(Reshape::Merge(personas)) });
    }
    points
}

fn cost_of(slots: &[Option<Cluster>], left: usize, right: usize) -> Option<u64> {
    let (own, other) = (slots[left].as_ref()?, slots[right].as_ref()?);
    (own.kind == other.kind).then(|| own.with(other) - own.excess() - other.excess())
}

fn partner(slots: &[Option<Cluster>], place: usize) -> Option<(u64, usize)> {
    (place + 1..slots.len()).filter_map(|other| Some((cost_of(slots, place, other)?, other))).min()
}

/// The cluster, and the parts that it gives away, that take the most excess away.
fn best_split(clusters: &[Cluster], parts: &[Part]) -> Option<(usize, Vec<usize>)> {
    let mut best: Option<(u64, usize, Vec<usize>)> = None;
    for (place, own) in clusters.iter().enumerate() {
        // Parts without a process of their own cannot be given away.
        let movable: Vec<usize> =
            own.parts.iter().copied().filter(|part| parts[*part].process.is_some()).collect();
        if own.parts.len() < 2 {
            continue;
        }
        for (saved, given) in ways_to_split(own, &movable, parts) {
            if best.as_ref().is_none_or(|(most, _, _)| saved > *most) {
                best = Some((saved, place, given));
            }
        }
    }
    best.map(|(_, place, mut given)| {
        given.sort_unstable();
        (place, given)
    })
}

/// Every set of so many parts is tried; of more a good one is looked for.
const MOST_TRIED: usize = 8;

/// What a cluster could give away, and the excess that this saves; the fewest parts first.
fn ways_to_split(own: &Cluster, movable: &[usize], parts: &[Part]) -> Vec<(u64, Vec<usize>)> {
    let mut ways = Vec::new();
    if movable.len() <= MOST_TRIED {
        let mut sets: Vec<u32> = (1..1_u32 << movable.len()).collect();
        sets.sort_by_key(|set| set.count_ones());
        for set in sets {
            let is_in = |place: &usize| set & (1 << place) != 0;
            let given: Vec<usize> = (0..movable.len()).filter(is_in).map(|place| movable[place]).collect();
            if given.len() < own.parts.len() {
                ways.push((saves(own, &given, parts), given));
            }
        }
        return ways;
    }
    for first in movable {
        let mut given = vec![*first];
        let mut saved = saves(own, &given, parts);
        // More goes along as long as that saves more.
        loop {
            let more = movable
                .iter()
                .filter(|part| !given.contains(part) && given.len() + 1 < own.parts.len())
                .map(|part| {
                    let mut with = given.clone();
                    with.push(*part);
                    (saves(own, &with, parts), *part)
                })
                .max_by_key(|(saves, part)| (*saves, std::cmp::Reverse(*part)));
            match more {
                Some((more, part)) if more > saved => {
                    saved = more;
                    given.push(part);
                }
                _ => break,
            }
        }
        ways.push((saved, given));
    }
    ways
}

fn saves(own: &Cluster, given: &[usize], parts: &[Part]) -> u64 {
    let rest: Vec<usize> = own.parts.iter().copied().filter(|part| !given.contains(part)).collect();
    let (rest, given) = (Cluster::of(own.kind, rest, parts), Cluster::of(own.kind, given.to_vec(), parts));
    own.excess().saturating_sub(rest.excess() + given.excess())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const TEXT: &str = "\
kind: PersonaList
items:
  - {id: P1, name: A, processes: [Build, Run]}
  - {id: P2, name: B, processes: [Build]}
  - {id: P3, name: C, processes: [Run]}
  - {id: A1, name: D, type: agent, processes: [Run]}
---
kind: ProcessList
items:
  - {name: Build, uses: [{component: Forge, level: admin, environments: [dev]}]}
  - {name: Run, uses: [{component: Meter, level: read, environments: [prod]}]}
";

    #[test]
    fn excess_is_what_the_whole_needs_above_its_parts() {
        let analysis = analysis(TEXT);
        let points = tradeoff(&analysis, 2, 6);
        let told: Vec<(usize, u64)> = points.iter().map(|point| (point.personas, point.excess)).collect();
        // Of P1 the work in Run gets admin in dev for nothing (3), that in Build read in prod (1).
        assert_eq!(told, [(2, 8), (3, 5), (4, 4), (5, 0)]);
        assert_eq!(points[2].change, None);
        let ids = |change: &Option<Reshape>| match change {
            Some(Reshape::Merge(personas)) => personas.iter().map(|id| id.index()).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        assert_eq!(ids(&points[1].change), [0, 1]);
        assert_eq!(ids(&points[0].change), [0, 1, 2], "an agent is merged with no human");
        assert!(
            matches!(&points[3].change, Some(Reshape::Split(id, given)) if id.index() == 0 && given.len() == 1)
        );
    }

    #[test]
    fn of_one_persona_the_best_partner_and_the_best_split() {
        let analysis = analysis(TEXT);
        let id = PersonaId::from_index;
        assert_eq!(best_split_of(&analysis, id(0)).len(), 1);
        assert_eq!(best_split_of(&analysis, id(1)), [], "one process is not split");
        // With A nothing but what A's work in Run adds, with C both.
        assert_eq!(partner_of(&analysis, id(1)), Some(id(0)));
        assert_eq!(partner_of(&analysis, id(3)), None, "an agent has no other agent here");
    }

    #[test]
    fn nothing_to_merge_is_no_point() {
        assert_eq!(tradeoff(&analysis("kind: Team\nname: T\n"), 3, 15), []);
        assert_eq!(tradeoff(&analysis("kind: Persona\nname: A\n"), 1, 3).len(), 1);
    }
}
