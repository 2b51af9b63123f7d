//! The command palette: every action with its key, and every entity by name.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::keys::typed;
use super::open_card;
use crate::catalog::Entity;
use crate::tui::actions::ACTIONS;
use crate::tui::message::Effect;
use crate::tui::model::{Choice, Cursor, Does, Layer, Model};
use crate::tui::text::Fuzzy;

/// How many lines the palette shows.
pub const HEIGHT: usize = 14;

/// How many entities are offered at most.
const MOST: usize = 50;

/// A key in the palette.
pub fn press(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let Some(Layer::Palette(state)) = model.layers.last_mut() else { return Vec::new() };
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    match event.code {
        KeyCode::Esc => {
            model.layers.pop();
        }
        KeyCode::Down | KeyCode::Tab => state.cursor.by(1, state.choices.len(), HEIGHT),
        KeyCode::Up | KeyCode::BackTab => state.cursor.by(-1, state.choices.len(), HEIGHT),
        KeyCode::Char('n') if control => state.cursor.by(1, state.choices.len(), HEIGHT),
        KeyCode::Char('p') if control => state.cursor.by(-1, state.choices.len(), HEIGHT),
        KeyCode::Enter => return choose(model),
        _ => {
            state.input = typed(&state.input, event);
            refresh(model);
        }
    }
    Vec::new()
}

/// Does what the selected line says.
pub fn choose(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Palette(state)) = model.layers.pop() else { return Vec::new() };
    let Some(choice) = state.choices.get(state.cursor.row) else { return Vec::new() };
    match choice.does {
        Does::Act(action) => super::act(model, action),
        Does::Go(entity) => {
            open_card(model, entity);
            Vec::new()
        }
    }
}

/// Makes the lines anew for what is typed.
pub fn refresh(model: &mut Model) {
    let Some(Layer::Palette(state)) = model.layers.last() else { return };
    let input = state.input.clone();
    let fuzzy = Fuzzy::new(&input);
    let mut found: Vec<(i64, Choice)> = ACTIONS
        .iter()
        .filter_map(|entry| {
            let (score, places) = fuzzy.find(entry.title)?;
            let unavailable = model.unavailable(entry.action);
            let title = entry.title.to_owned();
            Some((score, Choice { title, places, does: Does::Act(entry.action), unavailable }))
        })
        .collect();
    if let (Some(analysis), false) = (&model.analysis, input.trim().is_empty()) {
        let mut entities: Vec<(i64, Choice)> = analysis
            .graph
            .entities()
            .filter(|entity| !matches!(entity, Entity::Step(_)))
            .filter_map(|entity| {
                let title =
                    format!("{}: {}", analysis.catalog.kind(entity).word(), analysis.catalog.label(entity));
                let (score, places) = fuzzy.find(&title)?;
                Some((score, Choice { title, places, does: Does::Go(entity), unavailable: None }))
            })
            .collect();
        entities.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        entities.truncate(MOST);
        found.extend(entities);
    }
    if !input.trim().is_empty() {
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    }
    if let Some(Layer::Palette(state)) = model.layers.last_mut() {
        state.choices = found.into_iter().map(|(_, choice)| choice).collect();
        state.cursor = Cursor::default();
    }
}
