//! Walking the graph: shortest paths and reach.
//!
//! Paths are searched without regard to the direction of edges unless said otherwise: the question
//! "how does P010 reach Key Vault" may cross a process against its edges.

use std::collections::{HashMap, HashSet, VecDeque};

use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::catalog::{Catalog, Entity, PersonaId};

use super::{Graph, Link, Relation};

/// One step of a path: an edge, crossed along its direction or against it.
#[derive(Clone, Copy, Debug)]
pub struct Hop {
    /// The edge.
    pub link: Link,
    /// Whether it is crossed from its start to its end.
    pub forward: bool,
}

impl Hop {
    /// Where the hop leaves from.
    #[must_use]
    pub fn from(&self) -> Entity {
        if self.forward { self.link.from } else { self.link.to }
    }

    /// Where the hop arrives.
    #[must_use]
    pub fn to(&self) -> Entity {
        if self.forward { self.link.to } else { self.link.from }
    }

    /// The relation as read in the direction of the hop.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        if self.forward { self.link.relation.verb() } else { self.link.relation.inverse_verb() }
    }
}

/// A path between two entities.
#[derive(Clone, Debug)]
pub struct Path {
    /// Its hops, in order; none from an entity to itself.
    pub hops: Vec<Hop>,
}

/// What can be set to work from a persona, hop by hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Who.
    pub persona: PersonaId,
    /// After how many hand-overs; 0 is the persona itself.
    pub distance: usize,
    /// By whom it is set to work; of the persona itself nobody.
    pub by: Option<PersonaId>,
}

impl Graph {
    /// The shortest paths between two entities over the relations that `allowed` lets through, at
    /// most `most` of them, in the order of the cards. Directed paths come before any others: only
    /// where none exists may edges be crossed against their direction.
    #[must_use]
    pub fn shortest_paths(
        &self,
        from: Entity,
        to: Entity,
        most: usize,
        allowed: impl Fn(Relation) -> bool,
    ) -> Vec<Path> {
        let directed = self.search(from, to, most, &allowed, false);
        if directed.is_empty() { self.search(from, to, most, &allowed, true) } else { directed }
    }

    fn search(
        &self,
        from: Entity,
        to: Entity,
        most: usize,
        allowed: &impl Fn(Relation) -> bool,
        both_ways: bool,
    ) -> Vec<Path> {
        let (Some(start), Some(end)) = (self.nodes.get(from), self.nodes.get(to)) else {
            return Vec::new();
        };
        let distances = self.distances(start, end, allowed, both_ways);
        if !distances.contains_key(&end) {
            return Vec::new();
        }
        // Walk back from the end along nodes that are one nearer; depth first keeps the order.
        let mut paths = Vec::new();
        let mut stack: Vec<Hop> = Vec::new();
        self.collect(start, end, &distances, allowed, both_ways, most, &mut stack, &mut paths);
        paths
    }

    #[expect(clippy::too_many_arguments, reason = "a recursion's state, private to the search")]
    fn collect(
        &self,
        at: NodeIndex,
        end: NodeIndex,
        distances: &HashMap<NodeIndex, usize>,
        allowed: &impl Fn(Relation) -> bool,
        both_ways: bool,
        most: usize,
        stack: &mut Vec<Hop>,
        paths: &mut Vec<Path>,
    ) {
        if paths.len() >= most {
            return;
        }
        if at == end {
            paths.push(Path { hops: stack.clone() });
            return;
        }
        let Some(&here) = distances.get(&at) else {
            return;
        };
        for (next, edge, forward) in self.around(at, allowed, both_ways) {
            // Distances count from the end, so a shortest path goes downhill.
            if distances.get(&next).is_some_and(|there| there + 1 == here) {
                stack.push(Hop { link: self.link(edge), forward });
                self.collect(next, end, distances, allowed, both_ways, most, stack, paths);
                stack.pop();
            }
        }
    }

    /// Distances to `end`, until `start` is met.
    fn distances(
        &self,
        start: NodeIndex,
        end: NodeIndex,
        allowed: &impl Fn(Relation) -> bool,
        both_ways: bool,
    ) -> HashMap<NodeIndex, usize> {
        let mut distances = HashMap::from([(end, 0)]);
        let mut queue = VecDeque::from([end]);
        while let Some(node) = queue.pop_front() {
            let here = distances[&node];
            if node == start {
                break;
            }
            let incoming = self
                .graph
                .edges_directed(node, petgraph::Direction::Incoming)
                .filter(|edge| allowed(edge.weight().relation))
                .map(|edge| edge.source());
            let outgoing = self
                .graph
                .edges_directed(node, petgraph::Direction::Outgoing)
                .filter(|edge| both_ways && allowed(edge.weight().relation))
                .map(|edge| edge.target());
            for next in incoming.chain(outgoing).collect::<Vec<_>>() {
                if let std::collections::hash_map::Entry::Vacant(entry) = distances.entry(next) {
                    entry.insert(here + 1);
                    queue.push_back(next);
                }
            }
        }
        if distances.contains_key(&start) { distances } else { HashMap::new() }
    }

    /// Edges around a node in the order of the cards: where they lead, and whether along them.
    fn around(
        &self,
        node: NodeIndex,
        allowed: &impl Fn(Relation) -> bool,
        both_ways: bool,
    ) -> Vec<(NodeIndex, EdgeIndex, bool)> {
        let mut edges: Vec<_> = self
            .graph
            .edges_directed(node, petgraph::Direction::Outgoing)
            .filter(|edge| allowed(edge.weight().relation))
            .map(|edge| (edge.target(), edge.id(), true))
            .collect();
        if both_ways {
            edges.extend(
                self.graph
                    .edges_directed(node, petgraph::Direction::Incoming)
                    .filter(|edge| allowed(edge.weight().relation) && edge.source() != node)
                    .map(|edge| (edge.source(), edge.id(), false)),
            );
        }
        edges.sort_by_key(|(_, edge, _)| *edge);
        edges
    }

    /// Whom a persona can set to work: whom an agent invokes, and whom a scenario makes anybody hand
    /// over to, transitively. It comes first itself; each persona once, at its least distance.
    #[must_use]
    pub fn reach(&self, catalog: &Catalog, persona: PersonaId) -> Vec<Reach> {
        let mut reached = vec![Reach { persona, distance: 0, by: None }];
        let mut seen = HashSet::from([persona]);
        let mut next = 0;
        while let Some(&Reach { persona: giver, distance, .. }) = reached.get(next) {
            next += 1;
            for link in self.outgoing(Entity::Persona(giver)) {
                let hands_over = match link.relation {
                    Relation::HandsOver => true,
                    Relation::Invokes => catalog.personas[giver.index()].is_agent(),
                    _ => false,
                };
                if !hands_over {
                    continue;
                }
                if let Entity::Persona(taker) = link.to
                    && seen.insert(taker)
                {
                    reached.push(Reach { persona: taker, distance: distance + 1, by: Some(giver) });
                }
            }
        }
        reached
    }
}
