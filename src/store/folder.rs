//! Folders of exported files: what an export made may be replaced by the next one, and nothing else.
//!
//! A list in the folder names the files of the last export, each with a number of its bytes. A file that is
//! not what that export wrote belongs to somebody else. What is in the files is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher as _;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128 as _, SipHasher13};

use super::create::{CreateError, write_file};

/// The list, in the folder itself.
pub const EXPORT_LIST: &str = ".persona-export.json";

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It holds what no export made.
    #[error(
        "{folder} holds other things, such as {example}; nothing was written. Name an empty folder, or add --force: then files of the same names are replaced, and all others stay"
    )]
    Foreign {
        /// The folder.
        folder: String,
        /// One of them.
        example: String,
    },
    /// Files of an earlier export are not as it wrote them, or a new one would take the place of another's.
    #[error(
        "{0} in {1} is not what an export wrote there; nothing was written. Move it away, or add --force to replace it"
    )]
    Changed(String, String),
    /// A folder in it leads elsewhere.
    #[error("{0} is a link, and is not followed; nothing was written. Remove it first")]
    Link(String),
    /// The disk would not.
    #[error("{path} could not be written: {cause}")]
    Failed {
        /// The file.
        path: String,
        /// Why.
        cause: io::Error,
    },
    /// The disk would not.
    #[error(transparent)]
    Create(#[from] CreateError),
}

/// What an export did to a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Files that are new or other than before.
    pub written: usize,
    /// Files that were there as they are.
    pub same: usize,
    /// Files of the last export that are no more.
    pub removed: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct List {
    /// What made them, for who finds the list.
    made_by: String,
    /// Each file with the numbers of its bytes: of two while an export is under way.
    files: BTreeMap<String, BTreeSet<String>>,
}

/// Writes the files of an export, each with a path in the folder, and removes those of the last one that are
/// not among them.
///
/// # Errors
/// Where the folder holds other things and `force` is not given, or the disk would not.
pub fn write_folder(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    force: bool,
) -> Result<Exported, FolderError> {
    let shown = folder.display().to_string();
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |cause| FolderError::Failed { path, cause }
    };
    let known = read_list(folder);
    if known.is_none() && !force {
        let foreign = match std::fs::read_dir(folder) {
            Ok(mut entries) => entries.next().and_then(Result::ok),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(folder)(error)),
        };
        if let Some(foreign) = foreign {
            let example = foreign.file_name().to_string_lossy().into_owned();
            return Err(FolderError::Foreign { folder: shown, example });
        }
    }
    let known = known.unwrap_or_default();
    let mut out = Exported::default();
    let mut writes = Vec::new();
    for (path, bytes) in files {
        let full = inside(folder, path)?;
        match std::fs::read(&full) {
            Ok(there) if there == *bytes => out.same += 1,
            Ok(there) => {
                if !force && known.get(path).is_none_or(|own| !own.contains(&number(&there))) {
                    return Err(FolderError::Changed(path.clone(), shown));
                }
                writes.push((full, bytes));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => writes.push((full, bytes)),
            Err(error) => return Err(failed(&full)(error)),
        }
    }
    let new: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let stale: Vec<PathBuf> = known
        .iter()
        .filter(|(path, _)| !new.contains(path.as_str()))
        .filter_map(|(path, own)| {
            let full = inside(folder, path).ok()?;
            // What somebody has changed since is theirs.
            std::fs::read(&full).is_ok_and(|there| own.contains(&number(&there))).then_some(full)
        })
        .collect();
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let own: BTreeMap<String, BTreeSet<String>> =
        files.iter().map(|(path, bytes)| (path.clone(), BTreeSet::from([number(bytes)]))).collect();
    // Until all is done both exports are known, so that one that is cut short can be done again.
    let mut both = known;
    for (path, numbers) in &own {
        both.entry(path.clone()).or_default().extend(numbers.iter().cloned());
    }
    write_list(folder, &both)?;
    for (full, bytes) in writes {
        if let Some(parent) = full.parent() {
            std::fs::create_dir_all(parent).map_err(failed(parent))?;
        }
        write_file(&full, bytes)?;
        out.written += 1;
    }
    for full in stale {
        std::fs::remove_file(&full).map_err(failed(&full))?;
        out.removed += 1;
        // A folder that is empty now was the export's.
        let mut parent = full.parent();
        while let Some(own) = parent.filter(|own| *own != folder && own.starts_with(folder)) {
            if std::fs::remove_dir(own).is_err() {
                break;
            }
            parent = own.parent();
        }
    }
    write_list(folder, &own)?;
    Ok(out)
}

