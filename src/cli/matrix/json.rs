//! `persona-workbench/matrix/1`: a matrix for other programs. Its schema is
//! `assets/schema/matrix-1.json`; a test holds the two together.

use serde::Serialize;

use super::Page;
use crate::analysis::matrix::signs::amount_word;
use crate::analysis::matrix::{Amount, Total, explain};
use crate::catalog::Place;
use crate::cli::report::{EntityPart, entity};

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    catalog: CatalogPart<'a>,
    at: String,
    kind: &'static str,
    environment: Option<&'a str>,
    phase: Option<&'a str>,
    risk: Option<&'a str>,
    filter: &'a str,
    order: &'a str,
    transposed: bool,
    left_out: LeftOut,
    rows: Vec<Line>,
    columns: Vec<Line>,
    total: TotalPart,
    cells: Vec<CellPart<'a>>,
}

#[derive(Serialize)]
struct CatalogPart<'a> {
    name: &'a str,
    path: &'a str,
    personas: usize,
}

#[derive(Serialize)]
struct Line {
    #[serde(flatten)]
    entity: EntityPart,
    total: TotalPart,
}

/// Rows and columns with nothing in them.
#[derive(Serialize)]
struct LeftOut {
    rows: usize,
    columns: usize,
}

#[derive(Serialize)]
struct TotalPart {
    cells: usize,
    wrong: usize,
}

#[derive(Serialize)]
struct CellPart<'a> {
    row: usize,
    column: usize,
    state: &'static str,
    wrong: bool,
    left: Option<String>,
    right: Option<String>,
    conditional: bool,
    environment: Option<&'a str>,
    severity: Option<&'static str>,
    facts: Vec<FactPart<'a>>,
    findings: Vec<FindingPart<'a>>,
}

#[derive(Serialize)]
struct FactPart<'a> {
    title: &'static str,
    text: String,
    location: Option<LocationPart<'a>>,
}

#[derive(Serialize)]
struct FindingPart<'a> {
    rule: &'static str,
    severity: &'static str,
    open: bool,
    environment: Option<&'a str>,
    message: &'a str,
    location: Option<LocationPart<'a>>,
}

#[derive(Serialize)]
struct LocationPart<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

/// The matrix.
///
/// # Errors
/// Where it cannot be written as JSON, which does not happen.
pub fn text(page: &Page<'_>) -> anyhow::Result<String> {
    let catalog = &page.analysis.catalog;
    let settings = &catalog.settings;
    let (view, context) = (page.view, &page.matrix.context);
    let lines = |entities: &[crate::catalog::Entity], totals: &[Total]| {
        entities
            .iter()
            .zip(totals)
            .map(|(one, total)| Line { entity: entity(catalog, *one), total: total_part(*total) })
            .collect()
    };
    let mut cells = Vec::new();
    for row in 0..view.rows.len() {
        for column in 0..view.columns.len() {
            if let Some(cell) = cell(page, row, column) {
                cells.push(cell);
            }
        }
    }
    let report = Report {
        schema: "persona-workbench/matrix/1",
        catalog: CatalogPart { name: &catalog.name, path: &catalog.path, personas: catalog.personas.len() },
        at: page.analysis.day.to_string(),
        kind: page.matrix.kind.word(),
        environment: context.environment.map(|environment| settings.environment(environment)),
        phase: context.phase.as_ref().map(crate::card::words::Name::written),
        risk: context.risk.map(|risk| settings.risk(risk)),
        filter: page.filter,
        order: &page.order,
        transposed: view.transposed,
        left_out: LeftOut { rows: view.empty_rows, columns: view.empty_columns },
        rows: lines(&view.rows, &view.row_totals),
        columns: lines(&view.columns, &view.column_totals),
        total: total_part(view.total),
        cells,
    };
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}

fn total_part(total: Total) -> TotalPart {
    TotalPart { cells: total.cells, wrong: total.wrong }
}

fn cell<'a>(page: &Page<'a>, row: usize, column: usize) -> Option<CellPart<'a>> {
    let analysis = page.analysis;
    let settings = &analysis.catalog.settings;
    let cell = page.view.cell(page.matrix, row, column)?;
    let (one, other) = page.view.pair(row, column)?;
    let why = explain(analysis, page.matrix, one, other);
    let location = |place: Place| {
        let found = analysis.catalog.locate(place);
        LocationPart { file: found.file, line: found.position.line, column: found.position.column }
    };
    let word = |amount: Amount| (amount != Amount::Nothing).then(|| amount_word(settings, amount));
    Some(CellPart {
        row,
        column,
        state: cell.state.word(),
        wrong: cell.state.is_wrong(),
        left: word(cell.left),
        right: word(cell.right),
        conditional: cell.conditional,
        environment: cell.environment.map(|environment| settings.environment(environment)),
        severity: cell.severity.map(|severity| severity.word()),
        facts: why
            .facts
            .into_iter()
            .map(|fact| FactPart { title: fact.title, text: fact.text, location: fact.place.map(location) })
            .collect(),
        findings: why
            .findings
            .iter()
            .map(|place| &analysis.findings[*place])
            .map(|finding| FindingPart {
                rule: finding.rule.id,
                severity: finding.severity.word(),
                open: finding.is_open(),
                environment: finding.environment.map(|environment| settings.environment(environment)),
                message: &finding.message,
                location: finding.place.map(location),
            })
            .collect(),
    })
}
