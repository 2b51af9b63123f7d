//! `persona remove`: a card, and what becomes of everything that refers to it.

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::Args;

use super::assign::{EditOptions, carry_out};
use super::style::{Style, safe};
use super::{Common, source};
use crate::session::deeds::{References, entity, remove};

/// Remove a card
///
/// Where other cards refer to it, say what becomes of these places; without that they are listed and
/// nothing is removed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona remove P006                                   lists what refers to it
  persona remove P006 --references remove --dry-run
  persona remove P006 --replace P007
  persona remove \"Azure Storage\" --references leave

Exit status: 0 done; 2 it could not be done, and nothing was written.")]
pub struct Arguments {
    /// The card.
    card: String,
    /// What becomes of the places that refer to it.
    #[arg(long, value_enum, value_name = "WHAT", conflicts_with = "replace")]
    references: Option<What>,
    /// These places refer to this card instead.
    #[arg(long, value_name = "CARD")]
    replace: Option<String>,
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(long = "in", value_name = "PATH")]
    path: Option<PathBuf>,
    #[command(flatten)]
    options: EditOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// They stay, and lead nowhere.
    Leave,
    /// They are removed too.
    Remove,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.as_deref(), common.day())?;
    let catalog = &analysis.catalog;
    let wrong = |why: String| anyhow!("{}", safe(&why));
    let found = entity(catalog, &arguments.card).map_err(wrong)?;
    let references = match (arguments.references, &arguments.replace) {
        (Some(What::Leave), _) => References::Leave,
        (Some(What::Remove), _) => References::Remove,
        (None, Some(other)) => References::Replace(entity(catalog, other).map_err(wrong)?),
        (None, None) => {
            let others = catalog.mentioned_elsewhere(&[found]);
            let others: Vec<String> = others.into_iter().map(|line| format!("  {line}")).collect();
            if !others.is_empty() {
                bail!(
                    "{} is referred to in {} places; say --references remove, --references leave, or \
                     --replace CARD:\n{}",
                    safe(&catalog.label(found)),
                    others.len(),
                    safe_lines(&others)
                );
            }
            References::Remove
        }
    };
    let deed = remove(catalog, found, references);
    carry_out(&analysis, deed, arguments.path.as_deref(), &arguments.options, style)
}

fn safe_lines(lines: &[String]) -> String {
    lines.iter().map(|line| safe(line)).collect::<Vec<_>>().join("\n")
}
