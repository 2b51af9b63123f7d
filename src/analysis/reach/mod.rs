//! Reach: what one who holds something can touch, hop by hop, and who answers for each hop; of a
//! component, who can touch it. With the blast radius in production, and the edges that hold most of
//! it together.
//!
//! A hop is a hand-over (an agent sets to work whom it invokes, a scenario's router and each of a
//! route the next), a person who embodies a persona, or a member of a team. Grants count that are in
//! force on the day; whether one holds just in time only is told, and does not shrink the reach.

pub mod phrases;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use petgraph::algo::dominators::simple_fast;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::catalog::{ComponentId, Entity, Grant, PersonaId, Place};
use crate::graph::Relation;

use super::Analysis;
use super::effective::Context;
use super::matrix::is_conditional;

/// How many choke points are told.
const CHOKES: usize = 5;

/// What something reaches, or who reaches it.
#[derive(Clone, Debug)]
pub struct Reach {
    /// What it starts from.
    pub who: Entity,
    /// Whether it tells who reaches a component, rather than what is reached.
    pub incoming: bool,
    /// Who is reached, nearest first; the start comes first itself.
    pub hops: Vec<Hop>,
    /// What can be written in production: components; of a component, the personas that can.
    pub writes: Vec<Entity>,
    /// Of how many: all components that anybody can write in production; of a component, all personas.
    pub of: usize,
    /// What is reached in all: components; of a component, personas.
    pub touches: Vec<Entity>,
    /// The edges whose removal cuts most, the one that cuts most first.
    pub chokes: Vec<Choke>,
}

/// Somebody who is reached.
#[derive(Clone, Debug)]
pub struct Hop {
    /// Who.
    pub entity: Entity,
    /// After how many hops.
    pub distance: usize,
    /// Over which edge; none at the start.
    pub via: Option<Via>,
    /// The humans who answer for it: of a human persona the people who embody it.
    pub answers: Vec<Entity>,
    /// Its own access: of a reach to everything, of the reach of a component to that one.
    pub access: Vec<Access>,
}

/// An edge that is crossed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via {
    /// From whom.
    pub from: Entity,
    /// How the two are related, as a verb read from there.
    pub verb: &'static str,
    /// To whom.
    pub to: Entity,
    /// Where that is stated.
    pub place: Place,
}

/// An access of somebody who is reached.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    /// To what.
    pub component: ComponentId,
    /// Whether it lets write in production.
    pub writes: bool,
    /// Whether it holds just in time, or on a condition only.
    pub conditional: bool,
    /// Where it is stated.
    pub place: Place,
}

/// An edge that holds a part of the reach alone.
#[derive(Clone, Debug)]
pub struct Choke {
    /// The edge.
    pub via: Via,
    /// What can no longer be written in production without it.
    pub writes: Vec<Entity>,
    /// What can no longer be touched without it.
    pub touches: Vec<Entity>,
    /// Who is no longer reached without it.
    pub loses: Vec<Entity>,
}

impl Reach {
    /// The blast radius: which share of all writes in production; none where there is none to share.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.writes.len() as f64 / self.of as f64)
    }
}

/// Whether anything has a reach: personas, people, teams and components have.
#[must_use]
pub fn has_reach(entity: Entity) -> bool {
    matches!(entity, Entity::Persona(_) | Entity::Person(_) | Entity::Team(_) | Entity::Component(_))
}

/// What a persona, a person or a team reaches, or who reaches a component; of nothing else.
#[must_use]
pub fn reach(analysis: &Analysis, who: Entity) -> Option<Reach> {
    reach_in(analysis, who, &Context::default())
}

