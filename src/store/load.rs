//! The files of a catalog, in file order, read and parsed on all cores.
//!
//! What a file cannot give is among its problems; loading as a whole fails only where the root
//! itself cannot be read.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::FileType;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rayon::prelude::*;

use super::find::{ROOT_FILE, Root, StoreError};
use crate::card::kinds::Card;
use crate::card::path::FieldPath;
use crate::card::problem::{Level, Problem};
use crate::card::source::SourceMap;
use crate::card::words::Words;
use crate::card::{CardFile, LARGEST_FILE, parse_with};

/// A catalog's files.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The name of the root's folder.
    pub folder: String,
    /// The root.
    pub root: Root,
    /// The files, in file order.
    pub files: Vec<Arc<CardFile>>,
    /// What was noticed on the way to them.
    pub problems: Vec<Problem>,
}

/// Reads every card file below a root.
///
/// # Errors
/// Where the root itself cannot be read.
pub fn load(root: &Root) -> Result<Loaded, StoreError> {
    load_again(root, &HashMap::new())
}

/// Reads every card file below a root, and parses only those of which the text has changed.
///
/// # Errors
/// Where the root itself cannot be read.
pub fn load_again(root: &Root, previous: &HashMap<Arc<str>, Arc<CardFile>>) -> Result<Loaded, StoreError> {
    let real = root
        .path
        .canonicalize()
        .map_err(|cause| StoreError::Unreadable { path: root.shown.clone(), cause })?;
    std::fs::read_dir(&real).map_err(|cause| StoreError::Unreadable { path: root.shown.clone(), cause })?;
    let folder =
        real.file_name().map_or_else(|| root.shown.clone(), |name| name.to_string_lossy().into_owned());
    let (exclude, problems) = excludes(&real);
    let mut walk = Walk {
        root: real.clone(),
        exclude,
        found: Vec::new(),
        linked: false,
        problems,
        reached_by_link: HashSet::new(),
    };
    walk.folder(&real, &mut vec![real.clone()]);
    let Walk { found, linked, problems, .. } = walk;
    let paths = once_each(found, linked);
    let read = |words: &mut Words, path: &PathBuf| read_changed(words, &real, path, previous);
    let files = paths.par_iter().with_min_len(AT_ONCE).map_init(Words::default, read).collect();
    Ok(Loaded { folder, root: root.clone(), files, problems })
}

/// How many files at least are read with the same words.
const AT_ONCE: usize = 64;

fn read_changed(
    words: &Words,
    root: &Path,
    path: &Path,
    previous: &HashMap<Arc<str>, Arc<CardFile>>,
) -> Arc<CardFile> {
    let known = previous.get(relative(root, path).as_str()).filter(|known| !known.text.is_empty());
    if let Some(known) = known
        && let Ok(found) = std::fs::metadata(path)
        && found.len() <= LARGEST_FILE
        && let Ok(bytes) = std::fs::read(path)
        && bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes) == known.text.as_bytes()
    {
        // A version that was kept while the file was broken still carries the broken file's problems.
        if !known.is_kept() {
            return known.clone();
        }
    }
    Arc::new(read_with(words, root, path))
}

/// Reads one file of a root, given by its full path.
#[must_use]
pub fn read_file(root: &Path, path: &Path) -> CardFile {
    read_with(&Words::default(), root, path)
}

fn read_with(words: &Words, root: &Path, path: &Path) -> CardFile {
    let shown = relative(root, path);
    let failed =
        |message: String, hint: &str| CardFile::failed(Problem::of_file(Level::Error, &shown, message, hint));
    match std::fs::metadata(path) {
        Ok(found) if found.len() > LARGEST_FILE => CardFile::failed(too_large(&shown, found.len())),
        Ok(found) if !found.is_file() => {
            failed("this is no file".to_owned(), "Remove it, or name it under `exclude` in catalog.yaml.")
        }
        Ok(_) => match std::fs::read(path) {
            Ok(bytes) => parse_with(words, &shown, &bytes),
            Err(error) => failed(format!("this file cannot be read: {error}"), "Check its permissions."),
        },
        Err(error) => failed(
            format!("this file cannot be read: {error}"),
            "A link may lead nowhere; mend or remove it.",
        ),
    }
}

/// What is said of a file of more bytes than are read.
pub(super) fn too_large(shown: &str, bytes: u64) -> Problem {
    let message = format!(
        "this file has {} MB, and more than {} MB are not read",
        bytes / 1_000_000,
        LARGEST_FILE / 1024 / 1024
    );
    Problem::of_file(Level::Error, shown, message, "Split it, or name it under `exclude` in catalog.yaml.")
}

/// The globs of the catalog's card, which must be known before anything else is read, and what is
/// wrong with them.
fn excludes(root: &Path) -> (Gitignore, Vec<Problem>) {
    let path = root.join(ROOT_FILE);
    let file = path.is_file().then(|| read_file(root, &path));
    exclude_of(root, file.as_ref())
}

