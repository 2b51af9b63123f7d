//! Screen 8, Audit: what logs say that agents did, against what they may do; when, why, and who answers.
//!
//! Logs are read and judged elsewhere; here what came of them is arranged: a timeline above, a list, and
//! what there is to say of a row of it. Nothing of a log is kept that the audit did not keep.

mod detail;
mod draw;

use std::sync::Arc;

use crate::analysis::filter::tokens;
use crate::analysis::{Analysis, Finding};
use crate::audit::judge::{Known, Reason, Verdict};
use crate::audit::opened::Opened;
use crate::audit::timeline::{Class, Lane};
use crate::audit::usage::{GrantUse, Use};
use crate::audit::words::{number, remarks};
use crate::card::words::fold;
use crate::catalog::{Entity, EntityKind};
use crate::tui::model::Cursor;
use crate::tui::text::{Fuzzy, safe};

pub use detail::{detail, detail_height};
pub use draw::{Shape, megabytes, render, shape, top_height};

/// Logs, as they were named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logs {
    /// Files and folders.
    pub paths: Vec<String>,
    /// What their words mean that the catalog does not know: a file.
    pub map: Option<String>,
}

/// What the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum View {
    /// Events of one kind together.
    #[default]
    Events,
    /// Who acted.
    Agents,
    /// Grants that the logs prove unused, or used below their level.
    Grants,
    /// Lines that are no events, and what else was noticed.
    Remarks,
}

impl View {
    /// Every view, in the order of `v`.
    pub const ALL: [Self; 4] = [Self::Events, Self::Agents, Self::Grants, Self::Remarks];

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Agents => "agents",
            Self::Grants => "unused grants",
            Self::Remarks => "remarks",
        }
    }

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        let place = Self::ALL.iter().position(|view| *view == self).unwrap_or(0);
        Self::ALL[(place + 1) % Self::ALL.len()]
    }
}

/// How events are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Grouping {
    /// By why they are beyond.
    #[default]
    Reason,
    /// By who acted.
    Agent,
    /// By what they are on.
    Component,
}

impl Grouping {
    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Reason => Self::Agent,
            Self::Agent => Self::Component,
            Self::Component => Self::Reason,
        }
    }

    /// The word for the list's title.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reason => "by reason",
            Self::Agent => "by agent",
            Self::Component => "by component",
        }
    }
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The title of a group, and what stands at its end.
    Group(String, String),
    /// Events of a class, how many of them are in the span, and which letters matched.
    Events(u32, u64, Vec<usize>),
    /// One who acted, by place, and which letters matched.
    Agent(usize, Vec<usize>),
    /// A grant, by place, and which letters matched.
    Grant(usize, Vec<usize>),
    /// A line that is no event, by place.
    Bad(usize),
    /// A sentence.
    Remark(String),
}

/// A line of the timeline: whose, and how many events in each column.
#[derive(Clone, Debug)]
pub struct Track {
    /// Who acted; none: all together.
    pub actor: Option<Known>,
    /// What it is called.
    pub label: String,
    /// What it shows.
    pub lane: Lane,
}

/// The state of the screen.
#[derive(Debug)]
pub struct State {
    /// The logs that are open; no paths: none are.
    pub logs: Logs,
    /// The last request for them; answers to earlier ones are dropped.
    pub asked: u64,
    /// By which cards they were last asked to be judged.
    pub asked_by: Option<Arc<Analysis>>,
    /// Whether they are judged again however large they are.
    pub again: bool,
    /// How many bytes have been read, while they are.
    pub reading: Option<u64>,
    /// Why they could not be.
    pub failure: Option<String>,
    /// What came of them.
    pub opened: Option<Arc<Opened>>,
    /// What the list shows.
    pub view: View,
    /// Of events, those with this verdict; none: all.
    pub verdict: Option<Verdict>,
    /// How events are grouped.
    pub grouping: Grouping,
    /// The filter.
    pub filter: String,
    /// Why the filter can match nothing.
    pub mistake: Option<String>,
    /// The list.
    pub rows: Vec<Row>,
    /// Where in it.
    pub cursor: Cursor,
    /// The first line of the detail that is shown.
    pub offset: usize,
    /// The span of time that is looked at, in microseconds; none: all.
    pub span: Option<(i64, i64)>,
    /// The timeline.
    pub tracks: Vec<Track>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            logs: Logs::default(),
            asked: 0,
            asked_by: None,
            again: false,
            reading: None,
            failure: None,
            opened: None,
            view: View::default(),
            verdict: Some(Verdict::Beyond),
            grouping: Grouping::default(),
            filter: String::new(),
            mistake: None,
            rows: Vec::new(),
            cursor: Cursor::default(),
            offset: 0,
            span: None,
            tracks: Vec::new(),
        }
    }
}

