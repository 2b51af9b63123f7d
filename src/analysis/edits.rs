//! Which lines differ between the files of two snapshots.
//!
//! Lines are compared as text; what they mean is not looked at. A file that was renamed is compared
//! with what it was.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::card::CardFile;
use crate::catalog::Catalog;

/// Lines of a file, next to each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lines {
    /// The file, relative to the catalog's root.
    pub file: Arc<str>,
    /// The first, from 1. Of no lines: the line before which they would stand.
    pub first: u32,
    /// How many; 0 where there are none on this side.
    pub count: u32,
}

impl Lines {
    /// Whether a line is among them.
    #[must_use]
    pub fn holds(&self, file: &str, line: u32) -> bool {
        &*self.file == file && (self.first..self.first + self.count).contains(&line)
    }

    /// Whether they have a line in common with `first` to `last` of a file.
    #[must_use]
    pub fn touches(&self, file: &str, first: u32, last: u32) -> bool {
        &*self.file == file && self.first <= last && first < self.first + self.count
    }
}

/// One change: these lines became those. A side is none where its file does not exist.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The lines as they were.
    pub before: Option<Lines>,
    /// The lines as they are.
    pub after: Option<Lines>,
}

/// The changes between two snapshots, in file order of what is.
#[must_use]
pub fn edits(before: &Catalog, after: &Catalog) -> Vec<Edit> {
    let by_path = |catalog: &Catalog| -> BTreeMap<Arc<str>, Arc<CardFile>> {
        catalog.files().map(|file| (file.path.clone(), file.clone())).collect()
    };
    let (mut old, mut new) = (by_path(before), by_path(after));
    let mut found = Vec::new();
    for path in old.keys().filter(|path| new.contains_key(*path)).cloned().collect::<Vec<_>>() {
        if let (Some(old), Some(new)) = (old.remove(&path), new.remove(&path)) {
            compare(&old, &new, &mut found);
        }
    }
    for (old_path, new_path) in renamed(&old, &new) {
        if let (Some(old), Some(new)) = (old.remove(&old_path), new.remove(&new_path)) {
            compare(&old, &new, &mut found);
        }
    }
    let whole =
        |file: &CardFile| Lines { file: file.path.clone(), first: 1, count: number(lines(file).len()) };
    found.extend(old.values().map(|file| Edit { before: Some(whole(file)), after: None }));
    found.extend(new.values().map(|file| Edit { before: None, after: Some(whole(file)) }));
    found.sort_by(|left, right| place(left).cmp(&place(right)));
    found
}

/// The text of the after side with one change taken back.
#[must_use]
pub fn taken_back(edit: &Edit, before: &str, after: &str) -> String {
    let (Some(old), Some(new)) = (&edit.before, &edit.after) else { return before.to_owned() };
    let after: Vec<&str> = after.split_inclusive('\n').collect();
    let before: Vec<&str> = before.split_inclusive('\n').collect();
    let cut = |lines: &Lines, of: &[&str]| {
        let first = (lines.first as usize).saturating_sub(1).min(of.len());
        (first, (first + lines.count as usize).min(of.len()))
    };
    let (start, end) = cut(new, &after);
    let (from, to) = cut(old, &before);
    let mut text = String::new();
    for part in [&after[..start], &before[from..to], &after[end..]] {
        for line in part {
            // A last line without an ending must not run into what follows it now.
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(line);
        }
    }
    text
}

fn place(edit: &Edit) -> (&str, u32) {
    let lines = edit.after.as_ref().or(edit.before.as_ref());
    lines.map_or(("", 0), |lines| (&lines.file, lines.first))
}

