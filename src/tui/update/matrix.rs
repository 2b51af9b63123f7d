//! What keys and mouse do on the screen of matrices, and in the explanation of a cell.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::{Position, Rect};

use super::{leave, list_height, open_card, refilter, say, settle};
use crate::analysis::Analysis;
use crate::analysis::matrix::Kind;
use crate::catalog::{Entity, EntityKind};
use crate::tui::actions::Action;
use crate::tui::message::Effect;
use crate::tui::model::{Layer, Model, Pane, Screen};
use crate::tui::render::cell_area;
use crate::tui::screens::graph::Projection;
use crate::tui::screens::matrix::cell::{Content, Jump, content, explanation};
use crate::tui::screens::matrix::{self, shape};

/// Makes the matrix, unless it is there.
pub(super) fn enter(model: &mut Model) {
    if model.matrix.matrix.is_none() {
        rebuild(model, None);
    }
}

/// Makes the matrix anew in the context, and stays where one is.
pub(super) fn rebuild(model: &mut Model, keep: Option<(Entity, Entity)>) {
    let Some(analysis) = model.analysis.clone() else { return };
    let keep = keep.or_else(|| model.matrix.selected());
    let context = model.context.clone();
    model.matrix.rebuild(&analysis, &context, keep);
    matrix::settle(model);
}

/// Makes anew what is shown of the matrix, and stays where one is.
pub(super) fn arrange(model: &mut Model, keep: Option<(Entity, Entity)>) {
    let Some(analysis) = model.analysis.clone() else { return };
    model.matrix.arrange(&analysis, keep);
    matrix::settle(model);
}

/// Names of a row and a column, good for the next snapshot.
pub(super) type Names = ((EntityKind, String), (EntityKind, String));

/// The names of what is selected, before the data changes.
pub(super) fn names(model: &Model) -> Option<Names> {
    let (analysis, (row, column)) = (model.analysis.as_deref()?, model.matrix.selected()?);
    let catalog = &analysis.catalog;
    let name = |entity: Entity| (catalog.kind(entity), catalog.id(entity).into_owned());
    Some((name(row), name(column)))
}

/// After the data changed: the matrix of the new data, if there was one of the old.
pub(super) fn loaded(model: &mut Model, analysis: &Analysis, names: Option<Names>) {
    if let crate::analysis::matrix::Sort::By(_) = model.matrix.options.sort {
        model.matrix.options.sort = crate::analysis::matrix::Sort::Catalog;
    }
    if model.matrix.matrix.is_none() && model.screen != Screen::Matrix {
        return;
    }
    let find = |(kind, id): &(EntityKind, String)| match kind {
        EntityKind::Name => {
            let mut names = analysis.catalog.names.iter();
            let place = names.position(|name| name.is(id))?;
            Some(Entity::Name(crate::catalog::NameId::from_index(place)))
        }
        _ => super::find(analysis, &(*kind, id.clone())),
    };
    let keep = names.and_then(|(row, column)| Some((find(&row)?, find(&column)?)));
    // What was just emptied stays in sight: the next key is meant for it.
    model.matrix.options.stays =
        keep.map(|(row, column)| if model.matrix.options.transpose { (column, row) } else { (row, column) });
    model.matrix.matrix = None;
    // A cell that is explained may be another one now.
    model.layers.retain(|layer| !matches!(layer, Layer::Cell { .. }));
    rebuild(model, keep);
}

/// Moves by rows.
pub(super) fn step(model: &mut Model, delta: isize) {
    let height = list_height(model);
    let count = model.matrix.view.rows.len();
    model.matrix.row.by(delta, count, height);
}

/// Moves by columns.
pub(super) fn across(model: &mut Model, delta: isize) {
    let shape = shape(model);
    let count = model.matrix.view.columns.len();
    model.matrix.column.by(delta, count, shape.columns);
}

