//! `near-duplicate`: two personas that have nearly all of components, processes and skills in common.
//!
//! Pairs are found through their rarest items, of which two sets that share four fifths share some.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use rayon::prelude::*;

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
    let alike: Vec<(usize, usize)> = candidates(&sets)
        .into_par_iter()
        .filter(|(earlier, later)| is_alike(context, *earlier, *later))
        .collect();
    for (earlier, later) in alike {
        compare(context, earlier, later, sink);
    }
}

/// A set of more items than this has too many pairs of rarest items; one of them must do there.
const MOST_WITH_PAIRS: usize = 60;

/// Pairs of sets that may share four fifths, each once, in order.
///
/// All sets are looked at in one order, the rarest items first. Of two that share four fifths, the
/// first fifth and one more have an item in common, and the first fifth and two more have two; a pair of
/// items is far rarer than an item, so that hardly any sets meet in it that are not alike.
fn candidates(sets: &[&[Entity]]) -> Vec<(usize, usize)> {
    let mut frequency: HashMap<Entity, usize, RandomState> = HashMap::default();
    for item in sets.iter().copied().flatten() {
        *frequency.entry(*item).or_default() += 1;
    }
    let is_large = |set: usize| sets[set].len() > MOST_WITH_PAIRS;
    let any_large = (0..sets.len()).any(is_large);
    let hasher = RandomState::default();
    let signs_of = |place: usize| {
        let set = sets[place];
        let mut signs = Vec::new();
        if set.len() < FEWEST {
            return signs;
        }
        let mut rare = set.to_vec();
        rare.sort_unstable_by_key(|item| (frequency.get(item).copied().unwrap_or(0), *item));
        let fifth = set.len() - (set.len() * 4).div_ceil(5);
        if any_large {
            signs.extend(rare.iter().take(fifth + 1).map(|item| (hasher.hash_one(item) | 1, place)));
        }
        if !is_large(place) {
            let rare = &rare[..(fifth + 2).min(rare.len())];
            for (number, one) in rare.iter().enumerate() {
                let others = rare[number + 1..].iter();
                signs.extend(others.map(|other| (hasher.hash_one((one, other)) & !1, place)));
            }
        }
        signs
    };
    let mut signs: Vec<(u64, usize)> =
        (0..sets.len()).into_par_iter().with_min_len(64).flat_map_iter(signs_of).collect();
    signs.par_sort_unstable();
    let groups: Vec<&[(u64, usize)]> = signs.chunk_by(|one, other| one.0 == other.0).collect();
    let pairs_of = |group: &[(u64, usize)]| {
        let single = group.first().is_some_and(|(sign, _)| sign & 1 == 1);
        let mut pairs = Vec::new();
        for (number, (_, earlier)) in group.iter().enumerate() {
            let later = group[number + 1..].iter().map(|(_, later)| (*earlier, *later));
            pairs.extend(
                later.filter(|(one, other)| one != other && (!single || is_large(*one) || is_large(*other))),
            );
        }
        pairs
    };
    let mut pairs: Vec<(usize, usize)> =
        groups.into_par_iter().with_min_len(256).flat_map_iter(pairs_of).collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
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

fn is_alike(context: &Context<'_>, earlier: usize, later: usize) -> bool {
    overlap(context, earlier, later).is_some()
}

/// How many items two personas share, and how many they have together, where these are nearly the same.
fn overlap(context: &Context<'_>, earlier: usize, later: usize) -> Option<(usize, usize)> {
    let (one, other) = (&context.facts.personas[earlier].items, &context.facts.personas[later].items);
    let (few, many) = (one.len().min(other.len()), one.len().max(other.len()));
    if few < FEWEST || few * 5 < many * 4 {
        return None;
    }
    // Four fifths of all are shared where four ninths of both together are.
    let fewest = ((few + many) * 4).div_ceil(9);
    let common = shared(one, other, fewest)?;
    Some((common, few + many - common))
}

fn compare(context: &Context<'_>, earlier: usize, later: usize, sink: &mut Sink) {
    let catalog = context.catalog;
    let Some((common, all)) = overlap(context, earlier, later) else { return };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::SkillId;

    /// Sets of every size up to far more than have pairs, some nearly the same, some not: what
    /// the rare items lead to holds all that comparing each with each finds.
    #[test]
    fn no_two_sets_that_are_alike_are_missed() {
        let mut state = 1_u64;
        let mut number = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap_or(0) % below
        };
        let skill = |place: usize| Entity::Skill(SkillId::from_index(place));
        let mut sets: Vec<Vec<Entity>> = Vec::new();
        for size in (3..90).chain([150, 151, 180]).flat_map(|size| [size, size, size]) {
            let alike = sets.last().filter(|_| number(3) > 0).cloned();
            let mut set = alike.unwrap_or_default();
            for _ in 0..number(1 + size / 6) {
                if !set.is_empty() {
                    set.remove(number(set.len()));
                }
            }
            while set.len() < size {
                set.push(skill(number(400)));
                set.sort_unstable();
                set.dedup();
            }
            set.truncate(size);
            sets.push(set);
        }
        let sets: Vec<&[Entity]> = sets.iter().map(Vec::as_slice).collect();
        let is_alike = |one: &[Entity], other: &[Entity]| {
            let common = one.iter().filter(|item| other.contains(item)).count();
            one.len().min(other.len()) >= FEWEST && common * 5 >= (one.len() + other.len() - common) * 4
        };
        let mut alike = 0;
        let found = candidates(&sets);
        for later in 0..sets.len() {
            for earlier in 0..later {
                if is_alike(sets[earlier], sets[later]) {
                    alike += 1;
                    assert!(found.contains(&(earlier, later)), "{earlier} and {later}");
                }
            }
        }
        assert!(alike > 40, "too few are alike to say anything: {alike}");
        assert!(found.is_sorted());
        let small = (0..sets.len()).filter(|set| sets[*set].len() <= MOST_WITH_PAIRS).count();
        let met = found.iter().filter(|(_, later)| *later < small).count();
        assert!(met < small * small / 10, "{met} pairs of {small} sets that are not large");
    }
}
