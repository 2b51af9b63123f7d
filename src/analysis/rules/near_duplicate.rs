//! `near-duplicate`: two personas that have nearly all of components, processes and skills in common.
//!
//! Pairs are found through their rarest items: two sets that share four fifths share one of these.

use std::collections::{HashMap, HashSet};

use crate::analysis::Context;
use crate::analysis::evidence::{name_of, stated};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Entity, PersonaId};

use super::{Category, Check, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "near-duplicate",
    category: Category::Structure,
    summary: "two personas share four fifths of their components, processes and skills",
    help: include_str!("../../../assets/rules/near-duplicate.md"),
    check: Check::Catalog(check),
};

/// Fewer than so many items say too little.
const FEWEST: usize = 5;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let catalog = context.catalog;
    let sets: Vec<Vec<Entity>> = (0..catalog.personas.len()).map(|index| items(context, index)).collect();
    let mut frequency: HashMap<Entity, usize> = HashMap::new();
    for item in sets.iter().flatten() {
        *frequency.entry(*item).or_default() += 1;
    }
    let mut holders: HashMap<Entity, Vec<usize>> = HashMap::new();
    for (later, set) in sets.iter().enumerate().filter(|(_, set)| set.len() >= FEWEST) {
        let mut rare = set.clone();
        rare.sort_by_key(|item| (frequency.get(item).copied().unwrap_or(0), *item));
        // Of two sets whose overlap is at least 4/5, the first fifth (and one) of the rarest meet.
        let prefix = set.len() - (set.len() * 4).div_ceil(5) + 1;
        let mut candidates = HashSet::new();
        for item in rare.iter().take(prefix) {
            let known = holders.entry(*item).or_default();
            candidates.extend(known.iter().copied());
            known.push(later);
        }
        let mut candidates: Vec<usize> = candidates.into_iter().collect();
        candidates.sort_unstable();
        for earlier in candidates {
            let other = &sets[earlier];
            let common = shared(other, set);
            let all = other.len() + set.len() - common;
            if common * 5 < all * 4 {
                continue;
            }
            let (first, second) = (PersonaId::from_index(earlier), PersonaId::from_index(later));
            let message = format!(
                "{} and {} share {common} of {all} components, processes and skills.",
                catalog.label(first.into()),
                catalog.label(second.into())
            );
            let evidence = vec![stated(first, "is nearly", second, name_of(catalog, second))];
            sink.about(first, Severity::Low, message)
                .object(second)
                .because(Some(name_of(catalog, first)), evidence);
        }
    }
}

fn items(context: &Context<'_>, index: usize) -> Vec<Entity> {
    let persona = &context.catalog.personas[index];
    let active = &context.facts.personas[index].active;
    let mut items: Vec<Entity> = active.iter().map(|&place| persona.grants[place].component.into()).collect();
    items.extend(persona.processes.iter().map(|part| Entity::from(part.process)));
    items.extend(persona.skills.iter().map(|skill| Entity::from(skill.skill)));
    items.sort_unstable();
    items.dedup();
    items
}

/// How many items two sorted lists share.
fn shared(left: &[Entity], right: &[Entity]) -> usize {
    left.iter().filter(|item| right.binary_search(item).is_ok()).count()
}
