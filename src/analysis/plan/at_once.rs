//! A plan by what each fix was seen to do alone: all of it is made at once, and believed only where the
//! target is then met.
//!
//! Fixes mostly do not get into each other's way, and then this is as good as making them one after
//! another, for one analysis instead of one a step. Where they do, it gives nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::analysis::fixes::Outcome;
use crate::analysis::key::Key;
use crate::analysis::{Analysis, Finding};
use crate::catalog::CardEdit;

use super::{Choice, Plan, PlanStep, Target, first_best};

/// The choices that reach a target together, where adding up what each does alone is the truth.
pub(super) fn at_once(analysis: &Analysis, target: Target, choices: &[Choice]) -> Option<Plan> {
    let chosen = match target {
        Target::Clear(_) => covering(analysis, target, choices)?,
        Target::Grade(grade) => rising(analysis, Target::value(grade), choices)?,
    };
    let after = together(analysis, target, &chosen)?.after;
    let (steps, after) = match target {
        Target::Clear(_) => (chosen, after),
        Target::Grade(_) => thinned(analysis, target, chosen, after),
    };
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

/// What choices come to together, where they meet the target, close what they are for, break no card and open
/// nothing that is as bad as the least of what they close.
fn together(analysis: &Analysis, target: Target, chosen: &[&Choice]) -> Option<Outcome> {
    let edits: Vec<CardEdit> = chosen.iter().flat_map(|choice| choice.fix.edits.iter().cloned()).collect();
    let outcome = analysis.outcome(&edits).ok()?;
    let closed: Vec<&Finding> = chosen.iter().map(|choice| &*analysis.findings[choice.place]).collect();
    let closes_all = chosen.iter().all(|choice| outcome.gone.binary_search(&choice.place).is_ok());
    let holds = closes_all
        && target.is_met(&outcome.after)
        && outcome.breaks_nothing(analysis)
        && !outcome.opens_as_bad(analysis, &closed);
    holds.then_some(outcome)
}

/// A set of choices that closes all that matters: greedily, each time what closes most for its cost.
fn covering<'c>(analysis: &Analysis, target: Target, choices: &'c [Choice]) -> Option<Vec<&'c Choice>> {
    let mut left: BTreeSet<&Key> = choices.iter().flat_map(|choice| &choice.closes).collect();
    // What nothing closes cannot be cleared.
    if left.len() < analysis.findings.iter().filter(|finding| target.matters(finding)).count() {
        return None;
    }
    let mut chosen: Vec<&Choice> = Vec::new();
    while !left.is_empty() {
        #[expect(clippy::cast_precision_loss, reason = "counts of findings are small")]
        let worth = |choice: &Choice| {
            let done = choice.closes.iter().filter(|key| left.contains(key)).count();
            done as f64 / f64::from(choice.cost.max(1))
        };
        let best = first_best(choices.iter().map(|choice| (choice, worth(choice))))?;
        left.retain(|key| !best.closes.contains(*key));
        chosen.push(best);
    }
    // What the others close too is not needed; the dearest first.
    for spare in dearest_first(&chosen) {
        let others = || chosen.iter().filter(|own| !std::ptr::eq(**own, spare));
        if spare.closes.iter().all(|key| others().any(|own| own.closes.contains(key))) {
            chosen.retain(|own| !std::ptr::eq(*own, spare));
        }
    }
    Some(chosen)
}

fn dearest_first<'c>(chosen: &[&'c Choice]) -> Vec<&'c Choice> {
    let mut order = chosen.to_vec();
    order.sort_by_key(|choice| std::cmp::Reverse(choice.cost));
    order
}

/// A set of choices whose gains add up to a score: greedily, each time what gains most for its cost.
fn rising<'c>(analysis: &Analysis, wanted: f64, choices: &'c [Choice]) -> Option<Vec<&'c Choice>> {
    let mut missing = wanted - analysis.score.value?;
    let mut closed: BTreeSet<&Key> = BTreeSet::new();
    let mut chosen: Vec<&Choice> = Vec::new();
    while missing > 0.0 {
        let worth = |choice: &Choice| choice.gain.min(missing + 0.01) / f64::from(choice.cost.max(1));
        // What another one closed already gains nothing a second time.
        let open = choices.iter().filter(|choice| choice.closes.iter().all(|key| !closed.contains(key)));
        let best = first_best(open.map(|choice| (choice, worth(choice))))?;
        missing -= best.gain;
        closed.extend(&best.closes);
        chosen.push(best);
    }
    Some(chosen)
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
    for spare in dearest_first(&chosen).into_iter().take(MOST_SPARED) {
        let rest: Vec<&Choice> = chosen.iter().copied().filter(|own| !std::ptr::eq(*own, spare)).collect();
        if let Some(outcome) = together(analysis, target, &rest) {
            (chosen, after) = (rest, outcome.after);
        }
    }
    (chosen, after)
}
