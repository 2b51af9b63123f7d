//! The workbench without a screen: what was edited and not yet written, step by step.
//!
//! A session holds texts of files: as they were on disk when they were last read, as they are now, and
//! the named steps between. Steps are undone and redone; what others write meanwhile is merged. It reads
//! and writes no file, and knows no clock: the time of a step is given to it.

mod conflict;
pub mod deeds;
mod journal;
pub mod meeting;
mod merge;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::card::edit::Refusal;
use crate::catalog::{CardEdit, Catalog, FileChange};

pub use conflict::{Conflict, Hunk, Side};
pub use journal::Journal;
use merge::merge;

/// How many steps can be undone.
pub const MOST_STEPS: usize = 500;

/// A text of a file; none where there is no such file.
pub type Text = Option<Arc<str>>;

/// Something that was done, as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it was, as a phrase: "P009: level is read".
    pub name: String,
    /// When, as people read it.
    pub when: String,
    /// What became of which files.
    pub changes: Vec<FileChange>,
}

/// What is edited, and how it came to be so.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Files that are edited: their text on disk when it was last read, and their text now.
    files: BTreeMap<Arc<str>, Edited>,
    steps: Vec<Step>,
    /// How many of the steps are done; those behind can be redone.
    done: usize,
    conflicts: Vec<Conflict>,
    /// Texts that are on their way to the disk. Until it is known that they came there, what is on disk
    /// may be either.
    writing: BTreeMap<Arc<str>, Text>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Edited {
    disk: Text,
    now: Text,
}

/// What an undo or a redo did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turned {
    /// The name of the step.
    pub name: String,
    /// What becomes of which files.
    pub changes: Vec<FileChange>,
}

impl Session {
    /// Makes edits of a catalog that shows this session, as one step.
    ///
    /// # Errors
    /// Why one of the edits cannot be made; then none is.
    pub fn apply(
        &mut self,
        catalog: &Catalog,
        name: &str,
        when: &str,
        edits: &[CardEdit],
    ) -> Result<Vec<FileChange>, Refusal> {
        let changes = catalog.changes(edits)?;
        self.record(name, when, changes.clone());
        Ok(changes)
    }

    /// Takes changes of files as a step. What could be redone no longer can.
    pub fn record(&mut self, name: &str, when: &str, changes: Vec<FileChange>) {
        if changes.is_empty() {
            return;
        }
        self.write(&changes);
        self.steps.truncate(self.done);
        self.steps.push(Step { name: name.to_owned(), when: when.to_owned(), changes });
        if self.steps.len() > MOST_STEPS {
            self.steps.remove(0);
        }
        self.done = self.steps.len();
    }

    /// Takes back changes that were made some steps ago, as a step of its own; what was done since stays.
    ///
    /// # Errors
    /// Why it cannot be: a file has changed in the same place.
    pub fn reverse(
        &mut self,
        catalog: &Catalog,
        name: &str,
        when: &str,
        changes: &[FileChange],
    ) -> Result<Vec<FileChange>, String> {
        let step = Step { name: name.to_owned(), when: when.to_owned(), changes: changes.to_vec() };
        let changes = self.turned(catalog, &step, false)?;
        self.record(name, when, changes.clone());
        Ok(changes)
    }

    /// Takes back the last step.
    ///
    /// # Errors
    /// Why it cannot be: nothing was done, or a file has changed where the step changed it.
    pub fn undo(&mut self, catalog: &Catalog) -> Result<Turned, String> {
        let Some(step) = self.done.checked_sub(1).and_then(|place| self.steps.get(place)).cloned() else {
            return Err("there is nothing to undo".to_owned());
        };
        let changes = self.turned(catalog, &step, false)?;
        self.write(&changes);
        self.done -= 1;
        Ok(Turned { name: step.name, changes })
    }

    /// Does again what was undone last.
    ///
    /// # Errors
    /// Why it cannot be.
    pub fn redo(&mut self, catalog: &Catalog) -> Result<Turned, String> {
        let Some(step) = self.steps.get(self.done).cloned() else {
            return Err("there is nothing to redo".to_owned());
        };
        let changes = self.turned(catalog, &step, true)?;
        self.write(&changes);
        self.done += 1;
        Ok(Turned { name: step.name, changes })
    }

    /// The steps, and how many of them are done.
    #[must_use]
    pub fn history(&self) -> (&[Step], usize) {
        (&self.steps, self.done)
    }

    /// The files whose text is not what is on disk.
    pub fn unsaved(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.iter().filter(|(_, edited)| edited.disk != edited.now).map(|(path, _)| path)
    }

