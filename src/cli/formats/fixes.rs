//! The ways out of a finding, as formats show them.
//!
//! What can be done, and whether it helps, is for the analysis to say. An analysis after each fix
//! would fill the memory: only what is shown of it is kept.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::super::fix::{FixReport, comes_to, report};
use super::super::style::safe;
use crate::analysis::Analysis;
use crate::catalog::FileChange;

/// A way out of a finding.
pub struct WayOut {
    /// What to do, as a sentence without a full stop.
    pub title: String,
    /// What it comes to: `narrow; safe; closes 1 gap; score 71.7 (C) -> 72.5 (C); a.yaml`.
    pub comes_to: String,
    /// What becomes of the files; nothing where it is advice.
    pub changes: Vec<FileChange>,
    /// All of it, for other programs.
    pub report: FixReport,
}

impl WayOut {
    /// `1. Narrow ... (narrow; safe; ...)`, with its place in the list from 0.
    #[must_use]
    pub fn line(&self, place: usize) -> String {
        format!("{}. {} ({})", place + 1, safe(&self.title), safe(&self.comes_to))
    }
}

/// The ways out of the finding at a place, best first, each tried.
pub fn ways_out(analysis: &Analysis, place: usize) -> Vec<WayOut> {
    analysis
        .fixes(place)
        .into_iter()
        .map(|own| WayOut {
            comes_to: comes_to(analysis, &own),
            report: report(analysis, &own),
            title: own.fix.title,
            changes: own.outcome.map_or_else(Vec::new, |outcome| outcome.changes),
        })
        .collect()
}

/// Text of a file that is replaced by another. Lines and columns count from 1, columns in
/// characters; the end is not replaced itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Replacement {
    pub start_line: u32,
    pub end_line: u32,
    pub end_column: u32,
    pub text: String,
}

/// What of a file is replaced, from top to bottom, each from the beginning of a line.
pub fn replacements(before: &str, after: &str) -> Vec<Replacement> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    capture_diff_slices(Algorithm::Patience, &old, &new)
        .into_iter()
        .filter(|change| !matches!(change, DiffOp::Equal { .. }))
        .map(|change| {
            let (gone, come) = (change.old_range(), change.new_range());
            // A last line without an ending has no line after it at which the region could end.
            let unended = gone.end == old.len() && !gone.is_empty() && !before.ends_with('\n');
            let last = old.last().map_or(0, |line| line.chars().count());
            Replacement {
                start_line: number(gone.start + 1),
                end_line: number(if unended { gone.end } else { gone.end + 1 }),
                end_column: if unended { number(last + 1) } else { 1 },
                text: new[come].concat(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> Vec<String> {
        let found = replacements(before, after);
        let line = |one: &Replacement| {
            format!("{}-{}:{} {:?}", one.start_line, one.end_line, one.end_column, one.text)
        };
        found.iter().map(line).collect()
    }

    #[test]
    fn lines_are_replaced_where_they_stand() {
        assert_eq!(shown("a\nb\nc\n", "a\nB\nc\n"), ["2-3:1 \"B\\n\""]);
        assert_eq!(shown("a\nc\n", "a\nb\nc\nd\n"), ["2-2:1 \"b\\n\"", "3-3:1 \"d\\n\""]);
        assert_eq!(shown("a\nbé", "a\n"), ["2-2:3 \"\""]);
        assert_eq!(shown("", "a\n"), ["1-1:1 \"a\\n\""]);
        assert_eq!(shown("a\n", "a\n"), Vec::<String>::new());
    }
}
