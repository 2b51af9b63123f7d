//! The files of a catalog as they were at a commit, through the `git` command.
//!
//! Neither the working tree nor the index is read or touched. Which files count is decided as in
//! [`super::load`]; links in a commit are not followed, and what they lead to is read under its own name.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use rayon::prelude::*;

use super::find::{ROOT_FILE, Root};
use super::load::{Loaded, exclude_of, is_card_file, is_passed_over, too_large};
use crate::card::problem::{Level, Problem};
use crate::card::{CardFile, LARGEST_FILE, parse};

/// Why a catalog could not be read from a commit: what, why, and what to do now.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no `git`.
    #[error(
        "the program git is not here, and it is needed to read {0}\n  install git, or put it on the PATH"
    )]
    Missing(String),
    /// The folder is in no repository.
    #[error(
        "{0} is in no git repository, so there is nothing earlier to compare with\n  `git init` makes it one"
    )]
    NoRepository(String),
    /// No commit has this name.
    #[error(
        "git knows no commit {0}\n  git log --oneline   shows the commits; in a shallow clone, fetch it first"
    )]
    UnknownCommit(String),
    /// The name can be none of a commit.
    #[error("{0:?} is no name of a commit: {1}")]
    NoName(String, &'static str),
    /// The folder was not there then.
    #[error(
        "there was no catalog at {folder} in {reference}\n  name a later commit, or REF:FOLDER if it stood elsewhere"
    )]
    NoCatalog {
        /// The folder, from the top of the repository.
        folder: String,
        /// The commit, as it was written.
        reference: String,
    },
    /// Git failed for a reason of its own.
    #[error("git could not read {reference}: {cause}")]
    Failed {
        /// What was to be read.
        reference: String,
        /// What git said.
        cause: String,
    },
}

/// Reads the catalog of a folder as it was at a commit. `reference` is any name that git has for it:
/// a branch, a tag, a hash, `HEAD~3`. `REF...` is where the branch of `REF` and `HEAD` parted, as in
/// `git diff`; `REF:FOLDER` names another folder, from the top of the repository.
///
/// # Errors
/// Where there is no git, no repository, no such commit, or no such folder in it.
pub fn load_at(root: &Root, reference: &str) -> Result<Loaded, GitError> {
    let git = Git { folder: &root.path, reference };
    let (name, folder) = split(reference);
    check_name(name)?;
    let prefix = git.prefix(&root.shown)?;
    let folder = folder.map_or(prefix, str::to_owned);
    let commit = git.commit(name)?;
    let tree = git.tree(&commit, &folder)?;
    let entries = git.list(&tree)?;
    let files = git.read(&entries)?;
    let (files, problems) = select(entries, files);
    let last = folder.rsplit('/').next().filter(|name| !name.is_empty());
    let shown = format!("{} at {reference}", root.shown);
    let own = || root.path.canonicalize().ok()?.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Loaded {
        folder: last.map(str::to_owned).or_else(own).unwrap_or_else(|| shown.clone()),
        root: Root { path: root.path.clone(), shown },
        files,
        problems,
    })
}

/// The commits that changed the catalog of a folder, oldest first, each with its time in seconds since
/// 1970: when it came to the branch, along its first parents.
///
/// # Errors
/// Where there is no git, no repository, or no commit.
pub fn commits(root: &Root) -> Result<Vec<(String, i64)>, GitError> {
    let git = Git { folder: &root.path, reference: "HEAD" };
    git.prefix(&root.shown)?;
    git.commit("HEAD")?;
    let said = git.say(&["log", "--first-parent", "--reverse", "--format=%H %ct", "HEAD", "--", "."])?;
    let pair = |line: &str| {
        let (hash, seconds) = line.split_once(' ')?;
        Some((hash.to_owned(), seconds.parse().ok()?))
    };
    let mut commits: Vec<(String, i64)> = said.lines().filter_map(pair).collect();
    // A clock that was set back must not put a later commit before an earlier one.
    let mut latest = i64::MIN;
    for (_, seconds) in &mut commits {
        latest = latest.max(*seconds);
        *seconds = latest;
    }
    Ok(commits)
}

