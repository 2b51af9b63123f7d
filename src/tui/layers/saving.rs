//! What is about to be saved, as a difference: enter writes it.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::difference;
use crate::tui::form::draw::hints;
use crate::tui::model::Model;
use crate::tui::widgets::{rows, scroll_hint, sheet};

/// Which of it is shown.
#[derive(Clone, Debug, Default)]
pub struct Saving {
    /// The only file to be written; none: all.
    pub only: Option<Arc<str>>,
    /// The first line that is shown.
    pub offset: usize,
}

/// The lines, however many there is room for.
fn lines(model: &Model, state: &Saving, width: usize) -> Vec<Line<'static>> {
    let writes = model.session.to_save(state.only.as_deref());
    if writes.is_empty() {
        return vec![Line::from(Span::styled("Everything is saved.", model.theme.faint()))];
    }
    difference(&writes, model.theme, width)
}

/// The last line that may be the first that is shown.
#[must_use]
pub fn most(model: &Model, state: &Saving) -> usize {
    let area = crate::tui::widgets::sheet_area(model.size, 120);
    let height = usize::from(area.height).saturating_sub(3);
    lines(model, state, usize::from(area.width).saturating_sub(4)).len().saturating_sub(height)
}

/// Draws it.
pub fn render(model: &Model, state: &Saving, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let count = model.session.to_save(state.only.as_deref()).len();
    let title = if count == 1 { "Save 1 file".to_owned() } else { format!("Save {count} files") };
    let inner = sheet(frame, 120, &title, theme);
    let lines = lines(model, state, usize::from(inner.width));
    let area = Rect { height: inner.height.saturating_sub(1), ..inner };
    let height = usize::from(area.height);
    let offset = state.offset.min(lines.len().saturating_sub(height));
    rows(frame, area, &lines, offset);
    scroll_hint(frame, Rect { width: area.width + 1, ..area }, theme, offset, lines.len(), height);
    let foot = Rect { y: inner.y + inner.height.saturating_sub(1), height: 1, ..inner };
    let keys = if model.readonly || count == 0 {
        [("esc", "leave"), ("j k", "scroll"), ("", "")]
    } else {
        [("enter", "save"), ("esc", "leave"), ("j k", "scroll")]
    };
    rows(frame, foot, &hints(&keys, theme, usize::from(inner.width)), 0);
}
