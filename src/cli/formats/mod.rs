//! The formats of `persona check`: one file each, in one table.
//!
//! A format turns what is [`Shown`] into text, and nothing else. Every one of them lists the problems
//! of the files, keeps findings that were decided on, and marks them.

mod cause;
mod fixes;
mod github;
mod gitlab;
mod json;
mod json_lines;
mod junit;
pub mod markdown;
pub mod plain;
mod sarif;
mod summary;
mod terminal;

use rayon::prelude::*;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::style::Style;
use crate::analysis::compare::{Change, Comparison, Kind};
use crate::analysis::filter::Words;
use crate::analysis::{Analysis, Finding, Severity, decisions};
use crate::card::problem::{Level, Problem};
use crate::catalog::{Catalog, Entity};

pub use cause::cause_words;
pub use fixes::WayOut;
pub use summary::{score_words, summary};
pub use terminal::finding as terminal_finding;

/// A format.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name, as in `--format`.
    pub name: &'static str,
    /// Other names that are in use for it.
    aliases: &'static [&'static str],
    /// What it is for.
    summary: &'static str,
    /// The text.
    pub print: fn(&Shown<'_>, Style) -> anyhow::Result<String>,
}

/// The formats, in alphabetical order.
pub static FORMATS: &[&Format] = &[
    &github::FORMAT,
    &gitlab::FORMAT,
    &json::FORMAT,
    &json_lines::FORMAT,
    &junit::FORMAT,
    &markdown::FORMAT,
    &plain::FORMAT,
    &sarif::FORMAT,
    &terminal::FORMAT,
];

/// The reader of `--format`.
pub fn parser() -> impl TypedValueParser<Value = &'static Format> {
    let values = FORMATS
        .iter()
        .map(|format| PossibleValue::new(format.name).help(format.summary).aliases(format.aliases.iter()));
    PossibleValuesParser::new(values).map(|name| {
        let named = FORMATS.iter().find(|format| format.name == name || format.aliases.contains(&&*name));
        *named.unwrap_or(&&terminal::FORMAT)
    })
}

/// What a check shows.
pub struct Shown<'a> {
    /// The catalog, analysed.
    pub analysis: &'a Analysis,
    /// The findings that pass the filter and are not old, worst first.
    pub items: Vec<Item<'a>>,
    /// The words of the filter, as typed; empty where there are none.
    pub filter: &'a str,
    /// With what it was compared.
    pub since: Option<Since<'a>>,
    /// The least severity that fails the check.
    pub fails: Option<Severity>,
    /// What logs say in all, where they were compared with the catalog.
    pub audit: Option<Audit>,
    /// What leads from the top of the repository to the catalog: empty, or with a slash at its end.
    pub prefix: String,
}

/// What logs say in all, beside the findings.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Audit {
    /// Events that were judged.
    pub events: u64,
    /// That a grant admits.
    pub allowed: u64,
    /// That no grant admits.
    pub beyond: u64,
    /// That name no component.
    pub unjudged: u64,
    /// That end at no human.
    pub unattributed: u64,
    /// Lines that are no events.
    pub bad_lines: u64,
    /// The creep score, where the logs can tell.
    pub creep: Option<f64>,
}

/// A finding that is shown.
pub struct Item<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Its place in the analysis.
    pub place: usize,
    /// How it differs from what was.
    pub change: Option<&'a Change>,
    /// The ways out of it, best first, where they were asked for.
    pub fixes: Vec<WayOut>,
}

/// What was.
pub struct Since<'a> {
    /// The commit, as it was written.
    pub name: &'a str,
    /// What is different.
    pub comparison: &'a Comparison<'a>,
    /// How many findings pass the filter, and are as they were or better.
    pub old: usize,
    /// How many passed the filter, and are no more.
    pub gone: usize,
}

impl<'a> Shown<'a> {
    /// All findings of an analysis.
    #[must_use]
    pub fn all(analysis: &'a Analysis) -> Self {
        Self::new(analysis, &Words::default(), "", None)
    }

