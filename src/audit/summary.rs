//! Totals -> what people want to know first: how much ends at no human, who went beyond, and why.
//!
//! Lists are in a fixed order: most first, of equals by name.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::boundary::Number;
use super::collect::{SetToWork, Totals};
use super::engine::Tally;
use super::judge::{Known, Reason, Verdict};
use super::versions::Versions;

/// How many events, by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In all.
    pub events: u64,
    /// That a grant admits.
    pub allowed: u64,
    /// That no grant admits.
    pub beyond: u64,
    /// That name no component.
    pub unjudged: u64,
    /// Of those beyond: refused when they were asked for.
    pub refused: u64,
    /// That end at no human.
    pub unattributed: u64,
}

/// One who acted.
#[derive(Clone, Debug)]
pub struct AgentLine {
    /// Who.
    pub actor: Known,
    /// How often.
    pub counts: Counts,
    /// When.
    pub when: Tally,
    /// Why what is beyond is so.
    pub reasons: BTreeMap<Reason, u64>,
    /// Who set it to work, by what that is known, and how often.
    pub set_by: Vec<(Number, SetToWork, u64)>,
}

/// One crossing of the boundary: who, on what, where, and why.
#[derive(Clone, Debug)]
pub struct Crossing {
    /// Who.
    pub actor: Known,
    /// On what.
    pub component: Known,
    /// Where.
    pub environment: Option<usize>,
    /// Why.
    pub reason: Reason,
    /// The nearest grant's row, and the version that it is of.
    pub row: Option<(u32, u32)>,
    /// How often, and when.
    pub when: Tally,
    /// How often it was refused when it was asked for.
    pub refused: u64,
}

/// What people want to know.
#[derive(Clone, Debug)]
pub struct Summary {
    /// All together.
    pub counts: Counts,
    /// When.
    pub when: Tally,
    /// Those who acted.
    pub agents: Vec<AgentLine>,
    /// Why what is beyond is so.
    pub reasons: Vec<(Reason, u64)>,
    /// Components.
    pub components: Vec<(Known, Counts)>,
    /// Crossings of the boundary.
    pub crossings: Vec<Crossing>,
    /// Events that state a word that the catalog does not have.
    pub strange_words: u64,
    /// Events allowed by grants that need an approval, which these logs do not show.
    pub unshown_approvals: u64,
    /// Hand-overs between agents that the catalog does not state, and how often.
    pub unstated_hand_overs: Vec<(Number, Number, u64)>,
}

