//! A matrix in a terminal: as many columns as fit, then the next; and as sentences, cell by cell.

use unicode_width::UnicodeWidthStr;

use super::Page;
use crate::analysis::matrix::heads::{Heads, column_labels, row_label};
use crate::analysis::matrix::{Explanation, State, Total, explain};
use crate::catalog::EntityKind;
use crate::cli::style::{Style, safe, wrap};

/// Lines that column heads take at most.
const HEAD_LINES: usize = 4;

/// The matrix in blocks of columns.
pub fn text(page: &Page<'_>, style: Style) -> String {
    let catalog = &page.analysis.catalog;
    let view = page.view;
    let cross = if style.ascii { "x" } else { "×" };
    let mut out = format!("{}\n", style.strong(&page.title(cross)));
    if view.rows.is_empty() || view.columns.is_empty() {
        let why = if !page.filter.is_empty() {
            "Nothing matches the filter."
        } else if !page.matrix.rows.is_empty() {
            "No cell has anything in it; --empty shows rows and columns all the same."
        } else if page.matrix.kind.rows() == EntityKind::Person {
            "There are no people yet: `persona new person NAME` makes a card for one."
        } else {
            "There are no personas yet: `persona new persona NAME` makes a card, `persona demo` shows an example."
        };
        out.push_str(&format!("{why}\n"));
        return out;
    }
    let labels: Vec<String> = view.rows.iter().map(|row| row_label(catalog, *row)).collect();
    let widest = labels.iter().map(|label| label.width()).max().unwrap_or(0);
    let side = widest.clamp(5, (style.width * 2 / 5).max(12));
    let heads =
        Heads::stacked(&column_labels(catalog, &view.columns, style.ascii), 5..=8, HEAD_LINES, style.ascii);
    let cell = heads.width.max(4) + 1;
    let total_width = if page.totals { 9 } else { 0 };
    let fit = (style.width.saturating_sub(side + 2 + total_width) / cell).max(1);
    for start in (0..view.columns.len()).step_by(fit) {
        let end = (start + fit).min(view.columns.len());
        let last = end == view.columns.len();
        out.push('\n');
        block(page, style, &labels, side, &heads, cell, start..end, last, &mut out);
    }
    out.push('\n');
    out.push_str(&legend(page, style));
    out
}

#[expect(clippy::too_many_arguments, reason = "one block's measures, printed in one go")]
fn block(
    page: &Page<'_>,
    style: Style,
    labels: &[String],
    side: usize,
    heads: &Heads,
    cell: usize,
    columns: std::ops::Range<usize>,
    last: bool,
    out: &mut String,
) {
    let view = page.view;
    let full = |line: &usize| columns.clone().any(|column| !heads.lines[column][*line].is_empty());
    let first = (0..heads.height).find(full).unwrap_or(0);
    for line in first..heads.height {
        let mut text = " ".repeat(side + 2);
        for column in columns.clone() {
            text.push_str(&filled(&heads.lines[column][line], cell));
        }
        if last && page.totals && line + 1 == heads.height {
            text.push_str(" gaps/all");
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    let rule = if style.ascii { "-" } else { "─" };
    let width = side + 2 + cell * columns.len() + if last && page.totals { 9 } else { 0 };
    out.push_str(&format!("{}\n", style.faint(&rule.repeat(width))));
    for (row, label) in labels.iter().enumerate() {
        out.push_str(&filled(&cut(label, side, style.ascii), side + 2));
        let mut blanks = 0;
        for column in columns.clone() {
            match view.cell(page.matrix, row, column) {
                Some(found) => {
                    let text = page.letters.text(&found, page.matrix.kind, style.ascii);
                    out.push_str(&" ".repeat(blanks));
                    out.push_str(&style.mark(found.state.mark(), &text));
                    blanks = cell - text.width();
                }
                None => {
                    out.push_str(&" ".repeat(blanks + 1));
                    out.push_str(&style.faint(if style.ascii { "." } else { "·" }));
                    blanks = cell - 2;
                }
            }
        }
        if last && page.totals {
            out.push_str(&format!("{}{:>9}", " ".repeat(blanks), total(view.row_totals[row])));
        }
        trim_line(out);
        out.push('\n');
    }
    if page.totals {
        out.push_str(&format!("{}\n", style.faint(&rule.repeat(width))));
        let mut line = filled("gaps/all", side + 2);
        for column in columns {
            line.push_str(&filled(&total(view.column_totals[column]), cell));
        }
        if last {
            line.push_str(&format!("{:>9}", total(view.total)));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

fn total(total: Total) -> String {
    format!("{}/{}", total.wrong, total.cells)
}

fn trim_line(out: &mut String) {
    let end = out.trim_end_matches(' ').len();
    out.truncate(end);
}

fn filled(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn cut(text: &str, width: usize, ascii: bool) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for letter in text.chars() {
        if out.width() + unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0) + 1 > width {
            break;
        }
        out.push(letter);
    }
    out.push_str(if ascii { "~" } else { "…" });
    out
}

/// What signs and letters mean, and what all comes to.
fn legend(page: &Page<'_>, style: Style) -> String {
    let kind = page.matrix.kind;
    let (left, right) = kind.sides();
    let signs: Vec<String> = page
        .view
        .states
        .iter()
        .map(|state| format!("{} {}", state.glyph(style.ascii), state.meaning(kind)))
        .collect();
    let letters: Vec<String> = page
        .letters
        .legend(&page.analysis.catalog.settings, kind)
        .into_iter()
        .map(|(letter, word)| format!("{letter} {}", safe(&word)))
        .collect();
    let mut out = wrap(&format!("Signs: {}", signs.join(", ")), style.width, "");
    let text = format!("Letters, {left} before and {right} after the sign: {}", letters.join(", "));
    out.push_str(&wrap(&text, style.width, ""));
    out.push_str(&format!("{}\n", page.summary()));
    out
}

/// A sentence for each cell, with the lines that state it: for screen readers, grep and pipes.
pub fn plain(page: &Page<'_>) -> String {
    let catalog = &page.analysis.catalog;
    let mut out = format!("{}\n", page.title("x"));
    for row in 0..page.view.rows.len() {
        for column in 0..page.view.columns.len() {
            let (Some(cell), Some((one, other))) =
                (page.view.cell(page.matrix, row, column), page.view.pair(row, column))
            else {
                continue;
            };
            let why = explain(page.analysis, page.matrix, one, other);
            let mut lines: Vec<String> =
                why.facts.iter().filter_map(|fact| Explanation::line(page.analysis, fact)).collect();
            lines.dedup();
            let mut gaps: Vec<&str> = why
                .findings
                .iter()
                .map(|place| &page.analysis.findings[*place])
                .filter(|finding| finding.is_open())
                .map(|finding| finding.rule.id)
                .collect();
            gaps.dedup();
            let gaps = if gaps.is_empty() || cell.state == State::Right {
                String::new()
            } else {
                format!(" [{}]", gaps.join(", "))
            };
            out.push_str(&format!(
                "{} x {}: {}{gaps} ({})\n",
                safe(&catalog.label(one)),
                safe(&catalog.label(other)),
                safe(&why.verdict),
                safe(&lines.join(", "))
            ));
        }
    }
    out.push_str(&format!("{}\n", page.summary()));
    out
}
