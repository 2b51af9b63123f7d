//! Editing: steps, undo and redo, saving, fixes, and what others write meanwhile.
//!
//! A step changes the session at once; the analysis follows from a worker. Keys that come before it are
//! held, so that none meets cards as they no longer are. Nothing is written here.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{deeds, load, loaded, say, settle};
use crate::analysis::Analysis;
use crate::analysis::fixes::Proven;
use crate::catalog::{CardEdit, Entity, FileChange};
use crate::session::{Journal, Session, Side};
use crate::tui::actions::Action;
use crate::tui::form::{Done, Form, Preview};
use crate::tui::layers::{
    Conflicts, Fixes, History, Recovered, Saving, conflicts, deed, fixes, history, recovered,
};
use crate::tui::message::{Effect, Read};
use crate::tui::model::{Layer, Model, Pane, Saver, Screen};

/// What every edit is answered with in read-only mode.
pub const READ_ONLY: &str = "this workbench is read-only";

/// Makes edits as one step.
pub fn step(model: &mut Model, name: &str, edits: &[CardEdit]) -> Vec<Effect> {
    step_said(model, name, edits, "")
}

/// Makes edits as one step, and says with its name what it comes to.
pub fn step_said(model: &mut Model, name: &str, edits: &[CardEdit], said: &str) -> Vec<Effect> {
    make(model, name, edits, said).map_or_else(Vec::new, |(_, effects)| effects)
}

/// Makes edits as one step, and tells what became of the files; nothing where it cannot be, which is said.
pub fn make(
    model: &mut Model,
    name: &str,
    edits: &[CardEdit],
    said: &str,
) -> Option<(Vec<FileChange>, Vec<Effect>)> {
    let analysis = model.analysis.clone()?;
    if model.readonly {
        say(model, READ_ONLY, true);
        return None;
    }
    let when = model.clock.clone();
    match model.session.apply(&analysis.catalog, name, &when, edits) {
        Ok(changes) if changes.is_empty() => Some((changes, Vec::new())),
        Ok(changes) => {
            let undo = model.keys.shown(Action::Undo).to_owned();
            let said = if said.is_empty() { String::new() } else { format!(": {said}") };
            say(model, format!("{name}{said}  ({undo} undoes it)"), false);
            let effects = follow(model, changes.clone());
            Some((changes, effects))
        }
        Err(refusal) => {
            say(model, refusal.to_string(), true);
            None
        }
    }
}

/// Takes back changes that were made some steps ago, as a step of its own.
pub fn reverse(model: &mut Model, name: &str, changes: &[FileChange]) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    let when = model.clock.clone();
    match model.session.reverse(&analysis.catalog, name, &when, changes) {
        Ok(changes) => follow(model, changes),
        Err(why) => {
            say(model, why, true);
            Vec::new()
        }
    }
}

/// Analyses what the session now is.
fn follow(model: &mut Model, changes: Vec<FileChange>) -> Vec<Effect> {
    if changes.is_empty() {
        return vec![Effect::Keep];
    }
    // While files are being read their answer would not know of this; they are read again.
    let reading = model.reading;
    model.applying = true;
    if reading {
        let mut effects = load(model, "reading");
        effects.push(Effect::Keep);
        return effects;
    }
    model.revision += 1;
    model.working = Some("analysing".to_owned());
    vec![Effect::Analyse(model.revision, changes), Effect::Keep]
}

/// After an analysis: forms and layers look again, and keys that were held come now.
pub fn arrived(model: &mut Model) -> Vec<Effect> {
    model.applying = false;
    model.reading = false;
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    let mut gone = false;
    for layer in &mut model.layers {
        if let Layer::Form(form) = layer {
            gone |= !form.refresh(&analysis);
        }
    }
    if gone {
        model.layers.retain(|layer| !matches!(layer, Layer::Form(_)));
        say(model, "the card that was edited is gone", true);
    }
    // Places in the analysis have changed.
    model.layers.retain(|layer| !matches!(layer, Layer::Fixes(_)));
    let mut effects = super::review::arrived(model, &analysis);
    effects.extend(deeds::arrived(model));
    effects.extend(autosave(model));
    effects.extend(release(model));
    effects
}

/// Keys that were held come now.
pub fn release(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in std::mem::take(&mut model.held) {
        if model.applying {
            model.held.push(key);
        } else {
            effects.extend(super::keys::press(model, key));
        }
    }
    effects
}

