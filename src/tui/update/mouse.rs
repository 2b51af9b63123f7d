//! The mouse: click selects and focuses, double click opens, the wheel scrolls what is under it.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::keys::{act, move_rows, scroll_gap};
use super::{audit, canvas, deeds, edit, maps, matrix, palette, review, settle, switch, whatif};
use crate::tui::actions::Action;
use crate::tui::layout::{areas, footer, tabs};
use crate::tui::message::Effect;
use crate::tui::model::{Layer, Model, Pane, Screen};
use crate::tui::render::palette_area;
use crate::tui::screens::{cards, graph};
use crate::tui::widgets::card::draw_card;

/// Two clicks within so many milliseconds open.
const DOUBLE: u64 = 400;

/// Something the mouse did.
pub fn event(model: &mut Model, event: MouseEvent, at: u64) -> Vec<Effect> {
    if model.review.following {
        return Vec::new();
    }
    let place = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::ScrollDown => wheel(model, place, 3),
        MouseEventKind::ScrollUp => wheel(model, place, -3),
        MouseEventKind::ScrollLeft if canvas::is_shown(model) => canvas::scroll(model, -6, 0),
        MouseEventKind::ScrollRight if canvas::is_shown(model) => canvas::scroll(model, 6, 0),
        MouseEventKind::Drag(MouseButton::Left) if canvas::is_shown(model) && model.layers.is_empty() => {
            canvas::drag(model, place);
        }
        MouseEventKind::ScrollLeft if model.screen == Screen::Maps => maps::scroll(model, -6, 0),
        MouseEventKind::ScrollRight if model.screen == Screen::Maps => maps::scroll(model, 6, 0),
        MouseEventKind::Drag(MouseButton::Left)
            if model.screen == Screen::Maps && model.layers.is_empty() =>
        {
            maps::drag(model, place);
        }
        MouseEventKind::Up(MouseButton::Left) => {
            model.graph.canvas.held = None;
            model.maps.held = None;
        }
        MouseEventKind::ScrollLeft if model.screen == Screen::Matrix => matrix::across(model, -1),
        MouseEventKind::ScrollRight if model.screen == Screen::Matrix => matrix::across(model, 1),
        MouseEventKind::Down(MouseButton::Left) => {
            let double = model.clicked.is_some_and(|(x, y, before)| {
                (x, y) == (event.column, event.row) && at.saturating_sub(before) <= DOUBLE
            });
            model.clicked = (!double).then_some((event.column, event.row, at));
            model.toast = None;
            return click(model, place, double);
        }
        _ => {}
    }
    Vec::new()
}

fn wheel(model: &mut Model, place: Position, delta: isize) {
    match model.layers.last_mut() {
        Some(Layer::Help { offset }) => {
            *offset = offset.saturating_add_signed(delta);
            return;
        }
        Some(Layer::Palette(state)) => {
            state.cursor.by(delta, state.choices.len(), palette::HEIGHT);
            return;
        }
        Some(Layer::Cell { .. }) => {
            matrix::scroll_popup(model, delta);
            return;
        }
        Some(Layer::Form(form)) => {
            form.scroll(delta);
            return;
        }
        Some(Layer::Fixes(state)) => {
            state.offset = state.offset.saturating_add_signed(delta);
            return;
        }
        Some(Layer::Deed(sheet)) => {
            sheet.scroll(delta);
            return;
        }
        Some(Layer::Several(state)) => {
            state.offset = state.offset.saturating_add_signed(delta);
            return;
        }
        Some(Layer::Saving(state)) => {
            let (state, most) = (state.clone(), 0);
            let most = crate::tui::layers::saving::most(model, &state).max(most);
            if let Some(Layer::Saving(state)) = model.layers.last_mut() {
                state.offset = state.offset.saturating_add_signed(delta).min(most);
            }
            return;
        }
        Some(Layer::History(state)) => {
            let count = model.session.history().0.len() + 1;
            state.cursor.by(delta, count, 20);
            return;
        }
        Some(
            Layer::Ask(_)
            | Layer::Suppose(_)
            | Layer::Conflicts(_)
            | Layer::Filter { .. }
            | Layer::Context { .. }
            | Layer::Logs { .. }
            | Layer::Recovered(_),
        ) => {
            return;
        }
        None => {}
    }
    if canvas::is_shown(model) {
        canvas::scroll(model, 0, if delta > 0 { 3 } else { -3 });
        return;
    }
    if model.screen == Screen::Maps {
        maps::scroll(model, 0, if delta > 0 { 3 } else { -3 });
        return;
    }
    if model.screen == Screen::WhatIf {
        whatif::scroll(model, delta);
        return;
    }
    if model.screen == Screen::Review {
        review::scroll(model, delta);
        return;
    }
    let areas = areas(model);
    let in_detail = areas.detail.is_some_and(|area| area.contains(place));
    match model.screen {
        Screen::Cards if in_detail => {
            let Some(area) = areas.detail else { return };
            let (Some(analysis), Some(view)) = (model.analysis.clone(), &model.cards.view) else { return };
            let (card, _) = cards::split(area, areas.inspector.is_none());
            let lines = draw_card(&analysis, view, model.theme, usize::from(card.width), None).lines.len();
            let most = lines.saturating_sub(usize::from(card.height));
            model.cards.offset = model.cards.offset.saturating_add_signed(delta).min(most);
        }
        Screen::Gaps if in_detail => scroll_gap(model, delta),
        Screen::Audit if in_detail => audit::scroll(model, delta),
        Screen::Audit
        | Screen::Cards
        | Screen::Gaps
        | Screen::Graph
        | Screen::Maps
        | Screen::Matrix
        | Screen::Review
        | Screen::WhatIf
        | Screen::Problems => {
            let pane = std::mem::replace(&mut model.pane, Pane::List);
            move_rows(model, delta);
            model.pane = if areas.list.is_some() { pane } else { Pane::Detail };
        }
    }
}

