//! What the process map shows: steps by environment, who performs them, what follows what.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::{Request, Spot};
use crate::analysis::effective::Context;
use crate::analysis::facts::{Need, NeedSource, covers};
use crate::analysis::matrix::signs::Letters;
use crate::analysis::matrix::{Amount, IN_PRODUCTION, Kind, Matrix};
use crate::analysis::{Analysis, Severity};
use crate::card::kinds::ProcessLoop;
use crate::catalog::{Catalog, ComponentId, Entity, Level, PersonaId, ProcessId, StepId};
use crate::layout::badge::{Badge, Fit, letter};

/// A step in an environment.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it is.
    pub spot: Spot,
    /// The worst open finding about it, or about a performer's access to what it uses there.
    pub severity: Option<Severity>,
}

/// What follows what.
#[derive(Clone, Copy, Debug)]
pub struct Next {
    /// A place in the steps.
    pub from: usize,
    /// A place in the steps.
    pub to: usize,
    /// Where it leads back: which loop it closes.
    pub repeats: Option<&'static str>,
}

/// What is drawn.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// Steps, process by process, environment by environment.
    pub spots: Vec<Found>,
    /// Lines between them.
    pub links: Vec<Next>,
    /// The processes, in the order of their bands; those that hang together stand together.
    pub clusters: Vec<Vec<ProcessId>>,
}

/// Looks it all up.
#[must_use]
pub fn gather(analysis: &Analysis, request: &Request) -> Drawn {
    let catalog = &analysis.catalog;
    let shown: BTreeSet<ProcessId> = match &request.processes {
        Some(chosen) => chosen.iter().copied().collect(),
        None => (0..catalog.processes.len()).map(ProcessId::from_index).collect(),
    };
    let clusters = clusters(catalog, &shown);
    let steps: Vec<StepId> = clusters
        .iter()
        .flatten()
        .flat_map(|process| catalog.processes[process.index()].steps.iter().copied())
        .collect();
    let back = loops(catalog, &steps);
    let mut access = Access::of(analysis, &request.context);
    let mut places: Vec<(StepId, Option<usize>)> = Vec::new();
    for process in clusters.iter().flatten() {
        let steps = &catalog.processes[process.index()].steps;
        for lane in lanes(catalog) {
            for &step in steps {
                let stated = catalog.steps[step.index()].environments;
                let here = match lane {
                    Some(environment) => stated.contains(environment),
                    None => stated.is_empty(),
                };
                let wanted = match (request.context.environment, lane) {
                    (Some(wanted), Some(environment)) => wanted == environment,
                    _ => true,
                };
                if here && wanted {
                    places.push((step, lane));
                }
            }
        }
    }
    let order = in_order_of_work(catalog, &places, &back);
    let places: Vec<(StepId, Option<usize>)> = order.into_iter().map(|place| places[place]).collect();
    let spots = places.iter().map(|(step, environment)| access.found(*step, *environment)).collect();
    let links = links(catalog, &places, &back);
    Drawn { spots, links, clusters }
}

/// The lanes: environments from least to most critical, and at last what states none.
fn lanes(catalog: &Catalog) -> impl Iterator<Item = Option<usize>> {
    (0..catalog.settings.environments.len()).map(Some).chain([None])
}

/// The processes that have steps, those that lead to each other together, each after what leads to it.
fn clusters(catalog: &Catalog, shown: &BTreeSet<ProcessId>) -> Vec<Vec<ProcessId>> {
    let drawn: Vec<ProcessId> = shown
        .iter()
        .copied()
        .filter(|process| catalog.processes.get(process.index()).is_some_and(|one| !one.steps.is_empty()))
        .collect();
    let place: HashMap<ProcessId, usize> =
        drawn.iter().enumerate().map(|(place, process)| (*process, place)).collect();
    let mut next: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); drawn.len()];
    for step in &catalog.steps {
        for following in &step.next {
            if let (Some(&from), Some(&to)) = (place.get(&step.process), place.get(&following.process))
                && from != to
            {
                next[from].insert(to);
            }
        }
    }
    let mut both = next.clone();
    for (from, others) in next.iter().enumerate() {
        for &to in others {
            both[to].insert(from);
        }
    }
    let ranks = ranks(&next);
    let mut seen = vec![false; drawn.len()];
    let mut out = Vec::new();
    for start in 0..drawn.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut cluster = vec![start];
        let mut at = 0;
        while let Some(&one) = cluster.get(at) {
            at += 1;
            for &other in &both[one] {
                if !std::mem::replace(&mut seen[other], true) {
                    cluster.push(other);
                }
            }
        }
        cluster.sort_by_key(|&one| (ranks[one], one));
        out.push(cluster.into_iter().map(|one| drawn[one]).collect());
    }
    out
}