impl Summary {
    /// Sums totals up.
    #[must_use]
    pub fn of(versions: &Versions, totals: &Totals) -> Self {
        let mut summary = Self {
            counts: Counts::default(),
            when: Tally::default(),
            agents: Vec::new(),
            reasons: Vec::new(),
            components: Vec::new(),
            crossings: Vec::new(),
            strange_words: 0,
            unshown_approvals: 0,
            unstated_hand_overs: Vec::new(),
        };
        let mut agents: HashMap<&Known, AgentLine> = HashMap::new();
        let mut components: HashMap<&Known, Counts> = HashMap::new();
        let mut reasons: BTreeMap<Reason, u64> = BTreeMap::new();
        let mut crossings: HashMap<_, Crossing> = HashMap::new();
        for (judgement, tally) in &totals.tallies {
            let counts = counts(judgement.verdict, judgement.refused, judgement.unattributed, tally.count);
            add(&mut summary.counts, counts);
            summary.when.join(*tally);
            summary.strange_words += if judgement.strange_words { tally.count } else { 0 };
            summary.unshown_approvals += if judgement.unshown_approval { tally.count } else { 0 };
            let line = agents.entry(&judgement.actor).or_insert_with(|| AgentLine {
                actor: judgement.actor.clone(),
                counts: Counts::default(),
                when: Tally::default(),
                reasons: BTreeMap::new(),
                set_by: Vec::new(),
            });
            add(&mut line.counts, counts);
            line.when.join(*tally);
            let names_one = !matches!(&judgement.component, Known::Word(word) if word.is_empty());
            if names_one {
                add(components.entry(&judgement.component).or_default(), counts);
            }
            let Some(reason) = judgement.reason else { continue };
            *line.reasons.entry(reason).or_default() += tally.count;
            *reasons.entry(reason).or_default() += tally.count;
            let key = (&judgement.actor, &judgement.component, judgement.environment, reason);
            let crossing = crossings.entry(key).or_insert_with(|| Crossing {
                actor: judgement.actor.clone(),
                component: judgement.component.clone(),
                environment: judgement.environment,
                reason,
                row: None,
                when: Tally::default(),
                refused: 0,
            });
            crossing.row = crossing.row.max(judgement.row.map(|row| (judgement.version, row)));
            crossing.when.join(*tally);
            crossing.refused += if judgement.refused { tally.count } else { 0 };
        }
        let mut unstated: BTreeMap<(Number, Number), u64> = BTreeMap::new();
        for ((own, setter, how), count) in &totals.set_to_work {
            if let Some(line) = agents.get_mut(&Known::Number(*own)) {
                line.set_by.push((*setter, *how, *count));
            }
            let states = versions.acting(*own).is_some_and(|acting| acting.set_by.contains(setter));
            let human = versions.acting(*setter).is_some_and(|acting| acting.human);
            if !states && !human {
                *unstated.entry((*setter, *own)).or_default() += count;
            }
        }
        summary.unstated_hand_overs =
            unstated.into_iter().map(|((from, to), count)| (from, to, count)).collect();
        let name = |known: &Known, actors: bool| name(versions, known, actors).to_string();
        summary.agents = agents.into_values().collect();
        summary.agents.iter_mut().for_each(|line| {
            line.set_by.sort_by_key(|(number, how, count)| (u64::MAX - count, *number, *how))
        });
        summary.agents.sort_by_cached_key(|line| {
            (u64::MAX - line.counts.beyond, u64::MAX - line.counts.events, name(&line.actor, true))
        });
        summary.components = components.into_iter().map(|(known, counts)| (known.clone(), counts)).collect();
        summary
            .components
            .sort_by_cached_key(|(known, counts)| (u64::MAX - counts.events, name(known, false)));
        summary.reasons = reasons.into_iter().collect();
        summary.reasons.sort_by_key(|(reason, count)| (u64::MAX - count, *reason));
        summary.crossings = crossings.into_values().collect();
        summary.crossings.sort_by_cached_key(|one| {
            (
                u64::MAX - one.when.count,
                one.reason,
                name(&one.actor, true),
                name(&one.component, false),
                one.environment,
            )
        });
        summary.unstated_hand_overs.sort_by_key(|(from, to, count)| (u64::MAX - count, *from, *to));
        summary
    }

    /// The share of events that end at no human; none where there are no events.
    #[must_use]
    pub fn unattributed_share(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a share is shown with a digit or two")]
        (self.counts.events > 0).then(|| self.counts.unattributed as f64 / self.counts.events as f64)
    }
}

/// What somebody or something is called.
#[must_use]
pub fn name(versions: &Versions, known: &Known, actors: bool) -> Arc<str> {
    match known {
        Known::Word(word) if word.is_empty() => "(not stated)".into(),
        Known::Word(word) => word.clone(),
        Known::Number(number) if actors => {
            versions.acting(*number).map_or_else(|| "?".into(), |acting| acting.label.clone())
        }
        Known::Number(number) => {
            versions.directory.components.get(*number as usize).cloned().unwrap_or_else(|| "?".into())
        }
    }
}

fn counts(verdict: Verdict, refused: bool, unattributed: bool, count: u64) -> Counts {
    let when = |holds: bool| if holds { count } else { 0 };
    Counts {
        events: count,
        allowed: when(verdict == Verdict::Allowed),
        beyond: when(verdict == Verdict::Beyond),
        unjudged: when(verdict == Verdict::Unjudged),
        refused: when(verdict == Verdict::Beyond && refused),
        unattributed: when(unattributed),
    }
}

fn add(counts: &mut Counts, more: Counts) {
    counts.events += more.events;
    counts.allowed += more.allowed;
    counts.beyond += more.beyond;
    counts.unjudged += more.unjudged;
    counts.refused += more.refused;
    counts.unattributed += more.unattributed;
}
