//! Deeds on the catalog as a whole: their sheets, several gaps at once, cells of a matrix, and marks.
//!
//! What a deed comes to is planned and tried by a worker; one question is under way at a time, and what
//! was asked meanwhile is asked when it is answered.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Position;

use super::{edit, list_height, open_card, say};
use crate::analysis::fixes::Together;
use crate::catalog::{CardEdit, Entity, EntityKind};
use crate::session::deeds::template;
use crate::tui::actions::Action;
use crate::tui::form::Form;
use crate::tui::layers::deed::{
    Did, EDIT, Kind, Named, Sheet, Then, Tried, Wish, card_kind, draw, found, is_editable, named, one_less,
    one_more,
};
use crate::tui::layers::{Several, several, summary};
use crate::tui::message::Effect;
use crate::tui::model::{Layer, Model, Screen};

/// Opens the sheet of an action.
pub fn open(model: &mut Model, action: Action) -> Vec<Effect> {
    let wish = match action {
        Action::NewCard => {
            // A list of skills is where one wants a new skill.
            let kind = Some(model.cards.kind).filter(|_| model.screen == Screen::Cards);
            let kind = kind.and_then(card_kind).filter(|kind| template(*kind).is_some());
            let wish = Wish::new(Kind::Create, Vec::new());
            match kind {
                Some(kind) => wish.with("kind", kind.word().to_lowercase()),
                None => wish,
            }
        }
        Action::BulkEdit => Wish::new(Kind::Bulk, subjects(model)),
        Action::DeleteCard => Wish::new(Kind::Delete, subjects(model)),
        Action::Duplicate => Wish::new(Kind::Duplicate, selected(model).into_iter().collect()),
        Action::Merge => Wish::new(Kind::Merge, subjects(model)),
        Action::Rename => Wish::new(Kind::Rename, selected(model).into_iter().collect()),
        Action::Split => Wish::new(Kind::Split, selected(model).into_iter().collect()),
        _ => return Vec::new(),
    };
    if wish.about.is_empty() && wish.kind != Kind::Create {
        say(model, "nothing is selected", true);
        return Vec::new();
    }
    sheet(model, wish)
}

/// Opens the sheet of a wish.
pub fn sheet(model: &mut Model, wish: Wish) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    if model.readonly {
        say(model, edit::READ_ONLY, true);
        return Vec::new();
    }
    model.layers.push(Layer::Deed(Box::new(Sheet::new(&analysis, wish))));
    ask(model)
}

/// What an action is about: the marked cards of the list, else what is selected.
pub fn subjects(model: &Model) -> Vec<Named> {
    let marked: Vec<Named> = if model.screen == Screen::Cards {
        // In the order of the list, as far as it shows them; then those that it does not.
        let (kind, all) = (model.cards.kind, &model.cards.marked);
        let shown = model.analysis.as_deref().map_or_else(Vec::new, |analysis| {
            let rows = model.cards.rows.iter().filter_map(|row| match row {
                crate::tui::screens::cards::Row::Card(entity, _) => Some(named(&analysis.catalog, *entity)),
                crate::tui::screens::cards::Row::Group(..) => None,
            });
            rows.filter(|named| all.contains(named)).collect::<Vec<_>>()
        });
        let hidden = all.iter().filter(|named| named.0 == kind && !shown.contains(named)).cloned();
        shown.iter().cloned().chain(hidden).collect()
    } else {
        Vec::new()
    };
    if marked.is_empty() { selected(model).into_iter().collect() } else { marked }
}

/// The card that is selected: on the screen of cards the card, wherever on it one is.
pub fn selected(model: &Model) -> Option<Named> {
    let analysis = model.analysis.as_deref()?;
    let entity = match model.screen {
        Screen::Cards => model.cards.entity(),
        _ => model.selected(),
    }?;
    Some(named(&analysis.catalog, entity))
}

/// Marks what is selected in a list, or no longer, and goes on.
pub fn mark(model: &mut Model) {
    let Some(analysis) = model.analysis.clone() else { return };
    let height = list_height(model);
    match model.screen {
        Screen::Cards => {
            let Some(entity) = model.cards.entity() else { return };
            let own = named(&analysis.catalog, entity);
            if !model.cards.marked.remove(&own) {
                model.cards.marked.insert(own);
            }
            model.cards.step(&analysis, 1, height);
        }
        Screen::Gaps => {
            let Some(place) = model.gaps.place() else { return };
            if !model.gaps.marked.remove(&place) {
                model.gaps.marked.insert(place);
            }
            model.gaps.step(1, height);
        }
        _ => {}
    }
}