/// A row as it is known from one reading of logs to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// Actor, component, environment, verdict and reason.
    Events(Arc<str>, Arc<str>, Option<usize>, Verdict, Option<Reason>),
    /// Who acted.
    Agent(Arc<str>),
    /// Whose grant, and on what.
    Grant(String, String),
}

impl State {
    /// The selected row.
    #[must_use]
    pub fn row(&self) -> Option<&Row> {
        self.rows.get(self.cursor.row)
    }

    /// The class of the selected row.
    #[must_use]
    pub fn class(&self) -> Option<&Arc<Class>> {
        match self.row()? {
            Row::Events(class, ..) => self.opened.as_ref()?.totals.timeline.classes().get(*class as usize),
            _ => None,
        }
    }

    /// The grant of the selected row.
    #[must_use]
    pub fn grant(&self) -> Option<GrantUse> {
        match self.row()? {
            Row::Grant(place, _) => self.opened.as_ref()?.usage.grants.get(*place).copied(),
            _ => None,
        }
    }

    /// Who acted in the selected row.
    #[must_use]
    pub fn actor(&self) -> Option<Known> {
        match self.row()? {
            Row::Events(..) => self.class().map(|class| class.actor.clone()),
            Row::Agent(place, _) => {
                self.opened.as_ref()?.summary.agents.get(*place).map(|line| line.actor.clone())
            }
            _ => None,
        }
    }

    /// Whom the selected row is about, and on what, in the cards that are shown now.
    #[must_use]
    pub fn entities(&self, analysis: &Analysis) -> (Option<Entity>, Option<Entity>) {
        let Some(opened) = &self.opened else { return (None, None) };
        let now = opened.versions.now();
        let (subject, object) = match self.row() {
            Some(Row::Grant(..)) => {
                let Some(grant) = self.grant() else { return (None, None) };
                (Some(grant.persona.into()), Some(grant.component.into()))
            }
            _ => {
                let actor = self.actor().and_then(|actor| actor.number());
                let component = self.class().and_then(|class| class.component.number());
                let component = component.and_then(|number| *now.components.get(number as usize)?);
                let acting = actor.and_then(|number| now.acting(number));
                (acting.map(|acting| acting.entity), component.map(Entity::Component))
            }
        };
        let judged = opened.analysis();
        let found = |entity: Entity| {
            if Arc::ptr_eq(&judged.catalog, &analysis.catalog) {
                return Some(entity);
            }
            let kind: EntityKind = judged.catalog.kind(entity);
            let found = analysis.catalog.find(&judged.catalog.id(entity));
            found.into_iter().find(|other| analysis.catalog.kind(*other) == kind)
        };
        (subject.and_then(found), object.and_then(found))
    }

