//! What lies over the screens while one edits: a state each, and how it is drawn.
//!
//! Keys are for [`super::update`]. What a layer shows comes from the analysis and the session.

pub mod conflicts;
pub mod fixes;
pub mod history;
pub mod recovered;

pub use conflicts::Conflicts;
pub use fixes::Fixes;
pub use history::History;
pub use recovered::Recovered;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use similar::{ChangeTag, TextDiff};

use crate::catalog::FileChange;
use crate::tui::text::{cut, safe, wrap};
use crate::tui::theme::Theme;

/// A text as lines of a width.
fn said(text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    wrap(text, width).into_iter().map(|line| Line::from(Span::styled(line, style))).collect()
}

/// What changes in files, line by line, each with a sign.
fn difference(changes: &[FileChange], theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for change in changes {
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        let what = match (before, after) {
            (None, _) => " (new)",
            (_, None) => " (goes)",
            _ => "",
        };
        let title = format!("{}{what}", safe(&change.path));
        lines.push(Line::from(Span::styled(cut(&title, width, theme.ellipsis()), theme.strong())));
        let diff = TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
        for group in diff.grouped_ops(2) {
            for line in group.iter().flat_map(|op| diff.iter_changes(op)) {
                let (sign, style) = match line.tag() {
                    ChangeTag::Delete => ("- ", theme.severity(crate::analysis::Severity::High)),
                    ChangeTag::Insert => ("+ ", theme.good()),
                    ChangeTag::Equal => ("  ", theme.faint()),
                };
                let number = line.new_index().or(line.old_index()).map_or(0, |place| place + 1);
                let text = format!("{number:>4} {sign}{}", safe(line.value().trim_end_matches(['\n', '\r'])));
                lines.push(Line::from(Span::styled(cut(&text, width, theme.ellipsis()), style)));
            }
        }
    }
    lines
}
