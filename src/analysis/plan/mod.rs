//! The smallest repair: the cheapest set of fixes that reaches a grade, or clears a severity.
//!
//! What a set comes to is computed, never added up. It is chosen greedily and thinned out: by what each fix
//! does alone where that proves true, else one fix after another. It is
//! proven optimal where every cheaper set of the known fixes was tried, or, to clear a severity, where
//! findings that no fix closes two of cost as much one by one; else it says that it is not proven.
//! The proof is about the known fixes, each closing what it closes on its own.

mod at_once;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::{CardEdit, FileChange};

use crate::analysis::fixes::{Fix, Way, candidates, proof::difference};
use crate::analysis::key::{Key, keys};
use crate::analysis::score::GRADES;
use crate::analysis::{Analysis, Finding, Severity};

/// What is to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// This grade, or a better one.
    Grade(char),
    /// No open finding of this severity or worse.
    Clear(Severity),
}

/// One step of a plan.
#[derive(Clone, Debug)]
pub struct PlanStep {
    /// The sentence of the finding that it is for.
    pub message: String,
    /// The fix.
    pub fix: Fix,
    /// What it costs.
    pub cost: u32,
}

/// A plan, and what it comes to.
#[derive(Debug)]
pub struct Plan {
    /// What to do, in order.
    pub steps: Vec<PlanStep>,
    /// What all of it costs.
    pub cost: u32,
    /// Whether no cheaper set of the known fixes does it.
    pub proven: bool,
    /// Whether the target is reached.
    pub reached: bool,
    /// Whether it was given up before all was tried; then more fixes may be known.
    pub given_up: bool,
    /// What becomes of the files.
    pub changes: Vec<FileChange>,
    /// The analysis after it.
    pub after: Arc<Analysis>,
}

/// What a fix costs: 1 for a value that changes, 2 for a card that comes, 3 for one that goes, and
/// 2 more where it takes more than an edit to be true (an access is given, a skill is claimed).
#[must_use]
pub fn cost(fix: &Fix) -> u32 {
    let edits: u32 = fix
        .edits
        .iter()
        .map(|edit| match edit {
            CardEdit::Change { .. } | CardEdit::RemoveIgnore { .. } => 1,
            CardEdit::Add { .. } => 2,
            CardEdit::Remove(_) | CardEdit::Write(_) => 3,
        })
        .sum();
    edits + if matches!(fix.way, Way::Record | Way::Grant | Way::Reassign) { 2 } else { 0 }
}

impl Target {
    /// Whether an analysis is there.
    #[must_use]
    pub fn is_met(self, analysis: &Analysis) -> bool {
        match self {
            Self::Grade(grade) => analysis.score.grade().is_some_and(|own| own <= grade),
            Self::Clear(_) => !analysis.findings.iter().any(|finding| self.matters(finding)),
        }
    }

    /// The score from which on a grade is given.
    fn value(grade: char) -> f64 {
        GRADES.iter().find(|(own, _)| *own == grade).map_or(0.0, |(_, from)| from.max(0.0))
    }

    /// Whether a finding stands in the way of it.
    fn matters(self, finding: &Finding) -> bool {
        let least = match self {
            Self::Grade(_) => Severity::Medium,
            Self::Clear(severity) => severity,
        };
        finding.is_open() && finding.severity.at_least(least)
    }
}

#[derive(Clone)]
struct Choice {
    key: Key,
    /// Where the finding stands in the analysis that was asked.
    place: usize,
    message: String,
    fix: Fix,
    cost: u32,
    /// The findings that matter and that it closes.
    closes: BTreeSet<Key>,
    /// How much the score rises by it alone.
    gain: f64,
}

impl PlanStep {
    fn of(choice: &Choice) -> Self {
        Self { message: choice.message.clone(), fix: choice.fix.clone(), cost: choice.cost }
    }
}

/// The fixes of the findings that matter and whose key is wanted, each with what it comes to now.
fn choices(analysis: &Analysis, target: Target, wanted: impl Fn(&Key) -> bool + Sync) -> Vec<Choice> {
    let own = keys(analysis);
    let matters = |place: usize| target.matters(&analysis.findings[place]);
    let value = analysis.score.value.unwrap_or(0.0);
    (0..analysis.findings.len())
        .into_par_iter()
        .filter(|place| matters(*place) && wanted(&own[*place]))
        .flat_map_iter(|place| {
            let fixes = analysis.fixes(place);
            let (key, message) = (own[place].clone(), analysis.findings[place].message.clone());
            let own = &own;
            fixes.into_iter().filter_map(move |proven| {
                let outcome = proven.outcome?;
                Some(Choice {
                    key: key.clone(),
                    place,
                    message: message.clone(),
                    cost: cost(&proven.fix),
                    fix: proven.fix,
                    closes: outcome
                        .gone
                        .iter()
                        .filter(|gone| matters(**gone))
                        .map(|gone| own[*gone].clone())
                        .collect(),
                    gain: outcome.after.score.value.unwrap_or(value) - value,
                })
            })
        })
        .collect()
}

