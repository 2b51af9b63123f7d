//! Fixes of several findings as one: each is looked for on what those before it left.
//!
//! Two fixes may want the same line, and one may make another void. So none is taken as it was on the
//! cards of today: what is still open after those before is asked anew for its ways out.

use std::sync::Arc;

use super::Outcome;
use crate::analysis::key::keys;
use crate::analysis::{Analysis, Severity};

/// What becomes of several findings.
#[derive(Debug)]
pub struct Together {
    /// Each finding, in the order in which it was asked for.
    pub each: Vec<Each>,
    /// What all of it comes to.
    pub outcome: Outcome,
}

/// What becomes of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Each {
    /// The finding, as a place in the analysis that was asked.
    pub place: usize,
    /// How bad it is.
    pub severity: Severity,
    /// What it says.
    pub message: String,
    /// The ways out that edit cards, as they are when its turn comes.
    pub ways: Vec<String>,
    /// What was done.
    pub done: Done,
}

/// What was done about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// This of its ways was taken.
    Taken(usize),
    /// Those before it closed it already.
    Closed,
    /// It was closed, and what came later opened it again.
    Reopened,
    /// No edit closes it without opening another as bad.
    Nothing,
}

impl Analysis {
    /// Closes several findings, one after another. `wanted` are their places, each with the title of the
    /// way that is wanted; where there is none of that title the first is taken.
    #[must_use]
    pub fn together(&self, wanted: &[(usize, Option<String>)]) -> Together {
        let own = keys(self);
        let mut after: Option<Arc<Self>> = None;
        let mut each = Vec::new();
        for (place, title) in wanted {
            let (Some(finding), Some(key)) = (self.findings.get(*place), own.get(*place)) else { continue };
            let now = after.as_deref().unwrap_or(self);
            let there = match &after {
                None => Some(*place),
                Some(now) => keys(now).iter().position(|own| own == key),
            };
            let there = there.filter(|there| !finding.is_open() || now.findings[*there].is_open());
            let mut entry = Each {
                place: *place,
                severity: finding.severity,
                message: finding.message.clone(),
                ways: Vec::new(),
                done: Done::Closed,
            };
            if let Some(there) = there {
                let mut fixes = now.fixes(there);
                fixes.retain(|fix| fix.outcome.is_some());
                entry.ways = fixes.iter().map(|own| own.fix.title.clone()).collect();
                let chosen = title.as_ref().and_then(|title| entry.ways.iter().position(|own| own == title));
                let chosen = chosen.unwrap_or(0);
                entry.done = Done::Nothing;
                if chosen < fixes.len()
                    && let Some(outcome) = fixes.swap_remove(chosen).outcome
                {
                    entry.done = Done::Taken(chosen);
                    after = Some(outcome.after);
                }
            }
            each.push(entry);
        }
        let changes = match &after {
            Some(after) => self.catalog.changes_to(&after.catalog),
            None => Vec::new(),
        };
        let outcome = self.outcome_of(changes);
        let left = keys(&outcome.after);
        for entry in &mut each {
            let still = left.iter().position(|key| *key == own[entry.place]);
            let is_open = still.is_some_and(|place| outcome.after.findings[place].is_open());
            if is_open && entry.done != Done::Nothing {
                entry.done = Done::Reopened;
            }
        }
        Together { each, outcome }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::analysis;

    const TEXT: &str = "\
kind: Persona
id: P1
name: Bot
type: agent
component_access:
  - {component: Store, level: admin, environments: [dev, prod]}
  - Vault: write
processes: [Work]
---
kind: Persona
id: P2
name: Ana
processes: [Work]
---
kind: Process
name: Work
steps:
  - {name: do, environments: [dev], performers: [P1], uses: [{Store: read}]}
---
kind: ComponentList
items: [Store, Vault]
";

    fn place(analysis: &Analysis, rule: &str, object: &str) -> usize {
        let is = |finding: &crate::analysis::Finding| {
            finding.rule.id == rule
                && finding.object.is_none_or(|entity| analysis.catalog.id(entity) == object)
        };
        analysis.findings.iter().position(|finding| is(finding)).unwrap_or_else(|| panic!("no {rule}"))
    }

    #[test]
    fn fixes_of_the_same_grant_are_made_one_on_the_other() {
        let analysis = analysis(TEXT);
        let wanted: Vec<_> = ["excess-level", "unneeded-environment", "standing-agent-access"]
            .map(|rule| (place(&analysis, rule, "Store"), None))
            .to_vec();
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let wanted: Vec<_> = order.iter().map(|place| wanted[*place].clone()).collect();
            let together = analysis.together(&wanted);
            let done: Vec<_> = together.each.iter().map(|each| each.done).collect();
            assert!(done.iter().all(|done| matches!(done, Done::Taken(_) | Done::Closed)), "{done:?}");
            let store = &together.outcome.after.catalog.personas[0].grants[0];
            assert_eq!(store.environments.iter().collect::<Vec<_>>(), [0], "{store:?}");
            assert_eq!(store.level.map(|level| level.0), Some(0), "{store:?}");
            assert_eq!(together.outcome.changes.len(), 1, "one step, however many fixes");
        }
    }

    #[test]
    fn a_fix_that_another_makes_void_is_said_to_be_so() {
        let analysis = analysis(TEXT);
        let unneeded = place(&analysis, "unneeded-access", "Vault");
        let standing = place(&analysis, "standing-agent-access", "Vault");
        let together = analysis.together(&[(unneeded, None), (standing, None), (unneeded, None)]);
        let done: Vec<_> = together.each.iter().map(|each| each.done).collect();
        assert_eq!(done, [Done::Taken(0), Done::Closed, Done::Closed]);
        assert!(!together.outcome.changes[0].after.as_deref().unwrap_or_default().contains("Vault: write"));
        // Places that are none are left out, and nothing asked for changes nothing.
        let none = analysis.together(&[(usize::MAX, None)]);
        assert!(none.each.is_empty() && none.outcome.changes.is_empty());
    }
}
