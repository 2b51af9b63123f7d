//! Persona x persona: who names whom, one way or both, over which protocol, and who sets whom to work.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::analysis::Analysis;
use crate::catalog::{Actor, Catalog, Entity, NameId, Party, PersonaId, TeamId};
use crate::graph::Relation;

use super::{Amount, Judged, State, findings_between, unless_decided};

/// What one persona says of another.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tie {
    /// It names the other itself.
    pub(super) named: bool,
    /// It names the other's team.
    pub(super) through_team: bool,
    /// It states a protocol for it.
    pub(super) protocol: bool,
    /// The strongest other relation.
    pub(super) relation: Option<Relation>,
}

impl Tie {
    fn names(self) -> bool {
        self.named || self.through_team
    }
}

/// What every persona says of every other one, and what is said of it.
#[derive(Debug)]
pub(super) struct Ties {
    said: Vec<BTreeMap<PersonaId, Tie>>,
    heard: Vec<BTreeSet<PersonaId>>,
}

impl Ties {
    /// Looks at all personas once.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut members: HashMap<TeamId, Vec<PersonaId>> = HashMap::new();
        for (index, persona) in catalog.personas.iter().enumerate() {
            if let Some(team) = persona.team {
                members.entry(team).or_default().push(PersonaId::from_index(index));
            }
        }
        let mut said = vec![BTreeMap::<PersonaId, Tie>::new(); catalog.personas.len()];
        for (index, persona) in catalog.personas.iter().enumerate() {
            let ties = &mut said[index];
            for interaction in &persona.interactions {
                let protocol = interaction.protocol.is_some();
                match interaction.party {
                    Party::Persona(other) => {
                        let tie = ties.entry(other).or_default();
                        tie.named = true;
                        tie.protocol |= protocol;
                    }
                    Party::Team(team) => {
                        for other in members.get(&team).into_iter().flatten() {
                            let tie = ties.entry(*other).or_default();
                            tie.through_team = true;
                            tie.protocol |= protocol;
                        }
                    }
                    Party::Unknown(_) => {}
                }
            }
            let actors = [
                (Relation::AccountableTo, &persona.accountable),
                (Relation::OverriddenBy, &persona.override_by),
                (Relation::EscalatesTo, &persona.escalates_to),
            ];
            let mut relate = |other: PersonaId, relation: Relation| {
                ties.entry(other).or_default().relation.get_or_insert(relation);
            };
            for other in persona.invokes.iter().filter_map(|named| named.target) {
                relate(other, Relation::Invokes);
            }
            for (relation, named) in actors {
                for named in named {
                    if let Some(Actor::Persona(other)) = named.target {
                        relate(other, relation);
                    }
                }
            }
            for other in persona.monitored_by.iter().filter_map(|named| named.target) {
                relate(other, Relation::MonitoredBy);
            }
        }
        for trigger in catalog.scenarios.iter().flat_map(|scenario| &scenario.triggers) {
            for pair in trigger.route.windows(2) {
                if let (Some(from), Some(to)) = (pair[0].target, pair[1].target) {
                    let tie = said[from.index()].entry(to).or_default();
                    tie.relation.get_or_insert(Relation::HandsOver);
                }
            }
        }
        for scenario in &catalog.scenarios {
            for router in scenario.router.iter().filter_map(|named| named.target) {
                for first in scenario.triggers.iter().filter_map(|trigger| trigger.route.first()?.target) {
                    let tie = said[router.index()].entry(first).or_default();
                    tie.relation.get_or_insert(Relation::HandsOver);
                }
            }
        }
        let mut heard = vec![BTreeSet::new(); said.len()];
        for (index, ties) in said.iter_mut().enumerate() {
            let own = PersonaId::from_index(index);
            // A persona is of its own team, and does not meet itself.
            ties.remove(&own);
            for other in ties.keys() {
                heard[other.index()].insert(own);
            }
        }
        Self { said, heard }
    }

    fn tie(&self, from: PersonaId, to: PersonaId) -> Tie {
        self.said[from.index()].get(&to).copied().unwrap_or_default()
    }
}

/// The cells of a persona.
pub(super) fn row(analysis: &Analysis, ties: &Ties, id: PersonaId) -> Vec<(Entity, Judged)> {
    let others: BTreeSet<PersonaId> =
        ties.said[id.index()].keys().chain(&ties.heard[id.index()]).copied().collect();
    let mut cells: Vec<(Entity, Judged)> = others
        .into_iter()
        .map(|other| (other.into(), cell(analysis, id, other, ties.tie(id, other), ties.tie(other, id))))
        .collect();
    let persona = &analysis.catalog.personas[id.index()];
    let mut unknown: Vec<NameId> = persona
        .interactions
        .iter()
        .filter_map(|interaction| match interaction.party {
            Party::Unknown(name) => Some(name),
            Party::Persona(_) | Party::Team(_) => None,
        })
        .collect();
    unknown.sort_unstable();
    unknown.dedup();
    for name in unknown {
        let found: Vec<_> =
            findings_between(analysis, id.into(), name.into()).map(|(_, finding)| finding).collect();
        let state = unless_decided(State::Unknown, &found, &["unknown-interaction"]);
        cells.push((name.into(), Judged::new(state, Amount::Unstated, Amount::Nothing)));
    }
    cells
}

fn cell(analysis: &Analysis, id: PersonaId, other: PersonaId, out: Tie, back: Tie) -> Judged {
    let found: Vec<_> =
        findings_between(analysis, id.into(), other.into()).map(|(_, finding)| finding).collect();
    let no_protocol = found.iter().any(|finding| finding.rule.id == "missing-protocol" && finding.is_open());
    let state = match (out.names(), back.names()) {
        _ if no_protocol => State::Flawed,
        (true, true) if out.named || back.named => State::Right,
        (true, true) => State::Implied,
        (true, false) => unless_decided(State::OneWay, &found, &["one-way-interaction"]),
        (false, true) => unless_decided(State::OneWayBack, &found, &["one-way-interaction"]),
        (false, false) => State::Plain,
    };
    let left = match (out.relation, out.names()) {
        (Some(relation), _) => Amount::Relation(relation),
        (None, true) => Amount::Relation(Relation::Interacts),
        (None, false) => Amount::Nothing,
    };
    let right = if out.protocol || back.protocol { Amount::Protocol } else { Amount::Nothing };
    Judged::new(state, left, right)
}

/// The names in interactions that lead nowhere, in the order of the catalog.
pub(super) fn unknown_names(catalog: &Catalog) -> Vec<NameId> {
    let mut names: Vec<NameId> = catalog
        .personas
        .iter()
        .flat_map(|persona| &persona.interactions)
        .filter_map(|interaction| match interaction.party {
            Party::Unknown(name) => Some(name),
            Party::Persona(_) | Party::Team(_) => None,
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
