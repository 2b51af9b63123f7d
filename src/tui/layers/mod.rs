//! What lies over the screens while one edits: a state each, and how it is drawn.
//!
//! Keys are for [`super::update`]. What a layer shows comes from the analysis and the session.

pub mod ask;
pub mod conflicts;
pub mod deed;
pub mod fixes;
pub mod history;
pub mod recovered;
pub mod saving;
pub mod several;
pub mod suppose;

pub use ask::Ask;
pub use conflicts::Conflicts;
pub use deed::Sheet;
pub use fixes::Fixes;
pub use history::History;
pub use recovered::Recovered;
pub use saving::Saving;
pub use several::Several;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use similar::{ChangeTag, TextDiff};

use crate::analysis::Analysis;
use crate::analysis::fixes::Outcome;
use crate::catalog::FileChange;
use crate::tui::text::{cut, safe, wrap};
use crate::tui::theme::Theme;

/// A text as lines of a width.
fn said(text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    wrap(text, width).into_iter().map(|line| Line::from(Span::styled(line, style))).collect()
}

/// What edits come to: gaps closed and opened, the score, and what changes in files.
fn comes_to(analysis: &Analysis, outcome: &Outcome, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = said(&summary(analysis, outcome), width, theme.base());
    let sentence = |sign: &str, message: &str, style: Style| {
        let text = wrap(message, width.saturating_sub(10));
        text.into_iter()
            .enumerate()
            .map(|(place, line)| {
                let sign = if place == 0 { sign } else { "" };
                Line::from(vec![Span::styled(format!("{sign:<10}"), style), Span::raw(line)])
            })
            .collect::<Vec<_>>()
    };
    // How many of the gaps are said in full: on a small screen the difference is to be seen too.
    let most = if width < 96 { 2 } else { 4 };
    for finding in outcome.new_findings().take(most) {
        let sign = format!("opens {}", theme.badge(finding.severity));
        lines.extend(sentence(&sign, &finding.message, theme.severity(finding.severity)));
    }
    let gone = outcome.gone.iter().filter_map(|&place| analysis.findings.get(place));
    for finding in gone.take(most) {
        let sign = format!("closes {}", theme.badge(finding.severity));
        lines.extend(sentence(&sign, &finding.message, theme.good()));
    }
    lines.push(Line::default());
    lines.extend(difference(&outcome.changes, theme, width));
    lines
}

/// "Closes 2 gaps, opens none; score 70.1 becomes 72.0."
#[must_use]
pub fn summary(analysis: &Analysis, outcome: &Outcome) -> String {
    let counted = |count: usize| match count {
        0 => "none".to_owned(),
        1 => "1 gap".to_owned(),
        count => format!("{count} gaps"),
    };
    let mut text = format!("Closes {}, opens {}", counted(outcome.gone.len()), counted(outcome.new.len()));
    if outcome.gone.is_empty() && outcome.new.is_empty() {
        "Closes no gap and opens none".clone_into(&mut text);
    }
    if let (Some(before), Some(after)) = (analysis.score.value, outcome.score().value) {
        if (before - after).abs() < 0.05 {
            text.push_str(&format!("; the score stays {after:.1}."));
        } else {
            text.push_str(&format!("; score {before:.1} becomes {after:.1}."));
        }
    }
    text
}

/// What changes in files, line by line, each with a sign.
#[must_use]
pub fn difference(changes: &[FileChange], theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (place, change) in changes.iter().enumerate() {
        if place > 0 {
            lines.push(Line::default());
        }
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
