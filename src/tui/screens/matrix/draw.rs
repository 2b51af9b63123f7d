//! The matrix on the screen: only what is visible is looked at.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{Shape, State, cell, shape, total_width};
use crate::analysis::Analysis;
use crate::analysis::matrix::{Kind, Matrix, Sort, Total};
use crate::catalog::{Entity, EntityKind};
use crate::tui::actions::Action;
use crate::tui::layout::Areas;
use crate::tui::model::Model;
use crate::tui::text::{cut, pad, safe, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::{rows, rule, scroll_hint};

/// Draws the screen.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let (Some(analysis), Some(area)) = (model.analysis.as_deref(), areas.list) else { return };
    let Some(matrix) = model.matrix.matrix.as_deref() else { return };
    let shape = shape(model);
    render_title(model, analysis, matrix, shape.title, frame);
    if let Some(inspector) = areas.inspector {
        frame.render_widget(
            rule(model.theme),
            Rect { x: inspector.x.saturating_sub(2), width: 1, ..inspector },
        );
        let content = cell::content(model, usize::from(inspector.width).saturating_sub(1), None);
        rows(frame, inspector, &content.lines, 0);
    }
    if model.matrix.view.rows.is_empty() || model.matrix.view.columns.is_empty() {
        render_empty(
            model,
            analysis,
            Rect { y: area.y + 3, height: area.height.saturating_sub(3), ..area },
            frame,
        );
        return;
    }
    render_heads(model, &shape, frame);
    render_rows(model, matrix, &shape, frame);
    render_totals(model, &shape, frame);
    render_legend(model, matrix.kind, shape.legend, frame);
    render_strip(model, analysis, shape.strip, frame);
}

/// The kinds, and below them what is shown.
fn render_title(model: &Model, analysis: &Analysis, matrix: &Matrix, area: Rect, frame: &mut Frame<'_>) {
    let (theme, state) = (model.theme, &model.matrix);
    let width = usize::from(area.width);
    let mut kinds = vec![Span::raw(" ")];
    for kind in Kind::ALL {
        if kind == state.kind {
            kinds.push(Span::styled(format!("[{}] ", kind.word()), theme.accent()));
        } else {
            kinds.push(Span::styled(format!(" {}  ", kind.word()), theme.faint()));
        }
    }
    let cross = if theme.ascii { "x" } else { "×" };
    let dot = if theme.ascii { ", " } else { " · " };
    let mut words = Vec::new();
    if matrix.kind.has_context() {
        let phrase = matrix.context.phrase(&analysis.catalog);
        words.push(if phrase.is_empty() { "all environments".to_owned() } else { phrase });
    }
    let view = &state.view;
    words.push(format!("{} {cross} {}", view.rows.len(), view.columns.len()));
    words.push(match (state.options.cluster, state.options.sort) {
        (true, _) => "like by like".to_owned(),
        (false, Sort::By(entity)) => format!("by {}", analysis.catalog.name(entity)),
        (false, sort) => sort.word().to_owned(),
    });
    words.push(format!("{} of {} with a gap", view.total.wrong, view.total.cells));
    let empty = match (view.empty_rows, view.empty_columns) {
        (0, 0) => String::new(),
        (0, columns) => format!("{columns} empty columns left out"),
        (rows, 0) => format!("{rows} empty rows left out"),
        (rows, columns) => format!("{rows} empty rows, {columns} columns left out"),
    };
    if !empty.is_empty() {
        words.push(empty);
    }
    let facts = cut(&words.join(dot), width.saturating_sub(2), theme.ellipsis());
    rows(frame, area, &[Line::from(kinds), Line::from(Span::styled(format!(" {facts}"), theme.faint()))], 0);
}

