//! Every route of a scenario: who gets a change in which order, what each takes on the way, who answers,
//! and where it would be stuck.
//!
//! A route begins with a router, who reads the change and does its own part, and goes from hop to hop.
//! Whoever a trigger says joins or leaves may do so at any moment of the route; all these orders are walked,
//! and those that end alike are counted together. Who joins in some trigger is not there until then; all
//! others are there from the start. What humans do on a route is theirs and is not looked at. Nothing is
//! left to chance here: that is for `audit::simulate`.

pub mod asks;
mod orders;
pub mod phrases;

use std::collections::{HashMap, HashSet, VecDeque};

use crate::analysis::Analysis;
use crate::card::words::Name;
use crate::catalog::{Catalog, Grant, Party, PersonaId, Place, Scenario, ScenarioId, StepId, Trigger};

use asks::{Ask, Ruling, Setting, approvers, ruling};
pub use orders::{Move, Outcome};

/// The most joins and leaves of one trigger of which all orders are walked.
pub const MOST_MOVES: usize = 10;
/// The most ways in which agents can be there or not that are walked.
pub const MOST_STATES: usize = 4_096;
/// The most agents that come and go.
pub const MOST_MOVERS: usize = 60;

/// All routes of a scenario.
#[derive(Clone, Debug)]
pub struct Exploration {
    /// Of which one.
    pub scenario: ScenarioId,
    /// Those who come and go.
    pub movers: Vec<PersonaId>,
    /// Those of them who are there at the start.
    pub at_start: Vec<PersonaId>,
    /// The routes: by trigger, then by router, then by who is there.
    pub routes: Vec<Route>,
    /// What was left out because there was too much of it, as sentences; empty: nothing.
    pub left_out: Vec<String>,
}

/// A trigger, a router, and who is there when it is set off.
#[derive(Clone, Debug)]
pub struct Route {
    /// The place of the trigger in the scenario.
    pub trigger: usize,
    /// The triggers that were set off before, the fewest that lead there.
    pub after: Vec<usize>,
    /// Whom it names and who is not there when it is set off.
    pub absent: Vec<PersonaId>,
    /// Its hops, the router's first.
    pub hops: Vec<Hop>,
    /// How it can end: the most orders first.
    pub outcomes: Vec<Outcome>,
}

/// A stop on a route.
#[derive(Clone, Debug)]
pub struct Hop {
    /// As the scenario names it.
    pub name: Name,
    /// Who that is.
    pub persona: Option<PersonaId>,
    /// Where the scenario names it.
    pub place: Place,
    /// Who hands over to it; nobody to the router.
    pub giver: Option<PersonaId>,
    /// How the giver's card, or its own, says that they talk to each other.
    pub protocol: Option<Name>,
    /// What it asks for, in order, and what comes of it.
    pub work: Work,
    /// What keeps it from doing its part, whoever joins or leaves.
    pub stuck: Option<Stuck>,
    /// What is held while it is at work: its own, what is standing of those before it, and what they
    /// activated for the whole route.
    pub held: Vec<(PersonaId, usize)>,
    /// What that weighs: for each environment of a grant its level from the bottom, from 1 on.
    pub width: u64,
}

/// What somebody does at a stop.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// The accesses that it takes or would take, each with what comes of it.
    pub asks: Vec<(Ask, Ruling)>,
    /// Whether cards say what it does; else these are all that its grants give.
    pub described: bool,
    /// The steps that name it, where it has no card, and so what it would have to do.
    pub would_do: Vec<StepId>,
}

/// What keeps a route from going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// The trigger names nobody to hand over to.
    NoRoute,
    /// The name belongs to no persona.
    NoCard,
    /// It has not joined, or has left.
    NotThere,
    /// It is a human persona, and nobody who is there embodies it.
    NobodyEmbodies,
    /// It needs an access that no grant admits: the place of the ask.
    Refused(usize),
    /// It needs an access that somebody must approve, and nobody who can is there: the place of the ask.
    NobodyApproves(usize),
}