    /// Whether a file's text is not what is on disk.
    #[must_use]
    pub fn is_unsaved(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|edited| edited.disk != edited.now)
    }

    /// What would be written: of one file or all, each with its text on disk and its text now.
    #[must_use]
    pub fn to_save(&self, only: Option<&str>) -> Vec<FileChange> {
        self.files
            .iter()
            .filter(|(path, edited)| edited.disk != edited.now && only.is_none_or(|only| only == &***path))
            .map(|(path, edited)| FileChange {
                path: path.clone(),
                before: edited.disk.clone(),
                after: edited.now.clone(),
            })
            .collect()
    }

    /// These are being written. What is edited or undone meanwhile is unsaved once they are.
    pub fn begin_saving(&mut self, writes: &[FileChange]) {
        for change in writes {
            self.writing.insert(change.path.clone(), change.after.clone());
        }
    }

    /// What was being written was not.
    pub fn not_saved(&mut self) {
        self.writing.clear();
        self.forget_saved();
    }

    /// What is being written is what another session, whose place this one takes, knows of.
    pub fn takes_place_of(&mut self, other: &Self) {
        self.writing.clone_from(&other.writing);
        self.forget_saved();
    }

    /// These were written.
    pub fn saved(&mut self, written: &[FileChange]) {
        for change in written {
            self.writing.remove(&change.path);
            if let Some(edited) = self.files.get_mut(&change.path) {
                edited.disk.clone_from(&change.after);
            }
        }
        self.forget_saved();
    }

    /// Gives up what is not saved, as a step that can be undone.
    pub fn discard(&mut self, when: &str) -> Vec<FileChange> {
        let changes: Vec<FileChange> = self
            .to_save(None)
            .into_iter()
            .map(|change| FileChange { path: change.path, before: change.after, after: change.before })
            .collect();
        self.record("unsaved edits given up", when, changes.clone());
        self.conflicts.clear();
        changes
    }

    /// What has changed on disk in a way that unsaved edits cannot be merged with.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// Settles the conflict of a file with this text. Returns what becomes of the file.
    pub fn settle(&mut self, path: &str, text: Text, when: &str) -> Vec<FileChange> {
        let Some(place) = self.conflicts.iter().position(|conflict| &*conflict.path == path) else {
            return Vec::new();
        };
        let conflict = self.conflicts.remove(place);
        let before = conflict.mine.clone();
        self.files
            .insert(conflict.path.clone(), Edited { disk: conflict.theirs.clone(), now: conflict.mine });
        if text == before {
            return Vec::new();
        }
        let changes = vec![FileChange { path: conflict.path.clone(), before, after: text }];
        self.record(&format!("{path}: a conflict settled"), when, changes.clone());
        self.forget_saved();
        changes
    }

    /// What is on disk now: files that are not edited follow it, edits are merged with it, and where
    /// both changed the same it is a conflict. Returns the paths of what was merged.
    pub fn disk(&mut self, read: impl Fn(&str) -> Text) -> Vec<Arc<str>> {
        let mut merged = Vec::new();
        for (path, edited) in &mut self.files {
            let disk = read(path);
            if disk == edited.disk {
                continue;
            }
            self.conflicts.retain(|conflict| conflict.path != *path);
            // It is what is being written: our own, whatever was done since.
            if self.writing.get(path).is_some_and(|own| *own == disk) {
                edited.disk = disk;
                continue;
            }
            if disk == edited.now || edited.now == edited.disk {
                edited.now.clone_from(&disk);
                edited.disk = disk;
                continue;
            }
            match merge(path, &edited.disk, &edited.now, &disk) {
                Some(text) => {
                    edited.now = text;
                    edited.disk = disk;
                    merged.push(path.clone());
                }
                None => self.conflicts.push(Conflict {
                    path: path.clone(),
                    base: edited.disk.clone(),
                    mine: edited.now.clone(),
                    theirs: disk,
                }),
            }
        }
        self.forget_saved();
        merged
    }

    /// The texts that stand in the place of those on disk.
    pub fn drafts(&self) -> impl Iterator<Item = (&Arc<str>, &Text)> {
        self.files
            .iter()
            .filter(|(_, edited)| edited.disk != edited.now)
            .map(|(path, edited)| (path, &edited.now))
    }

    fn write(&mut self, changes: &[FileChange]) {
        for change in changes {
            let edited = self
                .files
                .entry(change.path.clone())
                .or_insert_with(|| Edited { disk: change.before.clone(), now: change.before.clone() });
            edited.now.clone_from(&change.after);
        }
        self.forget_saved();
    }

    /// Files whose text is what is on disk need no memory, unless something is on its way there.
    fn forget_saved(&mut self) {
        self.files.retain(|path, edited| edited.disk != edited.now || self.writing.contains_key(path));
    }

    /// The changes that take a step back or make it again on the files as they are now.
    fn turned(&self, catalog: &Catalog, step: &Step, again: bool) -> Result<Vec<FileChange>, String> {
        step.changes
            .iter()
            .map(|change| {
                let (from, to) =
                    if again { (&change.before, &change.after) } else { (&change.after, &change.before) };
                let now = match self.files.get(&change.path) {
                    Some(edited) => edited.now.clone(),
                    None => {
                        catalog.files().find(|file| file.path == change.path).map(|file| file.text.clone())
                    }
                };
                // Others may have changed another part of the file since; theirs stays.
                let after = if now == *from { Some(to.clone()) } else { merge(&change.path, from, &now, to) };
                let after = after.ok_or_else(|| {
                    format!("{} has changed since in the same place: {} stays", change.path, step.name)
                })?;
                Ok(FileChange { path: change.path.clone(), before: now, after })
            })
            .collect()
    }
}