/// Takes all marks of the screen. Whether there were any.
pub fn unmark(model: &mut Model) -> bool {
    match model.screen {
        Screen::Cards => !std::mem::take(&mut model.cards.marked).is_empty(),
        Screen::Gaps => !std::mem::take(&mut model.gaps.marked).is_empty(),
        _ => false,
    }
}

/// The wish about the selected cell of the matrix.
fn cell(model: &Model) -> Option<Wish> {
    let analysis = model.analysis.as_deref()?;
    let (row, column) = model.matrix.pair()?;
    let both = vec![named(&analysis.catalog, row), named(&analysis.catalog, column)];
    let place = model.context.environment.or_else(|| model.matrix.cell().and_then(|cell| cell.environment));
    let wish = Wish::new(Kind::Cell, both);
    Some(match (place, column) {
        (Some(place), Entity::Component(_)) => {
            wish.with("environment", analysis.catalog.settings.environment(place))
        }
        _ => wish,
    })
}

/// Opens the sheet of the selected cell of the matrix.
pub fn edit_cell(model: &mut Model) -> Vec<Effect> {
    let Some(wish) = cell(model) else {
        say(model, "no cell is selected", true);
        return Vec::new();
    };
    if let [(row, _), (column, _)] = wish.about.as_slice()
        && !is_editable(*row, *column)
    {
        say(model, "this cell follows from others; change these", true);
        return Vec::new();
    }
    sheet(model, wish)
}

/// Gives the selected cell of the matrix one level more or less, at once.
pub fn nudge(model: &mut Model, up: bool) -> Vec<Effect> {
    let (Some(analysis), Some(wish)) = (model.analysis.clone(), cell(model)) else { return Vec::new() };
    let of_component = matches!(wish.about.as_slice(), [_, (EntityKind::Component, _)]);
    if of_component && wish.word("environment").is_empty() && analysis.catalog.settings.environments.len() > 1
    {
        say(model, "in which environment? o chooses one for the matrix, e asks", true);
        return Vec::new();
    }
    match if up { one_more(&analysis, wish) } else { one_less(&analysis, wish) } {
        Ok(wish) => {
            model.asked += 1;
            model.direct = Some(model.asked);
            // Keys that come before it is done wait.
            model.applying = true;
            vec![Effect::Try(model.asked, Box::new(wish))]
        }
        Err(why) => {
            say(model, why, true);
            Vec::new()
        }
    }
}

/// Asks a worker what the sheet on top comes to.
fn ask(model: &mut Model) -> Vec<Effect> {
    let asked = model.asked + 1;
    match model.layers.last_mut() {
        Some(Layer::Deed(sheet)) if sheet.waiting.is_some() => {
            sheet.again = true;
            Vec::new()
        }
        Some(Layer::Deed(sheet)) => {
            sheet.waiting = Some(asked);
            sheet.again = false;
            model.asked = asked;
            vec![Effect::Try(asked, Box::new(sheet.wish.clone()))]
        }
        Some(Layer::Several(state)) if state.waiting.is_some() => {
            state.again = true;
            Vec::new()
        }
        Some(Layer::Several(state)) => {
            state.waiting = Some(asked);
            state.again = false;
            model.asked = asked;
            vec![Effect::Together(asked, state.wanted.clone())]
        }
        _ => Vec::new(),
    }
}

/// What a wish comes to is known.
pub fn tried(model: &mut Model, asked: u64, result: Result<Arc<Tried>, String>) -> Vec<Effect> {
    if model.direct == Some(asked) {
        model.direct = None;
        model.applying = false;
        let mut effects = match result {
            Ok(tried) => carry_out(model, &tried),
            Err(why) => {
                say(model, why, true);
                Vec::new()
            }
        };
        if !model.applying {
            effects.extend(edit::release(model));
        }
        return effects;
    }
    let Some(Layer::Deed(sheet)) = model.layers.last_mut() else { return Vec::new() };
    if sheet.waiting != Some(asked) {
        return Vec::new();
    }
    sheet.waiting = None;
    if sheet.again {
        return ask(model);
    }
    sheet.tried = Some(result);
    if std::mem::take(&mut sheet.keep) { keep(model) } else { Vec::new() }
}

/// What several fixes come to is known.
pub fn together(model: &mut Model, asked: u64, result: Result<Arc<Together>, String>) -> Vec<Effect> {
    let Some(Layer::Several(state)) = model.layers.last_mut() else { return Vec::new() };
    if state.waiting != Some(asked) {
        return Vec::new();
    }
    state.waiting = None;
    if state.again {
        return ask(model);
    }
    match result {
        Ok(found) => {
            state.found = Some(found);
            if std::mem::take(&mut state.keep) { keep_several(model) } else { Vec::new() }
        }
        Err(why) => {
            model.layers.pop();
            say(model, why, true);
            Vec::new()
        }
    }
}