    /// The place of the finding that the selected row is about, in an analysis that has those of logs.
    #[must_use]
    pub fn finding(&self, analysis: &Analysis) -> Option<usize> {
        use crate::analysis::outside::{BEYOND_GRANT, UNATTRIBUTED, UNUSED_GRANT};
        let (subject, object) = self.entities(analysis);
        let subject = subject?;
        let place = |id: &str, fits: &dyn Fn(&Finding) -> bool| {
            analysis
                .findings
                .iter()
                .position(|finding| finding.rule.id == id && finding.subject == subject && fits(finding))
        };
        match self.row()? {
            Row::Events(..) => {
                let class = self.class()?;
                place(BEYOND_GRANT.id, &|finding| {
                    finding.object == object && finding.environment == class.environment
                })
            }
            Row::Grant(..) => place(UNUSED_GRANT.id, &|finding| finding.object == object),
            Row::Agent(..) => place(UNATTRIBUTED.id, &|_| true).or_else(|| place(BEYOND_GRANT.id, &|_| true)),
            Row::Group(..) | Row::Bad(_) | Row::Remark(_) => None,
        }
    }

    /// What the selected row is called, to find it again in another reading.
    #[must_use]
    pub fn name(&self) -> Option<Name> {
        self.name_of(self.row()?)
    }

    fn name_of(&self, row: &Row) -> Option<Name> {
        let opened = self.opened.as_deref()?;
        match row {
            Row::Events(class, ..) => {
                let class = opened.totals.timeline.classes().get(*class as usize)?;
                Some(Name::Events(
                    opened.actor(&class.actor),
                    opened.component(&class.component),
                    class.environment,
                    class.verdict,
                    class.reason,
                ))
            }
            Row::Agent(place, _) => {
                Some(Name::Agent(opened.actor(&opened.summary.agents.get(*place)?.actor)))
            }
            Row::Grant(place, _) => {
                let grant = opened.usage.grants.get(*place)?;
                let catalog = &opened.analysis().catalog;
                Some(Name::Grant(catalog.label(grant.persona.into()), catalog.label(grant.component.into())))
            }
            Row::Group(..) | Row::Bad(_) | Row::Remark(_) => None,
        }
    }

    /// Makes the list anew, and stays at a row where it is still there.
    pub fn rebuild(&mut self, keep: Option<&Name>, height: usize) {
        self.rows.clear();
        self.mistake = None;
        if let Some(opened) = self.opened.clone() {
            let words = Words::of(&self.filter);
            self.mistake.clone_from(&words.mistake);
            self.rows = match self.view {
                View::Events => self.events(&opened, &words),
                View::Agents => agents(&opened, &words),
                View::Grants => grants(&opened, &words),
                View::Remarks => told(&opened),
            };
        }
        let kept = keep.and_then(|keep| {
            let mut rows = self.rows.iter();
            rows.position(|row| self.name_of(row).as_ref() == Some(keep))
        });
        let first = self.rows.iter().position(|row| !matches!(row, Row::Group(..))).unwrap_or(0);
        self.cursor.to(kept.unwrap_or(first), self.rows.len(), height);
        if kept.is_none() {
            self.cursor.offset = 0;
        }
        self.offset = 0;
    }

    /// Moves in the list, over the titles of groups.
    pub fn step(&mut self, delta: isize, height: usize) {
        let start = self.cursor.row;
        self.cursor.by(delta, self.rows.len(), height);
        if matches!(self.rows.get(self.cursor.row), Some(Row::Group(..))) {
            let on = if delta < 0 && self.cursor.row > 0 { -1 } else { 1 };
            self.cursor.by(on, self.rows.len(), height);
        }
        if matches!(self.rows.get(self.cursor.row), Some(Row::Group(..))) {
            self.cursor.to(start, self.rows.len(), height);
        }
        self.offset = 0;
    }

