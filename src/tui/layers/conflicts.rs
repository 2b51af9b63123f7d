//! A file that changed on disk where it was edited here: both sides beside each other, part by part.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::session::{Hunk, Side};
use crate::tui::model::Model;
use crate::tui::text::{cut, pad, safe};
use crate::tui::widgets::{rows, sheet};

use super::said;

/// What is chosen.
#[derive(Clone, Debug, Default)]
pub struct Conflicts {
    /// The selected part of those that differ.
    pub hunk: usize,
    /// The side of each part that differs.
    pub choices: Vec<Side>,
}

/// How many of the lines that are the same are shown around a difference.
const AROUND: usize = 3;

/// Draws the first conflict.
pub fn render(model: &Model, state: &Conflicts, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let Some(conflict) = model.session.conflicts().first() else { return };
    let title = format!("{} changed on disk, and here", safe(&conflict.path));
    let inner = sheet(frame, 160, &title, theme);
    let width = usize::from(inner.width);
    let half = width.saturating_sub(3) / 2;
    let mut lines = Vec::new();
    let mut focus = 0;
    if conflict.theirs.is_none() {
        lines.extend(said(
            "On disk the file is gone. m keeps it as it is here, t lets it go.",
            width,
            theme.base(),
        ));
        lines.push(Line::default());
    }
    lines.push(Line::from(vec![
        Span::styled(pad("here (m takes all)", half, theme.ellipsis()), theme.accent()),
        Span::raw("   "),
        Span::styled(pad("on disk (t takes all)", half, theme.ellipsis()), theme.accent()),
    ]));
    let mut number = 0;
    for hunk in conflict.hunks() {
        match hunk {
            Hunk::Same(text) => {
                let same: Vec<&str> = text.lines().collect();
                for (place, line) in same.iter().enumerate() {
                    if place >= AROUND && place + AROUND < same.len() {
                        if place == AROUND {
                            lines.push(Line::from(Span::styled(
                                format!("  {}", theme.ellipsis()),
                                theme.faint(),
                            )));
                        }
                        continue;
                    }
                    let text = cut(&format!("  {}", safe(line)), width, theme.ellipsis());
                    lines.push(Line::from(Span::styled(text, theme.faint())));
                }
            }
            Hunk::Differs { mine, theirs } => {
                let side = state.choices.get(number).copied().unwrap_or(Side::Mine);
                let here = number == state.hunk;
                if here {
                    focus = lines.len();
                }
                let (left, right): (Vec<&str>, Vec<&str>) =
                    (mine.lines().collect(), theirs.lines().collect());
                for row in 0..left.len().max(right.len()).max(1) {
                    let cell = |text: Option<&&str>, own: Side| {
                        let sign = match (side == own, theme.ascii) {
                            (true, true) => "> ",
                            (true, false) => "▶ ",
                            (false, _) => "  ",
                        };
                        let text = text.map_or(String::new(), |text| format!("{sign}{}", safe(text)));
                        let style = match (side == own, here) {
                            (true, true) => theme.selected(true).patch(theme.good()),
                            (true, false) => theme.good(),
                            (false, true) => theme.selected(false),
                            (false, false) => theme.faint(),
                        };
                        Span::styled(pad(&text, half, theme.ellipsis()), style)
                    };
                    lines.push(Line::from(vec![
                        cell(left.get(row), Side::Mine),
                        Span::raw("   "),
                        cell(right.get(row), Side::Theirs),
                    ]));
                }
                number += 1;
            }
        }
    }
    let height = usize::from(inner.height).saturating_sub(2);
    let offset = focus.saturating_sub(height / 2).min(lines.len().saturating_sub(height));
    rows(frame, Rect { height: inner.height.saturating_sub(2), ..inner }, &lines, offset);
    let foot = Rect { y: inner.y + inner.height.saturating_sub(1), height: 1, ..inner };
    let hint = "j k: which part   space: the other side   enter: keep this   m: all mine   t: all theirs   esc: later";
    rows(frame, foot, &[Line::from(Span::styled(cut(hint, width, theme.ellipsis()), theme.faint()))], 0);
}