/// After new data: sheets ask anew, and what was to be shown is.
pub fn arrived(model: &mut Model) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    // Places of gaps have changed.
    model.layers.retain(|layer| !matches!(layer, Layer::Several(_)));
    for layer in &mut model.layers {
        if let Layer::Deed(sheet) = layer {
            sheet.refresh(&analysis);
            (sheet.tried, sheet.waiting, sheet.keep) = (None, None, false);
        }
    }
    let catalog = &analysis.catalog;
    model.cards.marked.retain(|named| found(catalog, named).is_some());
    match model.then.take() {
        Some(Then::Show(named)) => {
            if let Some(entity) = found(catalog, &named) {
                open_card(model, entity);
            }
        }
        Some(Then::Edit(named)) => {
            if let Some(entity) = found(catalog, &named) {
                open_card(model, entity);
                if let Some(form) = catalog.place(entity).and_then(|place| Form::open(&analysis, place)) {
                    edit::show_form(model, form);
                }
            }
        }
        Some(Then::Stay) | None => {}
    }
    ask(model)
}

/// A key for the sheet on top.
pub fn press(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    with_sheet(model, |sheet, analysis| sheet.press(analysis, event))
}

/// Pasted text for the sheet on top.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    with_sheet(model, |sheet, analysis| sheet.paste(analysis, text))
}

/// A click into the sheet on top.
pub fn click(model: &mut Model, place: Position) -> Vec<Effect> {
    let size = model.size;
    with_sheet(model, |sheet, analysis| {
        let (area, most) = draw::area(size, sheet);
        if !area.contains(place) {
            return Did::Nothing;
        }
        sheet.click(analysis, usize::from(place.y - area.y), most)
    })
}

fn with_sheet(
    model: &mut Model,
    does: impl FnOnce(&mut Sheet, &crate::analysis::Analysis) -> Did,
) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    let Some(Layer::Deed(sheet)) = model.layers.last_mut() else { return Vec::new() };
    match does(sheet, &analysis) {
        Did::Nothing => Vec::new(),
        Did::Changed => ask(model),
        Did::Leaves => {
            model.layers.pop();
            Vec::new()
        }
        Did::Keeps => keep(model),
    }
}

/// Does what the sheet on top says, as soon as it is known what it comes to.
fn keep(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Deed(sheet)) = model.layers.last_mut() else { return Vec::new() };
    if sheet.wish.kind == Kind::Declare && sheet.wish.word("do") == EDIT {
        model.layers.pop();
        return edit::open_form_here(model);
    }
    if sheet.waiting.is_some() {
        sheet.keep = true;
        return Vec::new();
    }
    match sheet.tried.clone() {
        Some(Ok(tried)) => {
            model.layers.pop();
            carry_out(model, &tried)
        }
        Some(Err(why)) => {
            say(model, why, true);
            Vec::new()
        }
        None => {
            sheet.keep = true;
            ask(model)
        }
    }
}

/// Makes what was tried, as one step, and says what it comes to.
fn carry_out(model: &mut Model, tried: &Tried) -> Vec<Effect> {
    if tried.outcome.changes.is_empty() {
        say(model, "nothing would change", false);
        return Vec::new();
    }
    let said = said_of(model, &tried.outcome);
    let edits: Vec<CardEdit> = tried.outcome.changes.iter().cloned().map(CardEdit::Write).collect();
    model.then = Some(tried.then.clone());
    let effects = edit::step_said(model, &tried.name, &edits, &said);
    if effects.is_empty() {
        model.then = None;
    }
    effects
}

/// "closes 1 gap, opens none", for a line below the screen.
fn said_of(model: &Model, outcome: &crate::analysis::fixes::Outcome) -> String {
    let Some(analysis) = model.analysis.as_deref() else { return String::new() };
    let mut text = summary(analysis, outcome);
    if let Some(end) = text.find(';') {
        text.truncate(end);
    }
    if let Some(worst) = outcome.worst_new() {
        text.push_str(&format!(" ({})", model.theme.badge(worst)));
    }
    text.replacen("Closes", "closes", 1)
}

/// Asks for the ways out of all marked gaps.
pub fn open_several(model: &mut Model) -> Vec<Effect> {
    // In the order of the list; the hidden ones come last.
    let rows = model.gaps.rows.iter().filter_map(|row| match row {
        crate::tui::screens::gaps::Row::Finding(place, _) => Some(*place),
        crate::tui::screens::gaps::Row::Group(..) => None,
    });
    let marked = &model.gaps.marked;
    let mut places: Vec<usize> = rows.filter(|place| marked.contains(place)).collect();
    places.extend(marked.iter().copied().filter(|place| !places.contains(place)).collect::<Vec<_>>());
    let wanted = places.into_iter().map(|place| (place, None)).collect();
    model.layers.push(Layer::Several(Box::new(Several { wanted, ..Several::default() })));
    ask(model)
}

