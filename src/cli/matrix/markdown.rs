//! A matrix as a Markdown table, with its legend. What cards say is escaped.

use super::Page;
use crate::analysis::matrix::heads::row_label;
use crate::cli::style::safe;

/// The table.
pub fn text(page: &Page<'_>, ascii: bool) -> String {
    let catalog = &page.analysis.catalog;
    let (view, kind) = (page.view, page.matrix.kind);
    let mut out = format!("# {}\n\n", escaped(&page.title(if ascii { "x" } else { "×" })));
    let mut head = vec![String::new()];
    head.extend(view.columns.iter().map(|column| escaped(&safe(&catalog.label(*column)))));
    if page.totals {
        head.push("gaps/all".to_owned());
    }
    out.push_str(&line(&head));
    let rule: Vec<String> =
        (0..head.len()).map(|place| if place == 0 { "---" } else { ":---:" }.to_owned()).collect();
    out.push_str(&line(&rule));
    for (row, entity) in view.rows.iter().enumerate() {
        let mut cells = vec![escaped(&row_label(catalog, *entity))];
        for column in 0..view.columns.len() {
            let cell = view.cell(page.matrix, row, column);
            cells.push(
                cell.map_or(String::new(), |cell| escaped(page.letters.text(&cell, kind, ascii).trim())),
            );
        }
        if page.totals {
            let total = view.row_totals[row];
            cells.push(format!("{}/{}", total.wrong, total.cells));
        }
        out.push_str(&line(&cells));
    }
    if page.totals {
        let mut cells = vec!["**gaps/all**".to_owned()];
        cells.extend(view.column_totals.iter().map(|total| format!("{}/{}", total.wrong, total.cells)));
        cells.push(format!("**{}/{}**", view.total.wrong, view.total.cells));
        out.push_str(&line(&cells));
    }
    let (left, right) = kind.sides();
    out.push_str(&format!("\n{}.\n\n", page.summary()));
    for state in &view.states {
        out.push_str(&format!("- {} {}\n", escaped(state.glyph(ascii)), state.meaning(kind)));
    }
    let letters: Vec<String> = page
        .letters
        .legend(&catalog.settings, kind)
        .into_iter()
        .map(|(letter, word)| format!("{} {}", escaped(&letter), escaped(&safe(&word))))
        .collect();
    out.push_str(&format!("\nLetters, {left} before and {right} after the sign: {}.\n", letters.join(", ")));
    out
}

fn line(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Text that Markdown takes for nothing but text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            other => out.push(other),
        }
    }
    out
}
