//! `persona fmt`: cards in one layout.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;

use super::changes::{counted, patch};
use super::style::{Style, safe};
use super::{BROKEN, FOUND, OK, print};
use crate::card::format::{LeftAlone, format};
use crate::card::problem::Level;
use crate::card::{CardFile, LARGEST_FILE};
use crate::catalog::FileChange;
use crate::store::{self, Root};

/// Lay out cards: fields in the order of the format, two blanks a level, lists on lines of their own
///
/// Comments go with what stands below them, or on their line. Meaning never changes: it is read again
/// and compared before anything is written. Documents of other tools, and those with anchors, are left
/// as they are, and that is said. All files are written, or none.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona fmt                      the catalog around here
  persona fmt --check              for CI: list what would change, and write nothing
  persona fmt --diff cards/        show what would change, and write nothing
  persona fmt cards/P006.yaml      one file
  persona fmt - < card.yaml        from standard input to standard output, for editors

Exit status: 0 done, or nothing to do; 1 with --check, files that would change; 2 files that are not
YAML or could not be read or written, which are left as they are.")]
pub struct Arguments {
    /// Files and folders of one catalog; `-` is standard input [default: the catalog around here].
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// Write nothing; exit with 1 where a file would change.
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change.
    #[arg(long)]
    diff: bool,
}

pub fn run(arguments: &Arguments, style: Style) -> anyhow::Result<u8> {
    if arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        if arguments.paths.len() > 1 {
            bail!("`-` is standard input, and stands alone");
        }
        return standard_input(arguments, style);
    }
    let (root, files) = files(&arguments.paths)?;
    let (mut changes, mut notes, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    for file in files.values() {
        match laid_out(file) {
            Laid::Broken(said) => broken.extend(said),
            Laid::Out(text, left) => {
                notes.extend(left.iter().map(|left| noted(&file.path, left)));
                if text != *file.text {
                    changes.push(FileChange {
                        path: file.path.clone(),
                        before: Some(file.text.clone()),
                        after: Some(Arc::from(text)),
                    });
                }
            }
        }
    }
    for note in notes.iter().chain(&broken) {
        eprint(note);
    }
    let mut out = String::new();
    if arguments.diff {
        out.push_str(&patch(&changes, style));
    } else {
        changes.iter().for_each(|change| out.push_str(&format!("{}\n", safe(&change.path))));
    }
    if !arguments.check && !arguments.diff && !changes.is_empty() {
        store::save(&root.path, &changes)?;
    }
    print(&out)?;
    eprint(&summary(arguments, &changes, files.len(), broken.len()));
    Ok(if !broken.is_empty() {
        BROKEN
    } else if arguments.check && !changes.is_empty() {
        FOUND
    } else {
        OK
    })
}

enum Laid {
    Out(String, Vec<LeftAlone>),
    Broken(Vec<String>),
}

fn laid_out(file: &CardFile) -> Laid {
    // What could not be read has no text; what the reader says of it is the reason.
    let unread = file.text.is_empty() && file.problems.iter().any(|problem| problem.level == Level::Error);
    match format(&file.text) {
        Ok(formatted) if !unread => Laid::Out(formatted.text, formatted.left),
        Ok(_) => Laid::Broken(
            file.problems
                .iter()
                .map(|problem| {
                    std::format!("{}: {}. {}", safe(&file.path), safe(&problem.message), safe(&problem.hint))
                })
                .collect(),
        ),
        Err(error) => Laid::Broken(vec![std::format!(
            "{}:{}:{}: this is not YAML: {}",
            safe(&file.path),
            error.line,
            error.column,
            safe(&error.message)
        )]),
    }
}

fn noted(path: &str, left: &LeftAlone) -> String {
    std::format!("{}:{}: left as it is: {}", safe(path), left.line, left.reason)
}

