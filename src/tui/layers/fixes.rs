//! The ways out of a gap: what each changes, what it closes and opens, and the score after it.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::analysis::fixes::Proven;
use crate::tui::model::Model;
use crate::tui::text::{cut, pad, wrap};
use crate::tui::widgets::{rows, scroll_hint, sheet, sheet_area};

use super::{comes_to, said};

/// How many columns the sheet takes at most.
const COLUMNS: u16 = 120;

/// The fixes of a gap.
#[derive(Clone, Debug)]
pub struct Fixes {
    /// The gap, as a place in the analysis.
    pub place: usize,
    /// All gaps of what is selected, this one among them.
    pub all: Vec<usize>,
    /// The fixes, once they are tried.
    pub found: Option<Arc<Vec<Proven>>>,
    /// What else there is to say of each, where there is something.
    pub notes: Vec<String>,
    /// The selected one.
    pub chosen: usize,
    /// The first line of its difference that is shown.
    pub offset: usize,
}

impl Fixes {
    /// Of a gap, not known yet.
    #[must_use]
    pub fn of(place: usize, all: Vec<usize>) -> Self {
        Self { place, all, found: None, notes: Vec::new(), chosen: 0, offset: 0 }
    }

    /// The next or the previous gap of what is selected, if there is another.
    #[must_use]
    pub fn beside(&self, forward: bool) -> Option<usize> {
        let (count, now) = (self.all.len(), self.all.iter().position(|place| *place == self.place)?);
        if count < 2 {
            return None;
        }
        let next = if forward { (now + 1) % count } else { (now + count - 1) % count };
        self.all.get(next).copied()
    }

    /// Turns to another gap, of which the ways out are not known yet.
    pub fn turn_to(&mut self, place: usize) {
        self.place = place;
        (self.found, self.chosen, self.offset) = (None, 0, 0);
        self.notes.clear();
    }

    /// Selects one of `count`.
    pub fn to(&mut self, chosen: usize, count: usize) {
        self.chosen = chosen.min(count.saturating_sub(1));
        self.offset = 0;
    }
}

/// Which of the fixes stands at a place of the screen.
#[must_use]
pub fn row_at(model: &Model, state: &Fixes, place: Position) -> Option<usize> {
    let finding = model.analysis.as_deref()?.findings.get(state.place)?;
    let area = sheet_area(model.size, COLUMNS);
    let width = usize::from(area.width.saturating_sub(4));
    // The border, the rule, the sentence, and an empty line stand above them.
    let first = usize::from(area.y) + 3 + wrap(&finding.message, width).len();
    let row = usize::from(place.y).checked_sub(first)?;
    let inside = (area.x..area.x + area.width).contains(&place.x);
    (inside && row < state.found.as_ref()?.len()).then_some(row)
}

/// Draws them.
pub fn render(model: &Model, state: &Fixes, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let Some(analysis) = model.analysis.as_deref() else { return };
    let Some(finding) = analysis.findings.get(state.place) else { return };
    let title = match state.all.iter().position(|place| *place == state.place) {
        Some(now) if state.all.len() > 1 => format!("Ways out: gap {} of {}", now + 1, state.all.len()),
        _ => "Ways out".to_owned(),
    };
    let inner = sheet(frame, COLUMNS, &title, theme);
    let width = usize::from(inner.width);
    let mut lines = vec![Line::from(Span::styled(
        format!("{} {}", theme.badge(finding.severity), finding.rule.id),
        theme.severity(finding.severity),
    ))];
    lines.extend(said(&finding.message, width, theme.strong()));
    lines.push(Line::default());
    let Some(found) = &state.found else {
        lines.push(Line::from(Span::styled(
            format!("trying each of them{}", theme.ellipsis()),
            theme.faint(),
        )));
        rows(frame, inner, &lines, 0);
        return;
    };
    if found.is_empty() {
        lines.extend(said(
            "No edit of the cards closes this gap without opening another as bad. The page of the rule (?) says \
             what helps.",
            width,
            theme.base(),
        ));
    }
    for (place, proven) in found.iter().enumerate() {
        let style = if place == state.chosen { theme.selected(true) } else { theme.base() };
        let after = match &proven.outcome {
            Some(outcome) => outcome.score().value.map_or(String::new(), |value| format!("score {value:.1}")),
            None => "advice".to_owned(),
        };
        let room = width.saturating_sub(after.len() + 6);
        lines.push(Line::from(vec![
            Span::styled(format!(" {} ", place + 1), style.patch(theme.accent())),
            Span::styled(pad(&cut(&proven.fix.title, room, theme.ellipsis()), room, theme.ellipsis()), style),
            Span::styled(format!("  {after} "), style.patch(theme.faint())),
        ]));
    }
    lines.push(Line::default());
    let above = u16::try_from(lines.len()).unwrap_or(inner.height).min(inner.height);
    rows(frame, Rect { height: above, ..inner }, &lines, 0);
    let below = Rect { y: inner.y + above, height: inner.height.saturating_sub(above + 1), ..inner };
    let detail = detail(model, state, width);
    let height = usize::from(below.height);
    let offset = state.offset.min(detail.len().saturating_sub(height));
    rows(frame, below, &detail, offset);
    scroll_hint(frame, Rect { width: below.width + 1, ..below }, theme, offset, detail.len(), height);
    let foot = Rect { y: inner.y + inner.height.saturating_sub(1), height: 1, ..inner };
    let hint = if state.all.len() > 1 {
        "j k: which   enter, a: apply   n N: other gaps here   J K: scroll   esc: leave"
    } else {
        "j k: which   enter, a: apply   J K: scroll   esc: leave"
    };
    rows(frame, foot, &[Line::from(Span::styled(cut(hint, width, theme.ellipsis()), theme.faint()))], 0);
}

fn detail(model: &Model, state: &Fixes, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    // Edits are measured by the cards alone.
    let (Some(bare), Some(proven)) =
        (model.bare.as_deref(), state.found.as_ref().and_then(|found| found.get(state.chosen)))
    else {
        return Vec::new();
    };
    let mut lines = said(&proven.fix.title, width, theme.strong());
    let Some(outcome) = &proven.outcome else {
        lines.extend(said("Nothing in the cards changes until it is done.", width, theme.faint()));
        return lines;
    };
    if let Some(note) = state.notes.get(state.chosen).filter(|note| !note.is_empty()) {
        lines.extend(said(note, width, theme.accent()));
    }
    lines.extend(comes_to(bare, outcome, theme, width));
    lines
}
