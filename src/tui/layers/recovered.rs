//! Unsaved edits of an earlier run, offered: to be brought back, or left.

use ratatui::Frame;
use ratatui::text::{Line, Span};

use crate::session::Journal;
use crate::tui::model::Model;
use crate::tui::text::{cut, pad};
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

/// Draws the offer.
pub fn render(model: &Model, state: &Recovered, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let files: Vec<&str> = state.journal.unsaved().collect();
    let shown = files.len().min(8);
    let height = u16::try_from(shown + 10).unwrap_or(18);
    let area = centred(frame.area(), 78, height);
    let inner = popup(frame, area, "Unsaved edits", theme);
    let width = usize::from(inner.width);
    let when =
        if state.journal.when.is_empty() { String::new() } else { format!(" at {}", state.journal.when) };
    let what = if files.len() == 1 { "1 file".to_owned() } else { format!("{} files", files.len()) };
    let mut lines =
        said(&format!("The workbench ended{when} with unsaved edits in {what}:"), width, theme.base());
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
