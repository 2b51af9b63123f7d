//! Unsaved edits of an earlier run, offered: to be brought back, or left.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::session::Journal;
use crate::tui::model::Model;
use crate::tui::text::{cut, pad, wrap};
use crate::tui::widgets::{centred, popup, rows};

use super::said;

/// What is offered.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// What was kept.
    pub journal: Journal,
    /// The choice: 0 brings them back, 1 leaves them.
    pub chosen: usize,
}

/// How many of the files are named.
fn shown(state: &Recovered) -> usize {
    state.journal.unsaved().count().min(8)
}

/// Where it lies.
fn area(model: &Model, state: &Recovered) -> Rect {
    let height = u16::try_from(shown(state) + 10).unwrap_or(18);
    centred(Rect::new(0, 0, model.size.0, model.size.1), 78, height)
}

/// What it says above the files.
fn sentence(state: &Recovered) -> String {
    let count = state.journal.unsaved().count();
    let when =
        if state.journal.when.is_empty() { String::new() } else { format!(" at {}", state.journal.when) };
    let what = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    format!("The workbench ended{when} with unsaved edits in {what}:")
}

/// Which of the choices stands at a place of the screen.
#[must_use]
pub fn row_at(model: &Model, state: &Recovered, place: Position) -> Option<usize> {
    let area = area(model, state);
    let width = usize::from(area.width.saturating_sub(4));
    let count = state.journal.unsaved().count();
    let above = wrap(&sentence(state), width).len() + shown(state) + usize::from(count > shown(state)) + 1;
    let row = usize::from(place.y.checked_sub(area.y + 1)?).checked_sub(above)?;
    (area.contains(place) && row < 2).then_some(row)
}

/// Draws the offer.
pub fn render(model: &Model, state: &Recovered, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let files: Vec<&str> = state.journal.unsaved().collect();
    let shown = shown(state);
    let area = area(model, state);
    let inner = popup(frame, area, "Unsaved edits", theme);
    let width = usize::from(inner.width);
    let mut lines = said(&sentence(state), width, theme.base());
    for file in files.iter().take(shown) {
        let text = format!("  {file}");
        lines.push(Line::from(Span::styled(cut(&text, width, theme.ellipsis()), theme.strong())));
    }
    if files.len() > shown {
        lines.push(Line::from(Span::styled(format!("  and {} more", files.len() - shown), theme.faint())));
    }
    lines.push(Line::default());
    for (place, (key, text)) in
        [("r", "bring them back"), ("d", "leave them; u still brings them back later")]
            .into_iter()
            .enumerate()
    {
        let style = if place == state.chosen { theme.selected(true) } else { theme.base() };
        lines.push(Line::from(vec![
            Span::styled(format!(" {key} "), style.patch(theme.accent())),
            Span::styled(pad(text, width.saturating_sub(3), theme.ellipsis()), style),
        ]));
    }
    lines.push(Line::default());
    lines.push(Line::from(Span::styled("enter chooses", theme.faint())));
    rows(frame, inner, &lines, 0);
}
