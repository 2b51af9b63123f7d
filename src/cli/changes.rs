//! Changes of cards: shown as a difference, then written, all files or none.
//!
//! What is to change is computed by others.

use std::path::Path;

use anyhow::Context as _;
use similar::TextDiff;

use super::style::{Style, safe};
use crate::catalog::FileChange;
use crate::store;

/// The difference as a patch, in the form that other tools read too.
#[must_use]
pub fn patch(changes: &[FileChange], style: Style) -> String {
    let mut out = String::new();
    for change in changes {
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        let name = |side: &str, there: bool| {
            if there { format!("{side}/{}", safe(&change.path)) } else { "/dev/null".to_owned() }
        };
        let (old, new) = (name("a", before.is_some()), name("b", after.is_some()));
        let diff = TextDiff::from_lines(before.unwrap_or_default(), after.unwrap_or_default());
        let text = diff.unified_diff().context_radius(3).header(&old, &new).to_string();
        for line in text.lines() {
            let shown = safe(line);
            out.push_str(&match line.as_bytes().first() {
                Some(b'+') if !line.starts_with("+++") => style.added(&shown),
                Some(b'-') if !line.starts_with("---") => style.removed(&shown),
                Some(b'@') => style.faint(&shown),
                _ => shown,
            });
            out.push('\n');
        }
    }
    out
}

/// Writes changes to the catalog's folder, all files or none.
///
/// # Errors
/// Where a file has changed since it was read, or the disk would not; then nothing is written.
pub fn write(path: Option<&Path>, changes: &[FileChange]) -> anyhow::Result<()> {
    let current = std::env::current_dir().context("the current folder is gone")?;
    let root = store::find(path, &current)?;
    Ok(store::save(&root.path, changes)?)
}

/// "3 files", and which of them are new or gone.
#[must_use]
pub fn counted(changes: &[FileChange]) -> String {
    match changes {
        [one] if one.before.is_none() => format!("{} (new)", safe(&one.path)),
        [one] if one.after.is_none() => format!("{} (removed)", safe(&one.path)),
        [one] => safe(&one.path),
        several => format!("{} files", several.len()),
    }
}
