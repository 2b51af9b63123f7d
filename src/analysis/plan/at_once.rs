//! A plan by what each fix was seen to do alone: all of it is made at once, and believed only where the
//! target is then met.
//!
//! Fixes mostly do not get into each other's way, and then this is as good as making them one after
//! another, for one analysis instead of one a step. Where they do, it gives nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::analysis::fixes::Outcome;
use crate::analysis::key::Key;
use crate::analysis::{Analysis, Finding, Severity};
use crate::catalog::CardEdit;

use super::{Choice, Plan, PlanStep, Target};

/// The choices that reach a target together, where adding up what each does alone is the truth.
pub(super) fn at_once(analysis: &Analysis, target: Target, choices: &[Choice]) -> Option<Plan> {
    let chosen = match target {
        Target::Clear(_) => covering(analysis, target, choices)?,
        Target::Grade(grade) => rising(analysis, Target::value(grade), choices)?,
    };
    let outcome = together(analysis, target, &chosen)?;
    let mut steps: Vec<&Choice> = chosen;
    let mut after = outcome.after;
    if matches!(target, Target::Grade(_)) {
        (steps, after) = thinned(analysis, target, steps, after);
    }
    Some(Plan {
        cost: steps.iter().map(|choice| choice.cost).sum(),
        proven: false,
        reached: true,
        given_up: false,
        changes: Vec::new(),
        after,
        steps: steps.into_iter().map(PlanStep::of).collect(),
    })
}

/// What choices come to together, where they meet the target, break no card and open nothing that is as
/// bad as the least of what they close.
fn together(analysis: &Analysis, target: Target, chosen: &[&Choice]) -> Option<Outcome> {
    let edits: Vec<CardEdit> = chosen.iter().flat_map(|choice| choice.fix.edits.iter().cloned()).collect();
    let outcome = analysis.outcome(&edits).ok()?;
    let least = chosen.iter().map(|choice| choice.severity).max().unwrap_or(Severity::Info);
    let opens = outcome
        .new_findings()
        .any(|new| new.severity.at_least(least) && new.rule.id != "stale-decision" && !shown(new, chosen));
    (target.is_met(&outcome.after) && outcome.breaks_nothing(analysis) && !opens).then_some(outcome)
}

/// Gaps of what was declared are not of the declaring.
fn shown(new: &Finding, chosen: &[&Choice]) -> bool {
    !new.severity.at_least(Severity::Medium) && chosen.iter().any(|choice| choice.declares)
}

/// A set of choices that closes all that matters: greedily, each time what closes most for its cost.
fn covering<'c>(analysis: &Analysis, target: Target, choices: &'c [Choice]) -> Option<Vec<&'c Choice>> {
    let mut places: BTreeMap<&Key, usize> = BTreeMap::new();
    for key in choices.iter().flat_map(|choice| &choice.closes) {
        let next = places.len();
        places.entry(key).or_insert(next);
    }
    let matters = |finding: &&Arc<Finding>| finding.is_open() && finding.severity.at_least(target.concerns());
    // What nothing closes cannot be cleared.
    if places.len() < analysis.findings.iter().filter(matters).count() {
        return None;
    }
    let closes: Vec<Vec<usize>> =
        choices.iter().map(|choice| choice.closes.iter().map(|key| places[key]).collect()).collect();
    let mut left: BTreeSet<usize> = (0..places.len()).collect();
    let mut chosen: Vec<usize> = Vec::new();
    while !left.is_empty() {
        #[expect(clippy::cast_precision_loss, reason = "counts of findings are small")]
        let worth = |index: usize| {
            let done = closes[index].iter().filter(|place| left.contains(place)).count();
            done as f64 / f64::from(choices[index].cost.max(1))
        };
        let best = first_best(choices, (0..choices.len()).map(|index| (index, worth(index))))?;
        left.retain(|place| !closes[best].contains(place));
        chosen.push(best);
    }
    // What the others close too is not needed; the dearest first.
    let mut order = chosen.clone();
    order.sort_by_key(|index| std::cmp::Reverse(choices[*index].cost));
    for spare in order {
        let others: BTreeSet<usize> =
            chosen.iter().filter(|own| **own != spare).flat_map(|own| closes[*own].iter().copied()).collect();
        if closes[spare].iter().all(|place| others.contains(place)) {
            chosen.retain(|own| *own != spare);
        }
    }
    Some(chosen.into_iter().map(|index| &choices[index]).collect())
}

/// A set of choices whose gains add up to a score: greedily, each time what gains most for its cost.
fn rising<'c>(analysis: &Analysis, wanted: f64, choices: &'c [Choice]) -> Option<Vec<&'c Choice>> {
    let mut missing = wanted - analysis.score.value?;
    let mut closed: BTreeSet<&Key> = BTreeSet::new();
    let mut chosen: Vec<&Choice> = Vec::new();
    while missing > 0.0 {
        let worth = |choice: &Choice| choice.gain.min(missing + 0.01) / f64::from(choice.cost.max(1));
        // What another one closed already gains nothing a second time.
        let open = choices.iter().enumerate().filter(|(_, choice)| {
            !closed.contains(&choice.key) && choice.closes.iter().all(|key| !closed.contains(key))
        });
        let best = first_best(choices, open.map(|(index, choice)| (index, worth(choice))))?;
        let best = &choices[best];
        missing -= best.gain;
        closed.insert(&best.key);
        closed.extend(&best.closes);
        chosen.push(best);
    }
    Some(chosen)
}

/// The first of the most worth that is worth anything; of equals the cheaper.
fn first_best(choices: &[Choice], worth: impl Iterator<Item = (usize, f64)>) -> Option<usize> {
    worth
        .filter(|(_, worth)| *worth > 1e-9)
        .reduce(|best, next| {
            let cheaper = choices[best.0].cost.cmp(&choices[next.0].cost);
            if next.1.total_cmp(&best.1).then(cheaper).is_gt() { next } else { best }
        })
        .map(|(index, _)| index)
}

/// So many steps are looked at to see whether the target is met without them.
const MOST_SPARED: usize = 100;

/// Without the choices that the target does not need, the dearest looked at first.
fn thinned<'c>(
    analysis: &Analysis,
    target: Target,
    mut chosen: Vec<&'c Choice>,
    mut after: Arc<Analysis>,
) -> (Vec<&'c Choice>, Arc<Analysis>) {
    let mut order: Vec<&Choice> = chosen.clone();
    order.sort_by_key(|choice| std::cmp::Reverse(choice.cost));
    for spare in order.into_iter().take(MOST_SPARED) {
        let rest: Vec<&Choice> = chosen.iter().copied().filter(|own| !std::ptr::eq(*own, spare)).collect();
        if let Some(outcome) = together(analysis, target, &rest) {
            (chosen, after) = (rest, outcome.after);
        }
    }
    (chosen, after)
}
