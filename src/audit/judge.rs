//! The verdict on one event: allowed by the boundary, beyond it and why, or nothing to compare.
//!
//! What is compared only where both sides state it, and which reason wins, stands in
//! `assets/audit.md`; the SQL of [`super::sql`] does the same with the same rows and numbers.

use std::sync::Arc;

use jiff::civil::Date;
use smallvec::SmallVec;

use super::boundary::{Boundary, Number, Row};
use super::event::{Candidates, Effect, Event, Text};
use crate::analysis::routes::asks::Lack;
use crate::card::words::fold;
use crate::catalog::Level;

/// What is said of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// A grant admits it.
    Allowed,
    /// No grant admits it.
    Beyond,
    /// It names no component, so that there is nothing to compare.
    Unjudged,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::Allowed, Self::Beyond, Self::Unjudged];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Beyond => "beyond",
            Self::Unjudged => "unjudged",
        }
    }
}

/// Why an event is beyond the boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Nobody of the catalog is known by its agent's word.
    UnknownActor,
    /// Nothing of the catalog is known by its component's word.
    UnknownComponent,
    /// The agent has no grant on the component.
    NoGrant,
    /// The nearest grant is for other environments.
    Environment,
    /// The nearest grant is of a lower level.
    Level,
    /// The nearest grant is for other tools.
    Tool,
    /// The nearest grant is for other phases.
    Phase,
    /// The nearest grant holds up to a lower risk.
    Risk,
    /// The nearest grant has not started, or has expired.
    Window,
    /// The nearest grant needs an approval, and there is none.
    ApprovalMissing,
    /// The nearest grant needs an approval, and another one gave it.
    ApprovalWrong,
}

impl Reason {
    /// Every reason, the one that wins first.
    pub const ALL: [Self; 11] = [
        Self::UnknownActor,
        Self::UnknownComponent,
        Self::NoGrant,
        Self::Environment,
        Self::Level,
        Self::Tool,
        Self::Phase,
        Self::Risk,
        Self::Window,
        Self::ApprovalMissing,
        Self::ApprovalWrong,
    ];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::UnknownActor => "unknown-actor",
            Self::UnknownComponent => "unknown-component",
            Self::NoGrant => "no-grant",
            Self::Environment => Lack::Environment.word(),
            Self::Level => Lack::Level.word(),
            Self::Tool => Lack::Tool.word(),
            Self::Phase => Lack::Phase.word(),
            Self::Risk => Lack::Risk.word(),
            Self::Window => Lack::Window.word(),
            Self::ApprovalMissing => "approval-missing",
            Self::ApprovalWrong => "approval-wrong",
        }
    }

    /// The reason as half a sentence.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::UnknownActor => "nobody in the catalog is known by that name or identity",
            Self::UnknownComponent => "nothing in the catalog is known by that name",
            Self::NoGrant => "it has no grant on the component",
            Self::Environment => Lack::Environment.phrase(),
            Self::Level => Lack::Level.phrase(),
            Self::Tool => Lack::Tool.phrase(),
            Self::Phase => Lack::Phase.phrase(),
            Self::Risk => Lack::Risk.phrase(),
            Self::Window => Lack::Window.phrase(),
            Self::ApprovalMissing => Lack::Approval.phrase(),
            Self::ApprovalWrong => "its grant needs an approval, and somebody else gave it",
        }
    }
}

/// Who acted, or on what: known by number, or a word that the catalog does not know.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Known {
    /// Of the directory.
    Number(Number),
    /// As written; empty where the log does not say.
    Word(Arc<str>),
}

impl Known {
    /// The number, if it is known.
    #[must_use]
    pub fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Word(_) => None,
        }
    }
}

