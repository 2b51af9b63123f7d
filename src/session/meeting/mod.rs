//! A meeting: its agenda of gaps, where it stands, and what was decided on the way.
//!
//! Plain data that can be kept as JSON and taken up again tomorrow. Gaps are known by their keys, and
//! whether a decision stands is read from the cards each time they change: so undo, redo and what others
//! write are followed without a second memory. It reads no file, knows no clock and makes no edit: what
//! is decided is written by [`crate::analysis::decide`], and time is given to it.

mod agenda;
mod minutes;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::analysis::decisions::matches;
use crate::analysis::key::keys;
use crate::analysis::{Analysis, Severity};
use crate::card::kinds::DecisionAction;
use crate::catalog::FileChange;

pub use agenda::{Scope, Since, agenda, expired, known_of};
pub use minutes::{default_path, html, markdown, summary};

/// The form of a meeting that is kept. One of another form is not read.
const FORM: u32 = 1;

/// Gaps that are known already, by the hash of their keys, and how bad each was.
pub type Known = BTreeMap<u64, Severity>;

/// What a meeting does about a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// A fix is applied.
    Fix,
    /// It stays as it is, until a day.
    Accept,
    /// It is looked at again on a day.
    Defer,
    /// It is no gap, the team says.
    Reject,
    /// It becomes a work item.
    Track,
}

impl Act {
    /// Every one, in the order in which they are counted.
    pub const ALL: [Self; 5] = [Self::Fix, Self::Accept, Self::Defer, Self::Reject, Self::Track];

    /// What was done, as a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fix => "fixed",
            Self::Accept => "accepted",
            Self::Defer => "deferred",
            Self::Reject => "rejected",
            Self::Track => "tracked",
        }
    }

    /// What a decision card says of it. A gap that is fixed is gone, and needs no card.
    #[must_use]
    pub fn action(self) -> Option<DecisionAction> {
        match self {
            Self::Fix => None,
            Self::Accept => Some(DecisionAction::Accept),
            Self::Defer => Some(DecisionAction::Defer),
            Self::Reject => Some(DecisionAction::Reject),
            Self::Track => Some(DecisionAction::Fix),
        }
    }

    /// Whether it takes a last day.
    #[must_use]
    pub fn ends(self) -> bool {
        matches!(self, Self::Accept | Self::Defer)
    }
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Below the catalog's root.
    pub path: Arc<str>,
    /// Its text before.
    pub before: Option<Arc<str>>,
    /// Its text after.
    pub after: Option<Arc<str>>,
}

impl From<&FileChange> for Changed {
    fn from(change: &FileChange) -> Self {
        Self { path: change.path.clone(), before: change.before.clone(), after: change.after.clone() }
    }
}

/// What was decided about a gap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What.
    pub act: Act,
    /// By whom, as it was said.
    pub by: String,
    /// Why; may be empty where a fix is applied.
    pub why: String,
    /// On which day.
    pub decided: Date,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it is tracked.
    pub work_item: Option<String>,
    /// The fix that was applied, in words.
    pub fix: Option<String>,
    /// What became of files.
    pub changes: Vec<Changed>,
    /// The other gaps that a fix closed, as sentences.
    pub closes: Vec<String>,
    /// The gaps that a fix opened, as sentences.
    pub opens: Vec<String>,
}

/// How a point of the agenda stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Nothing was decided.
    #[default]
    Open,
    /// A decision stands in the cards.
    Decided,
    /// A fix closed it.
    Fixed,
    /// It is gone, or was decided on, by something else: another fix, an edit, somebody else's file.
    Closed,
}

/// A point of the agenda.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The key of the gap.
    pub key: String,
    /// How bad it is.
    pub severity: Severity,
    /// Its rule.
    pub rule: String,
    /// What is wrong.
    pub message: String,
    /// The proof, a step each.
    pub path: Vec<String>,
    /// What was decided about it before this meeting.
    pub earlier: Option<String>,
    /// Whether that has run out.
    pub expired: bool,
    /// Whether it came up while the meeting ran.
    pub late: bool,
    /// Whether it was on the screen.
    pub seen: bool,
    /// For how many seconds it was.
    pub seconds: u64,
    /// What was decided; it counts where `standing` says so.
    pub verdict: Option<Verdict>,
    /// How it stands.
    pub standing: Standing,
}

impl Item {
    /// What was decided, where that stands.
    #[must_use]
    pub fn decided(&self) -> Option<&Verdict> {
        match self.standing {
            Standing::Decided | Standing::Fixed => self.verdict.as_ref(),
            Standing::Open | Standing::Closed => None,
        }
    }
}

/// A score, as it was at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// From 0 to 100; none where there is nothing to judge.
    pub value: Option<f64>,
    /// Its grade.
    pub grade: Option<char>,
    /// How many gaps were open.
    pub open: usize,
}

impl Mark {
    fn of(analysis: &Analysis) -> Self {
        Self {
            value: analysis.score.value,
            grade: analysis.score.grade(),
            open: analysis.counts().iter().sum(),
        }
    }