/// How many steps each lies behind the first, along the longest way; what leads back does not count.
pub(in crate::layout) fn ranks(next: &[BTreeSet<usize>]) -> Vec<usize> {
    let back = back_edges(next);
    let mut entered = vec![0_usize; next.len()];
    for (from, others) in next.iter().enumerate() {
        for &to in others {
            entered[to] += usize::from(!back.contains(&(from, to)));
        }
    }
    let mut ranks = vec![0; next.len()];
    let mut ready: Vec<usize> = (0..next.len()).rev().filter(|place| entered[*place] == 0).collect();
    while let Some(from) = ready.pop() {
        for &to in next[from].iter().filter(|to| !back.contains(&(from, **to))) {
            ranks[to] = ranks[to].max(ranks[from] + 1);
            entered[to] -= 1;
            if entered[to] == 0 {
                ready.push(to);
            }
        }
    }
    ranks
}

/// The edges that lead back to where one came from, when one goes from the first on.
fn back_edges(next: &[BTreeSet<usize>]) -> BTreeSet<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum Visit {
        Not,
        On,
        Done,
    }
    let mut state = vec![Visit::Not; next.len()];
    let mut back = BTreeSet::new();
    for start in 0..next.len() {
        if state[start] != Visit::Not {
            continue;
        }
        state[start] = Visit::On;
        let mut stack = vec![(start, next[start].iter())];
        while let Some((from, others)) = stack.last_mut() {
            let from = *from;
            match others.next() {
                Some(&to) if state[to] == Visit::On => {
                    back.insert((from, to));
                }
                Some(&to) if state[to] == Visit::Not => {
                    state[to] = Visit::On;
                    stack.push((to, next[to].iter()));
                }
                Some(_) => {}
                None => {
                    state[from] = Visit::Done;
                    stack.pop();
                }
            }
        }
    }
    back
}

/// The pairs of steps that close a loop.
fn loops(catalog: &Catalog, steps: &[StepId]) -> BTreeSet<(StepId, StepId)> {
    let place: HashMap<StepId, usize> =
        steps.iter().enumerate().map(|(place, step)| (*step, place)).collect();
    let mut next: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); steps.len()];
    let mut graph: DiGraph<(), ()> = DiGraph::new();
    let nodes: Vec<_> = steps.iter().map(|_| graph.add_node(())).collect();
    for (from, step) in steps.iter().enumerate() {
        for following in catalog.steps[step.index()].next.iter().filter_map(|next| next.step) {
            if let Some(&to) = place.get(&following) {
                next[from].insert(to);
                graph.add_edge(nodes[from], nodes[to], ());
            }
        }
    }
    let mut ring = vec![0; steps.len()];
    for (number, members) in kosaraju_scc(&graph).into_iter().enumerate() {
        for member in members {
            ring[member.index()] = number;
        }
    }
    back_edges(&next)
        .into_iter()
        .filter(|(from, to)| ring[*from] == ring[*to])
        .map(|(from, to)| (steps[from], steps[to]))
        .collect()
}

/// The order in which steps of a process follow each other in an environment.
fn in_order_of_work(
    catalog: &Catalog,
    places: &[(StepId, Option<usize>)],
    back: &BTreeSet<(StepId, StepId)>,
) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(places.len());
    let mut start = 0;
    while start < places.len() {
        let key = |place: usize| (catalog.steps[places[place].0.index()].process, places[place].1);
        let end = (start..places.len()).find(|place| key(*place) != key(start)).unwrap_or(places.len());
        let local: HashMap<StepId, usize> =
            (start..end).map(|place| (places[place].0, place - start)).collect();
        let next: Vec<BTreeSet<usize>> = (start..end)
            .map(|place| {
                let step = places[place].0;
                let following = catalog.steps[step.index()].next.iter().filter_map(|next| next.step);
                following
                    .filter(|to| !back.contains(&(step, *to)))
                    .filter_map(|to| local.get(&to).copied())
                    .collect()
            })
            .collect();
        let ranks = ranks(&next);
        let mut run: Vec<usize> = (0..end - start).collect();
        run.sort_by_key(|one| (ranks[*one], *one));
        order.extend(run.into_iter().map(|one| one + start));
        start = end;
    }
    order
}