impl Stuck {
    /// The word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::NoRoute => "no-route",
            Self::NoCard => "no-card",
            Self::NotThere => "not-there",
            Self::NobodyEmbodies => "nobody-embodies",
            Self::Refused(_) => "refused",
            Self::NobodyApproves(_) => "nobody-approves",
        }
    }
}

/// Who comes and goes in a scenario, in the order in which it names them, and who of them is there at the
/// start, as a bit each.
#[must_use]
pub fn movers(scenario: &Scenario) -> (Vec<PersonaId>, u64) {
    let mut movers: Vec<PersonaId> = Vec::new();
    let joining: HashSet<PersonaId> =
        scenario.triggers.iter().flat_map(|one| &one.joins).filter_map(|named| named.target).collect();
    let named = scenario.triggers.iter().flat_map(|one| one.joins.iter().chain(&one.leaves));
    for id in named.filter_map(|named| named.target) {
        if !movers.contains(&id) && movers.len() < MOST_MOVERS {
            movers.push(id);
        }
    }
    let there = movers.iter().enumerate().filter(|(_, id)| !joining.contains(id));
    let there = there.fold(0, |mask, (place, _)| mask | 1 << place);
    (movers, there)
}

/// Walks every route of a scenario on the day of the analysis.
#[must_use]
pub fn explore(analysis: &Analysis, id: ScenarioId) -> Exploration {
    let scenario = &analysis.catalog.scenarios[id.index()];
    let (movers, start) = movers(scenario);
    let at_start =
        movers.iter().enumerate().filter(|(place, _)| start & 1 << place != 0).map(|(_, id)| *id).collect();
    let mut found = Exploration { scenario: id, movers, at_start, routes: Vec::new(), left_out: Vec::new() };
    let all = scenario.triggers.iter().flat_map(|one| one.joins.iter().chain(&one.leaves));
    let beyond: HashSet<PersonaId> =
        all.filter_map(|named| named.target).filter(|id| !found.movers.contains(id)).collect();
    if !beyond.is_empty() {
        found.left_out.push(format!(
            "{} more join or leave than the {MOST_MOVERS} of whom that is followed; these count as there",
            beyond.len()
        ));
    }
    let mut histories: HashMap<u64, Vec<usize>> = HashMap::from([(start, Vec::new())]);
    let mut queue = VecDeque::from([start]);
    let mut known: HashSet<(usize, usize, u64)> = HashSet::new();
    let mut cut_states = false;
    // What is done at each stop does not depend on who is there.
    let walks: Vec<Vec<(Vec<Hop>, u64)>> = scenario
        .triggers
        .iter()
        .map(|trigger| {
            let of_router = |router| {
                let hops = hops(analysis, trigger, router);
                let concerned = concerned(&found.movers, trigger, &hops);
                (hops, concerned)
            };
            scenario.router.iter().map(of_router).collect()
        })
        .collect();
    while let Some(state) = queue.pop_front() {
        let after = histories.get(&state).cloned().unwrap_or_default();
        for (place, trigger) in scenario.triggers.iter().enumerate() {
            for (which, (hops, concerned)) in walks[place].iter().enumerate() {
                if !known.insert((place, which, state & concerned)) {
                    continue;
                }
                let there = |id: PersonaId| orders::is_there(&found.movers, state, id);
                let mut absent: Vec<PersonaId> =
                    hops.iter().filter_map(|hop| hop.persona).filter(|id| !there(*id)).collect();
                let mut seen = HashSet::new();
                absent.retain(|id| seen.insert(*id));
                let (outcomes, left_out) = orders::outcomes(&found.movers, state, trigger, hops);
                if left_out > 0 {
                    let said = format!(
                        "trigger {} has {left_out} more joins and leaves than the {MOST_MOVES} of which all orders are walked; these joins come first, and these leaves last",
                        place + 1
                    );
                    if !found.left_out.contains(&said) {
                        found.left_out.push(said);
                    }
                }
                let (hops, after) = (hops.clone(), after.clone());
                found.routes.push(Route { trigger: place, after, absent, hops, outcomes });
            }
            for next in orders::states_after(&found.movers, state, trigger) {
                if histories.contains_key(&next) {
                    continue;
                }
                if histories.len() >= MOST_STATES {
                    cut_states = true;
                    continue;
                }
                let mut history = after.clone();
                history.push(place);
                histories.insert(next, history);
                queue.push_back(next);
            }
        }
    }
    if cut_states {
        found.left_out.push(format!(
            "agents can be there or not in more than {MOST_STATES} ways; only so many are walked"
        ));
    }
    found.routes.sort_by_key(|route| route.trigger);
    found
}