/// The same, of a file that is read already.
pub(super) fn exclude_of(root: &Path, file: Option<&CardFile>) -> (Gitignore, Vec<Problem>) {
    let mut builder = GitignoreBuilder::new(root);
    let mut problems = Vec::new();
    if let Some(file) = file {
        for placed in &file.cards {
            let Card::Catalog(card) = &placed.card else { continue };
            for glob in &card.exclude {
                // The rest still count.
                if let Err(error) = builder.add_line(None, glob) {
                    let at = SourceMap::new(&file.text).locate(placed.spot, FieldPath::CARD.key("exclude"));
                    problems.push(Problem {
                        file: file.path.to_string(),
                        line: at.line,
                        column: at.column,
                        level: Level::Warning,
                        message: format!(
                            "`{glob}` under `exclude` is no pattern, and excludes nothing: {error}"
                        ),
                        hint: "Write it as in a .gitignore file.".to_owned(),
                    });
                }
            }
        }
    }
    (builder.build().unwrap_or_else(|_| Gitignore::empty()), problems)
}

struct Walk {
    root: PathBuf,
    exclude: Gitignore,
    found: Vec<PathBuf>,
    /// Whether a link was followed: only then can two paths lead to the same file.
    linked: bool,
    problems: Vec<Problem>,
    /// Real folders that were walked under the name of a link. Folders that link to each other have
    /// more paths than anybody can walk; each is walked once under its own name and once under another.
    reached_by_link: HashSet<PathBuf>,
}

impl Walk {
    /// Walks a folder; `above` are the real folders that lead here, so that links cannot loop.
    fn folder(&mut self, folder: &Path, above: &mut Vec<PathBuf>) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let shown = relative(&self.root, folder);
                let message = format!("this folder cannot be read: {error}");
                self.problems.push(Problem::of_file(Level::Error, &shown, message, "Check its permissions."));
                return;
            }
        };
        let mut paths: Vec<(PathBuf, Option<FileType>)> = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) => paths.push((entry.path(), entry.file_type().ok())),
                Err(error) => {
                    let shown = relative(&self.root, folder);
                    let message = format!("an entry of this folder cannot be read: {error}");
                    self.problems.push(Problem::of_file(Level::Error, &shown, message, "Check the disk."));
                }
            }
        }
        paths.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (path, kind) in paths {
            self.entry(path, kind, above);
        }
    }

    /// `kind` is what the folder says of the entry; only where it leads elsewhere is more asked.
    fn entry(&mut self, path: PathBuf, kind: Option<FileType>, above: &mut Vec<PathBuf>) {
        let linked = kind.map_or_else(|| path.is_symlink(), |kind| kind.is_symlink());
        let name = path.file_name().unwrap_or_default();
        let folder =
            kind.filter(|kind| !kind.is_symlink()).map_or_else(|| path.is_dir(), |kind| kind.is_dir());
        let of_nobody = !folder && !is_card_file(name);
        // Before anything is said of a link: what is not read gives no trouble either.
        if (folder && is_passed_over(name))
            || of_nobody
            || self.exclude.matched_path_or_any_parents(&path, folder).is_ignore()
        {
            return;
        }
        let real = if linked {
            match path.canonicalize() {
                Ok(real) => real,
                Err(error) => {
                    // An editor's lock is a link of this name that is meant to lead nowhere.
                    if !name.to_string_lossy().starts_with(".#") {
                        let shown = relative(&self.root, &path);
                        let message = format!("this link leads nowhere: {error}");
                        self.problems.push(Problem::of_file(
                            Level::Error,
                            &shown,
                            message,
                            "Mend or remove it.",
                        ));
                    }
                    return;
                }
            }
        } else {
            path.clone()
        };
        if linked && !real.starts_with(&self.root) {
            let shown = relative(&self.root, &path);
            let message =
                format!("this link leaves the catalog, to {}, and was not followed", real.display());
            self.problems.push(Problem::of_file(
                Level::Note,
                &shown,
                message,
                "Copy what it leads to into the catalog, if it belongs there.",
            ));
            return;
        }
        if !folder {
            self.linked |= linked;
            self.found.push(path);
            return;
        }
        if path.join(ROOT_FILE).is_file() || above.contains(&real) {
            return;
        }
        // Below a linked folder a path is not a link itself, but differs from the real one.
        let own = real.canonicalize().unwrap_or(real);
        if own != path {
            self.linked = true;
            if !self.reached_by_link.insert(own.clone()) {
                return;
            }
        }
        above.push(own);
        self.folder(&path, above);
        above.pop();
    }
}

/// A file that is reached twice, through a link, is read once: under its own name where that is
/// reached too, else under the first in file order.
fn once_each(found: Vec<PathBuf>, linked: bool) -> Vec<PathBuf> {
    let mut paths = found;
    if linked {
        let mut best: HashMap<PathBuf, PathBuf> = HashMap::new();
        for path in paths {
            let real = path.canonicalize().unwrap_or_else(|_| path.clone());
            let own = path == real;
            match best.get(&real) {
                Some(known) if !own && (*known == real || *known < path) => {}
                _ => {
                    best.insert(real, path);
                }
            }
        }
        paths = best.into_values().collect();
    }
    paths.sort();
    paths
}

