//! One line a problem and a finding: for screen readers, grep, and editors that jump to lines.

use super::super::style::{Style, safe};
use super::cause::cause_words;
use super::{Format, Shown, decided, spot, summary};
use crate::card::problem::Problem;

pub static FORMAT: Format = Format {
    name: "plain",
    aliases: &[],
    summary: "one line a finding",
    print: |shown, style| Ok(print(shown, style)),
};

/// The lines, then counts and score.
pub fn print(shown: &Shown<'_>, style: Style) -> String {
    let catalog = shown.catalog();
    let mut out = String::new();
    for problem in shown.problems() {
        out.push_str(&problem_line(problem));
    }
    for item in &shown.items {
        let finding = item.finding;
        let place = match spot(catalog, finding) {
            Some(spot) => format!("{}:{}:{}", spot.file, spot.line, spot.column),
            None => catalog.id(finding.subject).into_owned(),
        };
        let kind = item.change.map_or(String::new(), |change| format!(" ({})", change.kind.word()));
        let decided = decided(catalog, finding)
            .map_or(String::new(), |decided| format!(" (decided: {})", safe(&decided)));
        out.push_str(&format!(
            "{}: {} {}{kind}{decided}: {}\n",
            safe(&place),
            finding.severity.word(),
            finding.rule.id,
            safe(&finding.message)
        ));
        for cause in item.change.into_iter().flat_map(|change| &change.causes) {
            out.push_str(&format!("    {}\n", cause_words(cause, "->")));
        }
        for (place, fix) in item.fixes.iter().enumerate() {
            out.push_str(&format!("    {}\n", fix.line(place)));
        }
    }
    out.push_str(&summary(shown, Style { color: false, ..style }));
    out
}

fn problem_line(problem: &Problem) -> String {
    format!(
        "{}:{}:{}: {}: {}. {}\n",
        safe(&problem.file),
        problem.line,
        problem.column,
        problem.level.word(),
        safe(&problem.message),
        safe(&problem.hint)
    )
}