fn render_empty(model: &Model, analysis: &Analysis, area: Rect, frame: &mut Frame<'_>) {
    let state = &model.matrix;
    let catalog = &analysis.catalog;
    let none = match state.kind.rows() {
        EntityKind::Person => catalog.people.is_empty(),
        _ => catalog.personas.is_empty(),
    };
    let hint = if !state.options.filter.is_empty() {
        format!("Nothing matches \"{}\". Esc clears the filter.", safe(&state.options.filter))
    } else if none && state.kind == Kind::People {
        "There are no people yet. `persona new person NAME` makes a card for one.".to_owned()
    } else if none {
        "There are no personas yet. `persona new persona NAME` makes a card; `persona demo` shows an example."
            .to_owned()
    } else {
        let key = model.keys.shown(Action::Empty);
        format!("No cell has anything in it. {key} shows rows and columns all the same.")
    };
    let width = usize::from(area.width).saturating_sub(2);
    let lines: Vec<Line<'_>> =
        wrap(&hint, width).into_iter().map(|line| Line::from(format!(" {line}"))).collect();
    rows(frame, area, &lines, 0);
}

fn render_heads(model: &Model, shape: &Shape, frame: &mut Frame<'_>) {
    let (theme, state) = (model.theme, &model.matrix);
    let cell = usize::from(shape.cell);
    let last = (state.column.offset + shape.columns).min(state.view.columns.len());
    let corner = Rect { x: shape.labels.x, width: shape.labels.width, ..shape.heads };
    render_corner(state, shape, corner, theme, frame);
    if state.stairs {
        render_stairs(state, shape, theme, frame);
    }
    // Of heads that are higher than there is room, the end tells more columns apart.
    let height = usize::from(shape.heads.height);
    let skip = state.heads.height.saturating_sub(height);
    let mut lines = Vec::with_capacity(height);
    for line in (skip..state.heads.height).take(if state.stairs { 0 } else { height }) {
        let spans: Vec<Span<'_>> = (state.column.offset..last)
            .filter_map(|column| {
                let head = state.heads.lines.get(column)?;
                let here = column == state.column.row;
                let style = if here { theme.accent() } else { theme.base() };
                Some(Span::styled(pad(&head[line], cell, theme.ellipsis()), style))
            })
            .collect();
        lines.push(Line::from(spans));
    }
    rows(frame, shape.heads, &lines, 0);
    let dash = if theme.ascii { "-" } else { "─" };
    let total = if state.totals { total_width(state) } else { 0 };
    let wide = usize::from(shape.labels.width) + (last - state.column.offset) * cell + total;
    let y = shape.heads.y + shape.heads.height;
    let line = Span::styled(dash.repeat(wide), theme.faint());
    frame.render_widget(line, Rect { y, height: 1, width: frame.area().width, x: shape.labels.x });
    // A mark in the line leads from the head to its column.
    let x = shape.heads.x + shape.cell * u16::try_from(state.column.row - state.column.offset).unwrap_or(0);
    let mark = if theme.ascii { "v" } else { "▼" };
    let at = if state.dense { x } else { x + 1 };
    if at < shape.heads.x + shape.heads.width {
        frame.render_widget(Span::styled(mark, theme.accent()), Rect { x: at, y, width: 1, height: 1 });
    }
    if state.totals {
        let x = shape.labels.x + u16::try_from(wide.saturating_sub(4)).unwrap_or(0);
        let word = Span::styled("gaps", theme.faint().add_modifier(Modifier::BOLD));
        frame.render_widget(word, Rect { x, y, width: 4, height: 1 });
    }
}

/// Heads in full, one below the other, and a line from each down to its column.
fn render_stairs(state: &State, shape: &Shape, theme: Theme, frame: &mut Frame<'_>) {
    let stem = theme.line();
    let width = usize::from(shape.legend.x + shape.legend.width);
    for step in 0..shape.columns {
        let column = state.column.offset + step;
        let here = column == state.column.row;
        let x = shape.heads.x + shape.cell * u16::try_from(step).unwrap_or(0) + u16::from(!state.dense);
        let room = width.saturating_sub(usize::from(x) + 1);
        let label = state.long.get(column).map_or("", String::as_str);
        let style = if here { theme.accent() } else { theme.base() };
        let y = shape.heads.y + u16::try_from(step).unwrap_or(0);
        let text = cut(label, room, theme.ellipsis());
        let wide = u16::try_from(text.width()).unwrap_or(0);
        frame.render_widget(Span::styled(text, style), Rect { x, y, width: wide, height: 1 });
        let style = if here { theme.accent() } else { theme.faint() };
        for y in y + 1..shape.heads.y + shape.heads.height {
            frame.render_widget(Span::styled(stem, style), Rect { x, y, width: 1, height: 1 });
        }
    }
}