/// Whether git knows a commit of this name in the repository of a folder; for telling names of
/// commits from misspelt folders.
#[must_use]
pub fn is_commit(folder: &Path, reference: &str) -> bool {
    let (name, _) = split(reference);
    check_name(name).is_ok() && Git { folder, reference }.commit(name).is_ok()
}

/// `REF:FOLDER` in two; a colon in braces is one of a time, as in `main@{10:30}`.
fn split(reference: &str) -> (&str, Option<&str>) {
    let mut depth = 0_i32;
    for (place, character) in reference.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ':' if depth == 0 && place > 0 => {
                let folder = reference[place + 1..].trim_start_matches("./").trim_matches('/');
                return (&reference[..place], Some(folder));
            }
            _ => {}
        }
    }
    (reference, None)
}

/// Git takes what begins with a hyphen for an option; no name of a commit does.
fn check_name(name: &str) -> Result<(), GitError> {
    let why = if name.is_empty() {
        "it is empty"
    } else if name.starts_with('-') {
        "it begins with a hyphen"
    } else if name.chars().any(char::is_control) {
        "it holds control characters"
    } else {
        return Ok(());
    };
    Err(GitError::NoName(name.to_owned(), why))
}

/// A blob of a tree.
struct Entry {
    path: PathBuf,
    /// With `/` between folders.
    shown: String,
    hash: String,
    size: u64,
    linked: bool,
}

impl Entry {
    /// Whether its content is wanted.
    fn is_read(&self) -> bool {
        !self.linked && self.size <= LARGEST_FILE && is_card_file(self.path.file_name().unwrap_or_default())
    }
}

struct Git<'a> {
    folder: &'a Path,
    reference: &'a str,
}