/// Saves what is unsaved as it was just made, where that is wished for; conflicts are still asked about.
fn autosave(model: &mut Model) -> Vec<Effect> {
    if !model.autosave
        || model.readonly
        || model.applying
        || model.saving.is_some()
        || !model.session.conflicts().is_empty()
        || model.layers.iter().any(|layer| matches!(layer, Layer::Recovered(_)))
    {
        return Vec::new();
    }
    let writes = model.session.to_save(None);
    if writes.is_empty() {
        return Vec::new();
    }
    model.saving = Some(Saver::Itself);
    model.session.begin_saving(&writes);
    vec![Effect::Save(writes)]
}

/// The files were read.
pub fn read(model: &mut Model, read: Read) -> Vec<Effect> {
    let Read { analysis, mut session, merged } = read;
    let conflicts = session.conflicts().len();
    let news = conflicts > model.session.conflicts().len();
    session.takes_place_of(&model.session);
    model.session = session;
    loaded(model, analysis);
    match merged.as_slice() {
        [] => {}
        [one] => say(model, format!("{one} changed on disk; your unsaved edits were merged with it"), false),
        several => say(
            model,
            format!("{} files changed on disk; your unsaved edits were merged with them", several.len()),
            false,
        ),
    }
    if news {
        say(model, "a file changed on disk where you changed it too: ctrl-s shows both", true);
    }
    let mut effects = arrived(model);
    effects.push(Effect::Keep);
    effects
}

/// Undoes or redoes a step.
pub fn turn(model: &mut Model, again: bool) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    if model.readonly {
        say(model, READ_ONLY, true);
        return Vec::new();
    }
    let turned =
        if again { model.session.redo(&analysis.catalog) } else { model.session.undo(&analysis.catalog) };
    match turned {
        Ok(turned) => {
            let word = if again { "redone" } else { "undone" };
            say(model, format!("{word}: {}", turned.name), false);
            follow(model, turned.changes)
        }
        Err(why) => {
            say(model, why, true);
            Vec::new()
        }
    }
}

/// Saves the file of the card that is selected, or all.
pub fn save(model: &mut Model, all: bool) -> Vec<Effect> {
    if model.readonly {
        say(model, READ_ONLY, true);
        return Vec::new();
    }
    if !model.session.conflicts().is_empty() {
        model.layers.push(Layer::Conflicts(Conflicts::default()));
        return Vec::new();
    }
    let only = if all { None } else { file_here(model) };
    // Nothing unsaved in this card: then what is meant are the others.
    let mut writes = model.session.to_save(only.as_deref());
    if writes.is_empty() {
        writes = model.session.to_save(None);
        if writes.is_empty() {
            say(model, "everything is saved", false);
            return Vec::new();
        }
        if !all {
            let files: Vec<_> = writes.iter().map(|write| write.path.to_string()).collect();
            say(model, format!("unsaved elsewhere: {}; `save all` writes them", files.join(", ")), false);
            return Vec::new();
        }
    }
    if model.diff_first {
        model.layers.push(Layer::Saving(Saving { only: only.filter(|_| !all), offset: 0 }));
        return Vec::new();
    }
    write(model, writes)
}

/// Shows what is not saved.
pub fn show_unsaved(model: &mut Model) -> Vec<Effect> {
    if model.session.to_save(None).is_empty() {
        say(model, "everything is saved", false);
    } else {
        model.layers.push(Layer::Saving(Saving::default()));
    }
    Vec::new()
}

/// Saves what was shown first.
pub fn save_shown(model: &mut Model) -> Vec<Effect> {
    if model.readonly {
        say(model, READ_ONLY, true);
        return Vec::new();
    }
    let Some(Layer::Saving(state)) = model.layers.pop() else { return Vec::new() };
    if !model.session.conflicts().is_empty() {
        model.layers.push(Layer::Conflicts(Conflicts::default()));
        return Vec::new();
    }
    let writes = model.session.to_save(state.only.as_deref());
    if writes.is_empty() {
        say(model, "everything is saved", false);
        return Vec::new();
    }
    write(model, writes)
}

fn write(model: &mut Model, writes: Vec<FileChange>) -> Vec<Effect> {
    // What is being written is compared with what is on disk: twice at once would look like somebody else.
    if model.saving.is_some() {
        say(model, "it is being saved", false);
        return Vec::new();
    }
    model.saving = Some(Saver::Somebody);
    model.session.begin_saving(&writes);
    model.working = Some("saving".to_owned());
    vec![Effect::Save(writes)]
}

