//! Choosing the agenda: words, since when, how severe; and what then is on it.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::analysis::{Analysis, Severity};
use crate::session::meeting::{Course, Known, Meeting, Scope, Since};
use crate::tui::model::Model;
use crate::tui::text::{cut, pad, safe, wrap};
use crate::tui::widgets::big::{apart, big};
use crate::tui::widgets::rows;

/// Something to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Take up the meeting that was interrupted.
    Resume,
    /// The words of the filter.
    Words,
    /// Since when.
    Since,
    /// How severe at least.
    Severity,
    /// Begin.
    Begin,
}

/// How the agenda is chosen.
#[derive(Debug, Default)]
pub struct State {
    /// The row; none as long as nobody has moved.
    pub row: Option<Row>,
    /// What is chosen.
    pub scope: Scope,
    /// The findings that are on the agenda then, by place.
    pub places: Vec<usize>,
    /// Why the agenda cannot be made.
    pub wrong: Option<String>,
    /// The gaps that there were at a commit, with its name.
    pub known: Option<(String, Arc<Known>)>,
    /// The commit that is asked for, and the number of the question.
    pub waiting: Option<(String, u64)>,
}

impl State {
    /// The rows that there are.
    #[must_use]
    pub fn rows(last: Option<&Meeting>) -> Vec<Row> {
        let resume = last.is_some_and(|last| last.course != Course::Over);
        let first = resume.then_some(Row::Resume);
        first.into_iter().chain([Row::Words, Row::Since, Row::Severity, Row::Begin]).collect()
    }

    /// The row that is selected: to go on with a meeting if there is one, else to begin.
    #[must_use]
    pub fn at(&self, last: Option<&Meeting>) -> Row {
        let rows = Self::rows(last);
        let chosen = self.row.filter(|row| rows.contains(row));
        chosen.unwrap_or(if rows.contains(&Row::Resume) { Row::Resume } else { Row::Begin })
    }

    /// The commit that the agenda compares with.
    #[must_use]
    pub fn commit(&self) -> Option<&str> {
        match &self.scope.since {
            Since::Commit(name) => Some(name),
            Since::Ever | Since::Review => None,
        }
    }
}

/// The next or previous of "any" and the severities.
#[must_use]
pub fn turn_severity(severity: Option<Severity>, forward: bool) -> Option<Severity> {
    let all: Vec<Option<Severity>> =
        std::iter::once(None).chain(Severity::ALL.into_iter().rev().map(Some)).collect();
    let place = all.iter().position(|known| *known == severity).unwrap_or(0);
    let next = if forward { place + 1 } else { place + all.len() - 1 };
    all.get(next % all.len()).copied().flatten()
}