/// An action that the screen alone has, or has its own way of.
pub(super) fn act(model: &mut Model, action: Action) {
    let keep = model.matrix.selected();
    if !matches!(action, Action::Open | Action::PageLeft | Action::PageRight) {
        model.matrix.options.stays = None;
    }
    match action {
        Action::PageLeft | Action::PageRight => {
            let page = isize::try_from(shape(model).columns).unwrap_or(1).max(2) - 1;
            across(model, if action == Action::PageLeft { -page } else { page });
        }
        Action::Cluster => {
            model.matrix.options.cluster = !model.matrix.options.cluster;
            arrange(model, keep);
            let text = if model.matrix.options.cluster { "like stands by like" } else { "in order again" };
            say(model, text, false);
        }
        Action::Transpose => {
            model.matrix.options.transpose = !model.matrix.options.transpose;
            arrange(model, keep.map(|(row, column)| (column, row)));
        }
        Action::Totals => {
            model.matrix.totals = !model.matrix.totals;
            matrix::settle(model);
        }
        Action::Empty => {
            model.matrix.options.empty = !model.matrix.options.empty;
            arrange(model, keep);
        }
        Action::Sort => {
            model.matrix.next_sort();
            arrange(model, keep);
        }
        Action::More | Action::Fewer => {
            model.matrix.dense = action == Action::Fewer;
            matrix::settle(model);
        }
        Action::NextView => {
            let place = Kind::ALL.iter().position(|kind| *kind == model.matrix.kind).unwrap_or(0);
            model.matrix.kind = Kind::ALL[(place + 1) % Kind::ALL.len()];
            // Words for one kind's columns mean nothing for another's.
            model.matrix.options.filter.clear();
            if let crate::analysis::matrix::Sort::By(_) = model.matrix.options.sort {
                model.matrix.options.sort = crate::analysis::matrix::Sort::Catalog;
            }
            model.matrix.matrix = None;
            rebuild(model, keep);
        }
        Action::Open if model.matrix.pair().is_some() => {
            model.layers.push(Layer::Cell { chosen: 0, offset: 0 });
            follow(model);
        }
        _ => {}
    }
}

/// The first gap of the selected cell.
pub(super) fn gap(model: &Model) -> Option<usize> {
    if model.screen != Screen::Matrix {
        return None;
    }
    explanation(model)?.findings.first().copied()
}

/// All gaps of the selected cell.
pub(super) fn gaps(model: &Model) -> Vec<usize> {
    explanation(model).map(|why| why.findings).unwrap_or_default()
}

/// A key in the explanation of a cell.
pub(super) fn press(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let content = popup(model);
    let Some(Layer::Cell { chosen, .. }) = model.layers.last().cloned() else { return Vec::new() };
    let last = content.jumps.len().saturating_sub(1);
    let first_of = |wanted: fn(&Jump) -> bool| content.jumps.iter().map(|(_, _, jump)| *jump).find(&wanted);
    let to = match event.code {
        KeyCode::Char('j') | KeyCode::Down | KeyCode::Tab => Some((chosen + 1).min(last)),
        KeyCode::Char('k') | KeyCode::Up | KeyCode::BackTab => Some(chosen.saturating_sub(1)),
        KeyCode::Char('g') | KeyCode::Home | KeyCode::PageUp => Some(0),
        KeyCode::Char('G') | KeyCode::End | KeyCode::PageDown => Some(last),
        _ => None,
    };
    if let Some(to) = to {
        if let Some(Layer::Cell { chosen, .. }) = model.layers.last_mut() {
            *chosen = to;
        }
        follow(model);
        return Vec::new();
    }
    // What can be done on the matrix can be done from here.
    if let KeyCode::Char(letter @ ('a' | 'e' | '<' | '>')) = event.code {
        model.layers.pop();
        return match letter {
            'a' => super::edit::ask_fixes(model),
            'e' => super::edit::open_form(model),
            letter if model.readonly => {
                debug_assert!(matches!(letter, '<' | '>'), "only these are left");
                say(model, super::edit::READ_ONLY, true);
                Vec::new()
            }
            letter => super::deeds::nudge(model, letter == '>'),
        };
    }
    let jump = match event.code {
        KeyCode::Enter => content.jumps.get(chosen).map(|(_, _, jump)| *jump),
        KeyCode::Char('1') => first_of(|jump| matches!(jump, Jump::Card(_))),
        KeyCode::Char('2' | '.') => first_of(|jump| matches!(jump, Jump::Graph(..))),
        KeyCode::Char('5' | 'n') => first_of(|jump| matches!(jump, Jump::Gap(_))),
        KeyCode::Char('E') => {
            let analysis = model.analysis.as_deref();
            analysis.and_then(|_| explanation(model)?.place).map(Jump::File)
        }
        _ => {
            model.layers.pop();
            return Vec::new();
        }
    };
    match jump {
        Some(jump) => go(model, jump),
        None => {
            say(model, "there is nothing of that kind here", true);
            Vec::new()
        }
    }
}

