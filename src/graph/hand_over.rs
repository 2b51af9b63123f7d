//! Who sets whom to work: what agents invoke, and what routes of scenarios hand over.
//!
//! The same edges stand in the [graph](super::Graph); these alone are found without building it.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Catalog, PersonaId, Place};

use super::{Reach, Relation};

/// A persona sets another one to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// Whom.
    pub to: PersonaId,
    /// [`Relation::Invokes`] or [`Relation::HandsOver`].
    pub relation: Relation,
    /// Where a card states it.
    pub place: Place,
}

/// All hand-overs of a catalog, by giver, in the order in which the graph has them.
#[derive(Clone, Debug, Default)]
pub struct HandOvers {
    by_giver: HashMap<PersonaId, Vec<HandOver>>,
}

impl HandOvers {
    /// Those that cards and scenarios state.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Self {
        let mut by_giver: HashMap<PersonaId, Vec<HandOver>> = HashMap::new();
        let mut add = |from: PersonaId, to: PersonaId, relation: Relation, place: Place| {
            let new = HandOver { to, relation, place };
            let known = by_giver.entry(from).or_default();
            if !known.contains(&new) {
                known.push(new);
            }
        };
        for (index, persona) in catalog.personas.iter().enumerate() {
            for named in &persona.invokes {
                if let Some(to) = named.target {
                    add(PersonaId::from_index(index), to, Relation::Invokes, named.place);
                }
            }
        }
        for scenario in &catalog.scenarios {
            for (from, to, place) in scenario.hand_overs() {
                add(from, to, Relation::HandsOver, place);
            }
        }
        Self { by_giver }
    }

    /// What one states about another, in this direction.
    pub fn between(&self, from: PersonaId, to: PersonaId) -> impl Iterator<Item = &HandOver> {
        self.by_giver.get(&from).into_iter().flatten().filter(move |hand_over| hand_over.to == to)
    }

    /// Whom a persona can set to work: whom an agent invokes, and whom a scenario makes anybody hand
    /// over to, transitively. It comes first itself; each persona once, at its least distance.
    #[must_use]
    pub fn reach(&self, catalog: &Catalog, persona: PersonaId) -> Vec<Reach> {
        let mut reached = vec![Reach { persona, distance: 0, by: None }];
        if !self.by_giver.contains_key(&persona) {
            return reached;
        }
        let mut seen = HashSet::from([persona]);
        let mut next = 0;
        while let Some(&Reach { persona: giver, distance, .. }) = reached.get(next) {
            next += 1;
            let is_agent = catalog.personas[giver.index()].is_agent();
            for hand_over in self.by_giver.get(&giver).into_iter().flatten() {
                if (hand_over.relation == Relation::HandsOver || is_agent) && seen.insert(hand_over.to) {
                    reached.push(Reach { persona: hand_over.to, distance: distance + 1, by: Some(giver) });
                }
            }
        }
        reached
    }
}
