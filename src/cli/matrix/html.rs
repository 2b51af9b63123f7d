//! A matrix as a page of its own: nothing is loaded from elsewhere, nothing runs, and what cards say
//! is text. It follows the reader's choice of light or dark, and heads stay while one scrolls.

use super::Page;
use crate::analysis::matrix::heads::row_label;
use crate::analysis::matrix::signs::cell_words;
use crate::analysis::matrix::{Cell, State, Total};
use crate::analysis::view::Mark;
use crate::cli::style::safe;
use crate::exchange::escaped;

const STYLE: &str = "
:root { color-scheme: light dark; --ground: #fbfbfa; --raised: #f0f1f3; --text: #1f2430; --faint: #606779;
  --line: #d5d8de; --bad: #b81430; --bad-ground: #fbe6ea; --gap: #8a5400; --gap-ground: #fdf1dc;
  --good: #24662a; --good-ground: #e6f3e6; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161c; --raised: #1e2129; --text: #dfe3ee;
  --faint: #9aa1b4; --line: #343945; --bad: #ff8298; --bad-ground: #3c1a22; --gap: #f6c66d;
  --gap-ground: #372a12; --good: #a3e0a0; --good-ground: #17301a; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem; background: var(--ground); color: var(--text);
  font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.25rem; margin: 0 0 .25rem; }
p { margin: .25rem 0 1rem; color: var(--faint); }
.frame { overflow: auto; max-height: 85vh; border: 1px solid var(--line); border-radius: 6px; width: fit-content;
  max-width: 100%; }
table { border-collapse: separate; border-spacing: 0; }
th, td { border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); padding: .3rem .45rem;
  text-align: center; white-space: pre; }
thead th { position: sticky; top: 0; z-index: 2; background: var(--raised); vertical-align: bottom;
  font-weight: 600; }
thead th span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 14rem; overflow: hidden;
  text-overflow: ellipsis; }
tbody th, tfoot th { position: sticky; left: 0; z-index: 1; background: var(--raised); text-align: left;
  font-weight: 600; }
thead th:first-child { left: 0; z-index: 3; text-align: left; color: var(--faint); font-weight: 400; }
td { font-family: ui-monospace, \"DejaVu Sans Mono\", Menlo, Consolas, monospace; }
tfoot td, tfoot th, .total { background: var(--raised); color: var(--faint); font-family: inherit; }
tbody tr:hover td, tbody tr:hover th { box-shadow: inset 0 1px var(--faint), inset 0 -1px var(--faint); }
.bad { background: var(--bad-ground); color: var(--bad); font-weight: 700; }
.gap { background: var(--gap-ground); color: var(--gap); font-weight: 600; }
.good { background: var(--good-ground); color: var(--good); }
.even { color: var(--faint); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .7rem; margin: 1rem 0; }
dt { font-family: ui-monospace, \"DejaVu Sans Mono\", Menlo, Consolas, monospace; text-align: center;
  border-radius: 3px; padding: 0 .4rem; }
dd { margin: 0; }
@media print { .frame { max-height: none; overflow: visible; border: 0; } thead th, tbody th { position: static; } }
";

/// The page.
pub fn text(page: &Page<'_>) -> String {
    let catalog = &page.analysis.catalog;
    let (view, kind) = (page.view, page.matrix.kind);
    let title = escaped(&page.title("×"));
    let name = escaped(&safe(&catalog.name));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title} - {name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n\
         <p>{name}, on {}. {}.</p>\n",
        page.analysis.day,
        page.summary()
    );
    let (left, right) = kind.sides();
    out.push_str(&format!(
        "<div class=\"frame\" tabindex=\"0\">\n<table>\n<thead>\n<tr><th scope=\"col\">{left} · sign · {right}</th>"
    ));
    for column in &view.columns {
        let label = escaped(&safe(&catalog.label(*column)));
        out.push_str(&format!("<th scope=\"col\" title=\"{label}\"><span>{label}</span></th>"));
    }
    if page.totals {
        out.push_str("<th scope=\"col\"><span>gaps/all</span></th>");
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for (row, entity) in view.rows.iter().enumerate() {
        out.push_str(&format!("<tr><th scope=\"row\">{}</th>", escaped(&row_label(catalog, *entity))));
        for column in 0..view.columns.len() {
            match view.cell(page.matrix, row, column) {
                Some(cell) => out.push_str(&table_cell(page, &cell)),
                None => out.push_str("<td></td>"),
            }
        }
        if page.totals {
            out.push_str(&format!("<td class=\"total\">{}</td>", total(view.row_totals[row])));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n");
    if page.totals {
        out.push_str("<tfoot>\n<tr><th scope=\"row\">gaps/all</th>");
        for column in &view.column_totals {
            out.push_str(&format!("<td>{}</td>", total(*column)));
        }
        out.push_str(&format!("<td>{}</td></tr>\n</tfoot>\n", total(view.total)));
    }
    out.push_str("</table>\n</div>\n<h2>Signs</h2>\n<dl>\n");
    for state in &view.states {
        out.push_str(&format!(
            "<dt class=\"{}\">{}</dt><dd>{}</dd>\n",
            class(*state),
            escaped(state.glyph(false)),
            state.meaning(kind)
        ));
    }
    out.push_str(&format!("</dl>\n<h2>Letters: {left} before, {right} after the sign</h2>\n<dl>\n"));
    for (letter, word) in page.letters.legend(&catalog.settings, kind) {
        out.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", escaped(&letter), escaped(&safe(&word))));
    }
    out.push_str("</dl>\n</body>\n</html>\n");
    out
}

fn table_cell(page: &Page<'_>, cell: &Cell) -> String {
    let words = escaped(&safe(&cell_words(&page.analysis.catalog.settings, page.matrix.kind, cell)));
    let text = page.letters.text(cell, page.matrix.kind, false);
    format!("<td class=\"{}\" title=\"{words}\">{}</td>", class(cell.state), escaped(text.trim_end()))
}

fn total(total: Total) -> String {
    format!("{}/{}", total.wrong, total.cells)
}

fn class(state: State) -> &'static str {
    match state.mark() {
        Mark::Unneeded | Mark::TooWide => "bad",
        Mark::Missing | Mark::Unsure | Mark::Unknown | Mark::Undeclared | Mark::Flawed => "gap",
        Mark::Needed => "good",
        Mark::Plain => "even",
    }
}
