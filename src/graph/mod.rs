//! The graph of persona, process, step, component, skill, team and person, on petgraph.
//!
//! [`Graph::stated`] holds what cards state. What only follows from them (needs, requirements,
//! gaps) is added by the analysis, which knows it: the graph itself draws no conclusions.

mod hand_over;
mod walk;

use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::catalog::{
    Catalog, ComponentId, Entity, NameId, PersonId, Persona, PersonaId, Place, ProcessId, ScenarioId,
    SkillId, StepId, TeamId,
};

pub use hand_over::{HandOver, HandOvers};
pub use walk::{Hop, Path, Reach};

/// How two entities are related. An edge reads: from `relation` to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// Persona -> team.
    MemberOf,
    /// Person -> persona.
    Embodies,
    /// Persona -> process.
    TakesPart,
    /// Persona -> step.
    Performs,
    /// Step or process -> component.
    Uses,
    /// Persona -> component.
    IsGranted,
    /// Persona -> component, derived.
    Needs,
    /// Persona or person -> skill.
    Has,
    /// Process, step, component -> skill; persona -> skill, derived.
    Requires,
    /// Persona -> persona or team.
    Interacts,
    /// Persona -> persona.
    Invokes,
    /// Persona -> persona or person.
    AccountableTo,
    /// Persona -> persona or person.
    EscalatesTo,
    /// Persona -> persona or person that can stop it.
    OverriddenBy,
    /// Persona -> persona.
    MonitoredBy,
    /// Component -> component.
    FlowsTo,
    /// Process -> process.
    PartOf,
    /// Process -> step.
    HasStep,
    /// Step -> step.
    Next,
    /// Skill -> skill.
    Implies,
    /// Scenario -> persona.
    Routes,
    /// Persona -> persona, one after the other in a route of a scenario.
    HandsOver,
    /// Component -> component that could stand in its place.
    Alternative,
    /// Anything -> a name that leads nowhere.
    Names,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 24] = [
        Self::MemberOf,
        Self::Embodies,
        Self::TakesPart,
        Self::Performs,
        Self::Uses,
        Self::IsGranted,
        Self::Needs,
        Self::Has,
        Self::Requires,
        Self::Interacts,
        Self::Invokes,
        Self::AccountableTo,
        Self::EscalatesTo,
        Self::OverriddenBy,
        Self::MonitoredBy,
        Self::FlowsTo,
        Self::PartOf,
        Self::HasStep,
        Self::Next,
        Self::Implies,
        Self::Routes,
        Self::HandsOver,
        Self::Alternative,
        Self::Names,
    ];

    /// The relation as a verb, read from the edge's start: "is granted".
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::MemberOf => "member of",
            Self::Embodies => "embodies",
            Self::TakesPart => "takes part in",
            Self::Performs => "performs",
            Self::Uses => "uses",
            Self::IsGranted => "is granted",
            Self::Needs => "needs",
            Self::Has => "has",
            Self::Requires => "requires",
            Self::Interacts => "interacts with",
            Self::Invokes => "invokes",
            Self::AccountableTo => "accountable to",
            Self::EscalatesTo => "escalates to",
            Self::OverriddenBy => "overridden by",
            Self::MonitoredBy => "monitored by",
            Self::FlowsTo => "flows to",
            Self::PartOf => "part of",
            Self::HasStep => "has step",
            Self::Next => "leads to",
            Self::Implies => "implies",
            Self::Routes => "routes to",
            Self::HandsOver => "hands over to",
            Self::Alternative => "could be replaced by",
            Self::Names => "names",
        }
    }

    /// The relation read from the edge's end: "granted to".
    #[must_use]
    pub fn inverse_verb(self) -> &'static str {
        match self {
            Self::MemberOf => "has member",
            Self::Embodies => "embodied by",
            Self::TakesPart => "taken part in by",
            Self::Performs => "performed by",
            Self::Uses => "used by",
            Self::IsGranted => "granted to",
            Self::Needs => "needed by",
            Self::Has => "had by",
            Self::Requires => "required by",
            Self::Interacts => "named by",
            Self::Invokes => "invoked by",
            Self::AccountableTo => "answers for",
            Self::EscalatesTo => "escalation of",
            Self::OverriddenBy => "can override",
            Self::MonitoredBy => "monitors",
            Self::FlowsTo => "flows from",
            Self::PartOf => "has part",
            Self::HasStep => "step of",
            Self::Next => "comes after",
            Self::Implies => "implied by",
            Self::Routes => "routed by",
            Self::HandsOver => "handed over by",
            Self::Alternative => "could replace",
            Self::Names => "named without being there by",
        }
    }
}