/// What is said of an event, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Judgement {
    /// Which version of the catalog it was compared with.
    pub version: u32,
    /// Who acted.
    pub actor: Known,
    /// On what.
    pub component: Known,
    /// In which environment.
    pub environment: Option<usize>,
    /// At which level.
    pub level: Option<Level>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is beyond.
    pub reason: Option<Reason>,
    /// The row that admits it, or comes nearest.
    pub row: Option<u32>,
    /// The rows of the catalog as it is now that admit it.
    pub admitting: SmallVec<[u32; 2]>,
    /// Whether it ends at no human who is there.
    pub unattributed: bool,
    /// Whether it was refused when it was asked for.
    pub refused: bool,
    /// Whether it is allowed by a grant that needs an approval that this log does not show.
    pub unshown_approval: bool,
    /// Whether it states an environment, a level or a risk that the catalog does not have.
    pub strange_words: bool,
}

/// The longest word of a log that is kept.
const LONGEST_WORD: usize = 200;

const ENVIRONMENT: u32 = 64;
const LEVEL: u32 = 32;
const TOOL: u32 = 16;
const PHASE: u32 = 8;
const RISK: u32 = 4;
const WINDOW: u32 = 2;
const APPROVAL: u32 = 1;

/// What of an event is compared with rows, looked up in a boundary.
struct Asked {
    environment: Option<usize>,
    /// Whether an environment is stated, known or not.
    has_environment: bool,
    level: Option<Level>,
    tool: String,
    phase: String,
    risk: Option<Level>,
    day: Option<Date>,
    approver: Option<Number>,
    has_approval: bool,
    shows_approval: bool,
}

impl Asked {
    /// Which conditions of a row do not hold, a bit each.
    fn failing(&self, row: &Row) -> u32 {
        let mut failing = 0;
        if self.has_environment && row.environment.is_some() && row.environment != self.environment {
            failing |= ENVIRONMENT;
        }
        if let (Some(asked), Some(granted)) = (self.level, row.level)
            && asked > granted
        {
            failing |= LEVEL;
        }
        if let Some(tools) = &row.tools
            && !self.tool.is_empty()
            && !tools.contains(&self.tool)
        {
            failing |= TOOL;
        }
        if !self.phase.is_empty() && !row.phases.is_empty() && !row.phases.contains(&self.phase) {
            failing |= PHASE;
        }
        if let (Some(asked), Some(most)) = (self.risk, row.max_risk)
            && asked > most
        {
            failing |= RISK;
        }
        if let Some(day) = self.day
            && (row.starts.is_some_and(|first| day < first) || row.expires.is_some_and(|last| day > last))
        {
            failing |= WINDOW;
        }
        if row.needs_approval
            && self.shows_approval
            && !self.approver.is_some_and(|one| row.approvers.contains(&one))
        {
            failing |= APPROVAL;
        }
        failing
    }
}

/// How far a row is from admitting: by the number of failing conditions, then by the first of them.
fn distance(failing: u32) -> u32 {
    failing.count_ones() * 128 + failing
}

fn reason(failing: u32, has_approval: bool) -> Reason {
    match failing {
        bits if bits & ENVIRONMENT != 0 => Reason::Environment,
        bits if bits & LEVEL != 0 => Reason::Level,
        bits if bits & TOOL != 0 => Reason::Tool,
        bits if bits & PHASE != 0 => Reason::Phase,
        bits if bits & RISK != 0 => Reason::Risk,
        bits if bits & WINDOW != 0 => Reason::Window,
        _ if has_approval => Reason::ApprovalWrong,
        _ => Reason::ApprovalMissing,
    }
}

/// Judges an event by a version of a catalog; what it uses is looked up in the catalog as it is now.
#[must_use]
pub fn judge(boundary: &Boundary, version: u32, now: &Boundary, event: &Event<'_>) -> Judgement {
    let mut found = judge_by(boundary, event);
    found.version = version;
    if !std::ptr::eq(boundary, now) {
        found.admitting = judge_by(now, event).admitting;
    }
    found
}

