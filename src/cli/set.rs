//! `persona set`: fields of cards, set, added to and taken from.

use anyhow::anyhow;
use clap::Args;

use super::assign::{EditOptions, carry_out};
use super::style::{Style, safe};
use super::{Common, source};
use crate::session::deeds::{Assignment, assign, entity};

/// Set fields of a card, or of several
///
/// Only the bytes of the values change: comments, order and layout stay. The difference is shown, and
/// which gaps it closes and opens. All files are written, or none.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  persona set P006 skills+=RAG skills-=Python
  persona set P006 team=\"AI Team\"
  persona set P006 identity.provider=entra
  persona set P006 'component_access[Azure Storage].level=read'
  persona set P010 P011 'component_access[*].mode=jit'
  persona set P004 P006 P007 team=\"AI Team\" --dry-run
  persona set P006 color=                      without a value the field goes

Exit status: 0 done, or nothing to do; 2 it could not be done, and nothing was written.")]
pub struct Arguments {
    /// The cards, then the assignments: FIELD=VALUE, FIELD+=ITEM, FIELD-=ITEM.
    #[arg(required = true, value_name = "CARD|FIELD=VALUE")]
    words: Vec<String>,
    /// The folder of the catalog [default: upward from here, then ./personas].
    #[arg(long = "in", value_name = "PATH")]
    path: Option<std::path::PathBuf>,
    #[command(flatten)]
    options: EditOptions,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.as_deref(), common.day())?;
    let (changes, cards): (Vec<&String>, Vec<&String>) =
        arguments.words.iter().partition(|word| word.contains('='));
    if cards.is_empty() || changes.is_empty() {
        return Err(anyhow!("name a card and what to set, such as P006 skills+=RAG"));
    }
    let wrong = |why: String| anyhow!("{}", safe(&why));
    let changes: Vec<Assignment> =
        changes.iter().map(|word| Assignment::read(word)).collect::<Result<_, _>>().map_err(wrong)?;
    let cards: Vec<_> =
        cards.iter().map(|word| entity(&analysis.catalog, word)).collect::<Result<_, _>>().map_err(wrong)?;
    let deed = assign(&analysis.catalog, &cards, &changes);
    carry_out(&analysis, deed, arguments.path.as_deref(), &arguments.options, style)
}
