//! Writing cards: each file whole or not at all, and of several all or none.
//!
//! New texts go into files beside the old ones, are synced, and then renamed over them. Of several
//! files a journal is kept meanwhile, so that what a crash leaves between two renames is finished
//! by [`recover`]. A file that is not what it was when it was read is never written over.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::hash::Hasher;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::drafts::plainly;
use super::state::state_file;
use crate::card::FileChange;

const MARK: &[u8] = "\u{feff}".as_bytes();

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody else wrote it meanwhile.
    #[error("{path} has changed on disk since it was read; nothing was written")]
    Changed {
        /// The file.
        path: String,
    },
    /// A path that leads out of the catalog.
    #[error("{path} is outside the catalog; nothing was written")]
    Outside {
        /// The file.
        path: String,
    },
    /// The disk would not.
    #[error("{path} could not be written: {}; nothing was changed", plainly(cause))]
    Failed {
        /// The file.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The disk would not any more, after some of the files.
    #[error("{path} could not be written: {}; what is missing is written at the next start", plainly(cause))]
    Interrupted {
        /// The file.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    /// What is renamed over what.
    renames: Vec<(PathBuf, PathBuf)>,
    /// What goes.
    removals: Vec<PathBuf>,
    /// What each of them was before, as a number of its bytes: what somebody else wrote since is not
    /// written over.
    #[serde(default)]
    before: HashMap<PathBuf, u64>,
}

/// Writes several files below a root: all of them, or none.
///
/// # Errors
/// Where a file is not what it was, or the disk would not; then every file is as it was.
pub fn save(root: &Path, writes: &[FileChange]) -> Result<(), SaveError> {
    let mut journal = Journal { renames: Vec::new(), removals: Vec::new(), before: HashMap::new() };
    let mut fresh: Vec<PathBuf> = Vec::new();
    let prepared = prepare(root, writes, &mut journal, &mut fresh);
    if let Err(error) = prepared {
        for temporary in &fresh {
            // It is ours alone, and of no use to anybody.
            let _ = fs::remove_file(temporary);
        }
        return Err(error);
    }
    let several = journal.renames.len() + journal.removals.len() > 1;
    let noted = if several { note(root, &journal) } else { None };
    let done = finish(&journal);
    if done.is_ok()
        && let Some(noted) = noted
    {
        let _ = fs::remove_file(noted);
    }
    done
}

/// Finishes what a crash left between two files. Says which files it wrote.
#[must_use]
pub fn recover(root: &Path) -> Vec<String> {
    let Some(path) = state_file(root, "journal") else { return Vec::new() };
    let Ok(text) = fs::read_to_string(&path) else { return Vec::new() };
    let written = match serde_json::from_str::<Journal>(&text) {
        Ok(journal) => match finish_left(&journal) {
            Some(written) => written,
            // It is tried again at the next start.
            None => return Vec::new(),
        },
        Err(_) => Vec::new(),
    };
    let _ = fs::remove_file(&path);
    written
}

/// Does what is left of a journal, and leaves alone what somebody else wrote since. Nothing where the
/// disk would not.
fn finish_left(journal: &Journal) -> Option<Vec<String>> {
    let untouched = |path: &PathBuf| match (journal.before.get(path), fs::read(path)) {
        (Some(known), Ok(bytes)) => *known == number(&bytes),
        // It was new, and nobody else made one.
        (None, Err(_)) => true,
        // A journal of an earlier version does not say.
        (None, Ok(_)) => journal.before.is_empty(),
        (Some(_), Err(_)) => false,
    };
    let (left, passed): (Vec<_>, Vec<_>) =
        journal.renames.iter().filter(|(from, _)| from.exists()).partition(|(_, to)| untouched(to));
    for (temporary, _) in passed {
        // Its text is in the journal of drafts still.
        let _ = fs::remove_file(temporary);
    }
    let removals = journal.removals.iter().filter(|path| path.exists() && untouched(path));
    let rest = Journal {
        renames: left.into_iter().cloned().collect(),
        removals: removals.cloned().collect(),
        before: HashMap::new(),
    };
    finish(&rest).ok()?;
    let written = rest.renames.iter().map(|(_, to)| to).chain(&rest.removals);
    Some(written.map(|path| path.display().to_string()).collect())
}

fn prepare(
    root: &Path,
    writes: &[FileChange],
    journal: &mut Journal,
    fresh: &mut Vec<PathBuf>,
) -> Result<(), SaveError> {
    for write in writes {
        let named = root.join(&*write.path);
        let failed = |cause: std::io::Error| SaveError::Failed { path: write.path.to_string(), cause };
        let leaves =
            Path::new(&*write.path).components().any(|part| !matches!(part, std::path::Component::Normal(_)));
        if leaves {
            return Err(SaveError::Outside { path: write.path.to_string() });
        }
        // A link stays a link: what it leads to is written.
        let path = if write.before.is_some() { named.canonicalize().map_err(failed)? } else { named };
        let changed = || SaveError::Changed { path: write.path.to_string() };
        let mut mark: &[u8] = &[];
        match &write.before {
            Some(before) => {
                let bytes = fs::read(&path).map_err(failed)?;
                let bare = bytes.strip_prefix(MARK).unwrap_or(&bytes);
                if bare.len() < bytes.len() {
                    mark = MARK;
                }
                if bare != before.as_bytes() {
                    return Err(changed());
                }
                journal.before.insert(path.clone(), number(&bytes));
            }
            None if path.exists() => return Err(changed()),
            None => {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder).map_err(failed)?;
                }
            }
        }
        match &write.after {
            None => journal.removals.push(path),
            Some(after) => {
                let temporary = beside(&path, fresh.len());
                fresh.push(temporary.clone());
                fill(&temporary, &path, mark, after).map_err(failed)?;
                journal.renames.push((temporary, path));
            }
        }
    }
    Ok(())
}

