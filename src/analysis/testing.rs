//! For tests of rules: catalogs from a string, findings as lines.

use std::sync::Arc;

use jiff::civil::date;

use super::Analysis;
use crate::card::parse_text;
use crate::catalog::{Catalog, Input, build};

/// The analysis of one file on 23 November 2026.
pub fn analysis(text: &str) -> Analysis {
    analysis_of(&[("a.yaml", text)])
}

/// The analysis of several files, each a path and a text, on 23 November 2026.
pub fn analysis_of(files: &[(&str, &str)]) -> Analysis {
    Analysis::of(Arc::new(catalog(files)), date(2026, 11, 23))
}

/// A catalog of several files, each a path and a text.
pub fn catalog(files: &[(&str, &str)]) -> Catalog {
    let files = files.iter().map(|(path, text)| Arc::new(parse_text(path, text))).collect();
    build(Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() })
}

/// The findings of a rule: `severity subject object environment`, absent parts as `-`, low
/// confidence as `?` after the severity.
pub fn found(rule: &str, text: &str) -> Vec<String> {
    let analysis = analysis(text);
    let catalog = &analysis.catalog;
    analysis
        .findings
        .iter()
        .filter(|finding| finding.rule.id == rule)
        .map(|finding| {
            let doubt = if finding.confidence == super::Confidence::Low { "?" } else { "" };
            let object = finding.object.map_or("-".into(), |object| catalog.id(object));
            let environment = finding
                .environment
                .map_or("-".into(), |environment| catalog.settings.environment(environment).to_owned());
            let decided = if finding.is_open() { "" } else { " decided" };
            format!(
                "{}{doubt} | {} | {object} | {environment}{decided}",
                finding.severity.word(),
                catalog.id(finding.subject)
            )
        })
        .collect()
}
