//! The problems of the files: each one keystroke from its line.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::analysis::Analysis;
use crate::card::problem::{Level, Problem};
use crate::tui::layout::Areas;
use crate::tui::model::{Cursor, Model};
use crate::tui::text::{cut, wrap};
use crate::tui::widgets::{rows, scroll_hint};

/// The state of the screen.
#[derive(Debug, Default)]
pub struct State {
    /// Where in the list.
    pub cursor: Cursor,
}

/// Every problem and note, in file order.
pub fn all(analysis: &Analysis) -> Vec<&Problem> {
    analysis.catalog.problems.iter().chain(&analysis.problems).collect()
}

/// Draws the screen.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let (Some(analysis), Some(area)) = (model.analysis.as_deref(), areas.list) else { return };
    let theme = model.theme;
    let width = usize::from(area.width);
    let problems = all(analysis);
    let mut lines = vec![Line::from(Span::styled(
        format!(" Problems of the files ({})", problems.len()),
        theme.accent(),
    ))];
    if problems.is_empty() {
        lines.push(Line::default());
        lines.push(Line::from(" None: every file could be read as it is meant."));
    }
    let below = 6.min(usize::from(area.height) / 2);
    let height = usize::from(area.height).saturating_sub(1 + below);
    for (place, problem) in problems.iter().enumerate().skip(model.problems.cursor.offset).take(height) {
        let selected = place == model.problems.cursor.row;
        let style = if selected { theme.selected(true) } else { theme.base() };
        let (sign, severity) = match problem.level {
            Level::Error => {
                (if theme.ascii { "^E" } else { "▲E" }, theme.severity(crate::analysis::Severity::High))
            }
            Level::Warning => {
                (if theme.ascii { "*W" } else { "●W" }, theme.severity(crate::analysis::Severity::Medium))
            }
            Level::Note => (if theme.ascii { ".N" } else { "·N" }, theme.faint()),
        };
        let text = format!("{}:{}  {}", problem.file, problem.line, problem.message);
        let text = crate::tui::text::pad(&text, width.saturating_sub(5), theme.ellipsis());
        lines.push(Line::from(vec![
            Span::styled(format!(" {sign} "), style.patch(severity)),
            Span::styled(text, style),
        ]));
    }
    rows(frame, area, &lines, 0);
    scroll_hint(
        frame,
        Rect { height: area.height - u16::try_from(below).unwrap_or(0), ..area },
        theme,
        model.problems.cursor.offset,
        problems.len(),
        height,
    );
    if let Some(problem) = problems.get(model.problems.cursor.row) {
        let top = area.y + area.height - u16::try_from(below).unwrap_or(0);
        let mut lines = vec![Line::from(Span::styled(
            cut(&format!(" {}:{}:{}", problem.file, problem.line, problem.column), width, theme.ellipsis()),
            theme.faint(),
        ))];
        for text in [&problem.message, &problem.hint] {
            lines.extend(
                wrap(text, width.saturating_sub(2)).into_iter().map(|line| Line::from(format!(" {line}"))),
            );
        }
        rows(frame, Rect { y: top, height: u16::try_from(below).unwrap_or(0), ..area }, &lines, 0);
    }
}

/// How many rows of the list are shown.
#[must_use]
pub fn height(area: Rect) -> usize {
    let below = 6.min(usize::from(area.height) / 2);
    usize::from(area.height).saturating_sub(1 + below)
}