/// They were written.
pub fn saved(model: &mut Model, written: &[FileChange]) -> Vec<Effect> {
    let by = model.saving.take();
    model.working = model.working.take().filter(|working| working != "saving");
    model.session.saved(written);
    if by != Some(Saver::Itself) {
        match written {
            [one] => say(model, format!("saved {}", one.path), false),
            several => say(model, format!("saved {} files", several.len()), false),
        }
    }
    let mut effects = vec![Effect::Keep];
    effects.extend(autosave(model));
    effects.extend(super::review::saved(model));
    effects
}

/// The file of what is selected.
fn file_here(model: &Model) -> Option<Arc<str>> {
    let analysis = model.analysis.as_deref()?;
    if let Some(Layer::Form(form)) = model.layers.iter().rev().find(|layer| matches!(layer, Layer::Form(_))) {
        return Some(form.file().clone());
    }
    let entity = match model.screen {
        Screen::Cards => model.cards.entity(),
        _ => model.selected(),
    };
    let place = analysis.catalog.place(entity?)?;
    Some(analysis.catalog.file_of(place.card).path.clone())
}

/// Gives up what is not saved; that can be undone.
pub fn discard(model: &mut Model) -> Vec<Effect> {
    let when = model.clock.clone();
    let changes = model.session.discard(&when);
    if changes.is_empty() {
        say(model, "nothing is unsaved", false);
        return Vec::new();
    }
    let undo = model.keys.shown(Action::Undo).to_owned();
    say(model, format!("unsaved edits given up  ({undo} brings them back)"), false);
    follow(model, changes)
}

/// Edits what is selected: a cell of the matrix, what has no card yet, else the card in its form.
pub fn open_form(model: &mut Model) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    if model.readonly {
        say(model, READ_ONLY, true);
        return Vec::new();
    }
    if model.screen == Screen::Matrix {
        return deeds::edit_cell(model);
    }
    let catalog = &analysis.catalog;
    let is_named_only = |entity: &Entity| {
        matches!(entity, Entity::Name(_))
            || !catalog.is_declared(*entity) && deed::card_kind(catalog.kind(*entity)).is_some()
    };
    let (entity, card) = match (model.screen, model.pane) {
        (Screen::Cards, Pane::Detail) => {
            let value = model.cards.value();
            // Of a ghost the card is somewhere else; what it names may have none all the same.
            let here = value.and_then(|value| value.place).is_some();
            (value.and_then(|value| value.entity), model.cards.entity().filter(|_| here))
        }
        (Screen::Cards, Pane::List) => (model.cards.entity(), None),
        (Screen::Gaps, _) => {
            let finding = model.gaps.finding(&analysis);
            let entity = finding.filter(|finding| finding.rule.id == "undeclared");
            (entity.map(|finding| finding.subject), None)
        }
        _ => (model.selected(), None),
    };
    let Some(entity) = entity.filter(is_named_only) else { return open_form_here(model) };
    let mut about = vec![deed::named(catalog, entity)];
    about.extend(card.filter(|card| catalog.is_declared(*card)).map(|card| deed::named(catalog, card)));
    deeds::sheet(model, deed::Wish::new(deed::Kind::Declare, about))
}

/// Opens the form of what is selected, at what is selected in it.
pub fn open_form_here(model: &mut Model) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    let catalog = &analysis.catalog;
    let own = |entity| catalog.place(entity).filter(|_| catalog.is_declared(entity));
    let place = match (model.screen, model.pane) {
        (Screen::Cards, Pane::Detail) => {
            let card = model.cards.entity().and_then(own);
            let value = model.cards.value().and_then(|value| value.place);
            // A ghost's place is on the card that asks for it; what is edited is the card that is shown.
            match (value, card) {
                (Some(value), Some(card)) if value.card == card.card => Some(value),
                (_, card) => card,
            }
        }
        (Screen::Cards, Pane::List) => model.cards.entity().and_then(own),
        (Screen::Gaps, _) => model.gaps.finding(&analysis).and_then(|finding| finding.place),
        _ => model.selected().and_then(own),
    };
    match place.and_then(|place| Form::open(&analysis, place)) {
        Some(form) => show_form(model, form),
        None => say(model, "it has no card that could be edited; i makes one", true),
    }
    Vec::new()
}

