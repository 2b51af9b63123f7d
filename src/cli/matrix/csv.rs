//! A matrix for spreadsheets. A cell that a spreadsheet would take for a formula gets an apostrophe.

use super::Page;
use crate::analysis::matrix::signs::cell_words;
use crate::cli::style::safe;

/// The table: id and name of each row, a cell in words for each column, and what they come to.
///
/// # Errors
/// Where the writer fails, which it does not in memory.
pub fn text(page: &Page<'_>) -> anyhow::Result<String> {
    let catalog = &page.analysis.catalog;
    let view = page.view;
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut head = vec!["id".to_owned(), "name".to_owned()];
    head.extend(view.columns.iter().map(|column| safe(&catalog.label(*column))));
    if page.totals {
        head.extend(["gaps".to_owned(), "cells".to_owned()]);
    }
    writer.write_record(head.iter().map(|cell| harmless(cell)))?;
    for (row, entity) in view.rows.iter().enumerate() {
        let mut cells = vec![safe(&catalog.id(*entity)), safe(&catalog.name(*entity))];
        for column in 0..view.columns.len() {
            let cell = view.cell(page.matrix, row, column);
            cells.push(
                cell.map_or(String::new(), |cell| {
                    safe(&cell_words(&catalog.settings, page.matrix.kind, &cell))
                }),
            );
        }
        if page.totals {
            let total = view.row_totals[row];
            cells.extend([total.wrong.to_string(), total.cells.to_string()]);
        }
        writer.write_record(cells.iter().map(|cell| harmless(cell)))?;
    }
    if page.totals {
        type Of = fn(&crate::analysis::matrix::Total) -> usize;
        let lines: [(&str, Of); 2] = [("gaps", |total| total.wrong), ("cells", |total| total.cells)];
        for (word, of) in lines {
            let mut cells = vec![word.to_owned(), String::new()];
            cells.extend(view.column_totals.iter().map(|total| of(total).to_string()));
            // The whole stands where the row's and the column's own totals meet.
            let whole = of(&view.total).to_string();
            let ends = if word == "gaps" { [whole, String::new()] } else { [String::new(), whole] };
            cells.extend(ends);
            writer.write_record(&cells)?;
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// What begins like a formula becomes text, also after blanks and in full-width letters.
#[must_use]
pub fn harmless(text: &str) -> String {
    let first = text.trim_start().chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for evil in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "|x", "%0A"] {
            assert_eq!(harmless(evil), format!("'{evil}"));
        }
        for good in ["", "Azure Storage", "granted: write", "P-1", "a=b"] {
            assert_eq!(harmless(good), good);
        }
    }
}
