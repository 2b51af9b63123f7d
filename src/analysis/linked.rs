//! The full graph of an analysis: what cards state, and needs and requirements as edges.
//!
//! It is built when it is first wanted, since many commands never look at it.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::catalog::{Catalog, Entity, PersonaId};
use crate::graph::{Graph, Relation};

use super::Facts;

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
    for (index, persona) in facts.personas.iter().enumerate() {
        let from = Entity::Persona(PersonaId::from_index(index));
        let stated = &catalog.personas[index];
        for performed in &persona.performs {
            let place = performed.named_at.unwrap_or_else(|| {
                // A step that names nobody is performed through the process that the card lists.
                let process = catalog.steps[performed.step.index()].process;
                let part =
                    stated.processes.iter().find(|part| facts.parts[part.process.index()].contains(&process));
                part.map_or(stated.place, |part| part.place)
            });
            graph.add(from, Relation::Performs, Entity::Step(performed.step), place);
        }
        for need in &persona.needs {
            graph.add(from, Relation::Needs, Entity::Component(need.component), need.asked_by(catalog).place);
        }
        for requirement in &persona.required {
            graph.add(from, Relation::Requires, Entity::Skill(requirement.skill), requirement.place);
        }
    }
    graph
}