/// Lays a form over the screen.
pub fn show_form(model: &mut Model, mut form: Form) {
    form.fit(usize::from(crate::tui::form::draw::areas(model.size).1.height));
    form.take_up(&mut model.left);
    model.layers.push(Layer::Form(Box::new(form)));
}

/// A key for the form on top.
pub fn press_form(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    with_form(model, |form, analysis| form.press(analysis, event))
}

/// A click into the form on top: a row is selected, twice opens it; beside the form nothing happens.
pub fn click_form(model: &mut Model, place: ratatui::layout::Position, double: bool) -> Vec<Effect> {
    let (_, above, below) = crate::tui::form::draw::areas(model.size);
    let line = |area: ratatui::layout::Rect| usize::from(place.y - area.y);
    if above.contains(place) {
        return with_form(model, |form, analysis| {
            form.click(analysis, line(above));
            if double { form.press(analysis, KeyEvent::from(KeyCode::Enter)) } else { Done::Stays }
        });
    }
    if below.contains(place) {
        return with_form(model, |form, analysis| form.click_choice(analysis, line(below), below));
    }
    Vec::new()
}

/// A click on a layer of choices: one is selected, twice it is taken.
pub fn click(model: &mut Model, place: ratatui::layout::Position, double: bool) -> Vec<Effect> {
    let enter = |model: &mut Model| {
        let event = KeyEvent::from(KeyCode::Enter);
        if double { super::keys::press(model, event) } else { Vec::new() }
    };
    match model.layers.last().cloned() {
        Some(Layer::Fixes(state)) => {
            let Some(row) = fixes::row_at(model, &state, place) else { return Vec::new() };
            if let Some(Layer::Fixes(state)) = model.layers.last_mut() {
                let count = state.found.as_ref().map_or(0, |found| found.len());
                state.to(row, count);
            }
            enter(model)
        }
        Some(Layer::History(state)) => {
            let Some(row) = history::row_at(model, &state, place) else { return Vec::new() };
            let count = model.session.history().0.len() + 1;
            if let Some(Layer::History(state)) = model.layers.last_mut() {
                state.cursor.to(row, count, 20);
            }
            enter(model)
        }
        Some(Layer::Recovered(state)) => {
            let Some(row) = recovered::row_at(model, &state, place) else { return Vec::new() };
            if let Some(Layer::Recovered(state)) = model.layers.last_mut() {
                state.chosen = row;
            }
            enter(model)
        }
        Some(Layer::Conflicts(state)) => {
            // A click says which side it is to be; what is settled is said with a key.
            let Some((part, side)) = conflicts::side_at(model, &state, place) else { return Vec::new() };
            let count = model.session.conflicts().first().map_or(0, |conflict| {
                let differs =
                    |hunk: &crate::session::Hunk| matches!(hunk, crate::session::Hunk::Differs { .. });
                conflict.hunks().iter().filter(|hunk| differs(hunk)).count()
            });
            if let Some(Layer::Conflicts(state)) = model.layers.last_mut() {
                state.choices.resize(count, Side::Mine);
                state.hunk = part;
                if let Some(choice) = state.choices.get_mut(part) {
                    *choice = side;
                }
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Pasted text for the form on top.
pub fn paste_form(model: &mut Model, text: &str) -> Vec<Effect> {
    with_form(model, |form, analysis| form.paste(analysis, text))
}

fn with_form(model: &mut Model, does: impl FnOnce(&mut Form, &Analysis) -> Done) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    let Some(Layer::Form(form)) = model.layers.last_mut() else { return Vec::new() };
    match does(form, &analysis) {
        Done::Stays => Vec::new(),
        Done::Closes => {
            if let Some(Layer::Form(form)) = model.layers.pop()
                && let Some(left) = form.left()
            {
                model.left.push(left);
                say(model, "what was typed and not kept waits here for the next time", false);
            }
            settle(model);
            Vec::new()
        }
        Done::Edits(name, edits) => step(model, &name, &edits),
        Done::Asks(edits) if edits.is_empty() => Vec::new(),
        Done::Asks(edits) => {
            model.asked += 1;
            vec![Effect::Preview(model.asked, edits)]
        }
        Done::Acts(action) => match action {
            Action::EditFile => {
                let place = form.place(&analysis);
                match place.map(|place| analysis.catalog.locate(place)) {
                    Some(location) => {
                        vec![Effect::Edit(location.file.to_owned(), location.position.line)]
                    }
                    None => Vec::new(),
                }
            }
            other => super::act(model, other),
        },
    }
}

/// What edits that were asked about would come to.
pub fn previewed(model: &mut Model, asked: u64, preview: Preview) {
    if asked != model.asked {
        return;
    }
    if let Some(Layer::Form(form)) = model.layers.last_mut() {
        form.answer(preview);
    }
}

/// Asks for the fixes of the selected gap.
pub fn ask_fixes(model: &mut Model) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    if model.screen == Screen::Gaps && !model.gaps.marked.is_empty() {
        return deeds::open_several(model);
    }
    let all = gaps_here(model, &analysis);
    let Some(first) = all.first().copied() else {
        let why = match model.screen {
            Screen::Audit => "no card can mend this: the catalog does not know who or what it is about",
            Screen::Gaps => "no gap is selected",
            _ => "there is no gap here",
        };
        say(model, why, true);
        return Vec::new();
    };
    if let Some(why) = super::audit::unready(model, first) {
        say(model, why, true);
        return Vec::new();
    }
    model.asked += 1;
    model.layers.push(Layer::Fixes(Fixes::of(first, all)));
    vec![Effect::Fixes(model.asked, first)]
}

/// The gaps of what is selected, wherever one is: the open ones first.
fn gaps_here(model: &Model, analysis: &Analysis) -> Vec<usize> {
    let about = |entity: Entity| analysis.about(entity).map(|(place, _)| place).collect::<Vec<_>>();
    let mut places = match model.screen {
        Screen::Gaps => return model.gaps.place().into_iter().collect(),
        Screen::Cards if model.pane == Pane::Detail => {
            let of_value = model.cards.value().map(|value| value.findings.clone()).unwrap_or_default();
            if of_value.is_empty() { model.cards.entity().map(about).unwrap_or_default() } else { of_value }
        }
        Screen::Matrix => super::matrix::gaps(model),
        Screen::Audit => return model.audit.finding(analysis).into_iter().collect(),
        Screen::Maps => {
            let mut places = model.selected().map(about).unwrap_or_default();
            // Of a step, what those who do it may do beyond what it asks for.
            if let Some(Entity::Step(step)) = model.selected() {
                let own = &analysis.catalog.steps[step.index()];
                let used = |finding: &crate::analysis::Finding| {
                    own.uses.iter().any(|used| finding.object == Some(used.component.into()))
                };
                for persona in own.performers.iter().filter_map(|performer| performer.persona) {
                    let of_use = analysis.about(persona.into()).filter(|(_, finding)| used(finding));
                    places.extend(of_use.map(|(place, _)| place));
                }
            }
            places
        }
        _ => model.selected().map(about).unwrap_or_default(),
    };
    let mut seen = std::collections::BTreeSet::new();
    places.retain(|place| seen.insert(*place));
    places.sort_by_key(|place| !analysis.findings.get(*place).is_some_and(|finding| finding.is_open()));
    places
}

/// The fixes of a gap came.
pub fn fixes(model: &mut Model, asked: u64, place: usize, found: Arc<Vec<Proven>>) {
    if asked != model.asked {
        return;
    }
    if let Some(Layer::Fixes(state)) = model.layers.last_mut()
        && state.place == place
    {
        state.found = Some(found);
    }
}

/// A key for the fixes.
pub fn press_fixes(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let Some(Layer::Fixes(state)) = model.layers.last_mut() else { return Vec::new() };
    let count = state.found.as_ref().map_or(0, |found| found.len());
    match event.code {
        KeyCode::Char('j') | KeyCode::Down | KeyCode::Tab => state.to(state.chosen + 1, count),
        KeyCode::Char('k') | KeyCode::Up | KeyCode::BackTab => {
            state.to(state.chosen.saturating_sub(1), count)
        }
        KeyCode::Char(letter @ ('n' | 'N')) => {
            let Some(place) = state.beside(letter == 'n') else { return Vec::new() };
            if let Some(why) = super::audit::unready(model, place) {
                say(model, why, true);
                return Vec::new();
            }
            if let Some(Layer::Fixes(state)) = model.layers.last_mut() {
                state.turn_to(place);
            }
            model.asked += 1;
            return vec![Effect::Fixes(model.asked, place)];
        }
        KeyCode::PageDown | KeyCode::Char('J') => state.offset = state.offset.saturating_add(5),
        KeyCode::PageUp | KeyCode::Char('K') => state.offset = state.offset.saturating_sub(5),
        KeyCode::Char(digit @ '1'..='9') => {
            let place = digit.to_digit(10).unwrap_or(1) as usize - 1;
            if place < count {
                state.to(place, count);
            }
        }
        KeyCode::Enter | KeyCode::Char('a') => {
            let chosen = state.found.as_ref().and_then(|found| found.get(state.chosen));
            let Some(Proven { fix, outcome: Some(outcome) }) = chosen else {
                if chosen.is_some() {
                    say(
                        model,
                        "this is advice: there is nothing to apply; edit the card when it is done",
                        true,
                    );
                }
                return Vec::new();
            };
            let edits: Vec<CardEdit> = outcome.changes.iter().cloned().map(CardEdit::Write).collect();
            let name = fix.title.clone();
            model.layers.pop();
            return step(model, &name, &edits);
        }
        KeyCode::Esc | KeyCode::Char('q' | 'h') | KeyCode::Left => {
            model.layers.pop();
        }
        _ => {}
    }
    Vec::new()
}

/// Opens the list of what was done.
pub fn open_history(model: &mut Model) {
    let (steps, done) = model.session.history();
    if steps.is_empty() {
        say(model, "nothing was done yet", false);
        return;
    }
    let row = done;
    let mut state = History::default();
    state.cursor.to(row, steps.len() + 1, 20);
    model.layers.push(Layer::History(state));
}

/// A key for the list of what was done: enter goes back or forward to there.
pub fn press_history(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let (count, done) = {
        let (steps, done) = model.session.history();
        (steps.len() + 1, done)
    };
    let Some(Layer::History(state)) = model.layers.last_mut() else { return Vec::new() };
    let mut turns = None;
    match event.code {
        KeyCode::Char('j') | KeyCode::Down => state.cursor.by(1, count, 20),
        KeyCode::Char('k') | KeyCode::Up => state.cursor.by(-1, count, 20),
        KeyCode::Char('g') | KeyCode::Home => state.cursor.to(0, count, 20),
        KeyCode::Char('G') | KeyCode::End => state.cursor.to(count, count, 20),
        KeyCode::Char('u') => turns = Some(done.saturating_sub(1)),
        KeyCode::Char('U') => turns = Some(done + 1),
        KeyCode::Enter => turns = Some(state.cursor.row),
        _ => {
            model.layers.pop();
        }
    }
    let Some(target) = turns else { return Vec::new() };
    if let Some(Layer::History(state)) = model.layers.last_mut() {
        state.cursor.to(target, count, 20);
    }
    go_to_step(model, target)
}

/// Undoes or redoes until so many steps are done, and analyses once.
fn go_to_step(model: &mut Model, target: usize) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    if model.readonly {
        say(model, READ_ONLY, true);
        return Vec::new();
    }
    let mut changes: Vec<FileChange> = Vec::new();
    let mut catalog = None;
    loop {
        let (steps, done) = model.session.history();
        let target = target.min(steps.len());
        if done == target {
            break;
        }
        let now = catalog.as_ref().unwrap_or(&*analysis.catalog);
        let turned = if done > target { model.session.undo(now) } else { model.session.redo(now) };
        match turned {
            Ok(turned) => {
                catalog = Some(now.with(&turned.changes));
                for change in turned.changes {
                    match changes.iter_mut().find(|known| known.path == change.path) {
                        Some(known) => known.after = change.after,
                        None => changes.push(change),
                    }
                }
            }
            Err(why) => {
                say(model, why, true);
                break;
            }
        }
    }
    follow(model, changes)
}

/// Unsaved edits of an earlier run are offered.
pub fn offer(model: &mut Model, journal: Journal) {
    if journal.unsaved().next().is_none() {
        // What can be undone comes back without asking: it changes nothing.
        if let Some(session) = journal.session(false) {
            model.session = session;
        }
        return;
    }
    model.layers.push(Layer::Recovered(Recovered { journal, chosen: 0 }));
}

/// A key for the offer.
pub fn press_recovered(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let Some(Layer::Recovered(state)) = model.layers.last_mut() else { return Vec::new() };
    let choice = match event.code {
        KeyCode::Char('j') | KeyCode::Down | KeyCode::Tab => {
            state.chosen = (state.chosen + 1) % 2;
            return Vec::new();
        }
        KeyCode::Char('k') | KeyCode::Up | KeyCode::BackTab => {
            state.chosen = (state.chosen + 1) % 2;
            return Vec::new();
        }
        KeyCode::Enter => state.chosen == 0,
        KeyCode::Char('r') => true,
        KeyCode::Char('d') => false,
        _ => return Vec::new(),
    };
    let Some(Layer::Recovered(state)) = model.layers.pop() else { return Vec::new() };
    let Some(mut session) = state.journal.session(true) else {
        say(model, "the unsaved edits were kept by another version, and cannot be read", true);
        return Vec::new();
    };
    if !choice {
        // Given up they are a step that can still be undone.
        session.discard(&model.clock);
    }
    model.session = session;
    let words = if choice {
        "the unsaved edits are back; ctrl-s saves them"
    } else {
        "the unsaved edits were left; u brings them back"
    };
    say(model, words, false);
    // Files may be on their way that were asked for before this was answered; they know nothing of it.
    let mut effects = load(model, "reading");
    effects.push(Effect::Keep);
    effects
}

/// A key for the conflicts.
pub fn press_conflicts(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let Some(conflict) = model.session.conflicts().first().cloned() else {
        model.layers.pop();
        return Vec::new();
    };
    let count =
        conflict.hunks().iter().filter(|hunk| matches!(hunk, crate::session::Hunk::Differs { .. })).count();
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let Some(Layer::Conflicts(state)) = model.layers.last_mut() else { return Vec::new() };
    state.choices.resize(count, Side::Mine);
    let text = match event.code {
        KeyCode::Char('j') | KeyCode::Down => {
            state.hunk = (state.hunk + 1).min(count.saturating_sub(1));
            return Vec::new();
        }
        KeyCode::Char('k') | KeyCode::Up => {
            state.hunk = state.hunk.saturating_sub(1);
            return Vec::new();
        }
        KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right | KeyCode::Char('h' | 'l') => {
            if let Some(choice) = state.choices.get_mut(state.hunk) {
                *choice = if *choice == Side::Mine { Side::Theirs } else { Side::Mine };
            }
            return Vec::new();
        }
        KeyCode::Char('m') => conflict.mine.clone(),
        KeyCode::Char('t') => conflict.theirs.clone(),
        KeyCode::Enter => {
            let all = |side| state.choices.iter().all(|choice| *choice == side);
            if all(Side::Theirs) {
                conflict.theirs.clone()
            } else if all(Side::Mine) {
                conflict.mine.clone()
            } else {
                Some(Arc::from(conflict.resolved(&state.choices)))
            }
        }
        KeyCode::Char('s') if !control => return Vec::new(),
        KeyCode::Esc | KeyCode::Char('q') => {
            model.layers.pop();
            return Vec::new();
        }
        _ => return Vec::new(),
    };
    model.layers.pop();
    let when = model.clock.clone();
    let changes = model.session.settle(&conflict.path, text, &when);
    say(model, format!("{}: settled; ctrl-s saves it", conflict.path), false);
    if !model.session.conflicts().is_empty() {
        model.layers.push(Layer::Conflicts(Conflicts::default()));
    }
    // The disk's text may be what stays: everything is looked at again.
    if changes.is_empty() {
        let mut effects = load(model, "reading");
        effects.push(Effect::Keep);
        return effects;
    }
    follow(model, changes)
}

/// What the workbench says when it is left with unsaved edits.
#[must_use]
pub fn farewell(session: &Session) -> Option<String> {
    let files: Vec<&str> = session.unsaved().map(|path| &**path).collect();
    match files.as_slice() {
        [] => None,
        [one] => Some(format!("{one} has unsaved edits; they are kept, and offered at the next start.")),
        several => Some(format!(
            "{} files have unsaved edits; they are kept, and offered at the next start.",
            several.len()
        )),
    }
}

/// Writes what is unsaved into a folder of its own.
pub fn save_elsewhere(model: &mut Model) -> Vec<Effect> {
    let writes = model.session.to_save(None);
    if writes.is_empty() {
        say(model, "everything is saved", false);
        return Vec::new();
    }
    vec![Effect::SaveElsewhere(writes)]
}