fn click(model: &mut Model, place: Position, double: bool) -> Vec<Effect> {
    match model.layers.last() {
        Some(Layer::Palette(_)) => return click_palette(model, place),
        Some(Layer::Cell { .. }) => return matrix::click_popup(model, place),
        Some(Layer::Help { .. } | Layer::Context { .. } | Layer::Logs { .. }) => {
            model.layers.pop();
            return Vec::new();
        }
        Some(Layer::Form(_)) => return edit::click_form(model, place, double),
        Some(Layer::Deed(_)) => return deeds::click(model, place),
        Some(Layer::Several(_)) => {
            deeds::click_several(model, place);
            return Vec::new();
        }
        Some(Layer::Ask(_) | Layer::Suppose(_)) => return Vec::new(),
        Some(
            Layer::Conflicts(_)
            | Layer::Fixes(_)
            | Layer::History(_)
            | Layer::Recovered(_)
            | Layer::Saving(_),
        ) => return edit::click(model, place, double),
        Some(Layer::Filter { .. }) => {
            model.layers.pop();
        }
        None => {}
    }
    let areas = areas(model);
    if areas.tabs.contains(place) {
        let hit = tabs(model).into_iter().find(|(_, text, x)| {
            (*x..*x + u16::try_from(text.chars().count()).unwrap_or(0)).contains(&place.x)
        });
        if let Some((screen, ..)) = hit {
            switch(model, screen);
        }
        return Vec::new();
    }
    if areas.footer.contains(place) {
        let hit = footer(model).into_iter().find(|(_, key, word, x)| {
            let width = u16::try_from(key.chars().count() + word.chars().count() + 1).unwrap_or(0);
            (*x..*x + width).contains(&place.x)
        });
        return hit.map_or_else(Vec::new, |(action, ..)| act(model, action));
    }
    let mut effects = Vec::new();
    if let Some(area) = areas.list.filter(|area| area.contains(place)) {
        model.pane = Pane::List;
        if model.screen == Screen::Maps {
            let hit = maps::click(model, place);
            return if double && hit { act(model, Action::Open) } else { effects };
        }
        if canvas::is_shown(model) {
            let hit = canvas::click(model, place);
            return if double && hit { act(model, Action::Open) } else { effects };
        }
        click_list(model, area, place);
        if double {
            effects = act(model, Action::Open);
        }
    } else if let Some(area) = areas.detail.filter(|area| area.contains(place)) {
        model.pane = Pane::Detail;
        if model.screen == Screen::Cards {
            click_value(model, area, areas.inspector.is_none(), place);
            if double {
                effects = act(model, Action::Open);
            }
        }
    }
    settle(model);
    effects
}