/// Over the labels: which columns are shown, and how a cell is read.
fn render_corner(state: &State, shape: &Shape, area: Rect, theme: Theme, frame: &mut Frame<'_>) {
    let width = usize::from(area.width).saturating_sub(2);
    let count = state.view.columns.len();
    let mut lines: Vec<String> = Vec::new();
    if shape.columns < count {
        let first = state.column.offset + 1;
        let last = (state.column.offset + shape.columns).min(count);
        let (before, after) = if theme.ascii { ("<", ">") } else { ("‹", "›") };
        let before = if first > 1 { before } else { " " };
        let after = if last < count { after } else { " " };
        lines.push(format!("{before} {first} to {last} of {count} {after}"));
    }
    if !state.dense {
        let (left, right) = state.kind.sides();
        lines.push(format!("{left}|{right}"));
    }
    let height = usize::from(area.height);
    lines.truncate(height);
    let mut drawn: Vec<Line<'_>> = vec![Line::default(); height - lines.len()];
    drawn.extend(lines.into_iter().map(|line| {
        Line::from(Span::styled(format!(" {}", cut(&line, width, theme.ellipsis())), theme.faint()))
    }));
    rows(frame, area, &drawn, 0);
}

fn render_rows(model: &Model, matrix: &Matrix, shape: &Shape, frame: &mut Frame<'_>) {
    let (theme, state) = (model.theme, &model.matrix);
    let analysis = model.analysis.as_deref();
    let cell = usize::from(shape.cell);
    let columns = state.column.offset..(state.column.offset + shape.columns).min(state.view.columns.len());
    let side = usize::from(shape.labels.width);
    let nothing = if theme.ascii { "." } else { "·" };
    let mut lines = Vec::with_capacity(shape.rows);
    for row in (state.row.offset..state.view.rows.len()).take(shape.rows) {
        let here = row == state.row.row;
        let style = if here { theme.accent() } else { theme.base() };
        let sign = match (state.view.rows[row], analysis) {
            (Entity::Persona(id), Some(analysis)) => {
                theme.persona(analysis.catalog.personas[id.index()].persona_type)
            }
            _ => " ",
        };
        let edge = match (here, theme.ascii) {
            (true, false) => "▌",
            (true, true) => ">",
            (false, _) => " ",
        };
        let mut spans = vec![
            Span::styled(edge, theme.accent()),
            Span::styled(format!("{sign} "), if here { style } else { theme.faint() }),
            Span::styled(pad(&state.labels[row], side.saturating_sub(4), theme.ellipsis()), style),
            Span::raw(" "),
        ];
        for column in columns.clone() {
            let chosen = here && column == state.column.row;
            let ground = if chosen { theme.selected(true) } else { Style::new() };
            let found = state.view.cell(matrix, row, column);
            let text = match &found {
                Some(found) if state.dense => found.state.glyph(theme.ascii).to_owned(),
                Some(found) => state.letters.text(found, matrix.kind, theme.ascii),
                None => {
                    let own = state.view.rows[row] == state.view.columns[column];
                    let sign = if own { if theme.ascii { "\\" } else { "╲" } } else { nothing };
                    format!("{}{sign}", if state.dense { "" } else { " " })
                }
            };
            let style = match &found {
                Some(found) => ground.patch(theme.mark(found.state.mark())),
                None => ground.patch(theme.faint()),
            };
            // The blank that parts two columns is not a part of the selected one.
            let text = pad(&text, cell - 1, theme.ellipsis());
            spans.push(Span::styled(text, style));
            spans.push(Span::raw(" "));
        }
        if state.totals {
            spans.push(total(state.view.row_totals[row], total_width(state), theme));
        }
        lines.push(Line::from(spans));
    }
    let area = Rect { x: shape.labels.x, width: shape.legend.width, ..shape.cells };
    rows(frame, area, &lines, 0);
    scroll_hint(frame, area, theme, state.row.offset, state.view.rows.len(), shape.rows);
}