/// The same in a context: only by what holds there, at once or once it is activated.
#[must_use]
pub fn reach_in(analysis: &Analysis, who: Entity, context: &Context) -> Option<Reach> {
    if !has_reach(who) {
        return None;
    }
    let incoming = matches!(who, Entity::Component(_));
    let (hops, edges) = walk((analysis, context), who, incoming);
    let mut out = Reach {
        who,
        incoming,
        writes: Vec::new(),
        of: if incoming { analysis.catalog.personas.len() } else { all_writes(analysis) },
        touches: Vec::new(),
        chokes: Vec::new(),
        hops,
    };
    if incoming {
        let writers: Vec<Entity> = edges
            .iter()
            .filter(|via| {
                via.from == who
                    && access_of((analysis, context), via.to, who).is_some_and(|access| access.writes)
            })
            .map(|via| via.to)
            .collect();
        let writers = onwards(&edges, writers);
        let personas = out.hops.iter().map(|hop| hop.entity).filter(|one| matches!(one, Entity::Persona(_)));
        out.touches = personas.collect();
        out.writes = out.touches.iter().copied().filter(|one| writers.contains(one)).collect();
        let targets = out.touches.iter().map(|one| (*one, Target::Entity(*one)));
        out.chokes = chokes(who, &edges, targets.collect(), &|one| writers.contains(&one));
    } else {
        let mut writes: BTreeMap<ComponentId, bool> = BTreeMap::new();
        let mut targets: Vec<(Entity, Target)> = Vec::new();
        let mut grants: Vec<Via> = Vec::new();
        for hop in &out.hops {
            for access in &hop.access {
                let component = access.component;
                *writes.entry(component).or_default() |= access.writes;
                targets.push((hop.entity, Target::Touch(component)));
                if access.writes {
                    targets.push((hop.entity, Target::Write(component)));
                }
                let verb = Relation::IsGranted.verb();
                grants.push(Via { from: hop.entity, verb, to: component.into(), place: access.place });
            }
        }
        out.touches = writes.keys().map(|component| (*component).into()).collect();
        let written = writes.iter().filter(|(_, writes)| **writes);
        out.writes = written.map(|(component, _)| (*component).into()).collect();
        let mut all = edges;
        all.extend(grants);
        out.chokes = chokes(who, &all, targets, &|_| false);
    }
    Some(out)
}

/// An analysis, and the context in which grants are to hold.
type Within<'a> = (&'a Analysis, &'a Context);

/// Everybody who is reached, nearest first, and every edge between them.
fn walk(within: Within<'_>, who: Entity, incoming: bool) -> (Vec<Hop>, Vec<Via>) {
    let mut hops = vec![hop(within, who, 0, None, incoming.then_some(who))];
    let mut seen = HashSet::from([who]);
    let mut edges: Vec<Via> = Vec::new();
    let mut known: HashSet<(Entity, Entity)> = HashSet::new();
    let mut at = 0;
    while let Some((entity, distance)) = hops.get(at).map(|hop| (hop.entity, hop.distance)) {
        at += 1;
        for via in onward(within, entity, incoming) {
            // One edge stands for all that two are related by: cutting it means cutting them all.
            if via.to == entity || !known.insert((via.from, via.to)) {
                continue;
            }
            edges.push(via);
            if seen.insert(via.to) {
                hops.push(hop(within, via.to, distance + 1, Some(via), incoming.then_some(who)));
            }
        }
    }
    (hops, edges)
}

/// The edges by which one reaches the next.
fn onward(within: Within<'_>, from: Entity, incoming: bool) -> Vec<Via> {
    let (analysis, _) = within;
    let catalog = &analysis.catalog;
    let agent =
        |entity: Entity| matches!(entity, Entity::Persona(id) if catalog.personas[id.index()].is_agent());
    let along = |links: Vec<crate::graph::Link>, wanted: &dyn Fn(&crate::graph::Link) -> bool| {
        let links = links.into_iter().filter(|link| wanted(link));
        links
            .map(|link| Via { from, verb: link.relation.verb(), to: link.to, place: link.place })
            .collect::<Vec<_>>()
    };
    let against = |links: Vec<crate::graph::Link>, wanted: &dyn Fn(&crate::graph::Link) -> bool| {
        let links = links.into_iter().filter(|link| wanted(link));
        links
            .map(|link| Via { from, verb: link.relation.inverse_verb(), to: link.from, place: link.place })
            .collect::<Vec<_>>()
    };
    let hands_over = |link: &crate::graph::Link| match link.relation {
        Relation::HandsOver => true,
        Relation::Invokes => agent(link.from),
        _ => false,
    };
    match (from, incoming) {
        (Entity::Persona(_), false) => along(analysis.graph.outgoing(from), &hands_over),
        (Entity::Person(id), false) if catalog.people[id.index()].active => {
            along(analysis.graph.outgoing(from), &|link| link.relation == Relation::Embodies)
        }
        (Entity::Team(_), false) => {
            against(analysis.graph.incoming(from), &|link| link.relation == Relation::MemberOf)
        }
        (Entity::Component(_), true) => against(analysis.graph.incoming(from), &|link| {
            link.relation == Relation::IsGranted && access_of(within, link.from, from).is_some()
        }),
        (Entity::Persona(_), true) => against(analysis.graph.incoming(from), &|link| {
            hands_over(link)
                || (link.relation == Relation::Embodies
                    && matches!(link.from, Entity::Person(id) if catalog.people[id.index()].active))
        }),
        _ => Vec::new(),
    }
}