impl Git<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new("git");
        // What a hook sets speaks of another folder; the repository is the one that holds the catalog.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"] {
            command.env_remove(name);
        }
        command
            .arg("-C")
            .arg(self.folder)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, GitError> {
        self.command().args(arguments).output().map_err(|error| self.not_started(&error))
    }

    fn not_started(&self, error: &std::io::Error) -> GitError {
        match error.kind() {
            std::io::ErrorKind::NotFound => GitError::Missing(self.reference.to_owned()),
            _ => self.failed(error.to_string()),
        }
    }

    fn failed(&self, cause: impl Into<String>) -> GitError {
        GitError::Failed { reference: self.reference.to_owned(), cause: cause.into() }
    }

    /// What a command says, without the last line's ending.
    fn say(&self, arguments: &[&str]) -> Result<String, GitError> {
        let output = self.run(arguments)?;
        if !output.status.success() {
            return Err(self.failed(words(&output.stderr)));
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
    }

    /// The folder from the top of the repository, without a slash at its end.
    fn prefix(&self, shown: &str) -> Result<String, GitError> {
        match self.say(&["rev-parse", "--show-prefix"]) {
            Ok(prefix) => Ok(prefix.trim_end_matches('/').to_owned()),
            Err(GitError::Failed { cause, .. }) if cause.contains("not a git repository") => {
                Err(GitError::NoRepository(shown.to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    fn commit(&self, name: &str) -> Result<String, GitError> {
        let unknown = || GitError::UnknownCommit(name.to_owned());
        if let Some(branch) = name.strip_suffix("...").filter(|branch| !branch.is_empty()) {
            let base = self.run(&["merge-base", &self.commit(branch)?, "HEAD"])?;
            let base = String::from_utf8_lossy(&base.stdout).trim().to_owned();
            return if base.is_empty() { Err(unknown()) } else { Ok(base) };
        }
        let output = self.run(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
        let hash = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && is_hash(&hash) { Ok(hash) } else { Err(unknown()) }
    }

    /// The tree of a folder of a commit.
    fn tree(&self, commit: &str, folder: &str) -> Result<String, GitError> {
        let name =
            if folder.is_empty() { format!("{commit}^{{tree}}") } else { format!("{commit}:{folder}") };
        let absent = || GitError::NoCatalog {
            folder: if folder.is_empty() { ".".to_owned() } else { folder.to_owned() },
            reference: self.reference.to_owned(),
        };
        let output = self.run(&["rev-parse", "--verify", "--quiet", &name])?;
        let hash = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() || !is_hash(&hash) {
            return Err(absent());
        }
        if self.say(&["cat-file", "-t", &hash])? == "tree" { Ok(hash) } else { Err(absent()) }
    }

    /// Everything below a tree but folders and modules.
    fn list(&self, tree: &str) -> Result<Vec<Entry>, GitError> {
        let output = self.run(&["ls-tree", "-r", "-l", "-z", "--full-tree", tree])?;
        if !output.status.success() {
            return Err(self.failed(words(&output.stderr)));
        }
        let mut entries = Vec::new();
        for line in output.stdout.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
            // MODE SP TYPE SP HASH SP+ SIZE TAB PATH
            let (head, path) =
                split_at_tab(line).ok_or_else(|| self.failed("its list of files has no end"))?;
            let head = String::from_utf8_lossy(head).into_owned();
            let parts: Vec<&str> = head.split_whitespace().collect();
            let [mode, "blob", hash, size] = parts[..] else { continue };
            let shown = String::from_utf8_lossy(path).into_owned();
            entries.push(Entry {
                path: PathBuf::from(&shown),
                shown,
                hash: hash.to_owned(),
                size: size.parse().unwrap_or(0),
                linked: mode == "120000",
            });
        }
        // File order: component by component.
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(entries)
    }

    /// The contents of the card files, in their order.
    fn read(&self, entries: &[Entry]) -> Result<Vec<Vec<u8>>, GitError> {
        let wanted: Vec<&str> =
            entries.iter().filter(|entry| entry.is_read()).map(|entry| entry.hash.as_str()).collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut child = self
            .command()
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| self.not_started(&error))?;
        let (Some(mut ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(self.failed("its pipes could not be opened"));
        };
        let names = wanted.join("\n") + "\n";
        // Asking and reading at once: a pipe that is full on one side must not block the other.
        let asking = std::thread::spawn(move || ask.write_all(names.as_bytes()));
        let mut answers = BufReader::new(answers);
        let contents: std::io::Result<Vec<Vec<u8>>> = wanted.iter().map(|_| answer(&mut answers)).collect();
        drop(answers);
        let _ = asking.join();
        let output = child.wait_with_output().map_err(|error| self.failed(error.to_string()))?;
        contents.map_err(|error| {
            let said = words(&output.stderr);
            self.failed(if said.is_empty() { error.to_string() } else { said })
        })
    }
}

/// `HASH blob SIZE`, then as many bytes, and a line's end.
fn answer(from: &mut impl BufRead) -> std::io::Result<Vec<u8>> {
    let mut head = String::new();
    from.read_line(&mut head)?;
    let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
    let size =
        size.ok_or_else(|| std::io::Error::other(format!("a file is missing: {}", head.trim_end())))?;
    let mut bytes = Vec::new();
    from.by_ref().take(size).read_to_end(&mut bytes)?;
    from.read_exact(&mut [0])?;
    Ok(bytes)
}

fn is_hash(text: &str) -> bool {
    text.len() >= 40 && text.chars().all(|character| character.is_ascii_hexdigit())
}

fn split_at_tab(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    Some((&line[..tab], &line[tab + 1..]))
}

fn words(stderr: &[u8]) -> String {
    String::from_utf8_lossy(stderr).trim().trim_start_matches("fatal: ").to_owned()
}

/// The card files among the entries, as the walk of a folder would find them.
fn select(entries: Vec<Entry>, contents: Vec<Vec<u8>>) -> (Vec<Arc<CardFile>>, Vec<Problem>) {
    let mut contents = contents.into_iter();
    let mut with: Vec<(Entry, Option<Vec<u8>>)> = Vec::new();
    for entry in entries {
        let content = if entry.is_read() { contents.next() } else { None };
        with.push((entry, content));
    }
    // Rules of exclusion are relative to a folder; any will do.
    let top = Path::new("/");
    let settings = with.iter().find(|(entry, _)| entry.shown == ROOT_FILE);
    let settings = settings.and_then(|(entry, content)| Some(parse(&entry.shown, content.as_deref()?)));
    let (exclude, mut problems) = exclude_of(top, settings.as_ref());
    // A folder with a catalog of its own is another catalog.
    let others: Vec<PathBuf> = with
        .iter()
        .filter(|(entry, _)| entry.path.file_name().is_some_and(|name| name == ROOT_FILE))
        .filter_map(|(entry, _)| entry.path.parent().map(Path::to_path_buf))
        .filter(|folder| !folder.as_os_str().is_empty())
        .collect();
    with.retain(|(entry, _)| {
        is_card_file(entry.path.file_name().unwrap_or_default())
            && !folders(&entry.path).any(is_passed_over)
            && !others.iter().any(|folder| entry.path.starts_with(folder))
            && !exclude.matched_path_or_any_parents(top.join(&entry.path), false).is_ignore()
    });
    let linked = with.iter().filter(|(entry, _)| entry.linked).map(|(entry, _)| {
        Problem::of_file(
            Level::Note,
            &entry.shown,
            "this is a link, and links in a commit are not followed",
            "What it leads to is read under its own name, where that is in the catalog.",
        )
    });
    problems.extend(linked);
    with.retain(|(entry, _)| !entry.linked);
    let file = |(entry, content): (Entry, Option<Vec<u8>>)| match content {
        Some(content) => parse(&entry.shown, &content),
        None => CardFile::failed(too_large(&entry.shown, entry.size)),
    };
    (with.into_par_iter().map(|each| Arc::new(file(each))).collect(), problems)
}

/// The names of the folders that lead to a file.
fn folders(path: &Path) -> impl Iterator<Item = &std::ffi::OsStr> {
    let parent = path.parent().unwrap_or(Path::new(""));
    parent.components().map(|part| part.as_os_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::load;

    fn git(folder: &Path, arguments: &[&str]) {
        let done = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(arguments)
            .env_remove("GIT_DIR")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
            .envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org")])
            .envs([("GIT_AUTHOR_DATE", "2026-01-01T00:00Z"), ("GIT_COMMITTER_DATE", "2026-01-01T00:00Z")])
            .output()
            .expect("git");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn write(top: &Path, path: &str, text: &str) {
        let path = top.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }

    fn root(path: PathBuf) -> Root {
        Root { path, shown: "here".to_owned() }
    }

    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        git(folder.path(), &["init", "-q", "-b", "main"]);
        folder
    }

    fn commit(folder: &Path) {
        git(folder, &["add", "-A"]);
        git(folder, &["commit", "-q", "-m", "x"]);
    }

    #[test]
    fn a_commit_holds_the_files_that_the_folder_held() {
        let folder = repository();
        let top = folder.path().join("a b/ü");
        write(&top, "catalog.yaml", "kind: Catalog\nexclude: [\"archive/**\", \"*.draft.yaml\"]\n");
        for path in [
            "b.yaml",
            "a/z.yml",
            "a.yaml",
            "a b/x.yaml",
            ".hidden/x.yaml",
            "deep/.hidden.yaml",
            "target/x.yaml",
            "deep/node_modules/x.yaml",
            "archive/old.yaml",
            "deep/one.draft.yaml",
            "other/catalog.yaml",
            "other/x.yaml",
            "odd\"\nname.yaml",
            "read.me",
        ] {
            write(&top, path, &format!("kind: Team\nname: {path:?}\n"));
        }
        write(folder.path(), "above.yaml", "kind: Team\nname: above\n");
        commit(folder.path());
        let root = root(top.clone());
        let of = |loaded: &Loaded| -> Vec<(String, String)> {
            loaded.files.iter().map(|file| (file.path.to_string(), file.text.to_string())).collect()
        };
        let on_disk = load(&root).expect("files");
        std::fs::remove_dir_all(top.join("a")).expect("gone");
        write(&top, "new.yaml", "");
        let committed = load_at(&root, "HEAD").expect("files");
        assert_eq!(of(&committed), of(&on_disk));
        assert_eq!(committed.files.len(), 7, "{:?}", of(&committed));
        assert_eq!((committed.folder.as_str(), committed.root.shown.as_str()), ("ü", "here at HEAD"));
        assert!(committed.problems.is_empty());
        let above = load_at(&root, "main:").expect("the top");
        assert!(above.files.iter().any(|file| &*file.path == "above.yaml"));
        assert_eq!(of(&load_at(&root, "main:./a b/ü/").expect("it")), of(&on_disk));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let folder = repository();
        let top = folder.path().join("personas");
        write(folder.path(), "file", "x");
        commit(folder.path());
        write(&top, "a.yaml", "kind: Team\nname: x\n");
        let at = |reference: &str| load_at(&root(top.clone()), reference).map(|loaded| loaded.files.len());
        assert!(matches!(at("HEAD"), Err(GitError::NoCatalog { .. })));
        assert!(matches!(at("HEAD:file"), Err(GitError::NoCatalog { .. })));
        assert!(matches!(at("nowhere"), Err(GitError::UnknownCommit(_))));
        assert!(matches!(at("nowhere..."), Err(GitError::UnknownCommit(_))));
        for name in ["--output=x", "-", "", "...x\n", "-...", "--upload-pack=touch x..."] {
            assert!(matches!(at(name), Err(GitError::NoName(..))), "{name:?}");
        }
        commit(folder.path());
        assert_eq!(at("HEAD").expect("files"), 1);
        assert_eq!(at("HEAD~0...").expect("files"), 1);
        assert!(is_commit(&top, "HEAD~1") && !is_commit(&top, "HEAD~2") && !is_commit(&top, "-x"));
        let outside = tempfile::tempdir().expect("a folder");
        let found = load_at(&root(outside.path().to_path_buf()), "HEAD");
        assert!(matches!(found, Err(GitError::NoRepository(_))));
    }

    #[test]
    fn a_large_file_is_not_read_and_a_link_not_followed() {
        let folder = repository();
        write(folder.path(), "big.yaml", &"# x\n".repeat(5_000_000));
        write(folder.path(), "a.yaml", "kind: Team\nname: x\n");
        #[cfg(unix)]
        std::os::unix::fs::symlink("a.yaml", folder.path().join("link.yaml")).expect("a link");
        commit(folder.path());
        let loaded = load_at(&root(folder.path().to_path_buf()), "HEAD").expect("files");
        let paths: Vec<_> = loaded.files.iter().map(|file| &*file.path).collect();
        assert_eq!(paths, ["a.yaml", "big.yaml"]);
        assert!(loaded.files[1].problems[0].message.contains("are not read"));
        assert_eq!(loaded.problems.len(), usize::from(cfg!(unix)));
    }

    #[test]
    fn a_colon_in_braces_is_no_folder() {
        assert_eq!(split("main:a/b/"), ("main", Some("a/b")));
        assert_eq!(split("main@{10:30}:x"), ("main@{10:30}", Some("x")));
        assert_eq!(split("main@{10:30}"), ("main@{10:30}", None));
        assert_eq!(split("main:"), ("main", Some("")));
    }
}
