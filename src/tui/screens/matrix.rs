//! Screen 3, Matrix: who against what, a sign a cell, with frozen heads; enter says why.
//!
//! What a cell is, and in which order rows and columns stand, the analysis says; here it only gets a
//! place on the screen. Drawing looks at what is visible, however large the matrix is.

pub mod cell;
mod draw;

use std::sync::Arc;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::matrix::heads::{Heads, column_labels, row_label};
use crate::analysis::matrix::signs::Letters;
use crate::analysis::matrix::{Cell, Kind, Matrix, Options, Sort, View};
use crate::catalog::Entity;
use crate::tui::layout::areas;
use crate::tui::model::{Cursor, Model};
use crate::tui::theme::Theme;

pub use draw::render;

/// Columns of a cell under heads that stand like stairs.
const STAIR: usize = 5;

/// Columns of a total, with the blanks before it.
fn total_width(state: &State) -> usize {
    let total = state.view.total;
    format!("{}/{}", total.wrong, total.cells).len().max(5) + 2
}

/// The state of the screen.
#[derive(Debug)]
pub struct State {
    /// Which matrix.
    pub kind: Kind,
    /// Order, turning, filter.
    pub options: Options,
    /// Whether it shows what rows and columns come to.
    pub totals: bool,
    /// Whether each cell is one sign only.
    pub dense: bool,
    /// The matrix, once it is looked at.
    pub matrix: Option<Arc<Matrix>>,
    /// What of it is shown.
    pub view: View,
    /// Where in the rows.
    pub row: Cursor,
    /// Where in the columns.
    pub column: Cursor,
    /// What the rows are called.
    pub labels: Vec<String>,
    /// What the columns are called.
    pub heads: Heads,
    /// Letters of the levels.
    pub letters: Letters,
    /// What the columns are called in full.
    pub long: Vec<String>,
    /// Whether heads stand one below the other in full, with a line down to each column: where
    /// there is room for that and all rows too.
    pub stairs: bool,
    short: Vec<String>,
    widest: usize,
    /// What the heads were made for: lines, dense, ASCII.
    made_for: (usize, bool, bool),
}

impl Default for State {
    fn default() -> Self {
        Self {
            kind: Kind::default(),
            options: Options::default(),
            totals: true,
            dense: false,
            matrix: None,
            view: View::default(),
            row: Cursor::default(),
            column: Cursor::default(),
            labels: Vec::new(),
            heads: Heads::default(),
            letters: Letters::default(),
            long: Vec::new(),
            stairs: false,
            short: Vec::new(),
            widest: 0,
            made_for: (0, false, false),
        }
    }
}

impl State {
    /// The selected row and column, as they stand on the screen.
    #[must_use]
    pub fn selected(&self) -> Option<(Entity, Entity)> {
        Some((*self.view.rows.get(self.row.row)?, *self.view.columns.get(self.column.row)?))
    }

    /// The selected row and column, as they stand in the matrix.
    #[must_use]
    pub fn pair(&self) -> Option<(Entity, Entity)> {
        self.view.pair(self.row.row, self.column.row)
    }

    /// The selected cell, if there is something in it.
    #[must_use]
    pub fn cell(&self) -> Option<Cell> {
        self.view.cell(self.matrix.as_deref()?, self.row.row, self.column.row)
    }

    /// Makes the matrix anew, and what is shown of it.
    pub fn rebuild(&mut self, analysis: &Analysis, context: &Context, keep: Option<(Entity, Entity)>) {
        let matrix = Arc::new(Matrix::of(analysis, self.kind, context));
        self.letters = Letters::of(&analysis.catalog.settings);
        self.matrix = Some(matrix);
        self.arrange(analysis, keep);
    }

    /// Makes anew what is shown, and stays with a row and a column where they are still there.
    pub fn arrange(&mut self, analysis: &Analysis, keep: Option<(Entity, Entity)>) {
        let Some(matrix) = self.matrix.clone() else { return };
        self.view = View::of(analysis, &matrix, &self.options);
        self.labels = self.view.rows.iter().map(|row| self.label(analysis, *row)).collect();
        self.widest = self.labels.iter().map(|label| label.width()).max().unwrap_or(0);
        self.long = self.view.columns.iter().map(|column| self.label(analysis, *column)).collect();
        self.short.clear();
        self.made_for = (0, false, false);
        let (row, column) = keep.unzip();
        let place = |entities: &[Entity], wanted: Option<Entity>| {
            wanted.and_then(|wanted| entities.iter().position(|entity| *entity == wanted)).unwrap_or(0)
        };
        self.row = Cursor { row: place(&self.view.rows, row), offset: self.row.offset };
        self.column = Cursor { row: place(&self.view.columns, column), offset: self.column.offset };
    }

    fn label(&self, analysis: &Analysis, entity: Entity) -> String {
        row_label(&analysis.catalog, entity)
    }