/// Whether folders of this name are not walked: hidden ones, and what tools fill.
pub(super) fn is_passed_over(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with('.') || name == "target" || name == "node_modules"
}

pub(super) fn is_card_file(name: &OsStr) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// A path below the root, with `/` between folders, whatever the platform.
fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below
        .components()
        .filter_map(|part| match part {
            Component::Normal(part) => Some(part.to_string_lossy()),
            _ => None,
        })
        .collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(top: &Path) -> (Vec<String>, Vec<(Level, String)>) {
        let root = Root { path: top.to_path_buf(), shown: "x".into() };
        let loaded = load(&root).expect("a catalog");
        let files = loaded.files.iter().map(|file| file.path.to_string()).collect();
        (files, loaded.problems.into_iter().map(|problem| (problem.level, problem.file)).collect())
    }

    fn write(top: &Path, path: &str, text: &str) {
        let path = top.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }

    #[test]
    fn files_come_folder_by_folder_and_others_stay_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        write(top, "catalog.yaml", "kind: Catalog\nexclude: [\"archive/**\", \"*.draft.yaml\"]\n");
        for path in [
            "b.yaml",
            "a/z.yml",
            "a.yaml",
            "a b/x.yaml",
            ".hidden/x.yaml",
            "target/x.yaml",
            "deep/node_modules/x.yaml",
            "archive/old.yaml",
            "deep/one.draft.yaml",
            "other/catalog.yaml",
            "other/x.yaml",
            "read.me",
        ] {
            write(top, path, "kind: Team\nname: x\n");
        }
        std::fs::create_dir_all(top.join("folder.yaml")).expect("a folder");
        write(top, "folder.yaml/in.yaml", "");
        let (files, problems) = paths(top);
        assert_eq!(
            files,
            ["a/z.yml", "a b/x.yaml", "a.yaml", "b.yaml", "catalog.yaml", "folder.yaml/in.yaml"]
        );
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_inside_loops_end_and_a_file_is_read_once() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let outside = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        write(top, "cards/a.yaml", "");
        write(outside.path(), "far.yaml", "");
        symlink(top, top.join("cards/loop")).expect("a link");
        symlink(outside.path().join("far.yaml"), top.join("far.yaml")).expect("a link");
        symlink(outside.path(), top.join("away")).expect("a link");
        symlink(top.join("cards/a.yaml"), top.join("again.yaml")).expect("a link");
        symlink("nowhere", top.join("broken.yaml")).expect("a link");
        symlink("round.yaml", top.join("round.yaml")).expect("a link");
        // What is not read gives no trouble, wherever it leads.
        write(top, "catalog.yaml", "kind: Catalog\nexclude: [\"old*\"]\n");
        symlink("nowhere", top.join("old.yaml")).expect("a link");
        symlink(outside.path(), top.join(".far")).expect("a link");
        symlink(outside.path(), top.join("node_modules")).expect("a link");
        let (files, problems) = paths(top);
        assert_eq!(files, ["cards/a.yaml", "catalog.yaml"]);
        assert_eq!(
            problems,
            [
                (Level::Note, "away".to_owned()),
                (Level::Error, "broken.yaml".to_owned()),
                (Level::Note, "far.yaml".to_owned()),
                (Level::Error, "round.yaml".to_owned())
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_file_below_a_linked_folder_is_read_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        write(top, "cards/a.yaml", "");
        std::os::unix::fs::symlink(top.join("cards"), top.join("again")).expect("a link");
        assert_eq!(paths(top).0, ["cards/a.yaml"]);
    }

    #[cfg(unix)]
    #[test]
    fn folders_that_all_link_to_each_other_are_walked_once() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let top = folder.path();
        let names: Vec<String> = (10..30).map(|number| format!("d{number}")).collect();
        for name in &names {
            write(top, &format!("{name}/a.yaml"), "");
            write(top, &format!(".far/{name}/b.yaml"), "");
        }
        // Twenty folders have more paths through each other than could ever be walked.
        for from in &names {
            for to in names.iter().filter(|to| *to != from) {
                symlink(top.join(to), top.join(from).join(format!("to-{to}"))).expect("a link");
            }
            symlink(top.join(".far").join(from), top.join(from).join("far")).expect("a link");
        }
        let (files, problems) = paths(top);
        let own = names.iter().filter(|name| files.contains(&format!("{name}/a.yaml"))).count();
        let linked = files.iter().filter(|file| file.ends_with("b.yaml")).count();
        assert_eq!((own, linked, files.len()), (20, 20, 40), "{files:?}");
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_unread() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = std::fs::File::create(folder.path().join("big.yaml")).expect("a file");
        file.set_len(100 * 1024 * 1024).expect("a length");
        let root = Root { path: folder.path().to_path_buf(), shown: "x".into() };
        let loaded = load(&root).expect("a catalog");
        assert!(loaded.files[0].problems[0].message.contains("not read"));
    }
}
