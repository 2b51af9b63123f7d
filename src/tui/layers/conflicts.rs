//! A file that changed on disk where it was edited here: both sides beside each other, part by part.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::session::{Conflict, Hunk, Side};
use crate::tui::model::Model;
use crate::tui::text::{cut, pad, safe};
use crate::tui::widgets::{rows, sheet, sheet_area};

use super::said;

/// What is chosen.
#[derive(Clone, Debug, Default)]
pub struct Conflicts {
    /// The selected part of those that differ.
    pub hunk: usize,
    /// The side of each part that differs.
    pub choices: Vec<Side>,
}

/// How many columns the sheet takes at most.
const COLUMNS: u16 = 160;

/// How many of the lines that are the same are shown around a difference.
const AROUND: usize = 3;

/// Which part that differs, and which side of it, stands at a place of the screen.
#[must_use]
pub fn side_at(model: &Model, state: &Conflicts, place: Position) -> Option<(usize, Side)> {
    let conflict = model.session.conflicts().first()?;
    let area = sheet_area(model.size, COLUMNS);
    let width = usize::from(area.width.saturating_sub(4));
    let height = usize::from(area.height.saturating_sub(2)).saturating_sub(2);
    let (lines, focus) = drawn(model, state, conflict, width);
    let offset = first(focus, lines.len(), height);
    let line = usize::from(place.y.checked_sub(area.y + 1)?);
    let column = usize::from(place.x.checked_sub(area.x + 2)?);
    let (_, part) = lines.get(offset + line).filter(|_| line < height && column < width)?;
    let half = width.saturating_sub(3) / 2;
    part.map(|part| (part, if column < half { Side::Mine } else { Side::Theirs }))
}

/// The first line that is shown, so that one of them is in the middle.
fn first(focus: usize, count: usize, height: usize) -> usize {
    focus.saturating_sub(height / 2).min(count.saturating_sub(height))
}

/// Draws the first conflict.
pub fn render(model: &Model, state: &Conflicts, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let Some(conflict) = model.session.conflicts().first() else { return };
    let title = format!("{} changed on disk, and here", safe(&conflict.path));
    let inner = sheet(frame, COLUMNS, &title, theme);
    let width = usize::from(inner.width);
    let (lines, focus) = drawn(model, state, conflict, width);
    let lines: Vec<Line<'_>> = lines.into_iter().map(|(line, _)| line).collect();
    let height = usize::from(inner.height).saturating_sub(2);
    let offset = first(focus, lines.len(), height);
    rows(frame, Rect { height: inner.height.saturating_sub(2), ..inner }, &lines, offset);
    let foot = Rect { y: inner.y + inner.height.saturating_sub(1), height: 1, ..inner };
    let hint = "j k: which part   space: the other side   enter: keep this   m: all mine   t: all theirs   esc: later";
    rows(frame, foot, &[Line::from(Span::styled(cut(hint, width, theme.ellipsis()), theme.faint()))], 0);
}

/// The lines, each with the part that differs which it belongs to, and the first line of the selected.
fn drawn(
    model: &Model,
    state: &Conflicts,
    conflict: &Conflict,
    width: usize,
) -> (Vec<(Line<'static>, Option<usize>)>, usize) {
    let theme = model.theme;
    let half = width.saturating_sub(3) / 2;
    let mut lines: Vec<(Line<'static>, Option<usize>)> = Vec::new();
    let mut focus = 0;
    if conflict.theirs.is_none() {
        let text = "On disk the file is gone. m keeps it as it is here, t lets it go.";
        lines.extend(said(text, width, theme.base()).into_iter().map(|line| (line, None)));
        lines.push((Line::default(), None));
    }
    let heads = Line::from(vec![
        Span::styled(pad("here (m takes all)", half, theme.ellipsis()), theme.accent()),
        Span::raw("   "),
        Span::styled(pad("on disk (t takes all)", half, theme.ellipsis()), theme.accent()),
    ]);
    lines.push((heads, None));
    let mut number = 0;
    for hunk in conflict.hunks() {
        match hunk {
            Hunk::Same(text) => {
                let same: Vec<&str> = text.lines().collect();
                for (place, line) in same.iter().enumerate() {
                    if place >= AROUND && place + AROUND < same.len() {
                        if place == AROUND {
                            let text = format!("  {}", theme.ellipsis());
                            lines.push((Line::from(Span::styled(text, theme.faint())), None));
                        }
                        continue;
                    }
                    let text = cut(&format!("  {}", safe(line)), width, theme.ellipsis());
                    lines.push((Line::from(Span::styled(text, theme.faint())), None));
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
                    let both = Line::from(vec![
                        cell(left.get(row), Side::Mine),
                        Span::raw("   "),
                        cell(right.get(row), Side::Theirs),
                    ]);
                    lines.push((both, Some(number)));
                }
                number += 1;
            }
        }
    }
    (lines, focus)
}
