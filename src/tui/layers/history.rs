//! What was done, step by step: enter goes back or forward to there.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::tui::model::{Cursor, Model};
use crate::tui::text::{cut, pad};
use crate::tui::widgets::{centred, popup, rows, scroll_hint};

/// Where one is in the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct History {
    /// The selected row: so many steps are done there.
    pub cursor: Cursor,
}

/// Where it lies.
fn area(model: &Model) -> Rect {
    let height = u16::try_from(model.session.history().0.len().min(20) + 6).unwrap_or(26);
    centred(Rect::new(0, 0, model.size.0, model.size.1), 96, height)
}

/// The first row that is shown of so many.
fn first(state: &History, shown: usize) -> usize {
    state.cursor.offset.max((state.cursor.row + 1).saturating_sub(shown))
}

/// Which row stands at a place of the screen.
#[must_use]
pub fn row_at(model: &Model, state: &History, place: Position) -> Option<usize> {
    let area = area(model);
    let shown = usize::from(area.height).saturating_sub(4);
    let line = usize::from(place.y.checked_sub(area.y + 1)?);
    let row = first(state, shown) + line;
    (area.contains(place) && line < shown && row <= model.session.history().0.len()).then_some(row)
}

/// Draws it.
pub fn render(model: &Model, state: &History, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let (steps, done) = model.session.history();
    let area = area(model);
    let inner = popup(frame, area, "What was done", theme);
    let width = usize::from(inner.width);
    let mut lines = Vec::new();
    let here = if theme.ascii { "> " } else { "● " };
    for row in 0..=steps.len() {
        let style = if row == state.cursor.row { theme.selected(true) } else { theme.base() };
        let style = if row > done { style.patch(theme.faint()) } else { style };
        let (when, name) = match row.checked_sub(1).and_then(|place| steps.get(place)) {
            Some(step) => (step.when.as_str(), step.name.as_str()),
            None => ("", "as it was at first"),
        };
        let files =
            row.checked_sub(1).and_then(|place| steps.get(place)).map_or(0, |step| step.changes.len());
        let files = if files > 1 { format!("{files} files") } else { String::new() };
        let room = width.saturating_sub(12 + files.len());
        lines.push(Line::from(vec![
            Span::styled(if row == done { here } else { "  " }, style.patch(theme.accent())),
            Span::styled(pad(when, 8, theme.ellipsis()), style.patch(theme.faint())),
            Span::styled(pad(&cut(name, room, theme.ellipsis()), room, theme.ellipsis()), style),
            Span::styled(format!(" {files}"), style.patch(theme.faint())),
        ]));
    }
    let shown = usize::from(inner.height).saturating_sub(2);
    let offset = first(state, shown);
    rows(frame, Rect { height: inner.height.saturating_sub(2), ..inner }, &lines, offset);
    scroll_hint(
        frame,
        Rect { width: inner.width + 1, height: inner.height.saturating_sub(2), ..inner },
        theme,
        offset,
        lines.len(),
        shown,
    );
    let foot = Rect { y: inner.y + inner.height.saturating_sub(1), height: 1, ..inner };
    let hint = cut("enter: go there   u U: one back, one forward   esc: leave", width, theme.ellipsis());
    rows(frame, foot, &[Line::from(Span::styled(hint, theme.faint()))], 0);
}
