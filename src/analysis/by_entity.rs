//! Findings by the entities that they are about: an index over places, without a list an entity.

use std::sync::Arc;

use crate::catalog::Entity;

use super::Finding;

/// Places of findings, entity by entity.
#[derive(Debug, Default)]
pub(super) struct ByEntity {
    /// By kind: where the places of each entity begin, and where those of the last one end.
    starts: Vec<Vec<u32>>,
    places: Vec<u32>,
}

impl ByEntity {
    pub fn of(findings: &[Arc<Finding>]) -> Self {
        let mut starts: Vec<Vec<u32>> = Vec::new();
        for (_, kind, number) in mentions(findings) {
            if starts.len() <= kind {
                starts.resize_with(kind + 1, Vec::new);
            }
            if starts[kind].len() <= number {
                starts[kind].resize(number + 1, 0);
            }
            starts[kind][number] += 1;
        }
        let mut next = 0;
        for starts in &mut starts {
            for start in starts.iter_mut() {
                next += std::mem::replace(start, next);
            }
            starts.push(next);
        }
        let mut places = vec![0; next as usize];
        let mut ends = starts.clone();
        for (place, kind, number) in mentions(findings) {
            let end = &mut ends[kind][number];
            places[*end as usize] = place;
            *end += 1;
        }
        Self { starts, places }
    }

    /// The places of the findings about an entity, in order.
    pub fn places(&self, entity: Entity) -> &[u32] {
        let (kind, number) = slot(entity);
        let starts = self.starts.get(kind).map_or(&[][..], Vec::as_slice);
        match (starts.get(number), starts.get(number + 1)) {
            (Some(&start), Some(&end)) => &self.places[start as usize..end as usize],
            _ => &[],
        }
    }
}

/// Which finding is about which entity, as subject or object.
fn mentions(findings: &[Arc<Finding>]) -> impl Iterator<Item = (u32, usize, usize)> {
    findings.iter().zip(0_u32..).flat_map(|(finding, place)| {
        let object = finding.object.filter(|object| *object != finding.subject);
        std::iter::once(finding.subject).chain(object).map(move |entity| {
            let (kind, number) = slot(entity);
            (place, kind, number)
        })
    })
}

/// A number for the kind, and the number of the entity in it.
fn slot(entity: Entity) -> (usize, usize) {
    match entity {
        Entity::Catalog => (0, 0),
        Entity::Persona(id) => (1, id.index()),
        Entity::Process(id) => (2, id.index()),
        Entity::Step(id) => (3, id.index()),
        Entity::Component(id) => (4, id.index()),
        Entity::Skill(id) => (5, id.index()),
        Entity::Team(id) => (6, id.index()),
        Entity::Person(id) => (7, id.index()),
        Entity::Scenario(id) => (8, id.index()),
        Entity::Decision(id) => (9, id.index()),
        Entity::Ignore(id) => (10, id.index()),
        Entity::DutySet(id) => (11, id.index()),
        Entity::Duplicate(id) => (12, id.index()),
        Entity::Name(id) => (13, id.index()),
    }
}
