//! The full graph of an analysis: what cards state, and needs and requirements as edges.
//!
//! It is built when it is first wanted, since many commands never look at it.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, Entity, PersonaId, Place};
use crate::graph::{Graph, Relation, edges_of_persona};

use super::Facts;
use super::after::Difference;

/// A graph in waiting. It is used as the [`Graph`] itself.
#[derive(Debug)]
pub struct Linked {
    catalog: Arc<Catalog>,
    facts: Arc<Facts>,
    graph: OnceLock<Graph>,
}

impl Linked {
    /// The graph of a snapshot and what follows from it, not yet built.
    #[must_use]
    pub fn new(catalog: Arc<Catalog>, facts: Arc<Facts>) -> Arc<Self> {
        Arc::new(Self { catalog, facts, graph: OnceLock::new() })
    }

    /// The graph of a later snapshot: the same one where it is built and no edge is another. The
    /// personas of which the card or the facts are others are marked in `changed`.
    pub(super) fn after(
        self: &Arc<Self>,
        (before, facts_before): (&Catalog, &Facts),
        (catalog, facts): (&Arc<Catalog>, &Arc<Facts>),
        difference: &Difference,
        changed: &[bool],
    ) -> Arc<Self> {
        let same = self.graph.get().is_some()
            && difference.is_of_personas_only()
            && (0..changed.len()).filter(|&index| changed[index]).all(|index| {
                same_edges((before, facts_before), (catalog, facts), PersonaId::from_index(index))
            });
        if same { self.clone() } else { Self::new(catalog.clone(), facts.clone()) }
    }

    /// The graph; the first call builds it, and others wait for that.
    pub fn get(&self) -> &Graph {
        self.graph.get_or_init(|| build(&self.catalog, &self.facts))
    }
}

impl Deref for Linked {
    type Target = Graph;

    fn deref(&self) -> &Graph {
        self.get()
    }
}

/// The stated graph, with what follows from it: needs, and what personas are required to know.
fn build(catalog: &Catalog, facts: &Facts) -> Graph {
    let mut graph = Graph::stated(catalog);
    for index in 0..facts.personas.len() {
        let id = PersonaId::from_index(index);
        for (to, place) in performed(catalog, facts, id) {
            graph.add(Entity::Persona(id), Relation::Performs, to, place);
        }
        graph.add_sorted(Entity::Persona(id), Relation::Needs, needed(catalog, facts, id));
        graph.add_sorted(Entity::Persona(id), Relation::Requires, required(facts, id));
    }
    graph
}

fn performed(catalog: &Catalog, facts: &Facts, id: PersonaId) -> impl Iterator<Item = (Entity, Place)> {
    let stated = &catalog.personas[id.index()];
    facts.of_persona(id).performs.iter().map(move |performed| {
        let place = performed.named_at.unwrap_or_else(|| {
            // A step that names nobody is performed through the process that the card lists.
            let process = catalog.steps[performed.step.index()].process;
            let part =
                stated.processes.iter().find(|part| facts.parts[part.process.index()].contains(&process));
            part.map_or(stated.place, |part| part.place)
        });
        (Entity::Step(performed.step), place)
    })
}

fn needed(catalog: &Catalog, facts: &Facts, id: PersonaId) -> impl Iterator<Item = (Entity, Place)> {
    let needs = facts.of_persona(id).needs.iter();
    needs.map(|need| (Entity::Component(need.component), need.asked_by(catalog).place))
}

fn required(facts: &Facts, id: PersonaId) -> impl Iterator<Item = (Entity, Place)> {
    let required = facts.of_persona(id).required.iter();
    required.map(|requirement| (Entity::Skill(requirement.skill), requirement.place))
}

/// Whether the edges from a persona are the same ones in two snapshots with the same numbers.
fn same_edges(before: (&Catalog, &Facts), after: (&Catalog, &Facts), id: PersonaId) -> bool {
    edges_of_persona(&before.0.personas[id.index()]).eq(edges_of_persona(&after.0.personas[id.index()]))
        && performed(before.0, before.1, id).eq(performed(after.0, after.1, id))
        && needed(before.0, before.1, id).eq(needed(after.0, after.1, id))
        && required(before.1, id).eq(required(after.1, id))
}