fn links(
    catalog: &Catalog,
    places: &[(StepId, Option<usize>)],
    back: &BTreeSet<(StepId, StepId)>,
) -> Vec<Next> {
    let mut by_step: HashMap<StepId, Vec<usize>> = HashMap::new();
    for (place, (step, _)) in places.iter().enumerate() {
        by_step.entry(*step).or_default().push(place);
    }
    let mut out: BTreeMap<(usize, usize), Next> = BTreeMap::new();
    for (step, from) in &by_step {
        for to in catalog.steps[step.index()].next.iter().filter_map(|next| next.step) {
            for &target in by_step.get(&to).into_iter().flatten() {
                // From where it stands in the same environment, else in the last before, else the first.
                let lane = |place: usize| places[place].1.unwrap_or(usize::MAX);
                let same = from.iter().find(|place| places[**place].1 == places[target].1);
                let before = from
                    .iter()
                    .filter(|place| lane(**place) < lane(target))
                    .max_by_key(|place| lane(**place));
                let Some(&source) = same.or(before).or(from.first()) else { continue };
                let repeats = back.contains(&(*step, to)).then(|| {
                    let process = catalog.steps[step.index()].process;
                    let stated = catalog.processes[process.index()].process_loop;
                    match stated.filter(|_| process == catalog.steps[to.index()].process) {
                        Some(ProcessLoop::Inner) => "inner",
                        Some(ProcessLoop::Outer) => "outer",
                        None if places[source].1 == places[target].1 => "inner",
                        None => "outer",
                    }
                });
                out.insert((source, target), Next { from: source, to: target, repeats });
            }
        }
    }
    out.into_values().collect()
}

/// Who may do what, environment by environment.
struct Access<'a> {
    analysis: &'a Analysis,
    context: &'a Context,
    letters: Letters,
    /// By step: who performs it, with the cap.
    performers: HashMap<StepId, Vec<(PersonaId, Option<Level>)>>,
    matrices: HashMap<Option<usize>, Matrix>,
}

impl<'a> Access<'a> {
    fn of(analysis: &'a Analysis, context: &'a Context) -> Self {
        let mut performers: HashMap<StepId, Vec<(PersonaId, Option<Level>)>> = HashMap::new();
        for (index, facts) in analysis.facts.personas.iter().enumerate() {
            for performed in &facts.performs {
                let who = performers.entry(performed.step).or_default();
                who.push((PersonaId::from_index(index), performed.cap));
            }
        }
        Self {
            analysis,
            context,
            letters: Letters::of(&analysis.catalog.settings),
            performers,
            matrices: HashMap::new(),
        }
    }

    fn found(&mut self, step: StepId, environment: Option<usize>) -> Found {
        let catalog = &self.analysis.catalog;
        let (analysis, context) = (self.analysis, self.context);
        let matrix = self.matrices.entry(environment).or_insert_with(|| {
            Matrix::of(analysis, Kind::Components, &Context { environment, ..context.clone() })
        });
        let mut severity = self.analysis.worst(step.into());
        let mut badges: Vec<Badge> = Vec::new();
        let stated = &catalog.steps[step.index()];
        let mut performers = self.performers.get(&step).cloned().unwrap_or_default();
        // Those that the step names come in its order.
        performers.sort_by_key(|(persona, _)| {
            stated.performers.iter().position(|performer| performer.persona == Some(*persona))
        });
        performers.dedup_by_key(|(persona, _)| *persona);
        for (persona, _) in performers {
            let judged = judge(self.analysis, self.context, matrix, persona, step, environment);
            severity = [severity, judged.severity].into_iter().flatten().min();
            let level = letter(&self.letters, judged.level);
            badges.push(Badge::new(catalog, persona, level, judged.fitting));
        }
        let unknown = stated.performers.iter().filter(|performer| performer.persona.is_none());
        badges.extend(unknown.map(|performer| Badge::unknown(performer.name.written())));
        Found { spot: Spot { step, environment, badges }, severity }
    }
}