/// A click in the explanation, or beside it.
pub(super) fn click_popup(model: &mut Model, place: Position) -> Vec<Effect> {
    let (area, inner) = cell_area(model);
    let Some(Layer::Cell { offset, .. }) = model.layers.last().cloned() else { return Vec::new() };
    if !area.contains(place) {
        model.layers.pop();
        return Vec::new();
    }
    if !inner.contains(place) {
        return Vec::new();
    }
    let line = usize::from(place.y - inner.y) + offset;
    let hit = popup(model).jumps.into_iter().find(|(first, last, _)| (*first..=*last).contains(&line));
    hit.map_or_else(Vec::new, |(_, _, jump)| go(model, jump))
}

/// Scrolls the explanation.
pub(super) fn scroll_popup(model: &mut Model, delta: isize) {
    let (_, inner) = cell_area(model);
    let most = popup(model).lines.len().saturating_sub(usize::from(inner.height));
    if let Some(Layer::Cell { offset, .. }) = model.layers.last_mut() {
        *offset = offset.saturating_add_signed(delta).min(most);
    }
}

fn popup(model: &Model) -> Content {
    let (_, inner) = cell_area(model);
    content(model, usize::from(inner.width), None)
}

/// Keeps the selected line of the explanation in sight.
fn follow(model: &mut Model) {
    let (_, inner) = cell_area(model);
    let content = popup(model);
    let height = usize::from(inner.height).max(1);
    if let Some(Layer::Cell { chosen, offset }) = model.layers.last_mut()
        && let Some((first, last, _)) = content.jumps.get(*chosen)
    {
        if *chosen == 0 && *last < height {
            *offset = 0;
        } else if *first < *offset {
            *offset = *first;
        } else if *last >= *offset + height {
            *offset = last + 1 - height;
        }
        *offset = (*offset).min(content.lines.len().saturating_sub(height));
    }
}

/// Goes where a line of the explanation leads.
fn go(model: &mut Model, jump: Jump) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    if let Jump::File(place) = jump {
        // One comes back from the editor to where one was.
        let location = analysis.catalog.locate(place);
        return vec![Effect::Edit(location.file.to_owned(), location.position.line)];
    }
    model.layers.pop();
    match jump {
        Jump::Card(entity) => open_card(model, entity),
        Jump::Graph(from, to) => {
            leave(model);
            model.screen = Screen::Graph;
            model.pane = Pane::List;
            let context = model.context.clone();
            model.graph.marks = vec![from, to];
            model.graph.look_at(&analysis, from, &context);
            model.graph.projection = Projection::Path;
            settle(model);
        }
        Jump::Gap(place) => {
            leave(model);
            model.screen = Screen::Gaps;
            model.pane = Pane::List;
            if model.gaps.row_of(place).is_none() {
                model.gaps.filter.clear();
                refilter(model);
            }
            let height = list_height(model);
            model.gaps.rebuild(&analysis, Some(place), height);
            settle(model);
        }
        Jump::File(_) => {}
    }
    Vec::new()
}

/// A click on a cell, a label, a head, or the name of a kind.
pub(super) fn click(model: &mut Model, place: Position) {
    let shape = shape(model);
    if place.y == shape.title.y {
        let mut x = shape.title.x + 1;
        for kind in Kind::ALL {
            let width = u16::try_from(kind.word().chars().count() + 3).unwrap_or(0);
            if (x..x + width).contains(&place.x) && kind != model.matrix.kind {
                let before = Kind::ALL.iter().position(|known| *known == kind).unwrap_or(0);
                model.matrix.kind = Kind::ALL[(before + Kind::ALL.len() - 1) % Kind::ALL.len()];
                act(model, Action::NextView);
                return;
            }
            x += width;
        }
        return;
    }
    let of_row = |area: Rect| (area.y..area.y + area.height).contains(&place.y);
    if of_row(shape.cells) {
        let row = model.matrix.row.offset + usize::from(place.y - shape.cells.y);
        if row < model.matrix.view.rows.len() {
            model.matrix.row.to(row, model.matrix.view.rows.len(), shape.rows);
        }
    }
    if (shape.cells.x..shape.cells.x + shape.cells.width).contains(&place.x)
        && (of_row(shape.cells) || of_row(shape.heads))
    {
        let column = model.matrix.column.offset + usize::from((place.x - shape.cells.x) / shape.cell.max(1));
        if column < model.matrix.view.columns.len() {
            model.matrix.column.to(column, model.matrix.view.columns.len(), shape.columns);
        }
    }
}
