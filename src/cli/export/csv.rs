//! Tables with commas, a file each: all cards, the findings, and the matrices.

use super::{Files, FolderExporter};
use crate::exchange::cards::{cards, losses::losses};
use crate::exchange::csv;
use crate::exchange::sheets::{card_sheets, derived};

/// See the module.
pub static EXPORTER: FolderExporter = FolderExporter { name: "csv", make };

fn make(analysis: &crate::analysis::Analysis) -> anyhow::Result<Files> {
    let cards = cards(&analysis.catalog);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for sheet in card_sheets(&cards).into_iter().chain(derived::sheets(analysis)) {
        let path = format!("{}.csv", sheet.file);
        files.push((path, csv::text(&sheet)?.into_bytes()));
    }
    Ok(Files { files, lost: losses(&analysis.catalog, &cards) })
}
