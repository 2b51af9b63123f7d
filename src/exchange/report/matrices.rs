//! Matrices for a report: the same cells, letters and words as on the screen.

use std::collections::HashMap;

use serde::Serialize;

use super::data::{Numbers, mark_number};
use crate::analysis::effective::Context;
use crate::analysis::matrix::signs::{Letters, cell_words, states_in};
use crate::analysis::matrix::{Kind, Matrix};
use crate::analysis::{Analysis, Severity};
use crate::card::visible::visible;

/// What a cell says: in signs, in words, its mark, whether something is to be done, and its state.
type Said = (String, String, u8, bool, &'static str);

#[derive(Serialize)]
pub(super) struct MatrixData {
    kind: &'static str,
    title: &'static str,
    /// What stands on the two sides of a sign.
    sides: (&'static str, &'static str),
    rows: Vec<u32>,
    columns: Vec<u32>,
    /// What cells say, each once.
    says: Vec<Said>,
    /// One where the environment makes no difference, else one of all, and one for each.
    views: Vec<ViewData>,
    letters: Vec<(String, String)>,
}

#[derive(Serialize)]
struct ViewData {
    environment: Option<usize>,
    /// Row, column, what it says, and the worst severity from 1.
    cells: Vec<(u32, u32, u32, u8)>,
    /// Glyph, meaning, mark.
    states: Vec<(&'static str, &'static str, u8)>,
}

/// Every matrix.
pub(super) fn matrices(analysis: &Analysis, numbers: &mut Numbers) -> Vec<MatrixData> {
    let settings = &analysis.catalog.settings;
    let letters = Letters::of(settings);
    let mut out = Vec::new();
    for kind in Kind::ALL {
        let mut says: Vec<Said> = Vec::new();
        let mut known: HashMap<(String, String), u32> = HashMap::new();
        let (mut views, mut rows, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        let count = if kind.has_context() { settings.environments.len() } else { 0 };
        for environment in std::iter::once(None).chain((0..count).map(Some)) {
            let context = Context { environment, ..Context::default() };
            let matrix = Matrix::of(analysis, kind, &context);
            let cells = matrix.cells().iter().map(|cell| {
                let text = letters.text(cell, kind, false).trim_end().to_owned();
                let words = visible(&cell_words(settings, kind, cell)).into_owned();
                let next = u32::try_from(says.len()).unwrap_or(u32::MAX);
                let place = *known.entry((text, words)).or_insert_with_key(|(text, words)| {
                    let mark = mark_number(cell.state.mark());
                    let text = visible(text).into_owned();
                    says.push((text, words.clone(), mark, cell.state.is_wrong(), cell.state.word()));
                    next
                });
                let severity = cell.severity.and_then(|severity| {
                    Severity::ALL.iter().zip(1..).find(|(known, _)| **known == severity).map(|(_, at)| at)
                });
                (cell.row, cell.column, place, severity.unwrap_or(0))
            });
            let cells = cells.collect();
            let states = states_in(matrix.cells().iter());
            let states = states
                .into_iter()
                .map(|state| (state.glyph(false), state.meaning(kind), mark_number(state.mark())))
                .collect();
            views.push(ViewData { environment, cells, states });
            if environment.is_none() {
                rows = matrix.rows.iter().map(|entity| numbers.number(*entity)).collect();
                columns = matrix.columns.iter().map(|entity| numbers.number(*entity)).collect();
            }
        }
        out.push(MatrixData {
            kind: kind.word(),
            title: kind.title(),
            sides: kind.sides(),
            rows,
            columns,
            says,
            views,
            letters: letters
                .legend(settings, kind)
                .into_iter()
                .map(|(letter, word)| (letter, visible(&word).into_owned()))
                .collect(),
        });
    }
    out
}
