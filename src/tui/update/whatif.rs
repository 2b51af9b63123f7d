//! Supposing: what is added and taken back, what it comes to, and keeping it as one step.
//!
//! The analysis is a worker's; answers to what is no longer supposed are dropped.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::{edit, say, settle, switch};
use crate::analysis::supposed::Supposed;
use crate::analysis::whatif::Supposition;
use crate::catalog::{CardEdit, Entity};
use crate::tui::actions::Action;
use crate::tui::layers::suppose::{Answer, Suppose};
use crate::tui::layout::areas;
use crate::tui::message::Effect;
use crate::tui::model::{Layer, Model, Screen};
use crate::tui::screens::whatif::places;

/// What workers are to be asked for what is supposed.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.whatif;
    let idle = state.suppositions.is_empty() && model.context.is_open();
    if state.is_asked || idle || model.screen != Screen::WhatIf || model.analysis.is_none() || model.applying
    {
        return Vec::new();
    }
    (state.is_asked, state.found) = (true, None);
    state.asked += 1;
    vec![Effect::Suppose(state.asked, state.suppositions.clone(), model.context.clone())]
}

/// What is supposed, or what it is about, has changed: what is known of it is not true any more.
pub fn stale(model: &mut Model) {
    (model.whatif.is_asked, model.whatif.found) = (false, None);
    // An answer that is on its way is one to another question.
    model.whatif.asked += 1;
}

/// What is supposed comes to this.
pub fn supposed(model: &mut Model, asked: u64, found: Result<Arc<Supposed>, (usize, String)>) {
    if asked == model.whatif.asked {
        model.whatif.found = Some(found);
    }
}

/// Does an action on this screen; none where it is for others to do.
pub fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let page = areas(model).list.map_or(10, |area| isize::try_from(area.height / 2).unwrap_or(10));
    match action {
        Action::Down => go_by(model, 1),
        Action::Up => go_by(model, -1),
        Action::Top => go_by(model, -1_000_000),
        Action::Bottom => go_by(model, 1_000_000),
        Action::PageDown | Action::HalfDown => scroll(model, page),
        Action::PageUp | Action::HalfUp => scroll(model, -page),
        Action::Open => open(model, None),
        Action::ApplyFix => return Some(keep(model)),
        Action::DropSupposed => take_back(model),
        Action::DropAllSupposed => {
            model.whatif.suppositions.clear();
            (model.whatif.cursor.row, model.whatif.offset) = (0, 0);
            stale(model);
            say(model, "nothing is supposed any more", false);
        }
        Action::Left | Action::Right | Action::NextPane | Action::PreviousPane => {}
        _ => return None,
    }
    Some(Vec::new())
}

/// Supposes something of what is selected, wherever one is.
pub fn suppose(model: &mut Model) {
    let about = model.selected().filter(|entity| matches!(entity, Entity::Persona(_) | Entity::Person(_)));
    switch(model, Screen::WhatIf);
    open(model, about);
}

fn open(model: &mut Model, about: Option<Entity>) {
    let Some(analysis) = model.analysis.clone() else { return };
    model.layers.push(Layer::Suppose(Box::new(Suppose::about(&analysis, about))));
}

/// A key for the questions.
pub fn press(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    let Some(Layer::Suppose(state)) = model.layers.last_mut() else { return Vec::new() };
    match state.press(&analysis, event) {
        Answer::Stays => {}
        Answer::Leaves => {
            model.layers.pop();
            settle(model);
        }
        Answer::Done(supposition) => {
            model.layers.pop();
            add(model, supposition);
        }
    }
    Vec::new()
}

fn add(model: &mut Model, supposition: Supposition) {
    model.whatif.suppositions.push(supposition);
    model.whatif.cursor.row = model.whatif.suppositions.len() - 1;
    stale(model);
}

fn take_back(model: &mut Model) {
    let row = model.whatif.cursor.row;
    if row >= model.whatif.suppositions.len() {
        say(model, "no supposition is selected", true);
        return;
    }
    model.whatif.suppositions.remove(row);
    model.whatif.offset = 0;
    stale(model);
}

fn go_by(model: &mut Model, delta: isize) {
    let count = model.whatif.suppositions.len();
    let row = model.whatif.cursor.row.saturating_add_signed(delta).min(count);
    model.whatif.cursor.row = row;
    let Some(body) = areas(model).list else { return };
    let (starts, most) = places(model, body);
    if let Some(start) = starts.get(row) {
        model.whatif.offset = (*start).min(most);
    }
}

/// Scrolls the differences.
pub fn scroll(model: &mut Model, delta: isize) {
    let Some(body) = areas(model).list else { return };
    let (_, most) = places(model, body);
    model.whatif.offset = model.whatif.offset.saturating_add_signed(delta).min(most);
}

/// Keeps what is supposed, as one step. A day is nothing that a card could say.
fn keep(model: &mut Model) -> Vec<Effect> {
    if model.readonly {
        say(model, edit::READ_ONLY, true);
        return Vec::new();
    }
    let Some(supposed) = model.whatif.supposed().cloned() else {
        say(model, "what this comes to is not known yet", true);
        return Vec::new();
    };
    if supposed.outcome.changes.is_empty() {
        say(model, "there is nothing to keep: no card would change", true);
        return Vec::new();
    }
    let is_day = |one: &&Supposition| matches!(one, Supposition::Day(_));
    let named: Vec<String> =
        model.whatif.suppositions.iter().filter(|one| !is_day(one)).map(ToString::to_string).collect();
    let has_day = named.len() < model.whatif.suppositions.len();
    let edits: Vec<CardEdit> = supposed.outcome.changes.iter().cloned().map(CardEdit::Write).collect();
    let said = if has_day { "the day is not kept, no card says it" } else { "" };
    let Some((_, effects)) = edit::make(model, &named.join(", and "), &edits, said) else {
        return Vec::new();
    };
    model.whatif.suppositions.clear();
    (model.whatif.cursor.row, model.whatif.offset) = (0, 0);
    stale(model);
    effects
}
