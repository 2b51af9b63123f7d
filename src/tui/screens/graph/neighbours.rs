//! Neighbours: what leads here, the focus, what it leads to, grouped by relation.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{stroke, thing};
use crate::analysis::Analysis;
use crate::analysis::lens::{Lens, Shown, edges};
use crate::catalog::Entity;
use crate::graph::Link;
use crate::tui::model::{Cursor, Model};
use crate::tui::text::{cut, pad};
use crate::tui::theme::Theme;
use crate::tui::widgets::{rows, scroll_hint};

/// Which column has the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Side {
    /// What leads here.
    From,
    /// The focus.
    #[default]
    Focus,
    /// What it leads to.
    To,
}

/// A row of a column.
#[derive(Clone, Debug)]
pub enum Row {
    /// The relation of the rows below.
    Relation(&'static str, usize),
    /// An edge.
    Edge(Shown),
}

/// The state of the projection.
#[derive(Debug, Default)]
pub struct State {
    /// What leads here.
    pub from: Vec<Row>,
    /// What it leads to.
    pub to: Vec<Row>,
    /// Where in `from`.
    pub from_cursor: Cursor,
    /// Where in `to`.
    pub to_cursor: Cursor,
    /// Which column has the cursor.
    pub side: Side,
}

impl State {
    /// Makes the columns anew.
    pub fn rebuild(&mut self, analysis: &Analysis, focus: Entity, lens: Lens<'_>) {
        self.from = column(edges(analysis, focus, false, lens), false);
        self.to = column(edges(analysis, focus, true, lens), true);
        self.from_cursor.row = self.from_cursor.row.min(self.from.len().saturating_sub(1));
        self.to_cursor.row = self.to_cursor.row.min(self.to.len().saturating_sub(1));
    }

    /// Begins at the focus; where nothing leads away from it, at what leads to it.
    pub fn start(&mut self) {
        self.from_cursor = Cursor { row: 1.min(self.from.len().saturating_sub(1)), offset: 0 };
        self.to_cursor = Cursor { row: 1.min(self.to.len().saturating_sub(1)), offset: 0 };
        self.side = match (self.to.is_empty(), self.from.is_empty()) {
            (false, _) => Side::To,
            (true, false) => Side::From,
            (true, true) => Side::Focus,
        };
    }

    /// Whether the cursor is where it began.
    #[must_use]
    pub fn is_at_start(&self) -> bool {
        match self.side {
            Side::From => self.to.is_empty() && self.from_cursor.row <= 1,
            Side::Focus => true,
            Side::To => self.to_cursor.row <= 1,
        }
    }

    fn shown(&self) -> Option<&Shown> {
        let row = match self.side {
            Side::From => self.from.get(self.from_cursor.row),
            Side::Focus => None,
            Side::To => self.to.get(self.to_cursor.row),
        };
        match row {
            Some(Row::Edge(shown)) => Some(shown),
            Some(Row::Relation(..)) | None => None,
        }
    }

    /// The entity under the cursor; none at the focus.
    #[must_use]
    pub fn selected(&self) -> Option<Entity> {
        self.shown().map(|shown| shown.entity)
    }

    /// Moves to an entity, where it is one of the neighbours.
    pub fn select(&mut self, entity: Entity) {
        let of = |rows: &[Row]| {
            rows.iter().position(|row| matches!(row, Row::Edge(shown) if shown.entity == entity))
        };
        if let Some(row) = of(&self.to) {
            (self.side, self.to_cursor.row) = (Side::To, row);
        } else if let Some(row) = of(&self.from) {
            (self.side, self.from_cursor.row) = (Side::From, row);
        }
    }

    /// The edge under the cursor.
    #[must_use]
    pub fn link(&self) -> Option<Link> {
        self.shown().map(|shown| shown.link)
    }

    /// Moves in the column, over the titles.
    pub fn step(&mut self, delta: isize, height: usize) {
        let (rows, cursor) = match self.side {
            Side::From => (&self.from, &mut self.from_cursor),
            Side::To => (&self.to, &mut self.to_cursor),
            Side::Focus => return,
        };
        let start = cursor.row;
        cursor.by(delta, rows.len(), height);
        if matches!(rows.get(cursor.row), Some(Row::Relation(..))) {
            let on = if delta < 0 && cursor.row > 0 { -1 } else { 1 };
            cursor.by(on, rows.len(), height);
        }
        if matches!(rows.get(cursor.row), Some(Row::Relation(..))) {
            cursor.to(start, rows.len(), height);
        }
    }