/// An edge: a relation, and where a card states it.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The relation.
    pub relation: Relation,
    /// Where it stands.
    pub place: Place,
}

/// An edge with both its ends.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Its number, good for this graph only.
    pub edge: EdgeIndex,
    /// Where it starts.
    pub from: Entity,
    /// How they are related.
    pub relation: Relation,
    /// Where it ends.
    pub to: Entity,
    /// Where a card states it; of a derived edge, where the card states its reason.
    pub place: Place,
}

/// The graph of a snapshot.
#[derive(Debug)]
pub struct Graph {
    graph: DiGraph<Entity, Edge>,
    nodes: Nodes,
}

impl Graph {
    /// The graph of what the cards of a catalog state.
    #[must_use]
    pub fn stated(catalog: &Catalog) -> Self {
        let mut graph = Self { graph: DiGraph::new(), nodes: Nodes::of(catalog) };
        for entity in entities(catalog) {
            graph.graph.add_node(entity);
        }
        add_personas(&mut graph, catalog);
        add_processes(&mut graph, catalog);
        add_components(&mut graph, catalog);
        for (index, skill) in catalog.skills.iter().enumerate() {
            for implied in &skill.implies {
                graph.add(
                    Entity::Skill(SkillId::from_index(index)),
                    Relation::Implies,
                    Entity::Skill(*implied),
                    skill.place,
                );
            }
        }
        for (index, person) in catalog.people.iter().enumerate() {
            let from = Entity::Person(PersonId::from_index(index));
            for embodied in &person.personas {
                if let Some(persona) = embodied.persona {
                    graph.add(from, Relation::Embodies, Entity::Persona(persona), embodied.place);
                }
            }
            for skill in &person.skills {
                graph.add(from, Relation::Has, Entity::Skill(skill.skill), skill.place);
            }
        }
        add_scenarios(&mut graph, catalog);
        for unknown in &catalog.unknown_references {
            graph.add(unknown.subject, Relation::Names, Entity::Name(unknown.name), unknown.place);
        }
        graph
    }

    /// Adds an edge. One that is there already, with the same relation and place, is not added.
    pub fn add(&mut self, from: Entity, relation: Relation, to: Entity, place: Place) {
        let (Some(start), Some(end)) = (self.nodes.get(from), self.nodes.get(to)) else {
            return;
        };
        let known = self
            .graph
            .edges_connecting(start, end)
            .any(|edge| edge.weight().relation == relation && edge.weight().place == place);
        if !known {
            self.graph.add_edge(start, end, Edge { relation, place });
        }
    }

    /// Adds edges of one relation from an entity. Those to the same end follow each other; of these,
    /// one that is there already, with the same place, is not added. Other edges of the relation
    /// from that entity there must not be.
    pub fn add_sorted(
        &mut self,
        from: Entity,
        relation: Relation,
        edges: impl Iterator<Item = (Entity, Place)>,
    ) {
        let Some(start) = self.nodes.get(from) else { return };
        let mut last = None;
        let mut places: Vec<Place> = Vec::new();
        for (to, place) in edges {
            if last.replace(to) != Some(to) {
                places.clear();
            }
            if places.contains(&place) {
                continue;
            }
            places.push(place);
            if let Some(end) = self.nodes.get(to) {
                self.graph.add_edge(start, end, Edge { relation, place });
            }
        }
    }

    /// Whether an entity is a node.
    #[must_use]
    pub fn contains(&self, entity: Entity) -> bool {
        self.nodes.get(entity).is_some()
    }

