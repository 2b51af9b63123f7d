//! `near-duplicate`: two personas that have nearly all of components, processes and skills in common.
//!
//! Pairs are found through their rarest items: two sets that share four fifths share one of these.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use crate::analysis::Context;
use crate::analysis::evidence::{name_of, stated};
use crate::analysis::finding::{Severity, Sink};
use crate::catalog::{Entity, PersonaId};

use super::{Among, Category, Check, Reads, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "near-duplicate",
    category: Category::Structure,
    summary: "two personas share four fifths of their components, processes and skills",
    help: include_str!("../../../assets/rules/near-duplicate.md"),
    reads: Reads::Own,
    check: Check::Pairs(check),
};

/// Fewer than so many items say too little.
const FEWEST: usize = 5;

fn check(context: &Context<'_>, among: Among<'_>, sink: &mut Sink) {
    match among {
        Among::All => all(context, sink),
        Among::With(personas) => with(context, personas, sink),
    }
}

fn all(context: &Context<'_>, sink: &mut Sink) {
    let sets: Vec<&[Entity]> = context.facts.personas.iter().map(|facts| &*facts.items).collect();
    let mut frequency: HashMap<Entity, usize> = HashMap::new();
    for item in sets.iter().copied().flatten() {
        *frequency.entry(*item).or_default() += 1;
    }
    let mut holders: HashMap<Entity, Vec<usize>> = HashMap::new();
    for (later, set) in sets.iter().enumerate().filter(|(_, set)| set.len() >= FEWEST) {
        let mut rare = set.to_vec();
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
            compare(context, earlier, later, sink);
        }
    }
}

fn with(context: &Context<'_>, personas: &[PersonaId], sink: &mut Sink) {
    for id in personas {
        let own = id.index();
        for other in (0..context.facts.personas.len()).filter(|other| *other != own) {
            // Of two that are both among them, the later one meets the earlier one.
            if other > own && personas.contains(&PersonaId::from_index(other)) {
                continue;
            }
            compare(context, own.min(other), own.max(other), sink);
        }
    }
}

fn compare(context: &Context<'_>, earlier: usize, later: usize, sink: &mut Sink) {
    let catalog = context.catalog;
    let (one, other) = (&context.facts.personas[earlier].items, &context.facts.personas[later].items);
    let (few, many) = (one.len().min(other.len()), one.len().max(other.len()));
    if few < FEWEST || few * 5 < many * 4 {
        return;
    }
    // Four fifths of all are shared where four ninths of both together are.
    let fewest = ((few + many) * 4).div_ceil(9);
    let Some(common) = shared(one, other, fewest) else { return };
    let all = few + many - common;
    let (first, second) = (PersonaId::from_index(earlier), PersonaId::from_index(later));
    let message = format!(
        "{} and {} share {common} of {all} components, processes and skills.",
        catalog.label(first.into()),
        catalog.label(second.into())
    );
    let evidence = vec![stated(first, "is nearly", second, name_of(catalog, second))];
    sink.about(first, Severity::Low, message).object(second).because(Some(name_of(catalog, first)), evidence);
}

/// How many items two sorted lists share; nothing where that is fewer than `fewest`.
fn shared(left: &[Entity], right: &[Entity], fewest: usize) -> Option<usize> {
    let (mut one, mut other, mut common) = (0, 0, 0);
    while let (Some(item), Some(opposite)) = (left.get(one), right.get(other)) {
        match item.cmp(opposite) {
            Ordering::Less => one += 1,
            Ordering::Greater => other += 1,
            Ordering::Equal => {
                one += 1;
                other += 1;
                common += 1;
            }
        }
        // Most pairs differ early, and need no look at the rest.
        if common + (left.len() - one).min(right.len() - other) < fewest {
            return None;
        }
    }
    (common >= fewest).then_some(common)
}