fn hop(within: Within<'_>, entity: Entity, distance: usize, via: Option<Via>, only: Option<Entity>) -> Hop {
    let (analysis, _) = within;
    let answers = match entity {
        Entity::Persona(id) if analysis.catalog.personas[id.index()].is_human() => {
            analysis.facts.embodied_by[id.index()].iter().map(|person| (*person).into()).collect()
        }
        Entity::Persona(id) => {
            analysis.facts.answerable[id.index()].iter().map(|actor| (*actor).into()).collect()
        }
        _ => Vec::new(),
    };
    let access = match (entity, only) {
        (_, Some(component)) => access_of(within, entity, component).into_iter().collect(),
        (Entity::Persona(id), None) => accesses(within, id),
        _ => Vec::new(),
    };
    Hop { entity, distance, via, answers, access }
}

/// The accesses of a persona that are in force, component by component.
fn accesses((analysis, context): Within<'_>, id: PersonaId) -> Vec<Access> {
    let grants = &analysis.catalog.personas[id.index()].grants;
    let mut by_component: BTreeMap<ComponentId, Access> = BTreeMap::new();
    for place in &analysis.facts.of_persona(id).active {
        let grant = &grants[*place];
        if !context.admits(grant) {
            continue;
        }
        let writes = writes_in_production(analysis, grant);
        let access = by_component.entry(grant.component).or_insert(Access {
            component: grant.component,
            writes: false,
            conditional: true,
            place: grant.place,
        });
        // The line of the grant that lets write is the one to look at.
        if writes && !access.writes {
            access.place = grant.place;
        }
        access.writes |= writes;
        access.conditional &= is_conditional(grant);
    }
    by_component.into_values().collect()
}

fn access_of(within: Within<'_>, entity: Entity, component: Entity) -> Option<Access> {
    match entity {
        Entity::Persona(id) => {
            accesses(within, id).into_iter().find(|access| Entity::from(access.component) == component)
        }
        _ => None,
    }
}

/// Whether a grant lets write in production: where it states that environment, or none.
fn writes_in_production(analysis: &Analysis, grant: &Grant) -> bool {
    let settings = &analysis.catalog.settings;
    let production = settings.production();
    (grant.environments.is_empty() || grant.environments.contains(production))
        && grant.level_in(production).is_some_and(|level| level >= settings.second_level())
}

/// How many components anybody can write in production.
fn all_writes(analysis: &Analysis) -> usize {
    let mut components: HashSet<ComponentId> = HashSet::new();
    for persona in &analysis.catalog.personas {
        let grants = persona.grants.iter().filter(|grant| grant.is_active(analysis.day));
        components.extend(
            grants.filter(|grant| writes_in_production(analysis, grant)).map(|grant| grant.component),
        );
    }
    components.len()
}

/// These, and all that edges lead to from them.
fn onwards(edges: &[Via], start: Vec<Entity>) -> HashSet<Entity> {
    let mut next: HashMap<Entity, Vec<Entity>> = HashMap::new();
    for via in edges {
        next.entry(via.from).or_default().push(via.to);
    }
    let mut seen: HashSet<Entity> = start.iter().copied().collect();
    let mut queue = start;
    while let Some(entity) = queue.pop() {
        for to in next.get(&entity).into_iter().flatten() {
            if seen.insert(*to) {
                queue.push(*to);
            }
        }
    }
    seen
}

