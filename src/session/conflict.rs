//! A file that was edited here and changed on disk in the same place: hunk by hunk, with a choice.

use std::sync::Arc;

use similar::{DiffTag, TextDiff};

use super::Text;

/// Three texts of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The file, relative to the catalog's root.
    pub path: Arc<str>,
    /// What both began from.
    pub base: Text,
    /// What is edited here.
    pub mine: Text,
    /// What is on disk.
    pub theirs: Text,
}

/// Which of two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is edited here.
    Mine,
    /// What is on disk.
    Theirs,
}

/// A part of the file: the same in both, or two ways that it could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hunk {
    /// The same in both.
    Same(String),
    /// Different.
    Differs {
        /// As edited here.
        mine: String,
        /// As on disk.
        theirs: String,
    },
}

impl Conflict {
    /// The file in parts.
    #[must_use]
    pub fn hunks(&self) -> Vec<Hunk> {
        let mine = self.mine.as_deref().unwrap_or_default();
        let theirs = self.theirs.as_deref().unwrap_or_default();
        let diff = TextDiff::from_lines(mine, theirs);
        let (old, new): (Vec<&str>, Vec<&str>) =
            (mine.split_inclusive('\n').collect(), theirs.split_inclusive('\n').collect());
        let lines = |slices: &[&str], range: std::ops::Range<usize>| {
            slices.get(range).map(<[&str]>::concat).unwrap_or_default()
        };
        let mut hunks: Vec<Hunk> = Vec::new();
        for op in diff.ops() {
            match op.tag() {
                DiffTag::Equal => hunks.push(Hunk::Same(lines(&old, op.old_range()))),
                DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => hunks.push(Hunk::Differs {
                    mine: lines(&old, op.old_range()),
                    theirs: lines(&new, op.new_range()),
                }),
            }
        }
        hunks
    }

    /// The text with a side chosen for each part that differs, in order; what has no choice is mine.
    #[must_use]
    pub fn resolved(&self, choices: &[Side]) -> String {
        let mut choices = choices.iter();
        self.hunks()
            .into_iter()
            .map(|hunk| match hunk {
                Hunk::Same(text) => text,
                Hunk::Differs { mine, theirs } => match choices.next() {
                    Some(Side::Theirs) => theirs,
                    Some(Side::Mine) | None => mine,
                },
            })
            .collect()
    }
}
