//! Pages of Markdown for a wiki or a repository: a card each, with links, and pages of what follows.

use super::{Files, FolderExporter};
use crate::exchange::cards::{cards, losses::losses};
use crate::exchange::markdown;

/// See the module.
pub static EXPORTER: FolderExporter = FolderExporter { name: "markdown", make };

fn make(analysis: &crate::analysis::Analysis) -> anyhow::Result<Files> {
    let cards = cards(&analysis.catalog);
    let pages = markdown::pages(analysis, &cards);
    let files = pages.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    Ok(Files { files, lost: losses(&analysis.catalog, &cards) })
}