    /// The findings that pass a filter and, compared with what was, are new or worse.
    #[must_use]
    pub fn new(
        analysis: &'a Analysis,
        words: &Words,
        filter: &'a str,
        since: Option<(&'a str, &'a Comparison<'a>)>,
    ) -> Self {
        let findings = analysis.findings.iter().enumerate();
        let passed = findings.filter(|(_, finding)| words.finding_with_text(analysis, finding));
        let mut items: Vec<Item<'_>> =
            passed.map(|(place, finding)| Item { finding, place, change: None, fixes: Vec::new() }).collect();
        let since = since.map(|(name, comparison)| {
            let worse = comparison.changes.iter().filter(|change| is_worse(change));
            let worse: std::collections::HashMap<usize, &Change> =
                worse.filter_map(|change| Some((change.after?, change))).collect();
            let all = items.len();
            items.retain_mut(|item| {
                item.change = worse.get(&item.place).copied();
                item.change.is_some()
            });
            let gone = comparison
                .of_kind(Kind::Gone)
                .filter(|change| words.finding_with_text(comparison.before, comparison.finding(change).1));
            Since { name, comparison, old: all - items.len(), gone: gone.count() }
        });
        Self {
            analysis,
            items,
            filter,
            since,
            fails: Some(Severity::High),
            audit: None,
            prefix: String::new(),
        }
    }

    /// Adds the ways out of the open findings. Each is tried, which costs an analysis.
    pub fn add_fixes(&mut self) {
        let analysis = self.analysis;
        self.items
            .par_iter_mut()
            .filter(|item| item.finding.is_open())
            .for_each(|item| item.fixes = fixes::ways_out(analysis, item.place));
    }

    /// The catalog.
    #[must_use]
    pub fn catalog(&self) -> &'a Catalog {
        &self.analysis.catalog
    }

    /// Problems and notes, in the order of the files.
    pub fn problems(&self) -> impl Iterator<Item = &'a Problem> {
        self.catalog().problems.iter().chain(&self.analysis.problems)
    }

    /// Errors and warnings.
    pub fn real_problems(&self) -> impl Iterator<Item = &'a Problem> {
        self.problems().filter(|problem| problem.level != Level::Note)
    }

    /// The findings that count, of those that are shown.
    pub fn open(&self) -> impl Iterator<Item = &'a Finding> {
        self.items.iter().map(|item| item.finding).filter(|finding| finding.is_open())
    }

    /// A file from the top of the repository.
    #[must_use]
    pub fn from_top(&self, file: &str) -> String {
        match file {
            "." => self.prefix.trim_end_matches('/').to_owned(),
            file => format!("{}{file}", self.prefix),
        }
    }
}

/// Whether a change is shown by `--since`.
#[must_use]
pub fn is_worse(change: &Change) -> bool {
    matches!(change.kind, Kind::New | Kind::Worse)
}

/// Where a finding is to be shown. Lines and columns count from 1, columns in characters.
pub struct Spot<'a> {
    /// The file, from the catalog's root.
    pub file: &'a str,
    pub line: u32,
    pub column: u32,
    /// After its last character, on the same line; none where it ends on another.
    pub end_column: Option<u32>,
}

/// Where a finding points, if anywhere.
#[must_use]
pub fn spot<'a>(catalog: &'a Catalog, finding: &Finding) -> Option<Spot<'a>> {
    if let Entity::Ignore(id) = finding.subject {
        let ignore = &catalog.ignores[id.index()];
        return Some(Spot { file: &ignore.file, line: ignore.line, column: 1, end_column: None });
    }
    let location = catalog.locate(finding.place?);
    let position = location.position;
    let ends = position.last_line == position.line && position.end_column > position.column;
    Some(Spot {
        file: location.file,
        line: position.line,
        column: position.column,
        end_column: ends.then_some(position.end_column),
    })
}

/// Where a finding points, for readers that must have a place: else the settings, else the first file.
#[must_use]
pub fn spot_somewhere<'a>(catalog: &'a Catalog, finding: &Finding) -> Spot<'a> {
    let settings = || {
        let location = catalog.locate(catalog.settings.place?);
        Some(Spot { file: location.file, line: location.position.line, column: 1, end_column: None })
    };
    spot(catalog, finding).or_else(settings).unwrap_or_else(|| {
        let file = catalog.files().next().map_or("catalog.yaml", |file| &file.path);
        Spot { file, line: 1, column: 1, end_column: None }
    })
}

/// What was decided about a finding, in words; none where it is open.
#[must_use]
pub fn decided(catalog: &Catalog, finding: &Finding) -> Option<String> {
    finding.decision.as_ref().map(|decided| decisions::words(catalog, decided))
}