struct Judged {
    level: Amount,
    fitting: Fit,
    severity: Option<Severity>,
}

/// What a persona's access in an environment is, against what a step asks of it there.
fn judge(
    analysis: &Analysis,
    context: &Context,
    matrix: &Matrix,
    persona: PersonaId,
    step: StepId,
    environment: Option<usize>,
) -> Judged {
    let mut judged = Judged { level: Amount::Nothing, fitting: Fit::Right, severity: None };
    for need in needs(analysis, persona, step, environment) {
        judged.level = higher(judged.level, need.level.map_or(Amount::Unstated, Amount::Access));
        let state = fit_of(analysis, context, matrix, persona, need, environment);
        judged.fitting = judged.fitting.max(state);
        let production = analysis.catalog.settings.production();
        let found = analysis.about(persona.into()).filter(|(_, finding)| {
            finding.is_open()
                && finding.subject == Entity::Persona(persona)
                && finding.object == Some(Entity::Component(need.component))
                && (finding.environment.is_none() || finding.environment == environment)
                && (!IN_PRODUCTION.contains(&finding.rule.id) || environment == Some(production))
        });
        let worst = found.map(|(_, finding)| finding.severity).min();
        judged.severity = [judged.severity, worst].into_iter().flatten().min();
    }
    judged
}

/// What a step asks of a persona in an environment.
pub fn needs(
    analysis: &Analysis,
    persona: PersonaId,
    step: StepId,
    environment: Option<usize>,
) -> impl Iterator<Item = &Need> {
    analysis.facts.of_persona(persona).needs.iter().filter(move |need| {
        matches!(need.source, NeedSource::Step(of, _) if of == step)
            && environment.is_none_or(|environment| need.is_in(environment))
    })
}

/// How a persona's access stands to one need of a step.
#[must_use]
pub fn fit_of(
    analysis: &Analysis,
    context: &Context,
    matrix: &Matrix,
    persona: PersonaId,
    need: &Need,
    environment: Option<usize>,
) -> Fit {
    let cell = matrix.cell(persona.index(), need.component.index());
    let fitting = cell.map_or(Fit::Right, Fit::of_cell);
    let lacks = !granted(analysis, context, persona, need.component).any(|grant| {
        covers(&analysis.catalog, grant, need, environment.filter(|_| !need.environments.is_empty()))
    });
    let level = match cell.map(|cell| cell.left) {
        Some(Amount::Access(level)) => Some(level),
        _ => None,
    };
    match fitting {
        Fit::Wide => Fit::Wide,
        _ if lacks => Fit::Lacks,
        // What another step there lacks does not concern this one.
        Fit::Lacks | Fit::Right | Fit::WideHere | Fit::Unsure | Fit::Unknown => {
            if need.level.is_some_and(|needed| level.is_some_and(|level| level > needed)) {
                Fit::WideHere
            } else if fitting == Fit::Unsure {
                Fit::Unsure
            } else {
                Fit::Right
            }
        }
    }
}

/// The grants of a persona on a component that are in force.
fn granted<'a>(
    analysis: &'a Analysis,
    context: &'a Context,
    persona: PersonaId,
    component: ComponentId,
) -> impl Iterator<Item = &'a crate::catalog::Grant> {
    let anywhere = Context { environment: None, ..context.clone() };
    analysis.catalog.personas[persona.index()].grants.iter().filter(move |grant| {
        grant.component == component && grant.is_active(analysis.day) && anywhere.admits(grant)
    })
}

fn higher(one: Amount, other: Amount) -> Amount {
    match (one, other) {
        (Amount::Access(a), Amount::Access(b)) => Amount::Access(a.max(b)),
        (Amount::Access(_), _) => one,
        (_, Amount::Access(_)) => other,
        (Amount::Nothing, other) => other,
        _ => one,
    }
}