fn write_list(folder: &Path, files: &BTreeMap<String, BTreeSet<String>>) -> Result<(), FolderError> {
    let list = List { made_by: "persona export".to_owned(), files: files.clone() };
    let text = serde_json::to_string_pretty(&list).unwrap_or_default();
    Ok(write_file(&folder.join(EXPORT_LIST), format!("{text}\n").as_bytes())?)
}

fn read_list(folder: &Path) -> Option<BTreeMap<String, BTreeSet<String>>> {
    let text = std::fs::read_to_string(folder.join(EXPORT_LIST)).ok()?;
    serde_json::from_str::<List>(&text).ok().map(|list| list.files)
}

/// The path of a file in the folder: no way up, and no link on the way.
fn inside(folder: &Path, path: &str) -> Result<PathBuf, FolderError> {
    let is_plain =
        !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !is_plain {
        return Err(FolderError::Link(path.to_owned()));
    }
    let mut full = folder.to_path_buf();
    for part in Path::new(path).components() {
        full.push(part);
        if std::fs::symlink_metadata(&full).is_ok_and(|found| found.is_symlink()) {
            return Err(FolderError::Link(full.display().to_string()));
        }
    }
    Ok(full)
}

fn number(bytes: &[u8]) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(bytes);
    format!("{:032x}", hasher.finish128().as_u128())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(of: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
        of.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn what_an_export_made_is_replaced_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path().join("out");
        let first = write_folder(&at, &files(&[("a.md", "1"), ("x/b.md", "1")]), false).expect("written");
        assert_eq!(first, Exported { written: 2, same: 0, removed: 0 });
        std::fs::write(at.join("mine.txt"), "mine").expect("written");
        let second = write_folder(&at, &files(&[("a.md", "2")]), false).expect("written");
        assert_eq!(second, Exported { written: 1, same: 0, removed: 1 });
        assert!(!at.join("x").exists() && at.join("mine.txt").exists());
        std::fs::write(at.join("a.md"), "changed").expect("written");
        let error = write_folder(&at, &files(&[("a.md", "3")]), false).expect_err("it is another's");
        assert!(error.to_string().starts_with("a.md in "), "{error}");
        assert_eq!(std::fs::read_to_string(at.join("a.md")).expect("text"), "changed");
        write_folder(&at, &files(&[("a.md", "3")]), true).expect("forced");
        std::fs::write(at.join("a.md"), "changed").expect("written");
        write_folder(&at, &files(&[("b.md", "3")]), false).expect("written");
        assert!(at.join("a.md").exists(), "what was changed since stays");
    }

    #[test]
    fn a_folder_of_others_is_not_touched() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("thesis.md"), "years").expect("written");
        let error = write_folder(folder.path(), &files(&[("thesis.md", "x")]), false).expect_err("foreign");
        assert!(error.to_string().contains("thesis.md"), "{error}");
        assert_eq!(std::fs::read_to_string(folder.path().join("thesis.md")).expect("text"), "years");
        assert!(!folder.path().join(EXPORT_LIST).exists());
    }

    #[cfg(unix)]
    #[test]
    fn no_way_leads_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let (at, other) = (folder.path().join("out"), folder.path().join("other"));
        std::fs::create_dir_all(&other).expect("a folder");
        std::fs::write(other.join("b.md"), "1").expect("written");
        write_folder(&at, &files(&[("a.md", "1")]), false).expect("written");
        std::os::unix::fs::symlink(&other, at.join("x")).expect("a link");
        assert!(matches!(write_folder(&at, &files(&[("x/b.md", "1")]), true), Err(FolderError::Link(_))));
        // A list that names what is outside removes nothing.
        let one = number(b"1");
        let list = format!(
            "{{\"made_by\": \"x\", \"files\": {{\"../other/b.md\": [\"{one}\"], \"x/b.md\": [\"{one}\"]}}}}"
        );
        std::fs::write(at.join(EXPORT_LIST), list).expect("written");
        write_folder(&at, &files(&[("c.md", "1")]), false).expect("written");
        assert!(other.join("b.md").exists());
        assert!(write_folder(&at, &files(&[("../c.md", "1")]), true).is_err());
    }
}