/// Draws the choice.
pub fn render(model: &Model, analysis: &Analysis, body: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let state = &model.review.choose;
    let last = model.review.last.as_ref();
    let wide = usize::from(body.width.saturating_sub(4)).min(110);
    let area = Rect { x: body.x + 2, width: u16::try_from(wide).unwrap_or(body.width), ..body };
    let tall = body.height >= 30;
    let mut lines = heading(model, "Review", wide, tall);
    let here = state.at(last);
    for row in State::rows(last) {
        let (name, value) = match row {
            Row::Resume => ("Go on", last.map_or(String::new(), resumed)),
            Row::Words => {
                let words = state.scope.words.trim();
                ("Gaps that match", if words.is_empty() { "anything".into() } else { safe(words) })
            }
            Row::Since => (
                "New or worse",
                match &state.scope.since {
                    Since::Ever => "or not: all that are open".into(),
                    Since::Review => match last {
                        Some(last) => format!("since the last review, of {}", last.began),
                        None => "since the last review: there was none, so all".into(),
                    },
                    Since::Commit(name) if name.is_empty() => "since a commit: enter says which".into(),
                    Since::Commit(name) => format!("since {}", safe(name)),
                },
            ),
            Row::Severity => (
                "Severity",
                state.scope.severity.map_or("any".to_owned(), |least| {
                    let worse = if least == Severity::Critical { "" } else { " or worse" };
                    format!("{} {}{worse}", theme.badge(least), least.word())
                }),
            ),
            Row::Begin => ("Begin", begin(state)),
        };
        let style = if row == here { theme.selected(true) } else { theme.base() };
        let arrows = row == here && matches!(row, Row::Since | Row::Severity);
        let (left, right) = match (arrows, theme.ascii) {
            (false, _) => ("  ", "  "),
            (true, true) => ("< ", " >"),
            (true, false) => ("◂ ", " ▸"),
        };
        let room = wide.saturating_sub(24);
        let value = pad(&format!("{left}{value}{right}"), room, theme.ellipsis());
        lines.push(Line::from(vec![
            Span::styled(pad(&format!("  {name}"), 20, theme.ellipsis()), style.patch(theme.accent())),
            Span::styled(value, style.patch(theme.strong())),
        ]));
        if tall || row == Row::Resume {
            lines.push(Line::default());
        }
    }
    if !tall {
        lines.push(Line::default());
    }
    if let Some(wrong) = &state.wrong {
        let style = theme.severity(Severity::Medium);
        lines.extend(wrap(wrong, wide).into_iter().map(|line| Line::from(Span::styled(line, style))));
        lines.push(Line::default());
    }
    let room = usize::from(area.height).saturating_sub(lines.len() + 2);
    for place in state.places.iter().take(room) {
        let Some(finding) = analysis.findings.get(*place) else { continue };
        lines.push(Line::from(vec![
            Span::styled(format!("  {} ", theme.badge(finding.severity)), theme.severity(finding.severity)),
            Span::styled(cut(&finding.message, wide.saturating_sub(6), theme.ellipsis()), theme.faint()),
        ]));
    }
    if let Some(more) = state.places.len().checked_sub(room).filter(|more| *more > 0) {
        lines.push(Line::from(Span::styled(format!("     and {more} more"), theme.faint())));
    }
    rows(frame, area, &lines, 0);
}

/// What is waited for while no meeting runs.
pub fn render_waiting(model: &Model, analysis: &Analysis, body: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let wide = usize::from(body.width.saturating_sub(4)).min(110);
    let mut lines = heading(model, "Waiting", wide, body.height >= 30);
    let text = format!(
        "No review of {} is running on this machine. This page follows when one begins; q leaves.",
        safe(&analysis.catalog.name)
    );
    lines.extend(wrap(&text, wide).into_iter().map(Line::from));
    if let Some(last) = model.review.last.as_ref().filter(|last| last.course == Course::Paused) {
        lines.push(Line::default());
        let text = format!("The last one was interrupted: {}.", resumed(last));
        lines.extend(wrap(&text, wide).into_iter().map(|line| Line::from(Span::styled(line, theme.faint()))));
    }
    let area = Rect { x: body.x + 2, width: u16::try_from(wide).unwrap_or(body.width), ..body };
    rows(frame, area, &lines, 0);
}

/// A word at the top of a page: in big letters where there is room for the rest too.
#[must_use]
pub fn heading(model: &Model, text: &str, width: usize, tall: bool) -> Vec<Line<'static>> {
    let theme = model.theme;
    let drawn = (tall && !theme.ascii).then(|| big(text, width)).flatten();
    let small = || {
        let spaced = apart(text);
        vec![if spaced.chars().count() <= width { spaced } else { cut(text, width, theme.ellipsis()) }]
    };
    let mut lines: Vec<Line<'static>> = drawn
        .unwrap_or_else(small)
        .into_iter()
        .map(|line| Line::from(Span::styled(line, theme.accent())))
        .collect();
    lines.push(Line::default());
    lines
}

fn begin(state: &State) -> String {
    if state.waiting.is_some() {
        return "once git has told what there was".to_owned();
    }
    match state.places.len() {
        0 => "nothing is on this agenda".to_owned(),
        1 => "with 1 gap".to_owned(),
        count => format!("with {count} gaps"),
    }
}

fn resumed(last: &Meeting) -> String {
    let decided = last.tally().decided();
    let by = if last.by.is_empty() { String::new() } else { format!(", last by {}", safe(&last.by)) };
    format!("with the review of {}: {decided} of {} decided{by}", last.began, last.items.len())
}