/// What an edge may hold alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Target {
    Entity(Entity),
    Touch(ComponentId),
    Write(ComponentId),
}

impl Target {
    fn entity(self) -> Entity {
        match self {
            Self::Entity(entity) => entity,
            Self::Touch(component) | Self::Write(component) => component.into(),
        }
    }
}

/// The edges without which something is no longer reached: those that dominate it on every way from
/// the start. `targets` are reached from an entity over its edge to the target's entity.
fn chokes(
    who: Entity,
    edges: &[Via],
    targets: Vec<(Entity, Target)>,
    writes: &dyn Fn(Entity) -> bool,
) -> Vec<Choke> {
    let mut graph: DiGraph<(), ()> = DiGraph::new();
    let mut nodes: HashMap<Entity, NodeIndex> = HashMap::new();
    let mut node = |graph: &mut DiGraph<(), ()>, entity: Entity| {
        *nodes.entry(entity).or_insert_with(|| graph.add_node(()))
    };
    let root = node(&mut graph, who);
    // Dominators are of nodes: each edge becomes one, so that it can dominate.
    let mut of_edge: HashMap<NodeIndex, usize> = HashMap::new();
    let mut edge_of: HashMap<(Entity, Entity), NodeIndex> = HashMap::new();
    let mut people: Vec<(NodeIndex, Entity)> = Vec::new();
    for (number, via) in edges.iter().enumerate() {
        let middle = graph.add_node(());
        let from = node(&mut graph, via.from);
        graph.add_edge(from, middle, ());
        // A component at the end of a grant is a target of its own, below; it leads nowhere.
        if !matches!(via.to, Entity::Component(_)) {
            let to = node(&mut graph, via.to);
            graph.add_edge(middle, to, ());
            people.push((to, via.to));
        }
        of_edge.insert(middle, number);
        edge_of.insert((via.from, via.to), middle);
    }
    let mut ends: BTreeMap<Target, NodeIndex> = BTreeMap::new();
    for (from, target) in targets {
        match target {
            Target::Entity(entity) => {
                ends.insert(target, node(&mut graph, entity));
            }
            Target::Touch(_) | Target::Write(_) => {
                let end = *ends.entry(target).or_insert_with(|| graph.add_node(()));
                if let Some(middle) = edge_of.get(&(from, target.entity())) {
                    graph.add_edge(*middle, end, ());
                }
            }
        }
    }
    let dominators = simple_fast(&graph, root);
    let mut found: BTreeMap<usize, Choke> = BTreeMap::new();
    let mut blame = |end: NodeIndex, what: &dyn Fn(&mut Choke)| {
        for dominator in dominators.strict_dominators(end).into_iter().flatten() {
            if let Some(&number) = of_edge.get(&dominator) {
                what(found.entry(number).or_insert_with(|| Choke {
                    via: edges[number],
                    writes: Vec::new(),
                    touches: Vec::new(),
                    loses: Vec::new(),
                }));
            }
        }
    };
    for (target, end) in &ends {
        let entity = target.entity();
        match target {
            Target::Entity(_) => blame(*end, &|choke| {
                choke.touches.push(entity);
                if writes(entity) {
                    choke.writes.push(entity);
                }
            }),
            Target::Touch(_) => blame(*end, &|choke| choke.touches.push(entity)),
            Target::Write(_) => blame(*end, &|choke| choke.writes.push(entity)),
        }
    }
    people.sort_unstable();
    people.dedup();
    for (end, entity) in people {
        blame(end, &|choke| choke.loses.push(entity));
    }
    let mut chokes: Vec<Choke> =
        found.into_values().filter(|choke| !choke.touches.is_empty() || !choke.writes.is_empty()).collect();
    // Of equals the one that costs least else.
    chokes.sort_by_key(|choke| {
        (std::cmp::Reverse(choke.writes.len()), std::cmp::Reverse(choke.touches.len()), choke.loses.len())
    });
    chokes.truncate(CHOKES);
    chokes
}
