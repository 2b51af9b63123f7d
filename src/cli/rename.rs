//! `persona rename`: an id or a name, and everything that refers by it.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::assign::{EditOptions, carry_out_renaming};
use super::style::{Style, safe};
use super::{Common, source};
use crate::session::deeds::{Word, entity, rename, rename_word};

/// Rename anything, in all files that name it
///
/// OLD may be an id, a name or another word for it; that word is renamed. References by this word follow
/// in whatever form they are written; references by another word stay. With --id or --name the id or the
/// name becomes NEW, whatever word OLD is.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona rename \"Azure Storage\" \"Azure Blob Storage\" --dry-run
  persona rename P006 P106
  persona rename \"GenAI Data Scientist\" P106 --id
  persona rename P006 \"Language Model Engineer\" --name
  persona rename \"AI Team\" \"Model Team\" --kind team

Exit status: 0 done; 2 it could not be done, and nothing was written.")]
pub struct Arguments {
    /// The word as it is.
    old: String,
    /// The word as it is to be.
    new: String,
    /// NEW is its id; one that has none yet gets it.
    #[arg(long)]
    id: bool,
    /// NEW is its name.
    #[arg(long, conflicts_with = "id")]
    name: bool,
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
    let found = entity(catalog, &word).map_err(|why| anyhow!("{}", safe(&why)))?;
    let (deed, old) = match (arguments.id, arguments.name) {
        (true, _) => (rename_word(catalog, found, Word::Id, &arguments.new), catalog.id(found)),
        (_, true) => (rename_word(catalog, found, Word::Name, &arguments.new), catalog.name(found)),
        _ => (rename(catalog, found, &arguments.old, &arguments.new), arguments.old.as_str().into()),
    };
    let words = Some((&*old, arguments.new.as_str()));
    carry_out_renaming(&analysis, deed, words, arguments.path.as_deref(), &arguments.options, style)
}
