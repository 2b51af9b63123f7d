//! From a path to an analysed catalog, for all commands.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use jiff::civil::Date;

use crate::analysis::Analysis;
use crate::card::problem::Level;
use crate::catalog::{self, Catalog};
use crate::store::{self, Loaded, Root};

/// Finds a catalog.
///
/// # Errors
/// Where there is none.
pub fn root(path: Option<&Path>) -> anyhow::Result<Root> {
    let current = std::env::current_dir().context("the current folder is gone")?;
    Ok(store::find(path, &current)?)
}

/// Reads and analyses the catalog of a root.
///
/// # Errors
/// Where it cannot be read.
pub fn analysis_of(root: &Root, day: Date) -> anyhow::Result<Analysis> {
    Ok(Analysis::of(Arc::new(catalog::build(input(store::load(root)?))), day))
}

/// The same, as it was at a commit.
///
/// # Errors
/// Where git does not have it.
pub fn analysis_at(root: &Root, reference: &str, day: Date) -> anyhow::Result<Analysis> {
    Ok(Analysis::of(Arc::new(catalog::build(input(store::load_at(root, reference)?))), day))
}

/// Finds and reads a catalog.
///
/// # Errors
/// Where there is none, or it cannot be read.
pub fn catalog(path: Option<&Path>) -> anyhow::Result<Catalog> {
    Ok(catalog::build(input(store::load(&root(path)?)?)))
}

/// Finds, reads and analyses a catalog; on standard error it says whether cards have errors.
///
/// # Errors
/// Where there is none, or it cannot be read.
pub fn analysis(path: Option<&Path>, day: Date) -> anyhow::Result<Analysis> {
    let analysis = Analysis::of(Arc::new(catalog(path)?), day);
    let errors = analysis.catalog.problems.iter().filter(|problem| problem.level == Level::Error).count();
    if errors > 0 {
        let (errors, verb) =
            if errors == 1 { ("1 error".to_owned(), "is") } else { (format!("{errors} errors"), "are") };
        eprintln!(
            "persona: there {verb} {errors} in the cards, so some may be missing here; `persona check` lists them"
        );
    }
    Ok(analysis)
}

/// What a snapshot is built from, of what the store gives.
#[must_use]
pub fn input(loaded: Loaded) -> catalog::Input {
    catalog::Input {
        folder: loaded.folder,
        path: loaded.root.shown,
        files: loaded.files,
        problems: loaded.problems,
    }
}
