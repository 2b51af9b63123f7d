//! What keys and mouse do on the canvas of the graph, and when it is drawn anew.

use std::sync::Arc;

use ratatui::layout::{Position, Rect};

use crate::layout::graph::{Drawing, Layers};
use crate::tui::actions::Action;
use crate::tui::layout::areas;
use crate::tui::message::Effect;
use crate::tui::model::{Model, Screen};
use crate::tui::screens::graph::Projection;
use crate::tui::screens::graph::canvas::{self, HOPS, wanted};
use crate::tui::widgets::picture::{Direction, Job, cell_at, pan, step};

/// Whether the canvas is what is looked at.
pub(super) fn is_shown(model: &Model) -> bool {
    model.screen == Screen::Graph && model.graph.projection == Projection::Canvas
}

/// Asks for another drawing, where one is wanted.
pub(super) fn ask(model: &mut Model) -> Option<Effect> {
    if !is_shown(model) {
        return None;
    }
    let wanted = wanted(model, &areas(model))?;
    let analysis = model.analysis.clone()?;
    let state = &mut model.graph.canvas;
    if state.asked.as_ref() == Some(&wanted) {
        return None;
    }
    state.number += 1;
    state.waiting = true;
    state.asked = Some(wanted.clone());
    Some(Effect::Draw(Box::new(Job { number: state.number, wanted, analysis })))
}

/// A drawing came.
pub(super) fn drawn(model: &mut Model, number: u64, drawing: Arc<Drawing>) {
    if number != model.graph.canvas.number {
        return;
    }
    let (area, focus) = (area(model), model.graph.focus);
    model.graph.canvas.waiting = false;
    model.graph.canvas.take(drawing, focus, area);
}

/// The part of the screen that the drawing has.
fn area(model: &Model) -> Rect {
    canvas::area(model, &areas(model))
}

/// Does an action that means something of its own on the canvas; whether it is one.
pub(super) fn act(model: &mut Model, action: Action) -> bool {
    match action {
        Action::Left => go(model, Direction::Left),
        Action::Down => go(model, Direction::Down),
        Action::Up => go(model, Direction::Up),
        Action::Right => go(model, Direction::Right),
        Action::PageDown => page(model, 0, 3),
        Action::PageUp => page(model, 0, -3),
        Action::HalfDown => page(model, 0, 2),
        Action::HalfUp => page(model, 0, -2),
        Action::PageLeft => page(model, -3, 0),
        Action::PageRight => page(model, 3, 0),
        Action::NextPane => go_by(model, 1),
        Action::PreviousPane => go_by(model, -1),
        Action::More => hops(model, true),
        Action::Fewer => hops(model, false),
        Action::Sort => layers(model),
        Action::Open => return unfold(model),
        _ => return false,
    }
    true
}

/// To the next box in a direction.
pub(super) fn go(model: &mut Model, direction: Direction) {
    let area = area(model);
    let state = &mut model.graph.canvas;
    let next = state
        .drawing
        .as_deref()
        .zip(state.selected)
        .and_then(|(drawing, selected)| step(&drawing.picture, selected, direction));
    if let Some(next) = next {
        state.select(next, area);
    }
}

/// By some boxes in the order of columns.
pub(super) fn go_by(model: &mut Model, delta: isize) {
    let area = area(model);
    let state = &mut model.graph.canvas;
    let Some(drawing) = state.drawing.clone() else { return };
    if drawing.picture.nodes.is_empty() {
        return;
    }
    // Of what is searched for; without a search that is all.
    let order = state.found();
    let here = state.selected.and_then(|selected| order.iter().position(|place| *place == selected));
    let count = order.len();
    let next = here.map_or(0, |here| here.saturating_add_signed(delta).min(count.saturating_sub(1)));
    if let Some(place) = order.get(next) {
        state.select(*place, area);
    }
}

/// Moves the window by some columns and rows.
pub(super) fn scroll(model: &mut Model, columns: i32, rows: i32) {
    let area = area(model);
    let state = &mut model.graph.canvas;
    if let Some(drawing) = state.drawing.as_deref() {
        state.at = pan(&drawing.picture, state.at, columns, rows, area);
    }
}

/// By half a window, or a whole one.
pub(super) fn page(model: &mut Model, columns: i32, rows: i32) {
    let area = area(model);
    let part = |size: u16, factor: i32| i32::from(size) * factor / 4;
    scroll(model, part(area.width, columns), part(area.height, rows));
}

/// More or fewer hops; more also shows what is folded.
pub(super) fn hops(model: &mut Model, more: bool) {
    let Some(analysis) = model.analysis.clone() else { return };
    let state = &mut model.graph.canvas;
    if more && state.unfold(&analysis) {
        return;
    }
    state.hops = if more { (state.hops + 1).min(HOPS) } else { state.hops.saturating_sub(1) };
    state.unfolded.clear();
}

/// What is searched for changed.
pub(super) fn seek(model: &mut Model) {
    let area = area(model);
    model.graph.canvas.seek(area);
}

/// Nearer or farther.
pub(super) fn zoom(model: &mut Model, nearer: bool) {
    let now = canvas::zoom(model, area(model));
    model.graph.canvas.zoom = Some(if nearer { now.nearer() } else { now.farther() });
}

/// By kind or by rank.
pub(super) fn layers(model: &mut Model) {
    let state = &mut model.graph.canvas;
    state.layers = match state.layers {
        Layers::Kind => Layers::Rank,
        Layers::Rank => Layers::Kind,
    };
}

/// Shows what the selected box folds; whether it is one that does.
pub(super) fn unfold(model: &mut Model) -> bool {
    let Some(analysis) = model.analysis.clone() else { return false };
    model.graph.canvas.unfold(&analysis)
}

/// The mouse was pressed at a place: on a box it selects, elsewhere it takes hold of the picture.
/// Whether there is a box.
pub(super) fn click(model: &mut Model, place: Position) -> bool {
    let area = area(model);
    let state = &mut model.graph.canvas;
    state.held = Some((place.x, place.y));
    let Some(drawing) = state.drawing.clone() else { return false };
    let hit = cell_at(&drawing.picture, state.at, area, place).and_then(|cell| drawing.picture.node_at(cell));
    if let Some(hit) = hit {
        state.select(hit, area);
    }
    hit.is_some()
}

/// The mouse drags the picture along.
pub(super) fn drag(model: &mut Model, place: Position) {
    let Some((x, y)) = model.graph.canvas.held else { return };
    model.graph.canvas.held = Some((place.x, place.y));
    scroll(model, i32::from(x) - i32::from(place.x), i32::from(y) - i32::from(place.y));
}

/// After the window's size changed: the selected box stays in sight.
pub(super) fn keep(model: &mut Model) {
    let area = area(model);
    if let Some(selected) = model.graph.canvas.selected {
        model.graph.canvas.select(selected, area);
    }
}