fn total(total: Total, width: usize, theme: Theme) -> Span<'static> {
    let text = format!("{}/{}", total.wrong, total.cells);
    let style = if total.wrong > 0 { theme.base() } else { theme.faint() };
    Span::styled(format!("{text:>width$}"), style)
}

fn render_totals(model: &Model, shape: &Shape, frame: &mut Frame<'_>) {
    let (theme, state) = (model.theme, &model.matrix);
    if shape.totals.height == 0 {
        return;
    }
    let cell = usize::from(shape.cell);
    let side = usize::from(shape.labels.width);
    let last = (state.column.offset + shape.columns).min(state.view.columns.len());
    // Where both numbers do not fit, that of the gaps does.
    let both = |sum: Total| format!("{}/{}", sum.wrong, sum.cells);
    let fits = !state.dense && state.view.column_totals.iter().all(|sum| both(*sum).len() < cell);
    let label = if fits { "   gaps of all" } else { "   gaps" };
    let mut spans = vec![Span::styled(pad(label, side, theme.ellipsis()), theme.faint())];
    for column in state.column.offset..last {
        let sum = state.view.column_totals[column];
        let text = match (fits, state.dense, sum.wrong) {
            (true, _, _) => both(sum),
            (false, _, 0) => " ".to_owned(),
            (false, false, wrong) => format!(" {wrong}"),
            (false, true, wrong @ 1..10) => wrong.to_string(),
            (false, true, _) => "+".to_owned(),
        };
        let style = if sum.wrong > 0 { theme.base() } else { theme.faint() };
        spans.push(Span::styled(pad(&text, cell, theme.ellipsis()), style));
    }
    spans.push(total(state.view.total, total_width(state), theme));
    let area = Rect { height: 1, ..shape.totals };
    rows(frame, area, &[Line::from(spans)], 0);
}

/// Signs in words, as many words as there is room for.
fn render_legend(model: &Model, kind: Kind, area: Rect, frame: &mut Frame<'_>) {
    let (theme, state) = (model.theme, &model.matrix);
    if area.height == 0 {
        return;
    }
    let width = usize::from(area.width).saturating_sub(2);
    let long: usize = state.view.states.iter().map(|state| state.meaning(kind).width() + 5).sum();
    let mut spans = vec![Span::raw(" ")];
    let mut used = 0;
    for sign in &state.view.states {
        let word = if long <= width { sign.meaning(kind).to_owned() } else { sign.word().replace('-', " ") };
        let wide = word.width() + 5;
        if used + wide > width + 2 {
            spans.push(Span::styled(theme.ellipsis(), theme.faint()));
            break;
        }
        used += wide;
        spans.push(Span::styled(sign.glyph(theme.ascii), theme.mark(sign.mark())));
        spans.push(Span::styled(format!(" {word}   "), theme.faint()));
    }
    rows(frame, area, &[Line::from(spans)], 0);
}

/// The selected cell in a few lines.
fn render_strip(model: &Model, analysis: &Analysis, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    if area.height == 0 {
        return;
    }
    let width = usize::from(area.width).saturating_sub(2);
    let dash = if theme.ascii { "-" } else { "─" };
    let mut lines = vec![Line::from(Span::styled(dash.repeat(usize::from(area.width)), theme.faint()))];
    lines.extend(cell::short(model, analysis, width));
    rows(frame, area, &lines, 0);
    // The key that says all stands at the end, unless a sentence does.
    let key = format!("{}: why ", model.keys.shown(Action::Open));
    let wide = u16::try_from(key.width()).unwrap_or(0);
    if area.width > wide + 40 {
        let x = area.x + area.width - wide;
        let style = theme.faint().add_modifier(Modifier::BOLD);
        frame.render_widget(Span::styled(key, style), Rect { x, width: wide, height: 1, ..area });
    }
}
