//! `persona duplicate`: a copy of a card under another name.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::assign::{EditOptions, carry_out};
use super::style::{Style, safe};
use super::{Common, source};
use crate::session::deeds::{duplicate, entity};

/// Copy a card under another name
///
/// Nothing refers to the copy yet. A card in a file of its own is copied with its comments.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona duplicate P006 \"Second Data Scientist\" --id P016
  persona duplicate \"Azure Storage\" \"Azure Archive\" --dry-run

Exit status: 0 done; 2 it could not be done, and nothing was written.")]
pub struct Arguments {
    /// The card.
    card: String,
    /// The name of the copy.
    name: String,
    /// The id of the copy; of personas needed.
    #[arg(long)]
    id: Option<String>,
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(long = "in", value_name = "PATH")]
    path: Option<PathBuf>,
    #[command(flatten)]
    options: EditOptions,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.as_deref(), common.day())?;
    let catalog = &analysis.catalog;
    let found = entity(catalog, &arguments.card).map_err(|why| anyhow!("{}", safe(&why)))?;
    let has_id = matches!(found, crate::catalog::Entity::Persona(_));
    if has_id && arguments.id.is_none() {
        return Err(anyhow!("a persona needs an id of its own; give one with --id, such as P016"));
    }
    let id = arguments.id.as_deref().unwrap_or_default();
    let deed = duplicate(catalog, found, id, &arguments.name);
    carry_out(&analysis, deed, arguments.path.as_deref(), &arguments.options, style)
}
