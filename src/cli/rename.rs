//! `persona rename`: an id or a name, and everything that refers by it.

use std::path::PathBuf;

use clap::Args;

use super::assign::{EditOptions, carry_out_renaming};
use super::style::Style;
use super::{Common, source};
use crate::session::deeds::{entity, rename};

/// Rename anything, in all files that name it
///
/// OLD may be an id, a name or another word for it; that word is renamed. References by this word follow
/// in whatever form they are written; references by another word stay.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona rename \"Azure Storage\" \"Azure Blob Storage\" --dry-run
  persona rename P006 P106
  persona rename Blue Red --kind team

Exit status: 0 done; 2 it could not be done, and nothing was written.")]
pub struct Arguments {
    /// The word as it is.
    old: String,
    /// The word as it is to be.
    new: String,
    /// Of this kind, where several things are called so: persona, component, skill, ...
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(long = "in", value_name = "PATH")]
    path: Option<PathBuf>,
    #[command(flatten)]
    options: EditOptions,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.as_deref(), common.day())?;
    let catalog = &analysis.catalog;
    let word = match &arguments.kind {
        Some(kind) => format!("{kind}/{}", arguments.old),
        None => arguments.old.clone(),
    };
    let deed =
        entity(catalog, &word).and_then(|found| rename(catalog, found, &arguments.old, &arguments.new));
    let words = Some((arguments.old.as_str(), arguments.new.as_str()));
    carry_out_renaming(&analysis, deed, words, arguments.path.as_deref(), &arguments.options, style)
}