fn eprint(line: &str) {
    use std::io::Write as _;
    // A closed pipe is no reason to complain.
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn summary(arguments: &Arguments, changes: &[FileChange], files: usize, broken: usize) -> String {
    let of = if files == 1 { "1 file".to_owned() } else { std::format!("{files} files") };
    let mut out = match (changes.len(), arguments.check || arguments.diff) {
        (0, _) => std::format!("Nothing to change in {of}."),
        (1, true) => std::format!("1 of {of} would change."),
        (count, true) => std::format!("{count} of {of} would change."),
        (_, false) => std::format!("Laid out {}.", counted(changes)),
    };
    if broken > 0 {
        out.push_str(" What is not YAML was left as it is.");
    }
    out
}

fn standard_input(arguments: &Arguments, style: Style) -> anyhow::Result<u8> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut bytes).context("standard input")?;
    let mark = bytes.starts_with("\u{feff}".as_bytes());
    let file = crate::card::parse("standard input", &bytes);
    match laid_out(&file) {
        Laid::Broken(said) => {
            said.iter().for_each(|line| eprint(line));
            Ok(BROKEN)
        }
        Laid::Out(text, left) => {
            left.iter().for_each(|left| eprint(&noted("standard input", left)));
            let is_same = text == *file.text;
            let (path, before) = (Arc::from("standard input"), Some(file.text.clone()));
            if arguments.diff {
                let change = FileChange { path, before, after: Some(Arc::from(text)) };
                print(&if is_same { String::new() } else { patch(&[change], style) })?;
            } else if !arguments.check {
                print(&std::format!("{}{text}", if mark { "\u{feff}" } else { "" }))?;
            }
            Ok(if arguments.check && !is_same { FOUND } else { OK })
        }
    }
}

/// Files by their paths, below a catalog's root.
type Files = BTreeMap<Arc<str>, Arc<CardFile>>;

/// The catalog that the paths are in, and the files that they name, in file order.
fn files(paths: &[PathBuf]) -> anyhow::Result<(Root, Files)> {
    let current = std::env::current_dir().context("the current folder is gone")?;
    let Some(first) = paths.first() else {
        let root = store::find(None, &current)?;
        let loaded = store::load(&root)?;
        return Ok((root, loaded.files.into_iter().map(|file| (file.path.clone(), file)).collect()));
    };
    let root = root_of(&full(first, &current)?)?;
    let top = root.path.clone();
    let loaded = store::load(&root)?;
    let mut found = BTreeMap::new();
    for path in paths {
        let own = full(path, &current)?;
        if root_of(&own)?.path != top {
            bail!(
                "{} and {} are in different catalogs; lay out one after the other",
                safe(&first.display().to_string()),
                safe(&path.display().to_string())
            );
        }
        let below = own.strip_prefix(&top).unwrap_or(&own);
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let name: Arc<str> = Arc::from(parts.join("/"));
        if own.is_dir() {
            let prefix = if name.is_empty() { String::new() } else { std::format!("{name}/") };
            let inside = loaded.files.iter().filter(|file| file.path.starts_with(&prefix));
            found.extend(inside.map(|file| (file.path.clone(), file.clone())));
        } else {
            // A file that is named is laid out, whether the catalog reads it or not.
            let known = loaded.files.iter().find(|file| file.path == name).cloned();
            let file = known.unwrap_or_else(|| Arc::new(store::read_file(&top, &own)));
            found.insert(name, file);
        }
    }
    Ok((root, found))
}

fn full(path: &Path, current: &Path) -> anyhow::Result<PathBuf> {
    current.join(path).canonicalize().with_context(|| safe(&path.display().to_string()))
}

/// The folder of the catalog that a file or folder is in: upward, else its own folder.
fn root_of(path: &Path) -> anyhow::Result<Root> {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let shown = |path: &Path| Root { path: path.to_path_buf(), shown: path.display().to_string() };
    match folder.ancestors().find(|folder| folder.join("catalog.yaml").is_file()) {
        Some(top) => Ok(shown(top)),
        None => Ok(shown(folder)),
    }
}