/// The cheapest plan that was found.
#[must_use]
pub fn plan(analysis: &Arc<Analysis>, target: Target) -> Plan {
    if target.is_met(analysis) {
        return Plan {
            steps: Vec::new(),
            cost: 0,
            proven: true,
            reached: true,
            given_up: false,
            changes: Vec::new(),
            after: analysis.clone(),
        };
    }
    let first = choices(analysis, target, |_| true);
    let found = at_once::at_once(analysis, target, &first)
        .unwrap_or_else(|| one_after_another(analysis, target, &first));
    let is_least =
        found.reached && matches!(target, Target::Clear(_)) && found.cost == bound(analysis, target, &first);
    let mut best =
        if is_least { Plan { proven: true, ..found } } else { cheaper(analysis, target, &first, found) };
    best.changes = analysis.catalog.changes_to(&best.after.catalog);
    best
}

/// A plan of which each step is chosen, and seen, on what those before it left.
fn one_after_another(analysis: &Arc<Analysis>, target: Target, first: &[Choice]) -> Plan {
    let mut steps: Vec<(Key, PlanStep)> = Vec::new();
    let mut now = analysis.clone();
    let mut open = first.to_vec();
    // Numbers are good for one snapshot: of these findings the fixes are known as they are now.
    let mut fresh: HashSet<Key> = open.iter().map(|choice| choice.key.clone()).collect();
    let mut all_fresh = true;
    // Of these it is not known how many there will be.
    let mut looks = MOST_LOOKS / analysis.catalog.personas.len().max(1);
    let mut given_up = false;
    while !target.is_met(&now) {
        if looks == 0 {
            given_up = true;
            break;
        }
        looks -= 1;
        let Some(best) = best(&now, target, &open).cloned() else {
            if all_fresh {
                break;
            }
            // What did nothing before may do something now.
            open = choices(&now, target, |_| true);
            looks = looks.saturating_sub(open.len());
            fresh = open.iter().map(|choice| choice.key.clone()).collect();
            all_fresh = true;
            continue;
        };
        if !fresh.contains(&best.key) {
            // It was the best before the steps since: it is looked at again before it is believed.
            open.retain(|choice| choice.key != best.key);
            open.extend(choices(&now, target, |key| *key == best.key));
            fresh.insert(best.key);
            continue;
        }
        let Ok(outcome) = now.outcome(&best.fix.edits) else { break };
        let (before, after): (HashSet<Key>, HashSet<Key>) =
            (keys(&now).into_iter().collect(), keys(&outcome.after).into_iter().collect());
        steps.push((best.key.clone(), PlanStep::of(&best)));
        now = outcome.after;
        open.retain(|choice| after.contains(&choice.key));
        open.extend(choices(&now, target, |key| !before.contains(key)));
        fresh = after.difference(&before).cloned().collect();
        all_fresh = false;
    }
    let steps = thinned(analysis, target, steps, first);
    let (after, steps) = replayed(analysis, &steps);
    let cost: u32 = steps.iter().map(|step| step.cost).sum();
    let reached = target.is_met(&after);
    Plan { cost, proven: false, reached, given_up: given_up && !reached, changes: Vec::new(), after, steps }
}

/// So many looks at what a fix comes to, times personas, are taken at fixes one after another.
const MOST_LOOKS: usize = 300_000;

/// More sets than this are not tried.
const MOST_SETS: usize = 2_000;

