//! What keys and mouse do on the maps, and when they are drawn anew.

use std::sync::Arc;

use ratatui::layout::{Position, Rect};

use super::say;
use crate::analysis::Analysis;
use crate::catalog::Entity;
use crate::layout::picture::Point;
use crate::layout::raster::Emphasis;
use crate::tui::actions::Action;
use crate::tui::layout::areas;
use crate::tui::message::Effect;
use crate::tui::model::{Model, Screen};
use crate::tui::screens::maps::{self, Chosen, Map, views_of, wanted};
use crate::tui::widgets::picture::{Direction, Job, cell_at, pan, step};

/// Asks for another map, where one is wanted.
pub(super) fn ask(model: &mut Model) -> Option<Effect> {
    if model.screen != Screen::Maps {
        return None;
    }
    let wanted = wanted(model, &areas(model))?;
    let analysis = model.analysis.clone()?;
    let state = &mut model.maps;
    if state.asked.as_ref() == Some(&wanted) {
        return None;
    }
    state.number += 1;
    state.waiting = true;
    state.asked = Some(wanted.clone());
    Some(Effect::DrawMap(Box::new(Job { number: state.number, wanted, analysis })))
}

/// A map came.
pub(super) fn drawn(model: &mut Model, number: u64, map: Arc<Map>) {
    let Some(analysis) = model.analysis.clone() else { return };
    if number != model.maps.number {
        return;
    }
    let area = area(model);
    model.maps.waiting = false;
    model.maps.take(&analysis, map, area);
}

/// What is kept when new data comes: what is selected and who is followed, by their new numbers.
pub(super) fn kept(
    model: &Model,
    find: impl Fn(Entity) -> Option<Entity>,
) -> (Option<Entity>, Option<Entity>) {
    let state = &model.maps;
    let selected = state.map.as_deref().zip(state.selected).and_then(|(map, place)| map.spot(place));
    (selected.and_then(|(entity, _)| find(entity)), state.followed.and_then(|persona| find(persona.into())))
}

/// New data came: what is shown belongs to the old, and is drawn anew.
pub(super) fn loaded(model: &mut Model, analysis: &Analysis, kept: (Option<Entity>, Option<Entity>)) {
    let state = &mut model.maps;
    state.data += 1;
    state.wish = kept.0.or(state.wish);
    state.followed = match kept.1 {
        Some(Entity::Persona(persona)) => Some(persona),
        _ => None,
    };
    forget(state);
    state.views = views_of(analysis);
    if matches!(state.chosen, Chosen::View(view) if view >= state.views.len()) {
        state.chosen = Chosen::Architecture;
    }
}

/// What is shown is no longer.
fn forget(state: &mut maps::State) {
    state.map = None;
    state.asked = None;
    state.selected = None;
    state.badge = None;
    state.at = Point::default();
    state.emphasis = Emphasis::default();
}

/// Goes to something: a persona is followed, a process, a step or a component is shown on its map.
pub(super) fn go_to(model: &mut Model, entity: Option<Entity>) {
    let (Some(analysis), Some(entity)) = (model.analysis.clone(), entity) else { return };
    let wanted = match entity {
        Entity::Process(process) => {
            analysis.catalog.processes[process.index()].steps.first().map(|step| (*step).into())
        }
        Entity::Step(_) | Entity::Component(_) => Some(entity),
        _ => None,
    };
    let Some(wanted) = wanted else { return };
    let is_component = matches!(wanted, Entity::Component(_));
    let state = &mut model.maps;
    if is_component != (state.chosen != Chosen::Processes) {
        state.chosen = if is_component { Chosen::Architecture } else { Chosen::Processes };
        forget(state);
    }
    match state.map.as_deref().and_then(|map| map.picture().node_of(wanted)) {
        Some(place) => select(model, place),
        None => model.maps.wish = Some(wanted),
    }
}

/// Takes back, one by one, what makes some boxes stand out. Whether there was something.
pub(super) fn back(model: &mut Model) -> bool {
    let Some(analysis) = model.analysis.clone() else { return false };
    let state = &mut model.maps;
    let taken = state.badge.take().is_some()
        || state.followed.take().is_some()
        || std::mem::take(&mut state.only_wrong);
    if taken {
        state.emphasise(&analysis);
    }
    taken
}

fn area(model: &Model) -> Rect {
    maps::area(model, &areas(model))
}

/// Does an action that means something of its own here; whether it is one.
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
        Action::Top => end(model, false),
        Action::Bottom => end(model, true),
        Action::NextPane => walk(model, true),
        Action::PreviousPane => walk(model, false),
        Action::NextView => next_view(model),
        Action::Overlay => {
            model.maps.only_wrong = !model.maps.only_wrong;
            seek(model);
        }
        Action::Follow => follow(model),
        Action::ZoomIn | Action::ZoomOut => {
            let now = maps::zoom(model, &areas(model));
            model.maps.zoom = Some(if action == Action::ZoomIn { now.nearer() } else { now.farther() });
        }
        _ => return false,
    }
    true
}

fn select(model: &mut Model, place: usize) {
    let (Some(analysis), area) = (model.analysis.clone(), area(model)) else { return };
    model.maps.select(&analysis, place, area);
}

fn go(model: &mut Model, direction: Direction) {
    let state = &model.maps;
    let next = state
        .map
        .as_deref()
        .zip(state.selected)
        .and_then(|(map, selected)| step(map.picture(), selected, direction));
    if let Some(next) = next {
        select(model, next);
    }
}

