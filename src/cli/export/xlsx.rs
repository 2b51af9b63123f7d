//! A workbook: all cards, the findings, and the matrices.

use super::{Export, Exporter, say_lost};
use crate::exchange::cards::{cards, losses::losses};
use crate::exchange::sheets::{card_sheets, derived};
use crate::exchange::xlsx;

/// See the module.
pub static EXPORTER: Exporter = Exporter { name: "xlsx", formats: &["xlsx"], options: &[], make };

fn make(export: &Export<'_>) -> anyhow::Result<Vec<u8>> {
    let catalog = &export.analysis.catalog;
    let cards = cards(catalog);
    // What people look at comes first; the cards' own tables stand behind it.
    let mut sheets = card_sheets(&cards);
    let mut all: Vec<_> = derived::sheets(export.analysis);
    let after = all.split_off(1);
    let personas = sheets.iter().position(|sheet| sheet.name == "Personas").unwrap_or(0);
    let people = sheets.remove(personas);
    let mut ordered = vec![people];
    ordered.extend(sheets);
    ordered.append(&mut all);
    ordered.extend(after);
    let (bytes, cut) = xlsx::workbook(&catalog.name, &ordered)?;
    let mut lost = losses(catalog, &cards);
    lost.extend(cut);
    say_lost(&lost);
    Ok(bytes)
}