fn number(bytes: &[u8]) -> u64 {
    let mut hasher = siphasher::sip::SipHasher13::new();
    hasher.write(bytes);
    hasher.finish()
}

/// A hidden name in the same folder; such files are not read as cards.
fn beside(path: &Path, number: usize) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.{}-{number}.persona-new", std::process::id()))
}

fn fill(temporary: &Path, path: &Path, mark: &[u8], text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(temporary)?;
    file.write_all(mark)?;
    file.write_all(text.as_bytes())?;
    if let Ok(known) = fs::metadata(path) {
        // A file that nobody may write is not to be replaced by one.
        if known.permissions().readonly() {
            return Err(std::io::Error::new(std::io::ErrorKind::PermissionDenied, "the file is read-only"));
        }
        file.set_permissions(known.permissions())?;
    }
    file.sync_all()
}

fn note(root: &Path, journal: &Journal) -> Option<PathBuf> {
    let path = state_file(root, "journal")?;
    fs::create_dir_all(path.parent()?).ok()?;
    let mut file = File::create(&path).ok()?;
    file.write_all(serde_json::to_string(journal).ok()?.as_bytes()).ok()?;
    file.sync_all().ok()?;
    Some(path)
}

fn finish(journal: &Journal) -> Result<(), SaveError> {
    let failed = |path: &Path, cause| SaveError::Interrupted { path: path.display().to_string(), cause };
    for (from, to) in &journal.renames {
        fs::rename(from, to).map_err(|cause| failed(to, cause))?;
    }
    for path in &journal.removals {
        fs::remove_file(path).map_err(|cause| failed(path, cause))?;
    }
    let folders = journal.renames.iter().map(|(_, to)| to).chain(&journal.removals);
    for folder in folders.filter_map(|path| path.parent()) {
        // Not every file system can sync a folder; the files themselves are synced.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &str, before: Option<&str>, after: Option<&str>) -> FileChange {
        FileChange { path: path.into(), before: before.map(Into::into), after: after.map(Into::into) }
    }

    #[test]
    fn all_files_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.yaml"), "\u{feff}one").unwrap();
        fs::write(at("b.yaml"), "two").unwrap();
        let refused = save(
            folder.path(),
            &[write("a.yaml", Some("one"), Some("1")), write("b.yaml", Some("x"), Some("2"))],
        );
        assert!(matches!(refused, Err(SaveError::Changed { path }) if path == "b.yaml"));
        assert_eq!(fs::read_to_string(at("a.yaml")).unwrap(), "\u{feff}one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left behind");
        let new = [
            write("a.yaml", Some("one"), Some("1")),
            write("b.yaml", Some("two"), None),
            write("deep/c.yaml", None, Some("3")),
        ];
        save(folder.path(), &new).unwrap();
        assert_eq!(fs::read_to_string(at("a.yaml")).unwrap(), "\u{feff}1");
        assert!(!at("b.yaml").exists());
        assert_eq!(fs::read_to_string(at("deep/c.yaml")).unwrap(), "3");
        let twice = save(folder.path(), &[write("deep/c.yaml", None, Some("4"))]);
        assert!(matches!(twice, Err(SaveError::Changed { .. })));
        let out = save(folder.path(), &[write("../x.yaml", None, Some("4"))]);
        assert!(matches!(out, Err(SaveError::Outside { .. })));
    }

    #[test]
    fn what_somebody_wrote_since_a_crash_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mut journal = Journal { renames: Vec::new(), removals: Vec::new(), before: HashMap::new() };
        let mut fresh = Vec::new();
        fs::write(at("a.yaml"), "one").unwrap();
        fs::write(at("b.yaml"), "two").unwrap();
        let writes = [write("a.yaml", Some("one"), Some("1")), write("b.yaml", Some("two"), Some("2"))];
        prepare(folder.path(), &writes, &mut journal, &mut fresh).unwrap();
        fs::write(at("b.yaml"), "theirs").unwrap();
        finish_left(&journal);
        assert_eq!(fs::read_to_string(at("a.yaml")).unwrap(), "1", "rolled forward");
        assert_eq!(fs::read_to_string(at("b.yaml")).unwrap(), "theirs");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_mode_and_a_link_stays_a_link() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real.yaml");
        fs::write(&real, "one").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("real.yaml", folder.path().join("link.yaml")).unwrap();
        save(folder.path(), &[write("link.yaml", Some("one"), Some("two"))]).unwrap();
        assert!(fs::symlink_metadata(folder.path().join("link.yaml")).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "two");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