fn click_palette(model: &mut Model, place: Position) -> Vec<Effect> {
    let area = palette_area(model);
    let Some(Layer::Palette(state)) = model.layers.last_mut() else { return Vec::new() };
    if !area.contains(place) {
        model.layers.pop();
        return Vec::new();
    }
    // Border, input and an empty line stand above the choices.
    let row = usize::from(place.y.saturating_sub(area.y + 3)) + state.cursor.offset;
    if place.y >= area.y + 3 && row < state.choices.len() {
        state.cursor.row = row;
        return palette::choose(model);
    }
    Vec::new()
}

fn click_list(model: &mut Model, area: Rect, place: Position) {
    let Some(analysis) = model.analysis.clone() else { return };
    let height = super::list_height(model);
    // The first line is the title; the graph has an empty line below its own.
    let row = usize::from(place.y - area.y);
    match model.screen {
        Screen::Cards if row > 0 => {
            let row = row - 1 + model.cards.cursor.offset;
            if row < model.cards.rows.len() {
                model.cards.cursor.to(row, model.cards.rows.len(), height);
                model.cards.step(&analysis, 0, height);
            }
        }
        Screen::Gaps if row > 0 => {
            let row = row - 1 + model.gaps.cursor.offset;
            if row < model.gaps.rows.len() {
                model.gaps.cursor.to(row, model.gaps.rows.len(), height);
                model.gaps.step(0, height);
            }
        }
        Screen::Audit if row > 0 => {
            let row = row - 1 + model.audit.cursor.offset;
            if row < model.audit.rows.len() {
                model.audit.cursor.to(row, model.audit.rows.len(), height);
                audit::step(model, 0);
            }
        }
        Screen::Problems if row > 0 => {
            let row = row - 1 + model.problems.cursor.offset;
            model.problems.cursor.to(row, crate::tui::screens::problems::all(&analysis).len(), height);
        }
        Screen::Matrix => matrix::click(model, place),
        Screen::Graph if row > 1 => click_graph(model, area, place, row - 2, height),
        Screen::Audit
        | Screen::Cards
        | Screen::Gaps
        | Screen::Maps
        | Screen::Review
        | Screen::WhatIf
        | Screen::Problems
        | Screen::Graph => {}
    }
}

fn click_graph(model: &mut Model, area: Rect, place: Position, row: usize, height: usize) {
    match model.graph.projection {
        graph::Projection::Neighbours => {
            let middle = (area.width / 4).clamp(16, 40);
            let side = (area.width - middle) / 2;
            let state = &mut model.graph.neighbours;
            if place.x < area.x + side {
                state.side = graph::neighbours::Side::From;
                let row = row + state.from_cursor.offset;
                state.from_cursor.to(row, state.from.len(), height);
            } else if place.x < area.x + side + middle {
                state.side = graph::neighbours::Side::Focus;
            } else {
                state.side = graph::neighbours::Side::To;
                let row = row + state.to_cursor.offset;
                state.to_cursor.to(row, state.to.len(), height);
            }
            state.step(0, height);
        }
        graph::Projection::Canvas => {}
        graph::Projection::Tree => {
            let row = row + model.graph.tree.cursor.offset;
            model.graph.tree.cursor.to(row, model.graph.tree.rows.len(), height);
        }
        graph::Projection::Path => {
            let row = row + model.graph.path.cursor.offset;
            model.graph.path.cursor.to(row, model.graph.path.rows.len(), height);
        }
        graph::Projection::Reach => {
            let row = row + model.graph.reach.cursor.offset;
            model.graph.reach.cursor.to(row, model.graph.reach.rows.len(), height);
            model.graph.reach.step(0, height);
        }
    }
}

fn click_value(model: &mut Model, area: Rect, below: bool, place: Position) {
    let (Some(analysis), Some(view)) = (model.analysis.clone(), &model.cards.view) else { return };
    let (card, _) = cards::split(area, below);
    if !card.contains(place) {
        return;
    }
    let line = usize::from(place.y - card.y) + model.cards.offset;
    let drawn = draw_card(&analysis, view, model.theme, usize::from(card.width), None);
    if let Some(value) = drawn.values.iter().position(|(first, last)| (*first..=*last).contains(&line)) {
        model.cards.value = value;
    }
}