    /// "71.4 (C)".
    #[must_use]
    pub fn words(&self) -> String {
        match (self.value, self.grade) {
            (Some(value), Some(grade)) => format!("{value:.1} ({grade})"),
            (Some(value), None) => format!("{value:.1}"),
            (None, _) => "none".to_owned(),
        }
    }
}

/// Whether a meeting goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Course {
    /// It runs.
    #[default]
    Running,
    /// It was interrupted.
    Paused,
    /// It has ended.
    Over,
}

/// How many points of an agenda stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Of each act of [`Act::ALL`].
    pub acts: [usize; 5],
    /// Closed by something else.
    pub closed: usize,
    /// Looked at, and left open.
    pub left: usize,
    /// Never on the screen.
    pub unreached: usize,
}

impl Tally {
    /// How many were decided on.
    #[must_use]
    pub fn decided(&self) -> usize {
        self.acts.iter().sum()
    }
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    form: u32,
    /// The catalog's name.
    pub catalog: String,
    /// The day on which it began.
    pub began: Date,
    /// What the agenda was made of.
    pub scope: Scope,
    /// The agenda.
    pub items: Vec<Item>,
    /// Where it stands: a point of the agenda, or behind the last at its end.
    pub at: usize,
    /// Which of the ways out is looked at.
    pub chosen: usize,
    /// For how many seconds it has run.
    pub seconds: u64,
    /// Who decided last.
    pub by: String,
    /// Until when, as it was typed last.
    pub until: String,
    /// The score at its beginning.
    pub before: Mark,
    /// The score now.
    pub now: Mark,
    /// Whether it goes on.
    pub course: Course,
    /// Where its minutes were written, or are to be.
    pub minutes: Option<String>,
    /// The gaps that there were when it began.
    known: Arc<Known>,
    /// Where each point's gap is in the analysis that was followed last.
    #[serde(skip)]
    places: Vec<Option<usize>>,
}

impl Meeting {
    /// Begins a meeting about the findings at these places.
    #[must_use]
    pub fn begin(analysis: &Analysis, scope: Scope, places: &[usize]) -> Self {
        let keys = keys(analysis);
        let run_out = expired(analysis);
        let items: Vec<Item> = places
            .iter()
            .filter_map(|&place| Some(item(analysis, place, keys.get(place)?.to_string(), &run_out)))
            .collect();
        let mark = Mark::of(analysis);
        let mut meeting = Self {
            form: FORM,
            catalog: analysis.catalog.name.clone(),
            began: analysis.day,
            scope,
            items,
            at: 0,
            chosen: 0,
            seconds: 0,
            by: String::new(),
            until: "3 months".to_owned(),
            before: mark,
            now: mark,
            course: Course::Running,
            minutes: None,
            known: Arc::new(known_of(analysis)),
            places: Vec::new(),
        };
        meeting.locate(analysis);
        meeting.look();
        meeting
    }

