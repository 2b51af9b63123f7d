//! One line a difference, each followed by the lines that made it so.

use super::super::formats::cause_words;
use super::super::style::{Style, safe, wrap};
use super::{Compared, Format};

pub static FORMAT: Format = Format {
    name: "plain",
    summary: "one line a difference",
    print: |compared, style| Ok(print(compared, style)),
};

fn print(compared: &Compared<'_>, style: Style) -> String {
    let mut out = String::new();
    for warning in compared.warnings() {
        out.push_str(&format!("warning: {warning}\n"));
    }
    for change in &compared.comparison.changes {
        let (_, finding) = compared.comparison.finding(change);
        let places: Vec<String> = compared.places(change).into_iter().flatten().collect();
        let decided = if finding.is_open() { "" } else { " (decided)" };
        out.push_str(&format!(
            "{}: {}: {} {}{decided}: {}\n",
            change.kind.word(),
            safe(&places.join(" -> ")),
            finding.severity.word(),
            finding.rule.id,
            safe(&finding.message)
        ));
        for one in &change.differences {
            out.push_str(&format!("    {}: {} -> {}\n", one.what, safe(&one.before), safe(&one.after)));
        }
        for cause in &change.causes {
            out.push_str(&format!("    {}\n", cause_words(cause, "->")));
        }
    }
    out.push_str(&ending(compared, "->", style));
    out
}

/// Counts and scores.
pub fn ending(compared: &Compared<'_>, arrow: &str, style: Style) -> String {
    let [before, after] = compared.scores();
    let [old, new] = &compared.names;
    let mut out = wrap(&format!("Findings: {}.", compared.counts()), style.width, "");
    out.push_str(&wrap(
        &format!("Score: {before} {arrow} {after}, from {} to {}.", safe(old), safe(new)),
        style.width,
        "",
    ));
    out
}
