//! The code quality report of GitLab: a list of issues, shown in a merge request.
//!
//! Files are named from the top of the repository. The report has no place for a score.

use serde::Serialize;

use super::super::style::safe;
use super::{Format, Shown, decided, spot_somewhere};
use crate::analysis::Severity;
use crate::analysis::key::{fingerprint, keys};
use crate::card::problem::Level;

pub static FORMAT: Format = Format {
    name: "gitlab",
    aliases: &["code-quality"],
    summary: "a code quality report of GitLab",
    print: |shown, _| Ok(serde_json::to_string_pretty(&issues(shown))? + "\n"),
};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

fn issues(shown: &Shown<'_>) -> Vec<Issue> {
    let catalog = shown.catalog();
    let location =
        |file: &str, line: u32| Location { path: shown.from_top(file), lines: Lines { begin: line } };
    let mut seen = std::collections::HashMap::new();
    let problems = shown.problems().map(|problem| {
        // Without the line: a problem that moved is the same.
        let words = format!("{}|{}|{}", problem.level.word(), problem.file, problem.message);
        let nth: &mut u32 = seen.entry(words.clone()).or_default();
        *nth += 1;
        Issue {
            description: format!("{}. {}", safe(&problem.message), safe(&problem.hint)),
            check_name: "problem".to_owned(),
            fingerprint: fingerprint(&format!("{words}|{nth}")),
            severity: match problem.level {
                Level::Error => "blocker",
                Level::Warning => "major",
                Level::Note => "info",
            },
            location: location(&problem.file, problem.line),
        }
    });
    let problems: Vec<Issue> = problems.collect();
    let keys = keys(shown.analysis);
    let findings = shown.items.iter().map(|item| {
        let spot = spot_somewhere(catalog, item.finding);
        let mut description = safe(&item.finding.message);
        if let Some(decided) = decided(catalog, item.finding) {
            description.push_str(&format!(" (decided on: {})", safe(&decided)));
        }
        if let Some(fix) = item.fixes.first() {
            description.push_str(&format!(" Best way out: {}.", safe(&fix.title)));
        }
        Issue {
            description,
            check_name: item.finding.rule.id.to_owned(),
            fingerprint: keys[item.place].fingerprint(),
            severity: match item.finding.severity {
                _ if !item.finding.is_open() => "info",
                Severity::Critical => "blocker",
                Severity::High => "critical",
                Severity::Medium => "major",
                Severity::Low => "minor",
                Severity::Info => "info",
            },
            location: location(spot.file, spot.line),
        }
    });
    problems.into_iter().chain(findings).collect()
}