/// Tries every cheaper set of the known fixes, where these are few enough; the best is then proven.
fn cheaper(analysis: &Arc<Analysis>, target: Target, choices: &[Choice], found: Plan) -> Plan {
    if !found.reached || found.cost == 0 {
        return Plan { proven: found.reached, ..found };
    }
    let mut by_finding: Vec<Vec<&Choice>> = Vec::new();
    for choice in choices {
        match by_finding.iter_mut().find(|known| known[0].key == choice.key) {
            Some(known) => known.push(choice),
            None => by_finding.push(vec![choice]),
        }
    }
    let mut sets: Vec<Vec<&Choice>> = Vec::new();
    if !enumerate(&by_finding, found.cost - 1, &mut Vec::new(), &mut sets) {
        return found;
    }
    sets.sort_by_cached_key(|set| (set.iter().map(|choice| choice.cost).sum::<u32>(), set.len()));
    let better = sets.par_iter().find_first(|set| {
        let edits: Vec<CardEdit> = set.iter().flat_map(|choice| choice.fix.edits.iter().cloned()).collect();
        analysis.outcome(&edits).is_ok_and(|outcome| target.is_met(&outcome.after))
    });
    let Some(set) = better else { return Plan { proven: true, ..found } };
    let edits: Vec<CardEdit> = set.iter().flat_map(|choice| choice.fix.edits.iter().cloned()).collect();
    let Ok(outcome) = analysis.outcome(&edits) else { return found };
    let steps: Vec<PlanStep> = set.iter().copied().map(PlanStep::of).collect();
    let cost = steps.iter().map(|step| step.cost).sum();
    Plan {
        steps,
        cost,
        proven: true,
        reached: true,
        given_up: false,
        changes: Vec::new(),
        after: outcome.after,
    }
}

/// All sets of at most one fix a finding that cost no more than `budget`; whether these are few enough.
fn enumerate<'c>(
    findings: &[Vec<&'c Choice>],
    budget: u32,
    taken: &mut Vec<&'c Choice>,
    sets: &mut Vec<Vec<&'c Choice>>,
) -> bool {
    let Some((first, rest)) = findings.split_first() else {
        if !taken.is_empty() {
            sets.push(taken.clone());
        }
        return sets.len() <= MOST_SETS;
    };
    if !enumerate(rest, budget, taken, sets) {
        return false;
    }
    for choice in first.iter().filter(|choice| choice.cost <= budget) {
        taken.push(choice);
        let few = enumerate(rest, budget - choice.cost, taken, sets);
        taken.pop();
        if !few {
            return false;
        }
    }
    true
}

/// The choice that does most for its cost; of equals the cheaper, then the first.
fn best<'c>(now: &Analysis, target: Target, open: &'c [Choice]) -> Option<&'c Choice> {
    let worth = |choice: &Choice| -> f64 {
        let done = match target {
            Target::Grade(grade) => {
                let missing = Target::value(grade) - now.score.value.unwrap_or(0.0);
                choice.gain.min(missing.max(0.0) + 0.01)
            }
            #[expect(clippy::cast_precision_loss, reason = "counts of findings are small")]
            Target::Clear(_) => choice.closes.len() as f64,
        };
        done / f64::from(choice.cost.max(1))
    };
    first_best(open.iter().map(|choice| (choice, worth(choice))))
}

/// The choice of the most worth, where one is worth anything; of equals the cheaper, then the first: fixes of
/// one finding stand in the order of their rank.
fn first_best<'c>(worth: impl Iterator<Item = (&'c Choice, f64)>) -> Option<&'c Choice> {
    worth
        .filter(|(_, worth)| *worth > 1e-9)
        .reduce(|best, next| {
            let order = next.1.total_cmp(&best.1).then(best.0.cost.cmp(&next.0.cost));
            if order.is_gt() { next } else { best }
        })
        .map(|(choice, _)| choice)
}

/// As many steps are done again to see which of them are needed.
const MOST_REPLAYED: usize = 4_000;

/// Without the steps that the target does not need, the dearest looked at first; of very many only some.
fn thinned(
    analysis: &Arc<Analysis>,
    target: Target,
    mut steps: Vec<(Key, PlanStep)>,
    known: &[Choice],
) -> Vec<(Key, PlanStep)> {
    // To clear a severity, a step that no other fix does along with its own is needed in any case.
    let is_spare = |key: &Key| match target {
        Target::Grade(_) => true,
        Target::Clear(_) => known.iter().any(|choice| choice.key != *key && choice.closes.contains(key)),
    };
    let mut order: Vec<Key> = steps.iter().map(|(key, _)| key.clone()).filter(is_spare).collect();
    order.sort_by_key(|key| {
        std::cmp::Reverse(steps.iter().find(|(own, _)| own == key).map_or(0, |(_, step)| step.cost))
    });
    // Each is a replay of all others.
    order.truncate(MOST_REPLAYED / steps.len().max(1));
    for key in order {
        let rest: Vec<_> = steps.iter().filter(|(own, _)| *own != key).cloned().collect();
        let (after, done) = replayed(analysis, &rest);
        if target.is_met(&after) && done.len() == rest.len() {
            steps = rest;
        }
    }
    steps
}

