//! What agents would do: nondeterministic routings of a scenario, played from a seed as an audit trail.
//!
//! A routing is one change: a trigger is drawn, agents join and leave at drawn moments, and the change goes
//! from hop to hop as [`routes`](crate::analysis::routes) says it can. What an agent needs it asks for in a
//! drawn order; now and then it strays, and asks for something else. Grants are activated just in time and
//! revoked when their duration, their window, the agent's part or the route ends; approvals are asked of
//! those whom the grant names. What no grant admits is refused, and goes to whom the agent escalates to.
//!
//! The same catalog, seed and start give the same events on every machine. There is no clock here: the start
//! is given, and all durations are drawn. Each event carries the verdict that follows from the catalog; an
//! audit of the trail finds the same without knowing it.

pub mod chance;
mod play;
mod trail;

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::analysis::routes::asks::Lack;
use crate::audit::judge::{Reason, Verdict};
use crate::catalog::{Actor, PersonaId, ScenarioId};

pub use trail::TrailEvent;

/// What is played.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Which scenario.
    pub scenario: ScenarioId,
    /// From which seed.
    pub seed: u64,
    /// How many events; the last routing is cut off there, as a log is.
    pub events: u64,
    /// When the first change comes, in microseconds since 1970.
    pub start: i64,
    /// In how many of a hundred cases an agent strays.
    pub strays: u8,
    /// How many of a hundred approvals are refused.
    pub refusals: u8,
}

/// The verdict that an audit will find on an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is beyond.
    pub reason: Option<Reason>,
}

/// How the routings went.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// How many events.
    pub events: u64,
    /// Of each trigger: how many changes, and how many of them got to the end.
    pub triggers: Vec<(u64, u64)>,
    /// Where changes were stuck: trigger, place of the stop, the word of why; and how often.
    pub stuck: BTreeMap<(usize, usize, &'static str), u64>,
    /// Accesses that were taken.
    pub taken: u64,
    /// Accesses that were refused: who, and by which condition; none: there is no grant.
    pub refused: BTreeMap<(PersonaId, Option<Lack>), u64>,
    /// Of each who was asked to approve: how often, and how often it was refused.
    pub asked: BTreeMap<Actor, (u64, u64)>,
    /// How often nobody was there who can approve.
    pub unasked: u64,
    /// Grants that were activated.
    pub activated: u64,
    /// Grants that were revoked again.
    pub revoked: u64,
    /// Hand-overs that were taken up.
    pub handed_over: u64,
    /// To whom agents escalated, and how often.
    pub escalated: BTreeMap<Actor, u64>,
    /// Escalations that had nobody to go to.
    pub unescalated: u64,
    /// The moments of the first and the last event, in microseconds since 1970.
    pub span: Option<(i64, i64)>,
}

/// Plays a scenario, an event at a time.
///
/// # Errors
/// A sentence where there is nothing to play: no trigger, or no router who has a card. What the sink
/// returns as an error ends the play and comes back.
pub fn play<E>(
    analysis: &Analysis,
    plan: &Plan,
    sink: &mut dyn FnMut(&TrailEvent, Expected) -> Result<(), E>,
) -> Result<Result<Played, E>, String> {
    let scenario = &analysis.catalog.scenarios[plan.scenario.index()];
    if scenario.triggers.is_empty() {
        return Err(format!(
            "the scenario {} has no triggers; state under `triggers` what sets it off, and its route",
            scenario.name
        ));
    }
    if !scenario.router.iter().any(|named| named.target.is_some()) {
        return Err(format!(
            "no router of the scenario {} has a card, so nobody would begin; state it under `router`",
            scenario.name
        ));
    }
    Ok(play::play(analysis, plan, sink))
}

#[cfg(test)]
mod tests;
