//! What edits come to: the findings that go, the findings that come, and the score after them.
//!
//! A fix with edits is offered only where its finding is gone afterwards and nothing as bad is new.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::analysis::{Analysis, Finding, Score, Severity};
use crate::card::edit::Refusal;
use crate::card::problem::Level;
use crate::catalog::{CardEdit, FileChange};

use super::{Fix, candidates};
use crate::analysis::key::{Key, keys, keys_of};

/// What edits come to.
#[derive(Debug)]
pub struct Outcome {
    /// What becomes of the files.
    pub changes: Vec<FileChange>,
    /// The analysis after it.
    pub after: Arc<Analysis>,
    /// The open findings of before that are gone or decided, by place.
    pub gone: Vec<usize>,
    /// The open findings of after that were not, or were less severe, by place.
    pub new: Vec<usize>,
}

impl Outcome {
    /// The worst of the new findings.
    #[must_use]
    pub fn worst_new(&self) -> Option<Severity> {
        self.new.iter().map(|&place| self.after.findings[place].severity).min()
    }

    /// The new findings.
    pub fn new_findings(&self) -> impl Iterator<Item = &Finding> {
        self.new.iter().map(|&place| &*self.after.findings[place])
    }

    /// Whether no card has an error that it had not before.
    #[must_use]
    pub fn breaks_nothing(&self, before: &Analysis) -> bool {
        let errors = |analysis: &Analysis| {
            analysis.catalog.problems.iter().filter(|problem| problem.level == Level::Error).count()
        };
        errors(&self.after) <= errors(before)
    }

    /// Whether something is new that is as bad as the least of what was to be closed.
    #[must_use]
    pub fn opens_as_bad(&self, before: &Analysis, closed: &[&Finding]) -> bool {
        let least = closed.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
        let declared: Vec<_> = closed
            .iter()
            .filter(|finding| finding.rule.id == "undeclared")
            .map(|finding| before.catalog.id(finding.subject))
            .collect();
        // What was decided about a finding that goes has nothing left to say; that is no new gap. What is
        // declared shows its own gaps, and these are not of the declaring.
        self.new_findings().any(|new| {
            let shown = !new.severity.at_least(Severity::Medium)
                && declared.contains(&self.after.catalog.id(new.subject));
            new.severity.at_least(least) && new.rule.id != "stale-decision" && !shown
        })
    }

    /// The score after it.
    #[must_use]
    pub fn score(&self) -> &Score {
        &self.after.score
    }
}

/// A fix, and what it comes to; nothing where it is advice.
#[derive(Debug)]
pub struct Proven {
    /// The fix.
    pub fix: Fix,
    /// What it comes to.
    pub outcome: Option<Outcome>,
}

impl Analysis {
    /// What edits of the cards would come to.
    ///
    /// # Errors
    /// Why one of them cannot be made.
    pub fn outcome(&self, edits: &[CardEdit]) -> Result<Outcome, Refusal> {
        let changes = self.catalog.changes(edits)?;
        Ok(self.outcome_of(changes))
    }

    /// What other texts of some files would come to.
    #[must_use]
    pub fn outcome_of(&self, changes: Vec<FileChange>) -> Outcome {
        let after = self.after(Arc::new(self.catalog.with(&changes)), self.day);
        let (gone, new) = difference(self, &after);
        Outcome { changes, after: Arc::new(after), gone, new }
    }

    /// What a way out with edits comes to; nothing where it does not close its finding, or opens another
    /// one as bad.
    pub(in crate::analysis) fn prove(&self, finding: &Finding, fix: &Fix) -> Option<Outcome> {
        self.outcome(&fix.edits).ok().filter(|outcome| self.converges(finding, outcome))
    }

    /// The ways out of a finding, best first, each with what it comes to. Edits that do not close
    /// the finding, or that open another one as bad, are no way out and are left out.
    #[must_use]
    pub fn fixes(&self, finding: usize) -> Vec<Proven> {
        let Some(finding) = self.findings.get(finding) else { return Vec::new() };
        let fixes: Vec<Proven> = candidates(&self.context(), finding)
            .into_par_iter()
            .filter_map(|fix| {
                if fix.is_advice() {
                    return Some(Proven { fix, outcome: None });
                }
                let outcome = self.prove(finding, &fix)?;
                Some(Proven { fix, outcome: Some(outcome) })
            })
            .collect();
        let mut kept: Vec<Proven> = Vec::new();
        for fix in fixes {
            let same = |known: &Proven| match (&known.outcome, &fix.outcome) {
                (Some(known), Some(new)) => known.changes == new.changes,
                (None, None) => known.fix.title == fix.fix.title,
                _ => false,
            };
            if !kept.iter().any(same) {
                kept.push(fix);
            }
        }
        kept
    }

    /// Whether a finding is gone after edits, and nothing new is as bad or worse.
    #[must_use]
    pub fn converges(&self, finding: &Finding, outcome: &Outcome) -> bool {
        let is_gone = if finding.is_open() {
            outcome.gone.iter().any(|&place| self.findings[place].same_key(finding))
        } else {
            let own = self.findings.iter().position(|other| other.same_key(finding));
            let after = keys(&outcome.after);
            own.is_some_and(|own| !after.contains(&keys(self)[own]))
        };
        is_gone && outcome.breaks_nothing(self) && !outcome.opens_as_bad(self, &[finding])
    }
}

/// The places of the open findings that one has and the other has not, or has less severe.
pub(in crate::analysis) fn difference(before: &Analysis, after: &Analysis) -> (Vec<usize>, Vec<usize>) {
    // What the later analysis took over is the same finding, and is not looked at.
    let own = |analysis: &Analysis| -> HashSet<*const Finding> {
        analysis.findings.iter().map(Arc::as_ptr).collect()
    };
    let (known, taken) = (own(before), own(after));
    let open = |analysis: &Analysis, other: &HashSet<*const Finding>| -> HashMap<Key, (usize, Severity)> {
        let is_other = |place: &usize| !other.contains(&Arc::as_ptr(&analysis.findings[*place]));
        let places: Vec<usize> = (0..analysis.findings.len()).filter(is_other).collect();
        keys_of(analysis, &places)
            .into_iter()
            .zip(places)
            .filter(|(_, place)| analysis.findings[*place].is_open())
            .map(|(key, place)| (key, (place, analysis.findings[place].severity)))
            .collect()
    };
    let (old, new) = (open(before, &taken), open(after, &known));
    let mut gone: Vec<usize> =
        old.iter().filter(|(key, _)| !new.contains_key(*key)).map(|(_, (place, _))| *place).collect();
    let mut come: Vec<usize> = new
        .iter()
        .filter(|(key, (_, severity))| old.get(*key).is_none_or(|(_, known)| severity < known))
        .map(|(_, (place, _))| *place)
        .collect();
    gone.sort_unstable();
    come.sort_unstable();
    (gone, come)
}