    /// Makes the timeline anew: so many columns, and at most so many lines, one of them of whom is selected.
    pub fn track(&mut self, columns: usize, lines: usize) {
        self.tracks.clear();
        let Some(opened) = self.opened.clone() else { return };
        let timeline = &opened.totals.timeline;
        let Some(span) = self.span.or(opened.span) else { return };
        let words = Words::of(&self.filter);
        let agents = opened.summary.agents.iter().filter(|line| words.admits_agent(&opened, &line.actor));
        let mut actors: Vec<Known> =
            agents.map(|line| line.actor.clone()).take(lines.saturating_sub(1)).collect();
        if let Some(actor) = self.actor()
            && lines > 1
            && !actors.contains(&actor)
        {
            actors.pop();
            actors.push(actor);
        }
        let places: std::collections::HashMap<&Known, usize> =
            actors.iter().enumerate().map(|(place, actor)| (actor, place + 1)).collect();
        let classes = timeline.classes();
        let lanes = timeline.lanes(span, columns, actors.len() + 1, |class| {
            let Some(class) = classes.get(class as usize) else { return Vec::new() };
            if !words.admits(&opened, class) {
                return Vec::new();
            }
            let own = places.get(&class.actor).copied();
            std::iter::once(0).chain(own).collect()
        });
        let names = std::iter::once(None).chain(actors.iter().cloned().map(Some));
        self.tracks = names
            .zip(lanes)
            .map(|(actor, lane)| {
                let label = match &actor {
                    None => "all events".to_owned(),
                    Some(actor) => safe(&opened.actor(actor)),
                };
                Track { actor, label, lane }
            })
            .collect();
    }

    /// Looks at a shorter or a longer span of time, around what is selected.
    pub fn zoom(&mut self, nearer: bool) {
        let Some(opened) = self.opened.clone() else { return };
        let Some(whole) = opened.span else { return };
        let (from, to) = self.span.unwrap_or(whole);
        let length = to.saturating_sub(from).max(1);
        if nearer {
            let least = opened.totals.timeline.width().saturating_mul(4).max(4_000_000);
            let next = (length / 2).max(least);
            if next >= length {
                return;
            }
            let last = self.class().and_then(|class| opened.crossing(class)?.when.last);
            // Another step nearer stays where one looks, unless what is selected lies elsewhere.
            let middle = last.filter(|last| (from..to).contains(last)).unwrap_or(from + length / 2);
            self.look(middle.saturating_sub(next / 2), next, whole);
        } else {
            let middle = from + length / 2;
            let next = length.saturating_mul(2);
            self.look(middle.saturating_sub(length), next, whole);
        }
    }

    /// Looks half a span earlier or later.
    pub fn shift(&mut self, later: bool) {
        let Some(whole) = self.opened.as_ref().and_then(|opened| opened.span) else {
            return;
        };
        let Some((from, to)) = self.span else { return };
        let length = to - from;
        let by = if later { length / 2 } else { -(length / 2) };
        self.look(from.saturating_add(by), length, whole);
    }

    fn look(&mut self, from: i64, length: i64, whole: (i64, i64)) {
        if length >= whole.1.saturating_sub(whole.0) {
            self.span = None;
            return;
        }
        let from = from.clamp(whole.0, whole.1.saturating_sub(length));
        self.span = Some((from, from.saturating_add(length)));
    }

    fn events(&self, opened: &Opened, words: &Words) -> Vec<Row> {
        let timeline = &opened.totals.timeline;
        let totals = timeline.totals(self.span);
        let mut groups: std::collections::HashMap<String, Counted> = std::collections::HashMap::new();
        for (place, (class, count)) in timeline.classes().iter().zip(&totals).enumerate() {
            let wanted = words.verdicts.is_empty() && self.verdict.is_some_and(|own| own != class.verdict);
            if *count == 0 || wanted || !words.admits(opened, class) {
                continue;
            }
            let text = row_text(opened, class, self.grouping);
            let Some((_, hits)) = words.text.find(&text) else { continue };
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            let row = Row::Events(place, *count, hits);
            groups.entry(self.group(opened, class)).or_default().push((*count, text, row));
        }
        let mut groups: Vec<(u64, String, Counted)> = groups
            .into_iter()
            .map(|(title, rows)| (rows.iter().map(|(count, ..)| count).sum(), title, rows))
            .collect();
        groups.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
        let mut out = Vec::new();
        for (count, title, mut rows) in groups {
            rows.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
            out.push(Row::Group(title, number(count)));
            out.extend(rows.into_iter().map(|(_, _, row)| row));
        }
        out
    }

