//! What is drawn: the things around a focus, what of them is folded, and the edges between them.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use crate::analysis::Analysis;
use crate::analysis::lens::{Lens, edges};
use crate::analysis::view::Mark;
use crate::catalog::{Entity, EntityKind};
use crate::graph::Relation;

use super::Request;
use super::order::Edge;

/// A box: a thing, or several of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A thing.
    One(Entity),
    /// Things of a kind that are not shown one by one.
    Folded(EntityKind, Vec<Entity>),
}

/// An edge with what is said of it.
#[derive(Clone, Debug)]
pub struct Link {
    /// From where to where, and how it is drawn.
    pub edge: Edge,
    /// The relations that it stands for.
    pub relations: Vec<Relation>,
    /// The worst that is said of them.
    pub mark: Mark,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The boxes, kind by kind.
    pub items: Vec<Item>,
    /// The edges between them, no two with the same ends.
    pub links: Vec<Link>,
}

/// The columns in which kinds stand, from left to right.
#[must_use]
pub fn column(kind: EntityKind) -> usize {
    match kind {
        EntityKind::Team
        | EntityKind::Person
        | EntityKind::Scenario
        | EntityKind::Name
        | EntityKind::Catalog
        | EntityKind::Decision
        | EntityKind::DutySet => 0,
        EntityKind::Persona => 1,
        EntityKind::Process => 2,
        EntityKind::Step => 3,
        EntityKind::Component => 4,
        EntityKind::Skill => 5,
    }
}

/// Collects what a request asks for.
#[must_use]
pub fn gather(analysis: &Analysis, lens: Lens<'_>, request: &Request) -> Gathered {
    let mut outgoing: HashMap<Entity, Vec<(Entity, Relation, Mark)>> = HashMap::new();
    let mut distance: BTreeMap<Entity, usize> = BTreeMap::new();
    let out = |entity: Entity| -> Vec<(Entity, Relation, Mark)> {
        let shown = edges(analysis, entity, true, lens);
        shown.into_iter().map(|shown| (shown.entity, shown.link.relation, shown.mark)).collect()
    };
    match (request.hops, request.focus) {
        (Some(hops), Some(focus)) => {
            distance.insert(focus, 0);
            let mut queue = VecDeque::from([focus]);
            while let Some(entity) = queue.pop_front() {
                let here = distance[&entity];
                let onwards = out(entity);
                if here < hops {
                    let backwards = edges(analysis, entity, false, lens);
                    let around = onwards.iter().map(|(other, ..)| *other);
                    for other in around.chain(backwards.into_iter().map(|shown| shown.entity)) {
                        if let std::collections::btree_map::Entry::Vacant(entry) = distance.entry(other) {
                            entry.insert(here + 1);
                            queue.push_back(other);
                        }
                    }
                }
                outgoing.insert(entity, onwards);
            }
        }
        _ => {
            for entity in analysis.graph.entities() {
                let onwards = out(entity);
                if !onwards.is_empty() {
                    distance.insert(entity, 1);
                    distance.extend(onwards.iter().map(|(other, ..)| (*other, 1)));
                }
                outgoing.insert(entity, onwards);
            }
            if let Some(focus) = request.focus {
                distance.insert(focus, 0);
            }
        }
    }
    let items = fold(analysis, &distance, request);
    let mut place: HashMap<Entity, usize> = HashMap::new();
    for (number, item) in items.iter().enumerate() {
        match item {
            Item::One(entity) => {
                place.insert(*entity, number);
            }
            Item::Folded(_, entities) => place.extend(entities.iter().map(|entity| (*entity, number))),
        }
    }
    let mut links: BTreeMap<(usize, usize), Link> = BTreeMap::new();
    for entity in distance.keys() {
        for (other, relation, mark) in outgoing.get(entity).into_iter().flatten() {
            let (Some(&from), Some(&to)) = (place.get(entity), place.get(other)) else { continue };
            if from == to {
                continue;
            }
            let link = links.entry((from, to)).or_insert_with(|| Link {
                edge: Edge { from, to, class: 0 },
                relations: Vec::new(),
                mark: *mark,
            });
            if !link.relations.contains(relation) {
                link.relations.push(*relation);
            }
            if class(*mark) > class(link.mark) {
                link.mark = *mark;
            }
            link.edge.class = class(link.mark);
        }
    }
    Gathered { items, links: links.into_values().collect() }
}

/// How an edge is drawn, by what is said of it; of several the highest counts.
#[must_use]
pub fn class(mark: Mark) -> u8 {
    match mark {
        Mark::Needed | Mark::Plain | Mark::Unsure | Mark::Flawed => 0,
        Mark::Undeclared | Mark::Unknown => 1,
        Mark::Missing => 2,
        Mark::Unneeded | Mark::TooWide => 3,
    }
}

/// The things kind by kind; of a column that holds more than fits, those that matter least together.
fn fold(analysis: &Analysis, distance: &BTreeMap<Entity, usize>, request: &Request) -> Vec<Item> {
    let kind = |entity: Entity| analysis.catalog.kind(entity);
    let mut columns: BTreeMap<usize, Vec<Entity>> = BTreeMap::new();
    for entity in distance.keys() {
        columns.entry(column(kind(*entity))).or_default().push(*entity);
    }
    let mut items = Vec::new();
    for (column, entities) in columns {
        let most = request.most.max(2);
        if entities.len() <= most || request.unfolded.contains(&column) {
            items.extend(entities.into_iter().map(Item::One));
            continue;
        }
        let mut ranked = entities.clone();
        // Near ones matter more than far ones, and what has gaps more than what has none.
        ranked.sort_by_key(|entity| {
            let gap = analysis.worst(*entity).map_or(u8::MAX, |severity| severity as u8);
            (distance[entity], gap, *entity)
        });
        let kept: HashSet<Entity> = ranked.into_iter().take(most - 1).collect();
        let mut folded: BTreeMap<EntityKind, Vec<Entity>> = BTreeMap::new();
        for entity in entities {
            if kept.contains(&entity) {
                items.push(Item::One(entity));
            } else {
                folded.entry(kind(entity)).or_default().push(entity);
            }
        }
        items.extend(folded.into_iter().map(|(kind, entities)| Item::Folded(kind, entities)));
    }
    items
}
