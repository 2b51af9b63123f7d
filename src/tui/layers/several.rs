//! Several gaps closed at once: the way out of each, and what all of them come to.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::comes_to;
use crate::analysis::fixes::{Done, Each, Together};
use crate::tui::form::draw::hints;
use crate::tui::model::{Cursor, Model};
use crate::tui::text::{cut, pad};
use crate::tui::widgets::{rows, scroll_hint, sheet, sheet_area};

/// How many columns the sheet takes at most.
const COLUMNS: u16 = 140;

/// The gaps, and what is chosen for each.
#[derive(Clone, Debug, Default)]
pub struct Several {
    /// Each gap as a place in the analysis, with the title of the way that is wanted.
    pub wanted: Vec<(usize, Option<String>)>,
    /// What they come to, once that is known.
    pub found: Option<Arc<Together>>,
    /// Which of them.
    pub cursor: Cursor,
    /// The first line of what they come to that is shown.
    pub offset: usize,
    /// The number of the question to the worker that is not answered yet.
    pub waiting: Option<u64>,
    /// Whether something else is wanted since the worker was asked.
    pub again: bool,
    /// Whether it is to be done as soon as it is known what it comes to.
    pub keep: bool,
}

impl Several {
    /// Takes the next or the previous way out of the selected gap. Whether there is another.
    pub fn turn(&mut self, forward: bool) -> bool {
        let Some(each) = self.found.as_ref().and_then(|found| found.each.get(self.cursor.row)) else {
            return false;
        };
        let Done::Taken(now) = each.done else { return false };
        let count = each.ways.len();
        if count < 2 {
            return false;
        }
        let next = if forward { (now + 1) % count } else { (now + count - 1) % count };
        let title = each.ways.get(next).cloned();
        if let Some(wanted) = self.wanted.get_mut(self.cursor.row) {
            wanted.1 = title;
        }
        true
    }
}

/// Where the gaps are listed on a screen of this size, two lines each.
#[must_use]
pub fn area(size: (u16, u16), count: usize) -> Rect {
    let area = sheet_area(size, COLUMNS);
    let inner = Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    };
    let wanted = u16::try_from(count * 2).unwrap_or(u16::MAX);
    Rect { height: wanted.min((inner.height / 2).max(2) / 2 * 2), ..inner }
}

/// Draws it.
pub fn render(model: &Model, state: &Several, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let Some(analysis) = model.analysis.as_deref() else { return };
    let title = match state.wanted.len() {
        1 => "Ways out of 1 gap".to_owned(),
        count => format!("Ways out of {count} gaps"),
    };
    let inner = sheet(frame, COLUMNS, &title, theme);
    let width = usize::from(inner.width);
    let above = area(model.size, state.wanted.len());
    let shown = usize::from(above.height / 2);
    let mut lines = Vec::new();
    for (place, (finding, _)) in state.wanted.iter().enumerate().skip(state.cursor.offset).take(shown) {
        let Some(finding) = analysis.findings.get(*finding) else { continue };
        let here = place == state.cursor.row;
        let ground = if here { theme.selected(true) } else { theme.base() };
        let badge = theme.badge(finding.severity);
        let message = pad(&finding.message, width.saturating_sub(badge.width() + 2), theme.ellipsis());
        lines.push(Line::from(vec![
            Span::styled(format!("{badge}  "), ground.patch(theme.severity(finding.severity))),
            Span::styled(message, ground),
        ]));
        let each = state.found.as_ref().and_then(|found| found.each.get(place));
        let (text, style) = match each {
            None => ("looking for the ways out".to_owned(), theme.faint()),
            Some(each) => way(each, theme),
        };
        let text = pad(&format!("     {text}"), width, theme.ellipsis());
        lines.push(Line::from(Span::styled(text, if here { ground.patch(style) } else { style })));
    }
    rows(frame, above, &lines, 0);
    let edge = Rect { width: above.width + 1, ..above };
    scroll_hint(frame, edge, theme, state.cursor.offset, state.wanted.len(), shown);
    let rule = if theme.ascii { "-" } else { "─" };
    let middle = Rect { y: above.y + above.height, height: 1, ..inner };
    rows(frame, middle, &[Line::from(Span::styled(rule.repeat(width), theme.faint()))], 0);
    let below = Rect { y: middle.y + 1, height: inner.height.saturating_sub(above.height + 2), ..inner };
    let detail = match &state.found {
        Some(found) if found.outcome.changes.is_empty() => {
            super::said("No edit of the cards closes any of them.", width, theme.base())
        }
        // Edits are measured by the cards alone.
        Some(found) => comes_to(model.bare.as_deref().unwrap_or(analysis), &found.outcome, theme, width),
        None => {
            let text = format!("trying them one after the other{}", theme.ellipsis());
            vec![Line::from(Span::styled(text, theme.faint()))]
        }
    };
    let height = usize::from(below.height);
    let offset = state.offset.min(detail.len().saturating_sub(height));
    rows(frame, below, &detail, offset);
    scroll_hint(frame, Rect { width: below.width + 1, ..below }, theme, offset, detail.len(), height);
    let foot = Rect { y: inner.y + inner.height.saturating_sub(1), height: 1, ..inner };
    let apply = if state.keep { "as soon as they are tried" } else { "apply all" };
    let keys = [
        ("enter, a", apply),
        ("esc", "leave"),
        ("j k", "which"),
        ("h l", "another way"),
        ("space", "leave it out"),
        ("J K", "scroll"),
    ];
    rows(frame, foot, &hints(&keys, theme, width), 0);
}

/// The way that is taken, or why there is none.
fn way(each: &Each, theme: crate::tui::theme::Theme) -> (String, ratatui::style::Style) {
    let arrow = if theme.ascii { "->" } else { "→" };
    match each.done {
        Done::Taken(chosen) => {
            let title = each.ways.get(chosen).map_or("", String::as_str);
            let of = match each.ways.len() {
                1 => String::new(),
                count => format!("  ({} of {count})", chosen + 1),
            };
            (format!("{arrow} {}{of}", cut(title, 400, theme.ellipsis())), theme.good())
        }
        Done::Closed => ("closed by those before it".to_owned(), theme.faint()),
        Done::Reopened => {
            let text = "what comes after it opens it again".to_owned();
            (text, theme.severity(crate::analysis::Severity::Medium))
        }
        Done::Nothing => {
            let text = "no edit closes it without opening another as bad".to_owned();
            (text, theme.severity(crate::analysis::Severity::Medium))
        }
    }
}