fn judge_by(boundary: &Boundary, event: &Event<'_>) -> Judgement {
    let actor = known(&event.agents, |word| boundary.actor_words.get(word).copied());
    let tool = fold(event.tool.get());
    let component = match known(&event.components, |word| boundary.component_words.get(word).copied()) {
        // A tool that one component alone has names that component.
        Known::Word(word) if word.is_empty() => {
            boundary.tool_components.get(&tool).map_or(Known::Word(word), |number| Known::Number(*number))
        }
        other => other,
    };
    let stated = fold(event.environment.get());
    let environment = if stated.is_empty() {
        event.places.iter().find_map(|place| boundary.environment_words.get(&fold(place.get())).copied())
    } else {
        boundary.environment_words.get(&stated).copied()
    };
    let level = level(boundary, event, &component, &tool);
    let answered =
        actor.number().and_then(|number| boundary.acting(number)).is_some_and(|acting| acting.answered);
    let mut found = Judgement {
        version: 0,
        environment,
        level,
        verdict: Verdict::Beyond,
        reason: None,
        row: None,
        admitting: SmallVec::new(),
        unattributed: !answered,
        refused: event.is_refused(),
        unshown_approval: false,
        strange_words: (!stated.is_empty() && environment.is_none())
            || (!event.level.is_empty() && level.is_none())
            || (!event.risk.is_empty() && !boundary.risk_words.contains_key(&fold(event.risk.get()))),
        actor,
        component,
    };
    let Some(who) = found.actor.number() else {
        found.reason = Some(Reason::UnknownActor);
        return found;
    };
    let component = match &found.component {
        Known::Number(number) => *number,
        Known::Word(word) if word.is_empty() => {
            found.verdict = Verdict::Unjudged;
            return found;
        }
        Known::Word(_) => {
            found.reason = Some(Reason::UnknownComponent);
            return found;
        }
    };
    let rows = boundary.rows_of.get(&(who, component)).map_or(&[][..], Vec::as_slice);
    let asked = Asked {
        environment,
        has_environment: environment.is_some() || !stated.is_empty(),
        level,
        tool,
        phase: fold(event.phase.get()),
        risk: boundary.risk_words.get(&fold(event.risk.get())).copied(),
        day: super::event::day(event.time.get()),
        approver: boundary.actor(event.approval.get()).filter(|_| !event.approval.is_empty()),
        has_approval: !event.approval.is_empty(),
        shows_approval: event.shows_approval || !event.approval.is_empty(),
    };
    decide(boundary, rows, &asked, &mut found);
    found
}

fn decide(boundary: &Boundary, rows: &[u32], asked: &Asked, found: &mut Judgement) {
    let mut nearest: Option<(u32, u32, u32)> = None;
    for &place in rows {
        let row = &boundary.rows[place as usize];
        let failing = asked.failing(row);
        if failing == 0 {
            found.admitting.push(place);
        }
        let here = (distance(failing), place, failing);
        if nearest.is_none_or(|best| here < best) {
            nearest = Some(here);
        }
    }
    match nearest {
        None => found.reason = Some(Reason::NoGrant),
        Some((0, place, _)) => {
            found.row = Some(place);
            found.verdict = Verdict::Allowed;
            let free = found.admitting.iter().any(|row| !boundary.rows[*row as usize].needs_approval);
            found.unshown_approval = !asked.shows_approval && !free;
        }
        Some((_, place, failing)) => {
            found.row = Some(place);
            found.reason = Some(reason(failing, asked.has_approval));
        }
    }
}

/// The level: as stated, else by what the action does, else that of the tool.
fn level(boundary: &Boundary, event: &Event<'_>, component: &Known, tool: &str) -> Option<Level> {
    if !event.level.is_empty() {
        return boundary.level_words.get(&fold(event.level.get())).copied();
    }
    let settings = &boundary.analysis.catalog.settings;
    match event.effect {
        Some(Effect::Read) => Some(Level(0)),
        Some(Effect::Change) => Some(settings.second_level().min(settings.top_level())),
        Some(Effect::Administer) => Some(settings.top_level()),
        None => boundary.tool_levels.get(&(component.number()?, tool.to_owned())).copied(),
    }
}

fn known(candidates: &Candidates<'_>, find: impl Fn(&str) -> Option<Number>) -> Known {
    let mut first = "";
    for word in candidates.iter().map(Text::get).filter(|word| !word.is_empty()) {
        if let Some(number) = find(&fold(word)) {
            return Known::Number(number);
        }
        if first.is_empty() {
            first = word;
        }
    }
    Known::Word(first.chars().take(LONGEST_WORD).collect::<String>().into())
}