/// Does steps again from the start: each finding by its key, each fix by its title.
fn replayed(analysis: &Arc<Analysis>, steps: &[(Key, PlanStep)]) -> (Arc<Analysis>, Vec<PlanStep>) {
    let mut now = analysis.clone();
    let mut done = Vec::new();
    for (key, step) in steps {
        let Some(place) = keys(&now).iter().position(|own| own == key) else { continue };
        let finding = &now.findings[place];
        let again = candidates(&now.context(), finding).into_iter().find_map(|fix| {
            let is_own = fix.title == step.fix.title && !fix.is_advice();
            let outcome = is_own.then(|| now.prove(finding, &fix)).flatten()?;
            Some((fix, outcome))
        });
        let Some((fix, outcome)) = again else { continue };
        let cost = cost(&fix);
        now = outcome.after;
        done.push(PlanStep { message: step.message.clone(), fix, cost });
    }
    (now, done)
}

/// What clearing a severity costs at least: findings of which no fix closes two are paid for one by
/// one.
fn bound(analysis: &Analysis, target: Target, choices: &[Choice]) -> u32 {
    let own = keys(analysis);
    let must = analysis
        .findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| target.matters(finding))
        .map(|(place, _)| &own[place]);
    let mut by_cost: Vec<(u32, &Key)> = must
        .filter_map(|key| {
            let closing = choices.iter().filter(|choice| choice.closes.contains(key));
            Some((closing.map(|choice| choice.cost).min()?, key))
        })
        .collect();
    by_cost.sort_by(|left, right| right.cmp(left));
    let mut paid: Vec<&Key> = Vec::new();
    let mut total = 0;
    for (cost, key) in by_cost {
        let shared = choices.iter().any(|choice| {
            choice.closes.contains(key) && paid.iter().any(|other| choice.closes.contains(*other))
        });
        if !shared {
            paid.push(key);
            total += cost;
        }
    }
    total
}

/// The open findings that matter and that no known fix closes.
#[must_use]
pub fn left_over(plan: &Plan, target: Target) -> Vec<usize> {
    (0..plan.after.findings.len()).filter(|place| target.matters(&plan.after.findings[*place])).collect()
}

/// What a plan opens that was not there before.
#[must_use]
pub fn opened(analysis: &Analysis, plan: &Plan) -> Vec<usize> {
    difference(analysis, &plan.after).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const TEXT: &str = "\
kind: Persona
id: P1
name: Ana
processes: [Work]
component_access:
  - {component: Forge, level: admin, environments: [dev]}
  - {component: Vault, level: read, environments: [dev]}
  - {component: Meter, level: read, environments: [dev]}
---
kind: Process
name: Work
uses: [{component: Forge, level: read, environments: [dev]}, {component: Meter, level: read, environments: [dev]}]
";

    #[test]
    fn the_cheapest_set_that_clears_a_severity_is_found_and_proven() {
        let before = Arc::new(analysis(TEXT));
        let plan = plan(&before, Target::Clear(Severity::Medium));
        assert!(plan.reached && plan.proven);
        assert_eq!((plan.steps.len(), plan.cost), (2, 2), "one level lowered, one grant removed");
        assert!(Target::Clear(Severity::Medium).is_met(&plan.after));
        assert_eq!(plan.changes.len(), 1);
    }

    #[test]
    fn a_grade_takes_no_more_than_it_needs() {
        let before = Arc::new(analysis(TEXT));
        assert!(!Target::Grade('C').is_met(&before), "{:?}", before.score.value);
        // Of three items one is clean; without the Vault it is one of two, with the Forge narrowed too all.
        let plan = plan(&before, Target::Grade('E'));
        assert!(plan.reached && plan.proven, "{:?}", plan.steps);
        assert_eq!(plan.steps.len(), 1);
        let met = super::plan(&plan.after, Target::Grade('E'));
        assert_eq!((met.cost, met.steps.len(), met.proven), (0, 0, true));
    }

    #[test]
    fn what_no_fix_can_do_is_left_over() {
        let text = "kind: Persona\nname: Ana\n---\nkind: Person\nname: Bo\nactive: false\n";
        let before = Arc::new(analysis(text));
        let target = Target::Clear(Severity::High);
        let plan = plan(&before, target);
        assert!(!plan.reached && !plan.proven && plan.steps.is_empty());
        let left = left_over(&plan, target);
        assert_eq!(plan.after.findings[left[0]].rule.id, "unstaffed-persona");
    }
}