    /// How many nodes there are.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.graph.node_count()
    }

    /// How many edges there are.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.graph.edge_count()
    }

    /// The nodes, kind by kind in the catalog's order.
    pub fn entities(&self) -> impl Iterator<Item = Entity> + '_ {
        self.graph.node_weights().copied()
    }

    /// What leads away from an entity, in the order in which cards state it.
    #[must_use]
    pub fn outgoing(&self, entity: Entity) -> Vec<Link> {
        self.links(entity, petgraph::Direction::Outgoing)
    }

    /// What leads to an entity, in the order in which cards state it.
    #[must_use]
    pub fn incoming(&self, entity: Entity) -> Vec<Link> {
        self.links(entity, petgraph::Direction::Incoming)
    }

    /// The edges between two entities, in the direction given.
    #[must_use]
    pub fn between(&self, from: Entity, to: Entity) -> Vec<Link> {
        self.outgoing(from).into_iter().filter(|link| link.to == to).collect()
    }

    fn links(&self, entity: Entity, direction: petgraph::Direction) -> Vec<Link> {
        let Some(node) = self.nodes.get(entity) else {
            return Vec::new();
        };
        let mut links: Vec<Link> =
            self.graph.edges_directed(node, direction).map(|edge| self.link(edge.id())).collect();
        links.sort_by_key(|link| link.edge);
        links
    }

    fn link(&self, edge: EdgeIndex) -> Link {
        let (from, to) = self.graph.edge_endpoints(edge).unwrap_or_default();
        let Edge { relation, place } = self.graph[edge];
        Link { edge, from: self.graph[from], relation, to: self.graph[to], place }
    }
}

/// Where the nodes of each kind begin, in the order of [`entities`], and where the last ones end.
#[derive(Debug)]
struct Nodes([usize; 10]);

impl Nodes {
    fn of(catalog: &Catalog) -> Self {
        let counts = [
            catalog.teams.len(),
            catalog.people.len(),
            catalog.personas.len(),
            catalog.processes.len(),
            catalog.steps.len(),
            catalog.components.len(),
            catalog.skills.len(),
            catalog.scenarios.len(),
            catalog.names.len(),
        ];
        let mut starts = [0; 10];
        for (kind, count) in counts.into_iter().enumerate() {
            starts[kind + 1] = starts[kind] + count;
        }
        Self(starts)
    }

    fn get(&self, entity: Entity) -> Option<NodeIndex> {
        let (kind, number) = match entity {
            Entity::Team(id) => (0, id.index()),
            Entity::Person(id) => (1, id.index()),
            Entity::Persona(id) => (2, id.index()),
            Entity::Process(id) => (3, id.index()),
            Entity::Step(id) => (4, id.index()),
            Entity::Component(id) => (5, id.index()),
            Entity::Skill(id) => (6, id.index()),
            Entity::Scenario(id) => (7, id.index()),
            Entity::Name(id) => (8, id.index()),
            Entity::Catalog
            | Entity::Decision(_)
            | Entity::Ignore(_)
            | Entity::DutySet(_)
            | Entity::Duplicate(_) => return None,
        };
        let node = self.0[kind] + number;
        (node < self.0[kind + 1]).then(|| NodeIndex::new(node))
    }
}

fn entities(catalog: &Catalog) -> impl Iterator<Item = Entity> + '_ {
    let numbers = |count: usize| 0..count;
    numbers(catalog.teams.len())
        .map(|index| Entity::Team(TeamId::from_index(index)))
        .chain(numbers(catalog.people.len()).map(|index| Entity::Person(PersonId::from_index(index))))
        .chain(numbers(catalog.personas.len()).map(|index| Entity::Persona(PersonaId::from_index(index))))
        .chain(numbers(catalog.processes.len()).map(|index| Entity::Process(ProcessId::from_index(index))))
        .chain(numbers(catalog.steps.len()).map(|index| Entity::Step(StepId::from_index(index))))
        .chain(
            numbers(catalog.components.len()).map(|index| Entity::Component(ComponentId::from_index(index))),
        )
        .chain(numbers(catalog.skills.len()).map(|index| Entity::Skill(SkillId::from_index(index))))
        .chain(numbers(catalog.scenarios.len()).map(|index| Entity::Scenario(ScenarioId::from_index(index))))
        .chain(numbers(catalog.names.len()).map(|index| Entity::Name(NameId::from_index(index))))
}

fn add_personas(graph: &mut Graph, catalog: &Catalog) {
    for (index, persona) in catalog.personas.iter().enumerate() {
        let from = Entity::Persona(PersonaId::from_index(index));
        for (relation, to, place) in edges_of_persona(persona) {
            graph.add(from, relation, to, place);
        }
    }
}