    fn group(&self, opened: &Opened, class: &Class) -> String {
        match self.grouping {
            Grouping::Reason => match class.reason {
                Some(reason) => format!("{}: {}", reason.word(), reason.phrase()),
                None if class.verdict == Verdict::Unjudged => {
                    "unjudged: the event names no component".to_owned()
                }
                None => class.verdict.word().to_owned(),
            },
            Grouping::Agent => opened.actor(&class.actor).to_string(),
            Grouping::Component => opened.component(&class.component).to_string(),
        }
    }
}

/// Rows of a group, each with how many events it stands for, and its text.
type Counted = Vec<(u64, String, Row)>;

/// Events of a class in one line; what the title of the group says is left out.
#[must_use]
pub fn row_text(opened: &Opened, class: &Class, grouping: Grouping) -> String {
    let mut words: Vec<String> = Vec::new();
    if grouping != Grouping::Agent {
        words.push(short(opened, &class.actor));
    }
    if grouping != Grouping::Component {
        words.push(format!("\u{b7} {}", opened.component(&class.component)));
    }
    if let Some(environment) = class.environment {
        words.push(format!("({})", opened.analysis().catalog.settings.environment(environment)));
    }
    if grouping != Grouping::Reason {
        words.push(class.reason.map_or(class.verdict.word(), Reason::word).to_owned());
    }
    safe(words.join(" ").trim_start_matches("\u{b7} "))
}

/// The id of one who acted, where the catalog knows it; else the word of the log.
fn short(opened: &Opened, actor: &Known) -> String {
    let acting = actor.number().and_then(|number| opened.versions.acting(number));
    acting.map_or_else(|| opened.actor(actor).to_string(), |acting| acting.id.to_string())
}

fn agents(opened: &Opened, words: &Words) -> Vec<Row> {
    let lines = opened.summary.agents.iter().enumerate();
    lines
        .filter(|(_, line)| words.admits_agent(opened, &line.actor))
        .filter_map(|(place, line)| {
            let (_, hits) = words.text.find(&safe(&opened.actor(&line.actor)))?;
            Some(Row::Agent(place, hits))
        })
        .collect()
}

/// Grants that are not used as they are granted, the persona whose access has crept farthest first.
fn grants(opened: &Opened, words: &Words) -> Vec<Row> {
    let catalog = &opened.analysis().catalog;
    let mut groups: Vec<(f64, String, Vec<Row>)> = Vec::new();
    let all: Vec<(usize, &GrantUse)> = opened.usage.grants.iter().enumerate().collect();
    for group in all.chunk_by(|left, right| left.1.persona == right.1.persona) {
        let Some((_, first)) = group.first() else { continue };
        let label = catalog.label(first.persona.into());
        if !words.admits_words(&words.agents, &label) {
            continue;
        }
        let rows: Vec<Row> = group
            .iter()
            .filter(|(_, one)| matches!(one.used, Use::Unused | Use::Below(_)))
            .filter_map(|(place, one)| {
                let name = catalog.label(one.component.into());
                if !words.admits_words(&words.components, &name) {
                    return None;
                }
                let (_, hits) = words.text.find(&safe(&name))?;
                Some(Row::Grant(*place, hits))
            })
            .collect();
        if let (Some(creep), false) = (opened.creep(|one| one.persona == first.persona), rows.is_empty()) {
            groups.push((creep, label, rows));
        }
    }
    groups.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
    let mut out = Vec::new();
    for (creep, label, rows) in groups {
        out.push(Row::Group(label, format!("creep {creep:.0} of 100")));
        out.extend(rows);
    }
    out
}

