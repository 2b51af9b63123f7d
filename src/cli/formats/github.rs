//! Workflow commands: what a GitHub workflow prints to mark lines of a pull request.
//!
//! Files are named from the top of the repository. At most ten of a level are shown a step there; the
//! worst come first.

use super::super::style::{Style, safe};
use super::{Format, Shown, decided, spot, summary};
use crate::analysis::{Finding, Severity};
use crate::card::problem::Level;

pub static FORMAT: Format = Format {
    name: "github",
    aliases: &["annotations"],
    summary: "annotations of a GitHub workflow",
    print: |shown, style| Ok(print(shown, style)),
};

fn print(shown: &Shown<'_>, style: Style) -> String {
    let catalog = shown.catalog();
    let mut out = String::new();
    for problem in shown.problems() {
        let command = match problem.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let properties = [
            ("file", shown.from_top(&problem.file)),
            ("line", problem.line.to_string()),
            ("col", problem.column.to_string()),
            ("title", format!("{} of a file", problem.level.word())),
        ];
        out.push_str(&line(
            command,
            &properties,
            &format!("{}. {}", safe(&problem.message), safe(&problem.hint)),
        ));
    }
    for item in &shown.items {
        let finding = item.finding;
        let mut properties = Vec::new();
        if let Some(spot) = spot(catalog, finding) {
            properties.push(("file", shown.from_top(spot.file)));
            properties.push(("line", spot.line.to_string()));
            properties.push(("col", spot.column.to_string()));
            properties.extend(spot.end_column.map(|column| ("endColumn", column.to_string())));
        }
        let kind = item.change.map_or(String::new(), |change| format!(", {}", change.kind.word()));
        properties.push(("title", format!("{} ({}{kind})", finding.rule.id, finding.severity.word())));
        let mut message = safe(&finding.message);
        if let Some(decided) = decided(catalog, finding) {
            message.push_str(&format!("\nDecided on: {}", safe(&decided)));
        }
        for edge in &finding.evidence {
            let place = catalog.locate(edge.place);
            let detail =
                if edge.detail.is_empty() { String::new() } else { format!(" ({})", safe(&edge.detail)) };
            message.push_str(&format!(
                "\n{} {} {}{detail}: {}:{}",
                safe(&catalog.label(edge.from)),
                edge.relation,
                safe(&catalog.label(edge.to)),
                safe(&shown.from_top(place.file)),
                place.position.line
            ));
        }
        for (place, fix) in item.fixes.iter().enumerate() {
            message.push_str(&format!("\n{}", fix.line(place)));
        }
        out.push_str(&line(command(finding), &properties, &message));
    }
    // What begins no command is printed in the log as it is.
    out.push_str(&summary(shown, Style { color: false, ..style }));
    out
}

fn command(finding: &Finding) -> &'static str {
    match finding.severity {
        _ if !finding.is_open() => "notice",
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

fn line(command: &str, properties: &[(&str, String)], message: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(&safe(value)))).collect();
    format!("::{command} {}::{}\n", properties.join(","), data(message))
}

/// The text of a command: its line must not end early.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which commas and colons end too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_a_command_or_begins_another() {
        let text = line("error", &[("title", "a,b::c%\n::warning::x".to_owned())], "100%\n::error::y\r");
        assert_eq!(text, "::error title=a%2Cb%3A%3Ac%25 %3A%3Awarning%3A%3Ax::100%25%0A::error::y%0D\n");
    }
}
