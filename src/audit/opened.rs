//! Logs that were read and judged, as one value that is looked at for long: what a screen shows of them.
//!
//! It holds counts, a timeline, and a bounded number of events; the logs themselves it does not.

use std::collections::HashMap;
use std::sync::Arc;

use super::collect::Totals;
use super::engine::Engine;
use super::findings::findings;
use super::judge::{Judgement, Known, Verdict};
use super::kept::Kept;
use super::summary::{AgentLine, Crossing, Summary, name};
use super::timeline::Class;
use super::usage::{GrantUse, Usage, usage};
use super::versions::Versions;
use crate::analysis::{Analysis, Finding};

/// Logs that were read and judged.
#[derive(Debug)]
pub struct Opened {
    /// What they were judged by.
    pub versions: Versions,
    /// All that was read.
    pub totals: Totals,
    /// Summed up.
    pub summary: Summary,
    /// What it says of grants.
    pub usage: Usage,
    /// What it proves, about the catalog as it is.
    pub findings: Vec<Finding>,
    /// From the first moment of the logs to the one after the last; none where no event has a time.
    pub span: Option<(i64, i64)>,
    crossings: HashMap<Class, usize>,
}

impl Opened {
    /// What an engine without a filter made of logs. A grant is unused when it was not used for so many days.
    #[must_use]
    pub fn of(engine: Engine, totals: Totals, unused_days: u32) -> Self {
        let versions = engine.versions;
        let summary = Summary::of(&versions, &totals);
        let usage = usage(&versions, &totals, unused_days);
        let findings = findings(&versions, &summary, Some(&usage));
        let crossings = summary.crossings.iter().enumerate();
        let crossings = crossings.map(|(place, one)| (class_of(one), place)).collect();
        let span = totals.timeline.span();
        Self { versions, totals, summary, usage, findings, span, crossings }
    }

    /// The catalog that the findings are about.
    #[must_use]
    pub fn analysis(&self) -> &Arc<Analysis> {
        &self.versions.now().analysis
    }

    /// The crossing of a class that is beyond the boundary.
    #[must_use]
    pub fn crossing(&self, class: &Class) -> Option<&Crossing> {
        self.summary.crossings.get(*self.crossings.get(class)?)
    }

    /// What is known of one who acted.
    #[must_use]
    pub fn agent(&self, actor: &Known) -> Option<&AgentLine> {
        self.summary.agents.iter().find(|line| line.actor == *actor)
    }

    /// The kept events of a class, in the order of the logs.
    pub fn kept<'a>(&'a self, class: &'a Class) -> impl Iterator<Item = &'a Kept> {
        self.totals.kept.iter().filter(|(judgement, _)| is_of(judgement, class)).map(|(_, kept)| kept)
    }

    /// How many events beyond the boundary are not kept one by one.
    #[must_use]
    pub fn not_kept(&self) -> u64 {
        self.summary.counts.beyond.saturating_sub(self.totals.kept.len() as u64)
    }

    /// What somebody is called.
    #[must_use]
    pub fn actor(&self, actor: &Known) -> Arc<str> {
        name(&self.versions, actor, true)
    }

    /// What a component is called.
    #[must_use]
    pub fn component(&self, component: &Known) -> Arc<str> {
        name(&self.versions, component, false)
    }

    /// The creep score of a persona's grants; none where the logs can tell of none.
    #[must_use]
    pub fn creep(&self, of: impl Fn(&GrantUse) -> bool) -> Option<f64> {
        Usage::creep(self.usage.grants.iter().filter(|one| of(one)))
    }
}

fn class_of(one: &Crossing) -> Class {
    Class {
        actor: one.actor.clone(),
        component: one.component.clone(),
        environment: one.environment,
        verdict: Verdict::Beyond,
        reason: Some(one.reason),
    }
}

fn is_of(judgement: &Judgement, class: &Class) -> bool {
    judgement.reason == class.reason
        && judgement.environment == class.environment
        && judgement.actor == class.actor
        && judgement.component == class.component
}