fn lines(file: &CardFile) -> Vec<&str> {
    file.text.lines().collect()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn compare(old: &CardFile, new: &CardFile, found: &mut Vec<Edit>) {
    if old.text == new.text {
        return;
    }
    for change in capture_diff_slices(Algorithm::Patience, &lines(old), &lines(new)) {
        if matches!(change, DiffOp::Equal { .. }) {
            continue;
        }
        let side = |file: &CardFile, range: std::ops::Range<usize>| Lines {
            file: file.path.clone(),
            first: number(range.start + 1),
            count: number(range.len()),
        };
        found.push(Edit {
            before: Some(side(old, change.old_range())),
            after: Some(side(new, change.new_range())),
        });
    }
}

/// More files than this on both sides are not searched for renamed ones.
const MOST_RENAMED: usize = 10_000;

/// Pairs of a file that is no more and a new one with the same text, or with half its lines.
fn renamed(
    old: &BTreeMap<Arc<str>, Arc<CardFile>>,
    new: &BTreeMap<Arc<str>, Arc<CardFile>>,
) -> Vec<(Arc<str>, Arc<str>)> {
    let mut pairs = Vec::new();
    let mut taken: HashSet<&str> = HashSet::new();
    let mut rest: Vec<&Arc<CardFile>> = Vec::new();
    for file in old.values() {
        let same = new.values().find(|other| other.text == file.text && !taken.contains(&*other.path));
        match same {
            Some(other) => {
                taken.insert(&other.path);
                pairs.push((file.path.clone(), other.path.clone()));
            }
            None => rest.push(file),
        }
    }
    if rest.len().saturating_mul(new.len()) > MOST_RENAMED {
        return pairs;
    }
    for file in rest {
        let own: HashSet<&str> = telling(file);
        let shared = |other: &CardFile| own.intersection(&telling(other)).count();
        let best = new
            .values()
            .filter(|other| !taken.contains(&*other.path))
            .map(|other| (shared(other), other))
            .max_by_key(|(shared, other)| (*shared, std::cmp::Reverse(other.path.clone())));
        if let Some((shared, other)) = best
            && shared * 2 >= own.len().max(telling(other).len())
            && shared > 0
        {
            taken.insert(&other.path);
            pairs.push((file.path.clone(), other.path.clone()));
        }
    }
    pairs
}

/// Lines that tell files apart.
fn telling(file: &CardFile) -> HashSet<&str> {
    file.text.lines().map(str::trim).filter(|line| line.len() > 3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::catalog;

    fn shown(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
        let side = |lines: &Option<Lines>| {
            lines
                .as_ref()
                .map_or("-".to_owned(), |lines| format!("{}:{}+{}", lines.file, lines.first, lines.count))
        };
        edits(&catalog(before), &catalog(after))
            .iter()
            .map(|edit| format!("{} > {}", side(&edit.before), side(&edit.after)))
            .collect()
    }

    #[test]
    fn lines_that_came_went_or_changed() {
        assert_eq!(shown(&[("a.yaml", "x\ny\nz\n")], &[("a.yaml", "x\nz\n")]), ["a.yaml:2+1 > a.yaml:2+0"]);
        assert_eq!(shown(&[("a.yaml", "x\nz\n")], &[("a.yaml", "x\ny\nz")]), ["a.yaml:2+0 > a.yaml:2+1"]);
        assert_eq!(shown(&[("a.yaml", "x\r\ny\n")], &[("a.yaml", "x\nw\n")]), ["a.yaml:2+1 > a.yaml:2+1"]);
        assert_eq!(
            shown(&[("a.yaml", "x\n")], &[("b.yaml", "y\nz\n")]),
            ["a.yaml:1+1 > -", "- > b.yaml:1+2"]
        );
    }

    #[test]
    fn a_renamed_file_is_the_same_file() {
        let long = "kind: Team\nname: Blue\nnotes: one\nx-more: two\n";
        assert_eq!(shown(&[("a.yaml", long)], &[("b/c.yaml", long)]), Vec::<String>::new());
        let edited = long.replace("one", "three");
        assert_eq!(shown(&[("a.yaml", long)], &[("b.yaml", &edited)]), ["a.yaml:3+1 > b.yaml:3+1"]);
    }

    #[test]
    fn one_change_is_taken_back_and_no_other() {
        let (before, after) = ("a\nb\nc\nd\n", "a\nB\nc\nnew\nd");
        let found = edits(&catalog(&[("x.yaml", before)]), &catalog(&[("x.yaml", after)]));
        let texts: Vec<_> = found.iter().map(|edit| taken_back(edit, before, after)).collect();
        assert_eq!(texts, ["a\nb\nc\nnew\nd", "a\nB\nc\nd"]);
        let grown = edits(&catalog(&[("x.yaml", "a")]), &catalog(&[("x.yaml", "a\nb")]));
        assert_eq!(taken_back(&grown[0], "a", "a\nb"), "a\n");
    }
}