/// A key for several gaps.
pub fn press_several(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let height = usize::from(several::area(model.size, several_count(model)).height / 2);
    let Some(Layer::Several(state)) = model.layers.last_mut() else { return Vec::new() };
    let count = state.wanted.len();
    match event.code {
        KeyCode::Char('j') | KeyCode::Down | KeyCode::Tab => state.cursor.by(1, count, height),
        KeyCode::Char('k') | KeyCode::Up | KeyCode::BackTab => state.cursor.by(-1, count, height),
        KeyCode::Char('g') | KeyCode::Home => state.cursor.to(0, count, height),
        KeyCode::Char('G') | KeyCode::End => state.cursor.to(count, count, height),
        KeyCode::PageDown | KeyCode::Char('J') => state.offset = state.offset.saturating_add(5),
        KeyCode::PageUp | KeyCode::Char('K') => state.offset = state.offset.saturating_sub(5),
        KeyCode::Char('h' | 'l') | KeyCode::Left | KeyCode::Right => {
            let forward = matches!(event.code, KeyCode::Char('l') | KeyCode::Right);
            return if state.turn(forward) { ask(model) } else { Vec::new() };
        }
        KeyCode::Char(' ') if state.cursor.row < count => {
            let (place, _) = state.wanted.remove(state.cursor.row);
            state.cursor.to(state.cursor.row, count - 1, height);
            state.found = None;
            let is_left = !state.wanted.is_empty();
            model.gaps.marked.remove(&place);
            if is_left {
                return ask(model);
            }
            model.layers.pop();
        }
        KeyCode::Enter | KeyCode::Char('a') => return keep_several(model),
        KeyCode::Esc | KeyCode::Char('q') => {
            model.layers.pop();
        }
        _ => {}
    }
    Vec::new()
}

/// A click on one of several gaps.
pub fn click_several(model: &mut Model, place: Position) {
    let area = several::area(model.size, several_count(model));
    let Some(Layer::Several(state)) = model.layers.last_mut() else { return };
    if area.contains(place) {
        let row = state.cursor.offset + usize::from((place.y - area.y) / 2);
        state.cursor.to(row, state.wanted.len(), usize::from(area.height / 2));
    }
}

fn several_count(model: &Model) -> usize {
    match model.layers.last() {
        Some(Layer::Several(state)) => state.wanted.len(),
        _ => 0,
    }
}

/// Applies the ways out of several gaps as one step.
fn keep_several(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Several(state)) = model.layers.last_mut() else { return Vec::new() };
    if state.waiting.is_some() {
        state.keep = true;
        return Vec::new();
    }
    let Some(found) = state.found.clone() else {
        state.keep = true;
        return ask(model);
    };
    if found.outcome.changes.is_empty() {
        say(model, "there is nothing to apply", true);
        return Vec::new();
    }
    let taken = found.each.iter().filter(|each| matches!(each.done, crate::analysis::fixes::Done::Taken(_)));
    let name = match taken.count() {
        1 => "1 gap closed".to_owned(),
        count => format!("{count} gaps closed at once"),
    };
    let edits: Vec<CardEdit> = found.outcome.changes.iter().cloned().map(CardEdit::Write).collect();
    let said = said_of(model, &found.outcome);
    model.layers.pop();
    model.gaps.marked.clear();
    edit::step_said(model, &name, &edits, &said)
}

/// A key while what is to be saved is shown.
pub fn press_saving(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let Some(Layer::Saving(state)) = model.layers.last().cloned() else { return Vec::new() };
    let most = crate::tui::layers::saving::most(model, &state);
    let page = usize::from(model.size.1 / 2);
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let offset = match event.code {
        KeyCode::Char('s') if control => return edit::save_shown(model),
        KeyCode::Enter => return edit::save_shown(model),
        KeyCode::Char('j') | KeyCode::Down => state.offset + 1,
        KeyCode::Char('k') | KeyCode::Up => state.offset.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => state.offset + page,
        KeyCode::PageUp => state.offset.saturating_sub(page),
        KeyCode::Char('g') | KeyCode::Home => 0,
        KeyCode::Char('G') | KeyCode::End => most,
        KeyCode::Esc | KeyCode::Char('q') => {
            model.layers.pop();
            return Vec::new();
        }
        _ => return Vec::new(),
    };
    if let Some(Layer::Saving(state)) = model.layers.last_mut() {
        state.offset = offset.min(most);
    }
    Vec::new()
}