fn end(model: &mut Model, last: bool) {
    let count = model.maps.map.as_deref().map_or(0, |map| map.picture().nodes.len());
    if count > 0 {
        select(model, if last { count - 1 } else { 0 });
    }
}

/// The next of those that stand out; where all do, the next badge of the box.
fn walk(model: &mut Model, forward: bool) {
    let Some(analysis) = model.analysis.clone() else { return };
    let state = &mut model.maps;
    let Some(map) = state.map.clone() else { return };
    if let Some(found) = state.found(&analysis) {
        if found.is_empty() {
            return;
        }
        let here = state.selected.and_then(|place| found.iter().position(|one| *one == place));
        let next = match (here, forward) {
            (Some(here), true) => (here + 1) % found.len(),
            (Some(here), false) => (here + found.len() - 1) % found.len(),
            (None, _) => 0,
        };
        select(model, found[next]);
        return;
    }
    let Some(place) = state.selected else { return };
    let count = map.badges(place).len();
    state.badge = match (state.badge, forward) {
        (None, true) => (count > 0).then_some(0),
        (None, false) => count.checked_sub(1),
        (Some(badge), true) => Some(badge + 1).filter(|badge| *badge < count),
        (Some(badge), false) => badge.checked_sub(1),
    };
}

/// Follows who is at the selected box: the selected badge, the first, then each next; at last nobody.
fn follow(model: &mut Model) {
    let Some(analysis) = model.analysis.clone() else { return };
    let state = &mut model.maps;
    let Some((map, place)) = state.map.clone().zip(state.selected) else { return };
    let at: Vec<_> = map.badges(place).iter().filter_map(|badge| badge.persona).collect();
    let chosen = state.badge.and_then(|badge| map.badges(place).get(badge)).and_then(|badge| badge.persona);
    let here = state.followed.and_then(|followed| at.iter().position(|one| *one == followed));
    state.followed = match (state.followed, here) {
        (None, _) => chosen.or(at.first().copied()),
        (Some(_), Some(here)) => at.get(here + 1).copied(),
        (Some(_), None) => None,
    };
    state.badge = None;
    state.emphasise(&analysis);
    match state.followed {
        Some(persona) => say(model, format!("following {}", analysis.catalog.label(persona.into())), false),
        None if at.is_empty() => say(model, "nobody is here to be followed", true),
        None => say(model, "following nobody", false),
    }
}

/// The process map, each picture of the architecture, and all of it.
fn next_view(model: &mut Model) {
    let state = &mut model.maps;
    state.chosen = match state.chosen {
        Chosen::Processes if state.views.is_empty() => Chosen::Architecture,
        Chosen::Processes => Chosen::View(0),
        Chosen::View(view) if view + 1 < state.views.len() => Chosen::View(view + 1),
        Chosen::View(_) => Chosen::Architecture,
        Chosen::Architecture => Chosen::Processes,
    };
    forget(state);
}

/// What is searched for changed: the first that is found is selected.
pub(super) fn seek(model: &mut Model) {
    let Some(analysis) = model.analysis.clone() else { return };
    let found = model.maps.found(&analysis);
    let here = model.maps.selected;
    match found.as_deref() {
        Some([first, ..])
            if here.is_none_or(|here| found.as_ref().is_some_and(|all| !all.contains(&here))) =>
        {
            select(model, *first);
        }
        _ => model.maps.emphasise(&analysis),
    }
}

/// Moves the window by some columns and rows.
pub(super) fn scroll(model: &mut Model, columns: i32, rows: i32) {
    let area = area(model);
    let state = &mut model.maps;
    if let Some(map) = state.map.as_deref() {
        state.at = pan(map.picture(), state.at, columns, rows, area);
    }
}

fn page(model: &mut Model, columns: i32, rows: i32) {
    let area = area(model);
    let part = |size: u16, factor: i32| i32::from(size) * factor / 4;
    scroll(model, part(area.width, columns), part(area.height, rows));
}

/// The mouse was pressed: on a badge or a box it selects, elsewhere it takes hold of the picture. Whether
/// there is a box.
pub(super) fn click(model: &mut Model, place: Position) -> bool {
    let area = area(model);
    model.maps.held = Some((place.x, place.y));
    let Some(map) = model.maps.map.clone() else { return false };
    let cell = cell_at(map.picture(), model.maps.at, area, place);
    let Some((cell, hit)) = cell.and_then(|cell| Some((cell, map.picture().node_at(cell)?))) else {
        return false;
    };
    select(model, hit);
    // The piece of text under the mouse may stand for a persona.
    let node = &map.picture().nodes[hit];
    let line = cell.y.checked_sub(node.area.y + 1).and_then(|row| node.lines.get(row as usize));
    let mut x = node.area.x + 1;
    model.maps.badge = None;
    for run in line.into_iter().flatten() {
        if (x..x + run.width()).contains(&cell.x)
            && let Some(Entity::Persona(persona)) = run.entity
        {
            model.maps.badge = map.badges(hit).iter().position(|badge| badge.persona == Some(persona));
        }
        x += run.width();
    }
    true
}

/// The mouse drags the picture along.
pub(super) fn drag(model: &mut Model, place: Position) {
    let Some((x, y)) = model.maps.held else { return };
    model.maps.held = Some((place.x, place.y));
    scroll(model, i32::from(x) - i32::from(place.x), i32::from(y) - i32::from(place.y));
}

/// After the window's size changed: the selected box stays in sight.
pub(super) fn keep(model: &mut Model) {
    if let Some(selected) = model.maps.selected {
        select(model, selected);
    }
}