    /// Makes the heads for a number of lines, unless they are made for it already.
    fn fit(&mut self, analysis: &Analysis, most: usize, theme: Theme) {
        let wanted = (most, self.dense, theme.ascii);
        if self.made_for == wanted {
            return;
        }
        if self.short.is_empty() || self.made_for.2 != theme.ascii {
            self.short = column_labels(&analysis.catalog, &self.view.columns, theme.ascii);
        }
        self.heads = if self.dense {
            // What is left out in front would take the line of a letter.
            let short: Vec<String> = self
                .short
                .iter()
                .map(|label| label.trim_start_matches(theme.ellipsis()).to_owned())
                .collect();
            Heads::vertical(&short, most, theme.ascii)
        } else {
            Heads::stacked(&self.short, 4..=8, most, theme.ascii)
        };
        self.made_for = wanted;
    }

    /// The next order: after the others, by the column that is selected.
    pub fn next_sort(&mut self) {
        self.options.cluster = false;
        self.options.sort = match self.options.sort {
            Sort::Catalog => Sort::Name,
            Sort::Name => Sort::Gaps,
            Sort::Gaps => Sort::Most,
            Sort::Most => self.selected().map_or(Sort::Catalog, |(_, column)| Sort::By(column)),
            Sort::By(_) => Sort::Catalog,
        };
    }
}

/// Where the parts of the matrix stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The line of kinds, and the line of what is shown.
    pub title: Rect,
    /// The heads of columns.
    pub heads: Rect,
    /// The cells, without heads and labels.
    pub cells: Rect,
    /// The labels of rows.
    pub labels: Rect,
    /// What columns come to; of no height where that is not shown.
    pub totals: Rect,
    /// Signs and what they mean.
    pub legend: Rect,
    /// What there is to say of the selected cell; of no height where the inspector says it.
    pub strip: Rect,
    /// Columns of a cell, with the blank after it.
    pub cell: u16,
    /// Rows that are shown.
    pub rows: usize,
    /// Matrix columns that are shown.
    pub columns: usize,
}

/// Where the parts stand, by size, detail and labels.
#[must_use]
pub fn shape(model: &Model) -> Shape {
    let areas = areas(model);
    let Some(area) = areas.list else { return Shape::default() };
    let state = &model.matrix;
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let small = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
    let side = (state.widest + 4).clamp(22, (width * 3 / 10).max(22)).min(width / 2);
    let cell = match (state.dense, state.stairs) {
        (true, _) => 2,
        (false, true) => STAIR,
        (false, false) => state.heads.width.max(4) + 1,
    };
    let total = if state.totals { total_width(state) } else { 0 };
    let columns = width.saturating_sub(side + total + 1) / cell;
    let (totals, legend, strip) = below(state, areas.inspector.is_some(), height);
    let columns = columns.min(state.view.columns.len());
    let heads = if state.stairs { columns } else { state.heads.height.min(height / 2) };
    let used = 2 + heads + 1 + totals + legend + strip;
    let rows = height.saturating_sub(used).min(state.view.rows.len().max(1));
    // A blank line over the stairs, where there is one to spare.
    let air = usize::from(state.stairs && used + rows < height);
    let top = area.y + small(2 + air);
    let body = top + small(heads + 1);
    let x = area.x + small(side);
    let wide = small((cell * columns).min(width.saturating_sub(side)));
    let below = body + small(rows);
    let end = area.y + area.height;
    Shape {
        title: Rect { height: 2.min(area.height), ..area },
        heads: Rect { x, y: top, width: wide, height: small(heads) },
        cells: Rect { x, y: body, width: wide, height: small(rows) },
        labels: Rect { x: area.x, y: body, width: small(side), height: small(rows) },
        totals: Rect { x: area.x, y: below, width: area.width, height: small(totals) },
        legend: Rect { y: end - small(strip + legend), height: small(legend), ..area },
        strip: Rect { y: end - small(strip), height: small(strip), ..area },
        cell: small(cell),
        rows,
        columns,
    }
}

/// Lines of totals, legend and what is said of the selected cell.
fn below(state: &State, inspector: bool, height: usize) -> (usize, usize, usize) {
    let strip = match (inspector, height) {
        (true, _) | (_, 0..16) => 0,
        (false, 16..26) => 3,
        (false, _) => 5,
    };
    (usize::from(state.totals && height >= 14), usize::from(height >= 12), strip)
}

/// After anything that may move things: heads made, cursors in their lists and in sight.
pub fn settle(model: &mut Model) {
    let Some(analysis) = model.analysis.clone() else { return };
    let height = usize::from(model.size.1);
    let theme = model.theme;
    let most = if model.matrix.dense { (height / 4).clamp(3, 14) } else { (height / 8).clamp(2, 4) };
    model.matrix.fit(&analysis, most, theme);
    model.matrix.stairs = true;
    let stairs = shape(model);
    let areas = areas(model);
    let height = areas.list.map_or(0, |area| usize::from(area.height));
    let (totals, legend, strip) = below(&model.matrix, areas.inspector.is_some(), height);
    let wanted = 3 + stairs.columns + model.matrix.view.rows.len() + totals + legend + strip;
    model.matrix.stairs = wanted <= height;
    let shape = shape(model);
    let state = &mut model.matrix;
    let (row, column) = (state.row.row, state.column.row);
    state.row.to(row, state.view.rows.len(), shape.rows);
    state.column.to(column, state.view.columns.len(), shape.columns);
}
