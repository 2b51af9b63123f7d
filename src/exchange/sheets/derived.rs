//! What follows from the cards, as tables: findings, and the matrices.
//!
//! An import passes these over: they are known by their names and columns.

use super::{Sheet, Tone};
use crate::analysis::effective::Context;
use crate::analysis::matrix::signs::cell_words;
use crate::analysis::matrix::{Kind, Matrix, Options, State, View};
use crate::analysis::view::Mark;
use crate::analysis::{Analysis, Decided, Severity};
use crate::card::words::{Name, slug};
use crate::catalog::{Catalog, Entity};

/// The titles of the table of findings.
pub const FINDINGS: [&str; 10] = [
    "Severity",
    "Rule",
    "Subject",
    "Object",
    "Environment",
    "Finding",
    "Confidence",
    "State",
    "File",
    "Line",
];

/// How the name of a matrix's table begins.
pub const MATRIX: &str = "Matrix ";

/// Findings and matrices.
#[must_use]
pub fn sheets(analysis: &Analysis) -> Vec<Sheet> {
    let mut out = vec![findings(analysis)];
    for kind in Kind::ALL {
        out.push(matrix(analysis, kind, None));
    }
    for environment in 0..analysis.catalog.settings.environments.len() {
        out.push(matrix(analysis, Kind::Components, Some(environment)));
    }
    out
}

fn findings(analysis: &Analysis) -> Sheet {
    let catalog = &analysis.catalog;
    let mut tones = Vec::new();
    let rows = analysis.findings.iter().enumerate().map(|(place, finding)| {
        if finding.is_open() {
            tones.push((
                place,
                0,
                match finding.severity {
                    Severity::Critical | Severity::High => Tone::Bad,
                    Severity::Medium => Tone::Doubtful,
                    Severity::Low | Severity::Info => Tone::Good,
                },
            ));
        }
        let location = finding.place.map(|place| catalog.locate(place));
        let label = |entity: Entity| catalog.label(entity);
        vec![
            finding.severity.word().to_owned(),
            finding.rule.id.to_owned(),
            label(finding.subject),
            finding.object.map_or_else(String::new, label),
            finding
                .environment
                .map_or_else(String::new, |place| catalog.settings.environment(place).to_owned()),
            finding.message.clone(),
            finding.confidence.word().to_owned(),
            match &finding.decision {
                None => "open".to_owned(),
                Some(Decided::Card(id)) => {
                    let action = catalog.decisions.get(id.index()).and_then(|decision| decision.action);
                    action.map_or_else(|| "decided".to_owned(), |action| action.word().to_owned())
                }
                Some(Decided::Ignored(_)) => "ignored".to_owned(),
            },
            location.as_ref().map_or_else(String::new, |location| location.file.to_owned()),
            location.as_ref().map_or_else(String::new, |location| location.position.line.to_string()),
        ]
    });
    let rows = rows.collect();
    Sheet {
        name: "Findings".to_owned(),
        file: "findings".to_owned(),
        head: FINDINGS.map(str::to_owned).into(),
        rows,
        tones,
        is_derived: true,
    }
}

fn matrix(analysis: &Analysis, kind: Kind, environment: Option<usize>) -> Sheet {
    let catalog = &analysis.catalog;
    let context = Context { environment, ..Context::default() };
    let matrix = Matrix::of(analysis, kind, &context);
    let view = View::of(analysis, &matrix, &Options::default());
    let mut head = vec![format!("{} id", kind.rows().word()), "name".to_owned()];
    head.extend(view.columns.iter().map(|column| catalog.label(*column)));
    head.push("gaps".to_owned());
    let mut tones = Vec::new();
    let mut rows = Vec::new();
    for (row, entity) in view.rows.iter().enumerate() {
        let mut cells = vec![catalog.id(*entity).into_owned(), catalog.name(*entity).into_owned()];
        for column in 0..view.columns.len() {
            let cell = view.cell(&matrix, row, column);
            cells.push(cell.map_or_else(String::new, |cell| {
                tones.extend(tone(cell.state).map(|tone| (row, column + 2, tone)));
                cell_words(&catalog.settings, kind, &cell)
            }));
        }
        cells.push(view.row_totals.get(row).map_or_else(String::new, |total| total.wrong.to_string()));
        rows.push(cells);
    }
    let (name, file) = named(catalog, kind, environment);
    Sheet { name, file, head, rows, tones, is_derived: true }
}

/// The names of the tables of all matrices, and of their files without an ending.
#[must_use]
pub fn matrices(catalog: &Catalog) -> Vec<(String, String)> {
    let mut out: Vec<_> = Kind::ALL.into_iter().map(|kind| named(catalog, kind, None)).collect();
    let environments = 0..catalog.settings.environments.len();
    out.extend(environments.map(|environment| named(catalog, Kind::Components, Some(environment))));
    out
}

fn named(catalog: &Catalog, kind: Kind, environment: Option<usize>) -> (String, String) {
    let word = kind.word();
    match environment.map(|place| catalog.settings.environment(place)) {
        None => (format!("{MATRIX}{word}"), format!("matrix-{word}")),
        // Two environments may share the letters of a file's name, and then the number tells them apart.
        Some(name) => {
            let same = |other: &Name| slug(other.written()).eq_ignore_ascii_case(&slug(name));
            let several = catalog.settings.environments.iter().filter(|other| same(other)).count() > 1;
            let number =
                environment.filter(|_| several).map_or_else(String::new, |place| format!("-{}", place + 1));
            (format!("{MATRIX}{word} {name}"), format!("matrix-{word}-{}{number}", slug(name)))
        }
    }
}

fn tone(state: State) -> Option<Tone> {
    if state.is_wrong() {
        return Some(Tone::Bad);
    }
    match state.mark() {
        Mark::Needed => Some(Tone::Good),
        Mark::Unsure => Some(Tone::Doubtful),
        _ => None,
    }
}