/// The movers of whom it matters whether they are there, as a bit each.
fn concerned(movers: &[PersonaId], trigger: &Trigger, hops: &[Hop]) -> u64 {
    let moving = trigger.joins.iter().chain(&trigger.leaves).filter_map(|named| named.target);
    let named: HashSet<PersonaId> = hops.iter().filter_map(|hop| hop.persona).chain(moving).collect();
    let concerned = movers.iter().enumerate().filter(|(_, id)| named.contains(id));
    concerned.fold(0, |mask, (place, _)| mask | 1 << place)
}

/// The stops of a trigger, the router's first, with what each takes.
#[must_use]
pub fn hops(analysis: &Analysis, trigger: &Trigger, router: &crate::catalog::Named<PersonaId>) -> Vec<Hop> {
    let catalog = &analysis.catalog;
    let setting = Setting { phase: trigger.phase.clone(), risk: trigger.risk, day: analysis.day };
    let mut hops: Vec<Hop> = Vec::with_capacity(trigger.route.len() + 1);
    // What stays held until the route ends: what is standing, and what is eligible and was activated.
    let mut kept: Vec<(PersonaId, usize)> = Vec::new();
    let mut giver: Option<PersonaId> = None;
    for (place, named) in std::iter::once(router).chain(&trigger.route).enumerate() {
        let work = named.target.map_or_else(
            || Work { would_do: steps_naming(catalog, &named.name), ..Work::default() },
            |id| work(analysis, id, &setting),
        );
        let stuck = stuck(analysis, named.target, &work)
            .or_else(|| (place == 0 && trigger.route.is_empty()).then_some(Stuck::NoRoute));
        let mut held = kept.clone();
        if let Some(id) = named.target.filter(|id| !catalog.personas[id.index()].is_human()) {
            let grants = &catalog.personas[id.index()].grants;
            let context = setting.context();
            let standing = grants
                .iter()
                .enumerate()
                .filter(|(_, grant)| grant.is_standing() && context.refusals(grant, setting.day).is_empty());
            let mut own: Vec<usize> = standing.map(|(place, _)| place).collect();
            let last = match &stuck {
                Some(Stuck::Refused(at) | Stuck::NobodyApproves(at)) => *at,
                _ => work.asks.len(),
            };
            own.extend(work.asks[..last].iter().filter_map(|(_, ruling)| match ruling {
                Ruling::Admitted(grant) => Some(*grant),
                Ruling::Refused(..) => None,
            }));
            own.sort_unstable();
            own.dedup();
            for grant in own {
                let one = (id, grant);
                if !held.contains(&one) {
                    held.push(one);
                }
                let is_kept = grants[grant].mode != Some(crate::card::kinds::Mode::JustInTime);
                if is_kept && !kept.contains(&one) {
                    kept.push(one);
                }
            }
        }
        let width = held.iter().map(|(id, grant)| weight(&catalog.personas[id.index()].grants[*grant])).sum();
        hops.push(Hop {
            name: named.name.clone(),
            persona: named.target,
            place: named.place,
            giver,
            protocol: giver.and_then(|giver| protocol(catalog, giver, named.target, &named.name)),
            work,
            stuck,
            held,
            width,
        });
        giver = named.target.or(giver);
    }
    hops
}