    /// Moves to the column at the left or the right, where it has rows.
    pub fn across(&mut self, right: bool) {
        self.side = match (self.side, right) {
            (Side::From, true) | (Side::To, false) => Side::Focus,
            (Side::Focus, true) if !self.to.is_empty() => Side::To,
            (Side::Focus, false) if !self.from.is_empty() => Side::From,
            (side, _) => side,
        };
    }
}

fn column(edges: Vec<Shown>, outgoing: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for group in edges.chunk_by(|left, right| left.link.relation == right.link.relation) {
        let relation = group[0].link.relation;
        rows.push(Row::Relation(
            if outgoing { relation.verb() } else { relation.inverse_verb() },
            group.len(),
        ));
        rows.extend(group.iter().map(|shown| Row::Edge(*shown)));
    }
    rows
}

/// Draws the projection.
pub fn render(model: &Model, analysis: &Analysis, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let state = &model.graph.neighbours;
    let Some(focus) = model.graph.focus else { return };
    let focus_text = thing(analysis, focus, theme);
    let middle = (area.width / 4).clamp(16, 40);
    let side = (area.width - middle) / 2;
    let left = Rect { width: side, ..area };
    let centre = Rect { x: area.x + side, width: middle, ..area };
    let right = Rect { x: area.x + side + middle, width: area.width - side - middle, ..area };

    draw_column(
        analysis,
        &state.from,
        state.from_cursor,
        state.side == Side::From,
        false,
        left,
        theme,
        frame,
    );
    draw_column(analysis, &state.to, state.to_cursor, state.side == Side::To, true, right, theme, frame);

    // The focus stands as a box at the height where the eye starts.
    let width = usize::from(centre.width).saturating_sub(4);
    let selected = state.side == Side::Focus;
    let style = if selected { theme.selected(true) } else { theme.strong() };
    let (top, side_line, bottom) = if theme.ascii {
        (format!("+{}+", "-".repeat(width)), "|", format!("+{}+", "-".repeat(width)))
    } else {
        (format!("╭{}╮", "─".repeat(width)), "│", format!("╰{}╯", "─".repeat(width)))
    };
    let mut lines = vec![Line::from(Span::styled(format!(" {top}"), theme.accent()))];
    for line in crate::tui::text::wrap(&focus_text, width.saturating_sub(2)) {
        lines.push(Line::from(vec![
            Span::styled(format!(" {side_line}"), theme.accent()),
            Span::styled(format!(" {} ", pad(&line, width.saturating_sub(2), theme.ellipsis())), style),
            Span::styled(side_line, theme.accent()),
        ]));
    }
    lines.push(Line::from(Span::styled(format!(" {bottom}"), theme.accent())));
    if let Some(severity) = analysis.worst(focus) {
        let count = analysis.about(focus).filter(|(_, finding)| finding.is_open()).count();
        lines.push(Line::from(Span::styled(
            format!("  {} {count} {}", theme.badge(severity), if count == 1 { "gap" } else { "gaps" }),
            theme.severity(severity),
        )));
    }
    rows(frame, centre, &lines, 0);
}

#[expect(clippy::too_many_arguments, reason = "one column's state, drawn in one go")]
fn draw_column(
    analysis: &Analysis,
    column: &[Row],
    cursor: Cursor,
    active: bool,
    outgoing: bool,
    area: Rect,
    theme: Theme,
    frame: &mut Frame<'_>,
) {
    let width = usize::from(area.width).saturating_sub(1);
    let height = usize::from(area.height);
    let mut lines = Vec::new();
    if column.is_empty() {
        let text = if outgoing { "leads to nothing" } else { "nothing leads here" };
        lines.push(Line::from(Span::styled(format!(" {text}"), theme.faint())));
    }
    for (place, row) in column.iter().enumerate().skip(cursor.offset).take(height) {
        lines.push(match row {
            Row::Relation(verb, count) => {
                let text = if *count > 1 { format!(" {verb} ({count})") } else { format!(" {verb}") };
                Line::from(Span::styled(cut(&text, width, theme.ellipsis()), theme.accent()))
            }
            Row::Edge(shown) => {
                let selected = active && place == cursor.row;
                let style = if selected { theme.selected(true) } else { theme.base() };
                let mark = style.patch(theme.mark(shown.mark));
                let sign = shown.mark.glyph(theme.ascii);
                let line = stroke(shown.mark, theme);
                let room = width.saturating_sub(7);
                let text = pad(&thing(analysis, shown.entity, theme), room, theme.ellipsis());
                let strong = matches!(
                    shown.mark,
                    crate::analysis::view::Mark::Plain | crate::analysis::view::Mark::Needed
                );
                let name = if strong { style } else { mark };
                if outgoing {
                    Line::from(vec![Span::styled(format!(" {line} {sign} "), mark), Span::styled(text, name)])
                } else {
                    Line::from(vec![
                        Span::styled(format!(" {text}"), name),
                        Span::styled(format!(" {sign} {line}"), mark),
                    ])
                }
            }
        });
    }
    rows(frame, area, &lines, 0);
    scroll_hint(frame, area, theme, cursor.offset, column.len(), height);
}
