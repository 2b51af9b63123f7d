//! The orders in which agents join and leave while a change goes from hop to hop.
//!
//! Orders are not listed but counted: where a route stands depends on who has moved so far and on the hop,
//! not on the way there.

use std::collections::HashMap;

use super::{Hop, MOST_MOVES, MOST_STATES, Stuck};
use crate::catalog::{PersonaId, Trigger};

/// Something that happens on a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Move {
    /// An agent joins.
    Joins(PersonaId),
    /// The change comes to the stop at this place.
    Hop(usize),
    /// An agent leaves.
    Leaves(PersonaId),
}

/// How a route can end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The place of the stop at which it is stuck, and why; none: it gets to the end.
    pub stuck: Option<(usize, Stuck)>,
    /// How many orders of joins, leaves and hops end so.
    pub orders: u128,
    /// The first of them, as far as it gets.
    pub example: Vec<Move>,
}

/// Whether somebody is there; who never moves always is.
pub fn is_there(movers: &[PersonaId], state: u64, id: PersonaId) -> bool {
    movers.iter().position(|mover| *mover == id).is_none_or(|place| state & 1 << place != 0)
}

/// A join or a leave of a trigger.
#[derive(Clone, Copy, Debug)]
struct Moving {
    mover: usize,
    id: PersonaId,
    joins: bool,
}

fn moving(movers: &[PersonaId], trigger: &Trigger) -> Vec<Moving> {
    let mut out: Vec<Moving> = Vec::new();
    for (named, joins) in [(&trigger.joins, true), (&trigger.leaves, false)] {
        for id in named.iter().filter_map(|named| named.target) {
            let Some(mover) = movers.iter().position(|mover| *mover == id) else { continue };
            if !out.iter().any(|known| known.mover == mover && known.joins == joins) {
                out.push(Moving { mover, id, joins });
            }
        }
    }
    out
}

fn moved(state: u64, moving: &Moving) -> u64 {
    if moving.joins { state | 1 << moving.mover } else { state & !(1 << moving.mover) }
}

/// Who can be there after a trigger: all joins and leaves come to pass, in any order. Of each that joins and
/// leaves, either may be last, whatever the others do.
pub fn states_after(movers: &[PersonaId], state: u64, trigger: &Trigger) -> Vec<u64> {
    let all = moving(movers, trigger);
    let (joins, leaves): (Vec<Moving>, Vec<Moving>) = all.into_iter().partition(|one| one.joins);
    let joined = joins.iter().fold(state, moved);
    let mut states = vec![leaves.iter().fold(joined, moved)];
    for both in joins.iter().filter(|one| leaves.iter().any(|other| other.mover == one.mover)) {
        // More than are walked need not be told apart; that they are too many is said then.
        if states.len() > MOST_STATES {
            break;
        }
        states.extend(states.clone().into_iter().map(|state| moved(state, both)));
    }
    states
}

/// How a route can end from a state, and how many joins and leaves were too many to be ordered.
pub fn outcomes(movers: &[PersonaId], state: u64, trigger: &Trigger, hops: &[Hop]) -> (Vec<Outcome>, usize) {
    let mut all = moving(movers, trigger);
    let mut early = state;
    let left_out = all.len().saturating_sub(MOST_MOVES);
    if left_out > 0 {
        // What is too much joins at the start, or leaves once the route is over.
        early = all[MOST_MOVES..].iter().filter(|one| one.joins).fold(state, moved);
        all.truncate(MOST_MOVES);
    }
    let mut walk = Walk { movers, hops, all, known: HashMap::new() };
    let ends = walk.from(early, 0, 0);
    let mut out: Vec<Outcome> = ends
        .into_iter()
        .map(|(end, (orders, example))| {
            let stuck = end.map(|(at, gone)| {
                let fixed = hops.get(at).and_then(|hop| hop.stuck.clone());
                (at, if gone { Stuck::NotThere } else { fixed.unwrap_or(Stuck::NotThere) })
            });
            Outcome { stuck, orders, example }
        })
        .collect();
    out.sort_by(|left, right| right.orders.cmp(&left.orders).then_with(|| left.example.cmp(&right.example)));
    (out, left_out)
}

/// Where a route ends: at a stop, and whether that is because somebody is not there; none: at the end.
type End = Option<(usize, bool)>;
type Ends = HashMap<End, (u128, Vec<Move>)>;

struct Walk<'a> {
    movers: &'a [PersonaId],
    hops: &'a [Hop],
    all: Vec<Moving>,
    known: HashMap<(u64, u32, usize), Ends>,
}

impl Walk<'_> {
    /// The ends from where these moves were made and the change is about to come to this stop.
    fn from(&mut self, state: u64, made: u32, hop: usize) -> Ends {
        if let Some(known) = self.known.get(&(state, made, hop)) {
            return known.clone();
        }
        let mut ends = Ends::new();
        let open: Vec<usize> = (0..self.all.len()).filter(|place| made & 1 << place == 0).collect();
        if hop == self.hops.len() {
            ends.insert(None, (orders(open.len(), 0), open.iter().map(|place| self.step(*place)).collect()));
            return ends;
        }
        // Joins first, then the hop, then leaves, so that the first order is the one that goes furthest.
        let (joins, leaves): (Vec<usize>, Vec<usize>) =
            open.into_iter().partition(|place| self.all[*place].joins);
        let remaining = joins.len() + leaves.len();
        for place in &joins {
            self.try_move(state, made, hop, *place, &mut ends);
        }
        let gone = self.hops[hop].persona.is_some_and(|id| !is_there(self.movers, state, id));
        if gone || self.hops[hop].stuck.is_some() {
            let count = orders(remaining, self.hops.len() - hop - 1);
            add(&mut ends, Some((hop, gone)), count, &[Move::Hop(hop)], &[]);
        } else {
            for (end, (count, rest)) in self.from(state, made, hop + 1) {
                add(&mut ends, end, count, &[Move::Hop(hop)], &rest);
            }
        }
        for place in &leaves {
            self.try_move(state, made, hop, *place, &mut ends);
        }
        self.known.insert((state, made, hop), ends.clone());
        ends
    }

    fn try_move(&mut self, state: u64, made: u32, hop: usize, place: usize, ends: &mut Ends) {
        let next = moved(state, &self.all[place]);
        let step = self.step(place);
        for (end, (count, rest)) in self.from(next, made | 1 << place, hop) {
            add(ends, end, count, &[step], &rest);
        }
    }

    fn step(&self, place: usize) -> Move {
        let one = self.all[place];
        if one.joins { Move::Joins(one.id) } else { Move::Leaves(one.id) }
    }
}

fn add(ends: &mut Ends, end: End, count: u128, first: &[Move], rest: &[Move]) {
    let known = ends.entry(end).or_insert_with(|| (0, [first, rest].concat()));
    known.0 = known.0.saturating_add(count);
}

/// In how many orders so many moves come between so many hops that keep their own order.
fn orders(moves: usize, hops: usize) -> u128 {
    (hops + 1..=hops + moves).fold(1, |product: u128, factor| product.saturating_mul(factor as u128))
}