fn told(opened: &Opened) -> Vec<Row> {
    let totals = &opened.totals;
    let mut out = Vec::new();
    if !totals.unreadable.is_empty() {
        out.push(Row::Group("Logs that cannot be read".to_owned(), totals.unreadable.len().to_string()));
        out.extend(totals.unreadable.iter().map(|(log, why)| Row::Remark(format!("{log}: {why}"))));
    }
    let wrong: u64 = totals.wrong.values().sum();
    if wrong > 0 {
        out.push(Row::Group("Lines that are no events".to_owned(), number(wrong)));
        out.extend(
            totals.wrong.iter().map(|(what, count)| Row::Remark(format!("{} times: {what}", number(*count)))),
        );
        out.push(Row::Group("The first of them".to_owned(), totals.bad.len().to_string()));
        out.extend((0..totals.bad.len()).map(Row::Bad));
    }
    let noticed = remarks(&opened.versions, totals, &opened.summary);
    if !noticed.is_empty() {
        out.push(Row::Group("Noticed".to_owned(), String::new()));
        out.extend(noticed.into_iter().map(Row::Remark));
    }
    let open = opened.usage.open();
    if !open.is_empty() {
        out.push(Row::Group("Grants of which the logs cannot tell".to_owned(), String::new()));
        out.extend(open.into_iter().map(|(why, count)| {
            Row::Remark(format!(
                "{} {}: {}",
                count,
                if count == 1 { "grant" } else { "grants" },
                why.phrase()
            ))
        }));
    }
    out
}

/// The filter, taken apart: words of one key are alternatives, different keys must all hold.
struct Words {
    agents: Vec<String>,
    components: Vec<String>,
    environments: Vec<String>,
    verdicts: Vec<Verdict>,
    reasons: Vec<Reason>,
    text: Fuzzy,
    mistake: Option<String>,
}

impl Words {
    fn of(filter: &str) -> Self {
        let mut words = Self {
            agents: Vec::new(),
            components: Vec::new(),
            environments: Vec::new(),
            verdicts: Vec::new(),
            reasons: Vec::new(),
            text: Fuzzy::new(""),
            mistake: None,
        };
        let mut text: Vec<String> = Vec::new();
        for token in tokens(filter) {
            let Some((key, value)) = token.split_once(':') else {
                text.push(token);
                continue;
            };
            let value = fold(value);
            if value.is_empty() {
                continue;
            }
            // What is being typed is not wrong yet, as long as it can still become a word.
            match key {
                "agent" | "persona" => words.agents.push(value),
                "component" => words.components.push(value),
                "env" | "environment" => words.environments.push(value),
                "verdict" => {
                    let fits = Verdict::ALL.into_iter().filter(|one| one.word().starts_with(&value));
                    let before = words.verdicts.len();
                    words.verdicts.extend(fits);
                    if words.verdicts.len() == before {
                        words.mistake = Some("verdict: is allowed, beyond or unjudged".to_owned());
                    }
                }
                "reason" => {
                    let fits = Reason::ALL.into_iter().filter(|one| one.word().starts_with(&value));
                    let before = words.reasons.len();
                    words.reasons.extend(fits);
                    if words.reasons.len() == before {
                        let known = Reason::ALL.map(Reason::word).join(", ");
                        words.mistake = Some(format!("reason: is one of {known}"));
                    }
                }
                _ => {
                    words.mistake =
                        Some("words of this filter are agent: component: env: verdict: reason:".to_owned());
                }
            }
        }
        words.text = Fuzzy::new(&text.join(" "));
        words
    }

    fn admits(&self, opened: &Opened, class: &Class) -> bool {
        let settings = &opened.analysis().catalog.settings;
        self.mistake.is_none()
            && self.admits_agent(opened, &class.actor)
            && (self.components.is_empty()
                || self.admits_words(&self.components, &opened.component(&class.component)))
            && (self.environments.is_empty()
                || class
                    .environment
                    .is_some_and(|place| self.admits_words(&self.environments, settings.environment(place))))
            && (self.verdicts.is_empty() || self.verdicts.contains(&class.verdict))
            && (self.reasons.is_empty() || class.reason.is_some_and(|own| self.reasons.contains(&own)))
    }

    fn admits_agent(&self, opened: &Opened, actor: &Known) -> bool {
        self.agents.is_empty() || self.admits_words(&self.agents, &opened.actor(actor))
    }

    fn admits_words(&self, words: &[String], name: &str) -> bool {
        let name = fold(name);
        words.is_empty() || words.iter().any(|word| name.contains(word.as_str()))
    }
}
