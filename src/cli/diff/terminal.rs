//! Sentences with the lines that cause them, difference by difference: for people at a terminal.

use super::super::formats::terminal_finding;
use super::super::style::{Style, safe, wrap};
use super::plain::ending;
use super::{Compared, Format};
use crate::analysis::compare::Kind;

pub static FORMAT: Format = Format {
    name: "terminal",
    summary: "sentences, with the lines that cause them",
    print: |compared, style| Ok(print(compared, style)),
};

fn print(compared: &Compared<'_>, style: Style) -> String {
    let mut out = String::new();
    for warning in compared.warnings() {
        out.push_str(&wrap(&format!("warning: {warning}"), style.width, ""));
        out.push('\n');
    }
    for kind in Kind::ALL {
        let count = compared.count(kind);
        if count == 0 {
            continue;
        }
        let [before, after] = &compared.names;
        let title = match kind {
            Kind::New => format!("New in {} ({count})", safe(after)),
            Kind::Worse => format!("Worse in {} ({count})", safe(after)),
            Kind::Changed => format!("Changed, and no worse ({count})"),
            Kind::Gone => format!("Gone: as they were in {} ({count})", safe(before)),
        };
        out.push_str(&format!("{}\n\n", style.strong(&title)));
        for change in compared.comparison.of_kind(kind) {
            let (analysis, finding) = compared.comparison.finding(change);
            let mut text = terminal_finding(analysis, finding, Some(change), style);
            if let [Some(before), Some(_)] = compared.places(change) {
                text.truncate(text.trim_end().len());
                text.push_str(&format!(
                    "\n     {}\n\n",
                    style.faint(&format!("before at {}", safe(&before)))
                ));
            }
            out.push_str(&text);
        }
    }
    out.push_str(&ending(compared, style.arrow(), style));
    out
}