    /// A meeting that was kept; none of another form.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut meeting: Self = serde_json::from_str(text).ok()?;
        meeting.at = meeting.at.min(meeting.items.len());
        (meeting.form == FORM).then_some(meeting)
    }

    /// As text, to be kept.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn write(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// The point that is on the screen; none at the end.
    #[must_use]
    pub fn item(&self) -> Option<&Item> {
        self.items.get(self.at)
    }

    /// Where its gap is in the analysis that was followed last; none where it is gone.
    #[must_use]
    pub fn place(&self) -> Option<usize> {
        self.places.get(self.at).copied().flatten()
    }

    /// The gaps that a later review need not look at: those there were, but for what was not reached.
    #[must_use]
    pub fn seen(&self) -> Known {
        let mut known = (*self.known).clone();
        for item in &self.items {
            let hash = agenda::hash(&item.key);
            if item.seen || item.standing != Standing::Open {
                known.insert(hash, item.severity);
            } else {
                known.remove(&hash);
            }
        }
        known
    }

    /// How many points stand how.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for item in &self.items {
            match (item.decided(), item.standing) {
                (Some(verdict), _) => {
                    let place = Act::ALL.iter().position(|act| *act == verdict.act).unwrap_or_default();
                    tally.acts[place] += 1;
                }
                (None, Standing::Closed) => tally.closed += 1,
                (None, _) if item.seen => tally.left += 1,
                (None, _) => tally.unreached += 1,
            }
        }
        tally
    }

    /// Goes to a point of the agenda, or behind the last.
    pub fn go_to(&mut self, at: usize) {
        self.at = at.min(self.items.len());
        self.chosen = 0;
        self.look();
    }

    /// Goes on to the next point on which nothing was decided, or behind the last.
    pub fn go_on(&mut self) {
        let rest = self.items.iter().enumerate().skip(self.at + 1);
        let next = rest.filter(|(_, item)| item.standing == Standing::Open).map(|(place, _)| place).next();
        self.go_to(next.unwrap_or(self.items.len()));
    }

    /// Time has passed.
    pub fn pass(&mut self, seconds: u64) {
        if self.course != Course::Running {
            return;
        }
        self.seconds = self.seconds.saturating_add(seconds);
        let at = self.at;
        if let Some(item) = self.items.get_mut(at) {
            item.seconds = item.seconds.saturating_add(seconds);
        }
    }

    /// Something was decided about the point on the screen.
    pub fn decide(&mut self, verdict: Verdict) {
        self.by.clone_from(&verdict.by);
        let at = self.at;
        if let Some(item) = self.items.get_mut(at) {
            item.standing = if verdict.act == Act::Fix { Standing::Fixed } else { Standing::Decided };
            item.verdict = Some(verdict);
        }
    }

    /// Finds the gaps again in an analysis; nothing else changes. For who looks on.
    pub fn locate(&mut self, analysis: &Analysis) {
        let keys: HashMap<String, usize> =
            keys(analysis).iter().enumerate().map(|(place, key)| (key.to_string(), place)).collect();
        self.places = self.items.iter().map(|item| keys.get(&item.key).copied()).collect();
    }

    /// The cards have changed: every point stands as they say now, and what is new comes on the agenda.
    /// Returns the point whose decision was taken back, if it is one alone.
    pub fn follow(&mut self, analysis: &Analysis) -> Option<usize> {
        let keys: Vec<String> = keys(analysis).iter().map(ToString::to_string).collect();
        let places: HashMap<&str, usize> =
            keys.iter().enumerate().map(|(place, key)| (key.as_str(), place)).collect();
        let run_out = expired(analysis);
        let mut opened = Vec::new();
        self.places.clear();
        for (at, known) in self.items.iter_mut().enumerate() {
            let place = places.get(known.key.as_str()).copied();
            self.places.push(place);
            if let Some(place) = place {
                let fresh = item(analysis, place, String::new(), &run_out);
                (known.severity, known.message, known.path) = (fresh.severity, fresh.message, fresh.path);
            }
            let before = known.standing;
            known.standing = standing(analysis, known, place);
            if known.standing == Standing::Open && before != Standing::Open && known.verdict.is_some() {
                opened.push(at);
            }
        }
        self.now = Mark::of(analysis);
        if self.course != Course::Over {
            let on_it: std::collections::HashSet<String> =
                self.items.iter().map(|item| item.key.clone()).collect();
            for place in agenda(analysis, &self.scope, Some(&self.known)) {
                let Some(key) = keys.get(place).filter(|key| !on_it.contains(*key)) else { continue };
                let fresh = item(analysis, place, key.clone(), &run_out);
                // At its end a meeting stays there: what comes up now is said, not forced on it.
                self.items.push(Item { late: true, ..fresh });
                self.places.push(Some(place));
                if self.at + 1 == self.items.len() {
                    self.at += 1;
                }
            }
        }
        match opened.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Every file that what was decided has changed, in order of names.
    #[must_use]
    pub fn files(&self) -> Vec<Arc<str>> {
        let mut files: Vec<Arc<str>> = self
            .items
            .iter()
            .filter_map(Item::decided)
            .flat_map(|verdict| verdict.changes.iter().map(|change| change.path.clone()))
            .collect();
        files.sort();
        files.dedup();
        files
    }

    fn look(&mut self) {
        let at = self.at;
        if let Some(item) = self.items.get_mut(at) {
            item.seen = true;
        }
    }
}

/// A finding as a point of an agenda.
fn item(analysis: &Analysis, place: usize, key: String, run_out: &HashMap<usize, String>) -> Item {
    let finding = &analysis.findings[place];
    let catalog = &analysis.catalog;
    let path = finding
        .evidence
        .iter()
        .map(|edge| {
            let location = catalog.locate(edge.place);
            let detail = if edge.detail.is_empty() { String::new() } else { format!(": {}", edge.detail) };
            format!(
                "{} {} {}{detail} ({}:{})",
                catalog.label(edge.from),
                edge.relation,
                catalog.label(edge.to),
                location.file,
                location.position.line
            )
        })
        .collect();
    let expired = run_out.get(&place).cloned();
    Item {
        key,
        severity: finding.severity,
        rule: finding.rule.id.to_owned(),
        message: finding.message.clone(),
        path,
        expired: expired.is_some(),
        earlier: expired.or_else(|| agenda::earlier(analysis, finding)),
        late: false,
        seen: false,
        seconds: 0,
        verdict: None,
        standing: Standing::Open,
    }
}

/// How a point stands, by what the cards say.
fn standing(analysis: &Analysis, item: &Item, place: Option<usize>) -> Standing {
    let finding = place.and_then(|place| analysis.findings.get(place));
    match (finding, &item.verdict) {
        (None, Some(verdict)) if verdict.act == Act::Fix => Standing::Fixed,
        (None, _) => Standing::Closed,
        (Some(finding), verdict) => {
            let catalog = &analysis.catalog;
            let stands = verdict.as_ref().is_some_and(|verdict| {
                catalog.decisions.iter().any(|card| {
                    card.action.is_some()
                        && card.action == verdict.act.action()
                        && card.until == verdict.until
                        && card.decided == Some(verdict.decided)
                        && matches(catalog, card, finding)
                })
            });
            match (stands, finding.is_open()) {
                (true, _) => Standing::Decided,
                (false, true) => Standing::Open,
                (false, false) => Standing::Closed,
            }
        }
    }
}