impl Setting {
    /// The same, as a context: in any environment.
    #[must_use]
    pub fn context(&self) -> crate::analysis::effective::Context {
        crate::analysis::effective::Context { environment: None, phase: self.phase.clone(), risk: self.risk }
    }
}

/// What a persona does in a setting. Humans do what they do.
#[must_use]
pub fn work(analysis: &Analysis, persona: PersonaId, setting: &Setting) -> Work {
    let own = &analysis.catalog.personas[persona.index()];
    if own.is_human() {
        return Work { described: true, ..Work::default() };
    }
    let mut needed = asks::asks(analysis, persona, setting.phase.as_ref());
    let described = !needed.is_empty();
    if !described {
        let context = setting.context();
        let admitted = own.grants.iter().filter(|grant| context.refusals(grant, setting.day).is_empty());
        needed = admitted.flat_map(asks::asks_of_grant).collect();
    }
    let asks = needed.into_iter().map(|ask| {
        let ruling = ruling(analysis, persona, &ask, setting);
        (ask, ruling)
    });
    Work { asks: asks.collect(), described, would_do: Vec::new() }
}

fn stuck(analysis: &Analysis, persona: Option<PersonaId>, work: &Work) -> Option<Stuck> {
    let catalog = &analysis.catalog;
    let Some(id) = persona else { return Some(Stuck::NoCard) };
    let own = &catalog.personas[id.index()];
    if own.is_human() {
        return (!analysis.facts.is_embodied(catalog, id)).then_some(Stuck::NobodyEmbodies);
    }
    if !work.described {
        // What it could do is not what it has to do.
        return None;
    }
    work.asks.iter().enumerate().find_map(|(place, (_, ruling))| match ruling {
        Ruling::Refused(..) => Some(Stuck::Refused(place)),
        Ruling::Admitted(grant) => {
            let grant = &own.grants[*grant];
            let nobody = !grant.approval.is_empty() && approvers(analysis, grant).is_empty();
            nobody.then_some(Stuck::NobodyApproves(place))
        }
    })
}

/// What a grant weighs: in each environment that it states its level from the bottom, from 1 on; 1 without
/// a level.
#[must_use]
pub fn weight(grant: &Grant) -> u64 {
    let of = |level: Option<crate::catalog::Level>| level.map_or(1, |level| level.index() as u64 + 1);
    if grant.environments.is_empty() {
        return of(grant.level_without_environment());
    }
    grant.environments.iter().map(|environment| of(grant.level_in(environment))).sum()
}

/// How the cards of two say that they talk to each other.
fn protocol(catalog: &Catalog, giver: PersonaId, taker: Option<PersonaId>, name: &Name) -> Option<Name> {
    let says = |of: PersonaId, with: Option<PersonaId>, name: Option<&Name>| {
        let interactions = &catalog.personas[of.index()].interactions;
        interactions
            .iter()
            .filter(|one| {
                with.is_some_and(|with| one.party == Party::Persona(with)) || name == Some(&one.name)
            })
            .find_map(|one| one.protocol.clone())
    };
    says(giver, taker, Some(name)).or_else(|| taker.and_then(|taker| says(taker, Some(giver), None)))
}

/// The steps that name a performer who has no card.
fn steps_naming(catalog: &Catalog, name: &Name) -> Vec<StepId> {
    let steps = catalog.steps.iter().enumerate();
    steps
        .filter(|(_, step)| step.performers.iter().any(|one| one.persona.is_none() && one.name == *name))
        .map(|(place, _)| StepId::from_index(place))
        .collect()
}
#[cfg(test)]
mod tests;