/// The edges that a persona's card states.
pub fn edges_of_persona(persona: &Persona) -> impl Iterator<Item = (Relation, Entity, Place)> {
    let team = persona.team.map(|team| {
        let place = persona.place.with(persona.place.path.key("team"));
        (Relation::MemberOf, Entity::Team(team), place)
    });
    let processes = persona.processes.iter();
    let processes = processes.map(|part| (Relation::TakesPart, Entity::Process(part.process), part.place));
    let grants = persona.grants.iter();
    let grants = grants.map(|grant| (Relation::IsGranted, Entity::Component(grant.component), grant.place));
    let skills = persona.skills.iter();
    let skills = skills.map(|skill| (Relation::Has, Entity::Skill(skill.skill), skill.place));
    let interactions = persona.interactions.iter();
    let interactions = interactions.map(|named| (Relation::Interacts, named.party.into(), named.place));
    let actors = [
        (Relation::AccountableTo, &persona.accountable),
        (Relation::EscalatesTo, &persona.escalates_to),
        (Relation::OverriddenBy, &persona.override_by),
    ];
    let actors = actors.into_iter().flat_map(|(relation, names)| {
        names.iter().filter_map(move |named| Some((relation, named.target?.into(), named.place)))
    });
    let personas = [(Relation::Invokes, &persona.invokes), (Relation::MonitoredBy, &persona.monitored_by)];
    let personas = personas.into_iter().flat_map(|(relation, names)| {
        names.iter().filter_map(move |named| Some((relation, Entity::Persona(named.target?), named.place)))
    });
    team.into_iter()
        .chain(processes)
        .chain(grants)
        .chain(skills)
        .chain(interactions)
        .chain(actors)
        .chain(personas)
}

fn add_processes(graph: &mut Graph, catalog: &Catalog) {
    for (index, process) in catalog.processes.iter().enumerate() {
        let from = Entity::Process(ProcessId::from_index(index));
        for whole in &process.part_of {
            let place = process.place.with(process.place.path.key("part_of"));
            graph.add(from, Relation::PartOf, Entity::Process(*whole), place);
        }
        for used in &process.uses {
            graph.add(from, Relation::Uses, Entity::Component(used.component), used.place);
        }
        for skill in &process.skills {
            graph.add(from, Relation::Requires, Entity::Skill(skill.skill), skill.place);
        }
        for &id in &process.steps {
            let step = &catalog.steps[id.index()];
            let entity = Entity::Step(id);
            graph.add(from, Relation::HasStep, entity, step.place);
            for used in &step.uses {
                graph.add(entity, Relation::Uses, Entity::Component(used.component), used.place);
            }
            for skill in &step.skills {
                graph.add(entity, Relation::Requires, Entity::Skill(skill.skill), skill.place);
            }
            for next in &step.next {
                let target = next.step.map_or(Entity::Process(next.process), Entity::Step);
                graph.add(entity, Relation::Next, target, next.place);
            }
        }
    }
}

fn add_components(graph: &mut Graph, catalog: &Catalog) {
    for (index, component) in catalog.components.iter().enumerate() {
        let from = Entity::Component(ComponentId::from_index(index));
        for flow in &component.flows_to {
            graph.add(from, Relation::FlowsTo, Entity::Component(flow.component), flow.place);
        }
        for skill in &component.skills {
            graph.add(from, Relation::Requires, Entity::Skill(skill.skill), skill.place);
        }
        for alternative in &component.alternatives {
            let to = Entity::Component(alternative.component);
            graph.add(from, Relation::Alternative, to, alternative.place);
        }
    }
}

fn add_scenarios(graph: &mut Graph, catalog: &Catalog) {
    for (index, scenario) in catalog.scenarios.iter().enumerate() {
        let from = Entity::Scenario(ScenarioId::from_index(index));
        for router in scenario.router.iter().filter_map(|named| named.target) {
            graph.add(from, Relation::Routes, Entity::Persona(router), scenario.place);
        }
        for (from, to, place) in scenario.hand_overs() {
            graph.add(Entity::Persona(from), Relation::HandsOver, Entity::Persona(to), place);
        }
    }
}
